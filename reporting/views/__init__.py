"""Show: the verdict for people and programs, on a page, in a terminal, in files."""
