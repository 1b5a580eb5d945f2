"""What stands for an answer that did not come, in a run that goes on without it to see which routes work at all."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from api.failures import UnexpectedAnswer


class Missing:
    """Nothing is known of it, nor of any part of it; a list of it is empty."""

    __slots__ = ()

    def __getattr__(self, name: str) -> "Missing":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __bool__(self) -> bool:
        return False


MISSING = Missing()


def needs_missing(body: Any, params: Mapping[str, Any]) -> bool:
    """Whether a request cannot be made, since a value in it is missing."""
    values = [*params.values(), *(body.values() if isinstance(body, dict) else ())]
    return any(value is MISSING for value in values)


def lenient(accept: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """`accept` after a step that failed: what that step should have done cannot be asked for."""

    def accept_anything(answer: Any) -> Any:
        try:
            return accept(answer)
        except UnexpectedAnswer:
            return MISSING

    return accept_anything
