"""Where the clinic is kept: a temporary file, a chosen one that is new, or a PostgreSQL."""

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox.db import Database, read_script
from sandbox.deployment import PARTS, Deployment
from sandbox.dsn import Dsn
from sandbox.error_answers import ApiError
from sandbox.seed import seed
from sandbox.sizes import Sizes
from sandbox.sqlite_database import SqliteDatabase
from sandbox.switches import Options

_SHOWN = 3
_NOTHING_LEFT = "--resume needs the --database that a sandbox has left"


class CannotOpen(Exception):
    """The database cannot be had, or holds what is not ours; the text is one line for the user."""


@dataclass(frozen=True)
class Storage:
    """An open clinic with its rows, and the `options` with which another process would go on with it."""

    database: Database
    options: Sequence[str]


@contextmanager
def open_storage(options: Options) -> Iterator[Storage]:
    """Seeds what is empty. Raises CannotOpen or OSError for what cannot be used; nothing is overwritten."""
    if isinstance(options.database, Dsn):
        database = _on_postgresql(options, options.database)
        try:
            yield Storage(database, ["--resume"])
        finally:
            database.close()
        return
    with _file(options) as path:
        embedded = SqliteDatabase(path)
        try:
            if options.resume:
                embedded.skip_ids()
            else:
                _seed(embedded, options)
            temporary = ["--owns-database"] * (options.database is None or options.owns_database)
            yield Storage(embedded, ["--database", str(path), "--resume", *temporary])
        finally:
            embedded.close()


def _seed(database: Database, options: Options) -> None:
    sizes = Sizes(options.patients, options.doctors, options.appointments)
    deployment = Deployment(options.id_offset, tuple(options.without), options.sequences_behind)
    seed(database, sizes, deployment=deployment)


def _on_postgresql(options: Options, dsn: Dsn) -> Database:
    import psycopg  # not for those whose clinic is a file

    from sandbox.postgres_database import PostgresDatabase

    try:
        database = PostgresDatabase(dsn.text, options.pool)
    except psycopg.Error as failure:
        told = " ".join(str(failure).split()).removeprefix("connection failed: ")
        raise CannotOpen(f"--database: {told or type(failure).__name__}") from None
    try:
        _take_or_seed(database, options)
    except ApiError as refused:
        database.close()
        raise CannotOpen(f"--database: {refused.error}") from None
    except BaseException:
        database.close()
        raise
    return database


def _take_or_seed(database: Database, options: Options) -> None:
    """In one transaction: a clinic that was seeded in part is nobody's."""
    found = database.tables()
    if found:
        _check_whose(found)
        _say_so(options)
    elif options.resume:
        raise FileNotFoundError(_NOTHING_LEFT)
    else:
        with database.transaction():
            _seed(database, options)


def _check_whose(found: Sequence[str]) -> None:
    """Raises CannotOpen when these are not the tables of a sandbox."""
    known = set(re.findall(r"CREATE TABLE (\w+)", read_script("schema.sql")))
    others = [table for table in found if table not in known]
    missing = sorted(known - set(PARTS.values()) - set(found))
    if others or missing:
        what = f"holds tables of somebody else ({_some(others)})" if others else f"lacks tables ({_some(missing)})"
        raise CannotOpen(f"--database {what}, and is left alone; name an empty one")


def _some(names: Sequence[str]) -> str:
    return ", ".join([*names[:_SHOWN], *["..."] * (len(names) > _SHOWN)])


def _say_so(options: Options) -> None:
    if not options.resume:
        sys.stderr.write("sandbox: --database holds a clinic already, which is used as it is\n")
        sys.stderr.flush()


@contextmanager
def _file(options: Options) -> Iterator[Path]:
    """The chosen file, which must not hold anything yet, or a temporary one that does not outlive the run."""
    chosen = options.database
    assert not isinstance(chosen, Dsn)
    if options.resume:
        if chosen is None or not chosen.is_file():
            raise FileNotFoundError(_NOTHING_LEFT)
        try:
            yield chosen
        finally:
            if options.owns_database:
                shutil.rmtree(chosen.parent, ignore_errors=True)
    elif chosen is None:
        with tempfile.TemporaryDirectory(prefix="cms-sandbox-") as folder:
            yield Path(folder) / "clinic.sqlite"
    elif chosen.exists() and (chosen.is_dir() or chosen.stat().st_size):
        raise FileExistsError(f"--database {chosen} already exists and is not empty; choose another file")
    elif not chosen.parent.is_dir():
        raise FileNotFoundError(f"--database {chosen}: there is no folder {chosen.parent}")
    else:
        yield chosen
