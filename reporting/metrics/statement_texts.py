"""SQL as it may be shown: on one line, and without the values that stand in it."""

import re

_VALUES = re.compile(
    r"""(?P<comment>/\*.*?(?:\*/|\Z)|--[^\n]*)
      | \$(?P<tag>[A-Za-z_]*)\$.*?(?:\$(?P=tag)\$|\Z)        # $$text$$, like all others perhaps cut off
      | [Ee]'(?:[^'\\]|\\.|'')*(?:'|\Z)                      # E'text\n'
      | [BbXxNn]?'(?:[^']|'')*(?:'|\Z)                        # 'text'
      | (?P<kept>"(?:[^"]|"")*(?:"|\Z)|\$\d+)                # a name, a parameter
      | (?<![\w$.])\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b          # a number
    """,
    re.VERBOSE | re.DOTALL,
)


def without_values(sql: str) -> str:
    """`SELECT * FROM t WHERE name = ? AND id = $1`: whoever writes values into SQL writes people's names into it."""
    bare = _VALUES.sub(lambda found: found["kept"] or (" " if found["comment"] else "?"), sql)
    return " ".join(bare.split())


def shortened(sql: str, length: int = 100) -> str:
    """The columns between SELECT and FROM say the least."""
    if len(sql) > length:
        sql = re.sub(r"^(SELECT\s).{20,}?(\sFROM\s)", r"\1…\2", sql, count=1, flags=re.IGNORECASE)
    return sql if len(sql) <= length else f"{sql[: length - 1].rstrip()}…"
