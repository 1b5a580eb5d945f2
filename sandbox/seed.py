"""A clinic from nothing, the same one every time: people, their visits, and the papers around them."""

from datetime import UTC, datetime
from itertools import count

from sandbox.catalog_rows import CATALOGS
from sandbox.db import Database
from sandbox.deployment import AS_RECORDED, Deployment
from sandbox.seed_papers import seed_papers
from sandbox.seed_people import COLONIAS, seed_people
from sandbox.seed_visits import seed_visits
from sandbox.sizes import Sizes

_ROLES = ("Administrador", "Médico", "Paciente")


def seed(database: Database, sizes: Sizes, now: datetime | None = None, deployment: Deployment = AS_RECORDED) -> None:
    """Creates the tables and fills them. The same sizes and `now` (default: this hour, UTC) give the same rows."""
    now = now or datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    database.create_tables()
    with database.transaction():
        _seed_names(database)
        _seed_places(database)
        seed_people(database, sizes.patients, sizes.doctors)
        seed_visits(database, sizes, now)
        seed_papers(database, sizes, now)
    deployment.settle(database)
    database.create_indexes()


def _seed_names(database: Database) -> None:
    database.insert_many("rol", ("id", "nombre"), zip(count(1), _ROLES, strict=False))
    for catalog in CATALOGS:
        entries = zip(count(1), catalog.entries, strict=False)
        database.insert_many(catalog.table, ("id", catalog.field), entries)


def _seed_places(database: Database) -> None:
    """Places have no route: a country, a state, a city, and the colonias that the addresses name."""
    database.insert_many("pais", ("id", "nombre"), [(1, "Mexico")])
    database.insert_many("estado", ("id", "nombre", "id_pais"), [(1, "State 1", 1)])
    database.insert_many("ciudad", ("id", "nombre", "id_estado"), [(1, "City 1", 1)])
    colonias = ((n, f"Colonia {n}", str(64000 + n), 1) for n in range(1, COLONIAS + 1))
    database.insert_many("colonia", ("id", "nombre", "codigo_postal", "id_ciudad"), colonias)
