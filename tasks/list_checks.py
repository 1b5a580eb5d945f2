"""What a step of a journey must see in a list after it has written something."""

from collections.abc import Callable
from typing import Any

from api.failures import UnexpectedAnswer


def row_with(**fields: Any) -> Callable[[Any], Any]:
    """Accepts a list in which a row has these values, and returns that row."""

    def accept(answer: Any) -> Any:
        for row in answer.data:
            if all(getattr(row, name) == value for name, value in fields.items()):
                return row
        raise UnexpectedAnswer("expected what was just written in the list, got a list without it")

    return accept


def no_row(**fields: Any) -> Callable[[Any], Any]:
    """Accepts a list in which no row has these values."""

    def accept(answer: Any) -> Any:
        if any(all(getattr(row, name) == value for name, value in fields.items()) for row in answer.data):
            raise UnexpectedAnswer("expected what was just removed to be gone, got it in the list")
        return answer

    return accept
