"""How one deployment's database differs from the next: whose ids, which parts, and how its rows came to be there."""

from dataclasses import dataclass

from sandbox.catalog_rows import CATALOGS
from sandbox.db import Database

PARTS = {"addresses": "direccion_paciente"}
"""What a deployment can be without, and the table that is missing then."""

_INSERTED_BY_HAND = (*(catalog.table for catalog in CATALOGS), "aseguradora")
_LOOSE_REFERENCES = {"archivo_asociacion": ("entidad_id",)}
"""Columns that hold another table's id without being declared to."""


@dataclass(frozen=True)
class Deployment:
    """One deployment. Every id is greater than `id_offset`, with which the roles come in another order, too;
    `without` names the missing PARTS.

    With `sequences_behind`, the catalogs and the insurers were inserted by hand: their sequences do not know it, and
    give out the ids of those rows first.
    """

    id_offset: int = 0
    without: tuple[str, ...] = ()
    sequences_behind: bool = False

    def settle(self, database: Database) -> None:
        """Makes a freshly filled database, whose ids begin at 1, that of this deployment."""
        for part in self.without:
            database.execute(f"DROP TABLE {PARTS[part]}")
        if self.id_offset:
            _turn_roles(database)
            _shift_ids(database, self.id_offset)
        for table in database.tables():
            behind = self.sequences_behind and table in _INSERTED_BY_HAND
            last = None if behind else database.value(f"SELECT MAX(id) FROM {table}")
            database.start_sequence(table, last or self.id_offset)


AS_RECORDED = Deployment()
"""The one that the contract was recorded from: ids from 1, nothing missing."""


def _turn_roles(database: Database) -> None:
    """The last role becomes the first, as in a deployment that had 7 Paciente, 8 Administrador and 9 Médico."""
    turned = "{0} % (SELECT COUNT(*) FROM rol) + 1"
    with database.unchecked_references():
        database.execute(f"UPDATE usuario SET rol_id = {turned.format('rol_id')}")
        database.execute(f"UPDATE rol SET id = -({turned.format('id')})")
        database.execute("UPDATE rol SET id = -id")


def _shift_ids(database: Database, offset: int) -> None:
    """Adds the offset to every id and to every reference to one."""
    references = {table: database.references(table) for table in database.tables()}
    with database.unchecked_references():
        for table in references:
            columns = ("id", *references[table], *_LOOSE_REFERENCES.get(table, ()))
            # Through negative numbers: on the way there, no row meets the id of one that is still to be moved.
            for shifted in (f"-({{0}} + {offset})", "-{0}"):
                assignments = ", ".join(f"{column} = {shifted.format(column)}" for column in columns)
                database.execute(f"UPDATE {table} SET {assignments}")
