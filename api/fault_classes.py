"""Whose fault a failure is: the API's, that of how the test was set up, or the suite's own."""

import re
from typing import Final, Literal

Fault = Literal["API", "set-up", "suite"]
API: Final = "API"
SET_UP: Final = "set-up"
SUITE: Final = "suite"
FAULTS: tuple[Fault, ...] = (API, SET_UP, SUITE)
DEFECT = "this is a defect of the suite"

_REFUSED = re.compile(r"expected status (?P<wanted>\d+), got (?P<got>\d+)(?: \((?P<why>.*)\))?", re.DOTALL)
_NOT_THE_REQUESTS = frozenset({408, 409, 421, 423, 425})
_RIGHTS_AND_RATES = frozenset({401, 403, 429})
_WRONG_VALUES = ("value too long for type", "invalid input syntax", "out of range for type", "must not be negative")
"""What PostgreSQL says of a value that the suite should not have sent; the API answers 500 to it."""
_OF_THE_SET_UP = ("record of the account's own", "expected a token for", "certificate", "TLS", "SSL", "not known")
_OF_THE_SUITE = ("expected an answer that can be checked", "the task raised ")


def fault_of(failure: str) -> Fault:
    """The class of a failed request, by the text that all processes and files know it by.

    A 4xx is the suite's, which has chosen what it sent, unless it is about rights or rates, or tells that the ids
    which the database gives to new rows are taken already: then its sequences lie behind its tables.
    """
    refused = _REFUSED.match(failure)
    if refused is None:
        if any(text in failure for text in _OF_THE_SUITE):
            return SUITE
        return SET_UP if any(text in failure for text in _OF_THE_SET_UP) else API
    wanted, got, why = int(refused["wanted"]), int(refused["got"]), refused["why"] or ""
    if got in _RIGHTS_AND_RATES or (wanted == 201 and got == 409):
        return SET_UP
    if any(text in why for text in _WRONG_VALUES):
        return SUITE
    return SUITE if 400 <= got < 500 and got not in _NOT_THE_REQUESTS else API


def is_broken(failure: str) -> bool:
    """Whether the route itself does not work: a 5xx that no value is to blame for, or a 404."""
    refused = _REFUSED.match(failure)
    return refused is not None and (refused["got"] == "404" or refused["got"] >= "500") and fault_of(failure) != SET_UP
