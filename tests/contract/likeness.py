"""When two answers count as the same."""

import re
from typing import Any

NULL = "null"


def shape(value: Any) -> Any:
    """Keys and types, all the way down; of a list, those of its first entry."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    if value is None or isinstance(value, bool):
        return NULL if value is None else "boolean"
    return "text" if isinstance(value, str) else "number"


def is_alike(one: Any, other: Any) -> bool:
    """Two shapes that one schema can have: null fits every type, an empty list every list."""
    if NULL in (one, other):
        return True
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return not one or not other or is_alike(one[0], other[0])
    return bool(one == other)


def without_numbers(error: Any) -> str:
    """An error without the ids and the row in it, which differ from run to run."""
    return re.sub(r"\d+", "N", re.sub(r"Failing row.*?'", "Failing row'", str(error)))
