"""Plain data as YAML: enough of it for a description that people read."""

import json
import re
from collections.abc import Iterator
from typing import Any

_PLAIN = re.compile(r"(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z/$][\w/{}$.-]*", re.IGNORECASE)


def as_yaml(value: Any) -> str:
    """Dictionaries, lists, texts, numbers, true, false and null, with a line for each."""
    return "".join(f"{line}\n" for line in _lines(value))


def _lines(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _after(f"{_scalar(key)}:", inner)
    else:
        for inner in value:
            first, *others = _lines(inner) if _has_lines(inner) else [_scalar(inner)]
            yield f"- {first}"
            yield from (f"  {line}" for line in others)


def _after(key: str, value: Any) -> Iterator[str]:
    if _has_lines(value):
        yield key
        yield from (f"  {line}" for line in _lines(value))
    else:
        yield f"{key} {_scalar(value)}"


def _has_lines(value: Any) -> bool:
    return isinstance(value, dict | list) and bool(value)


def _scalar(value: Any) -> str:
    return value if isinstance(value, str) and _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)
