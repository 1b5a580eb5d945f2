"""Which index a statement that reads a whole table would be helped by: a guess from its text. Pure."""

import re
from collections.abc import Collection

_CONDITIONS = re.compile(
    r"""(?<![\w.])(?:(?P<alias>\w+)\.)?"?(?P<column>\w+)"?(?:::\w+)?\s*
        (?P<how>=|<=?|>=?|~~\*?|I?LIKE\b|IN\b|BETWEEN\b)\s*
        \(?\s*(?:ANY\s*\(\s*)?(?=\$\d|\?)""",
    re.IGNORECASE | re.VERBOSE,
)
_WORDS = {"limit", "offset", "and", "or", "not", "where", "set"}


def names(text: str, table: str) -> bool:
    """Whether a statement is about the table."""
    place = r'\b(?:FROM|JOIN|UPDATE|INTO)\s+(?:ONLY\s+)?(?:"?\w+"?\.)?"?'
    return re.search(rf'{place}{re.escape(table)}"?(?!\w)', text, re.IGNORECASE) is not None


def index_for(text: str, table: str, indexed: Collection[str] = ()) -> str:
    """`cita (paciente_id)`; empty when no column can be guessed, or those that can have an index."""
    where = re.split(r"\bWHERE\b", text, maxsplit=1, flags=re.IGNORECASE)
    if len(where) < 2 or not names(text, table):
        return ""
    aliases = _aliases(text, table)
    columns, patterns = list[str](), list[str]()
    for found in _CONDITIONS.finditer(where[1]):
        alias, column, how = (found["alias"] or "").lower(), found["column"], found["how"].upper()
        if column.lower() in _WORDS or (alias and alias not in aliases):
            continue
        (patterns if "LIKE" in how or "~~" in how else columns).append(column)
    if columns and not set(indexed) & set(columns):
        return f"{table} ({', '.join(dict.fromkeys(columns[:2]))})"
    if patterns:
        return f"{table} USING gin ({patterns[0]} gin_trgm_ops)"
    return ""


def _aliases(text: str, table: str) -> set[str]:
    found = re.findall(rf'"?\b{re.escape(table)}\b"?\s+(?:AS\s+)?(\w+)', text, re.IGNORECASE)
    return {table.lower(), *(alias.lower() for alias in found)}
