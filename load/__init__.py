"""Loads that are no straight line, a file each: only the scenario that wants one names it as a locustfile."""
