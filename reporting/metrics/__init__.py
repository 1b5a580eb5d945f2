"""Count: from each request to the figures of a run, on one process or many."""
