"""Which of the names that there are somebody may have meant."""

import difflib
from collections import Counter
from collections.abc import Collection

CUTOFF = 0.5
"""difflib's measure of likeness, from 0 to 1: what is less alike is no slip."""


def nearest(name: str, known: Collection[str]) -> str | None:
    """The likeliest of the known names, or None; two letters that changed places count less than a wrong one."""
    candidates = difflib.get_close_matches(name, list(known), n=len(known) or 1, cutoff=CUTOFF)
    return min(candidates, key=lambda candidate: _wrong_letters(name, candidate), default=None)


def suggestion(name: str, known: Collection[str]) -> str:
    """What to put behind "unknown ...": the likeliest name, or all that there are."""
    likely = nearest(name, known)
    return f"did you mean {likely!r}?" if likely else f"known are {', '.join(sorted(known)) or 'none'}"


def _wrong_letters(name: str, candidate: str) -> int:
    ours, theirs = Counter(name), Counter(candidate)
    return (ours - theirs).total() + (theirs - ours).total()
