"""How the database is named: a file, or a DSN of PostgreSQL, whose password must not be seen by others."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SETTING = "SANDBOX_DATABASE"
"""The environment variable that names the database, where no option does."""
_DSN = ("postgresql://", "postgres://")


class DsnError(ValueError):
    """It cannot be used; the text is one line for the user, without the DSN."""


@dataclass(frozen=True)
class Dsn:
    """As libpq reads it."""

    text: str = field(repr=False)


def named_by_option(given: str) -> Path | Dsn:
    """Raises DsnError for a DSN with a password, which others could read in the list of processes."""
    if not given.startswith(_DSN):
        return Path(given)
    if _parts(given).keys() & {"password", "sslpassword"}:
        raise DsnError(f"a password in the DSN would be shown to others: set PGPASSWORD, ~/.pgpass or {SETTING}")
    return Dsn(given)


def named_by_environment() -> Path | Dsn | None:
    """None when nothing is named. Raises DsnError, too."""
    given = os.environ.get(SETTING)
    if not given:
        return None
    return Dsn(given) if given.startswith(_DSN) and _parts(given) else Path(given)


def _parts(dsn: str) -> dict[str, Any]:
    try:
        import psycopg  # not for those whose clinic is a file
    except ImportError:
        raise DsnError("psycopg finds no libpq: install PostgreSQL's client library") from None
    try:
        return psycopg.conninfo.conninfo_to_dict(dsn)
    except psycopg.Error:  # whose words repeat the DSN
        raise DsnError("this is no DSN of PostgreSQL: write it like postgresql://cms@localhost:5432/cms") from None
