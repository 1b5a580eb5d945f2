"""Where the suite prints tables for people."""

import sys

from config.screen import Screen

WIDTH_OF_A_LOG = 160


def console(beside_data: bool = False) -> Screen:
    """As wide as the terminal; in a log, wide enough that no line of a table has to be broken.

    Without rich's highlighting, which colours paths and numbers in pieces. On stderr when stdout has data for programs.
    """
    stream = sys.stderr if beside_data else sys.stdout
    width = None if stream.isatty() else WIDTH_OF_A_LOG
    return Screen(soft_wrap=True, highlight=False, width=width, stderr=beside_data)
