"""A clinic from nothing, the same one every time: people, their visits, and the papers around them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from sandbox.catalogs import CATALOGS
from sandbox.db import Database
from sandbox.seed_papers import seed_papers
from sandbox.seed_people import seed_people
from sandbox.seed_visits import seed_visits

_ROLES = ("Administrador", "Médico", "Paciente")
_COLONIAS = 20


@dataclass(frozen=True)
class Sizes:
    """How big the clinic is."""

    patients: int = 300
    doctors: int = 20


def seed(database: Database, sizes: Sizes, now: datetime | None = None) -> None:
    """Creates the tables and fills them. The same sizes and `now` (default: this hour, UTC) give the same rows."""
    now = now or datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    database.create_tables()
    with database.transaction():
        _seed_names(database)
        _seed_places(database)
        seed_people(database, sizes.patients, sizes.doctors)
        seed_visits(database, sizes.patients, sizes.doctors, now)
        seed_papers(database, sizes.patients, now)
    database.create_indexes()


def _seed_names(database: Database) -> None:
    database.insert_many("INSERT INTO rol VALUES (?, ?)", zip(count(1), _ROLES, strict=False))
    for catalog in CATALOGS:
        entries = zip(count(1), catalog.entries, strict=False)
        database.insert_many(f"INSERT INTO {catalog.table} VALUES (?, ?)", entries)


def _seed_places(database: Database) -> None:
    """Places have no route: a country, a state, a city, and colonias from id 1 for addresses to name."""
    database.insert_many("INSERT INTO pais VALUES (?, ?)", iter([(1, "Mexico")]))
    database.insert_many("INSERT INTO estado VALUES (?, ?, ?)", iter([(1, "State 1", 1)]))
    database.insert_many("INSERT INTO ciudad VALUES (?, ?, ?)", iter([(1, "City 1", 1)]))
    colonias = ((n, f"Colonia {n}", str(64000 + n), 1) for n in range(1, _COLONIAS + 1))
    database.insert_many("INSERT INTO colonia VALUES (?, ?, ?, ?)", colonias)
