"""Where the suite prints tables for people."""

import sys

from config.screen import Screen

WIDTH_OF_A_LOG = 160


def console() -> Screen:
    """As wide as the terminal; in a log, wide enough that no line of a table has to be broken.

    Without rich's highlighting, which colours paths and numbers in pieces.
    """
    return Screen(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else WIDTH_OF_A_LOG)
