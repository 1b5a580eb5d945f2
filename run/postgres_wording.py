"""What is said of a database that cannot be watched, or only in part: never its DSN, which may hold a password."""

import re
from typing import Final

from config.errors import SetupError

OPTION: Final = "--watch-postgres"
NOT_A_DSN: Final = (
    f"what {OPTION} names is no DSN of PostgreSQL",
    "write it like postgresql://monitor@localhost:5432/cms",
)
NO_LIBRARY: Final = (
    f"{OPTION} needs libpq, and psycopg finds none",
    "install PostgreSQL's client library, or run the suite where psycopg-binary has a build",
)
MISSING_EXTENSION: Final = (
    "The database has no pg_stat_statements (shared_preload_libraries = 'pg_stat_statements', then CREATE EXTENSION "
    "pg_stat_statements): it would show which statements take the time, and which route each belongs to"
)
TOO_OLD: Final = "This PostgreSQL is older than 14: which statements take the time is not looked at"
GAVE_WAY: Final = "The database could not be watched from {} on ({})"
BACK: Final = "The database could be watched again from {} on"


def missing_right(role: str) -> str:
    return (
        f"The role {role} is not in pg_monitor (GRANT pg_monitor TO {role}): "
        "it would also show what others' connections do and wait for"
    )


def connection_problem(failure: Exception) -> SetupError:
    """What libpq says of a connection names host, port and user, on several lines; a password is not among them."""
    told = " ".join(str(failure).split()).removeprefix("connection failed: ")
    if re.search(r"authentication failed|no password supplied|fe_sendauth|role .* does not exist|pg_hba", told):
        fix = "set its password with PGPASSWORD, ~/.pgpass or CMS_WATCH_POSTGRES in .env, or name another role"
        return SetupError(f"{OPTION}: the login was refused ({told})", fix)
    if re.search(r"database .* does not exist|permission denied", told):
        return SetupError(f"{OPTION}: {told}", "name a database that this role may connect to")
    return SetupError(f"{OPTION}: the database does not answer ({told})", "correct host and port, or start it")
