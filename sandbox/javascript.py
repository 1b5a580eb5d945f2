"""What JavaScript makes of a JSON value: whether it counts as given, its type's name, and its text."""

import json
import math
import re
from decimal import Decimal
from typing import Any

_EXACT = 2**53
"""Beyond this, JavaScript's numbers skip some integers."""


def is_truthy(value: Any) -> bool:
    """False for null, "", 0 and false. Unlike Python's, JavaScript's empty lists and objects are true."""
    return isinstance(value, list | dict) or bool(value)


def type_name(value: Any) -> str:
    """What `typeof` says: "object" for null, lists and objects."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "string" if isinstance(value, str) else "object"


def template_text(value: Any) -> str:
    """The value within a template literal, `${value}`: lists are joined, objects are not looked into."""
    if isinstance(value, list):
        return ",".join("" if entry is None else template_text(entry) for entry in value)
    return "[object Object]" if isinstance(value, dict) else scalar_text(value)


def scalar_text(value: Any) -> str:
    """`String(value)` of a text, a number, a boolean or null."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return value if isinstance(value, str) else _number_text(value)


def stringify(value: Any) -> str:
    """`JSON.stringify(value)`: compact, and no character escaped that need not be."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{stringify(key)}:{stringify(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(stringify, value)) + "]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else scalar_text(value)


def _number_text(number: int | float) -> str:
    """Every number is a double, written with as few digits as tell it apart: 2 ** 63 is 9223372036854776000."""
    if isinstance(number, int) and abs(number) <= _EXACT:
        return str(number)
    try:
        double = float(number)
    except OverflowError:
        double = math.inf if number > 0 else -math.inf
    if math.isinf(double):
        return "Infinity" if double > 0 else "-Infinity"
    if double == 0 or 1e-6 <= abs(double) < 1e21:
        digits = f"{Decimal(repr(double)):f}"
        return digits.rstrip("0").rstrip(".") if "." in digits else digits
    return re.sub(r"e-0?", "e-", repr(double))
