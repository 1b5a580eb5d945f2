"""Where each kind of record carries the mark: how one that the suite has made is told from everybody else's."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from api import schemas
from records.marks import AnyMark, Mark

Row = TypeVar("Row")

_TEXTS: Mapping[type, str] = {
    schemas.User: "username",
    schemas.Patient: "nombre",
    schemas.Doctor: "nombre",
    schemas.Address: "calle",
    schemas.Consultation: "narrativa",
    schemas.Episode: "motivo",
    schemas.File: "url",
    schemas.Insurer: "nombre",
    schemas.Policy: "numero_poliza",
    schemas.Notification: "mensaje",
    schemas.AccessCode: "codigo",
    schemas.CatalogEntry: "nombre",
    schemas.BloodType: "tipo",
}


def carries(mark: Mark | AnyMark, row: Any) -> bool:
    """True when the record was made by the run of this mark (or by any run)."""
    if isinstance(row, schemas.Appointment):
        return mark.in_times(row.fecha_inicio, row.fecha_fin)
    return mark.in_text(getattr(row, _TEXTS[type(row)]))


def lasting(rows: Iterable[Row]) -> list[Row]:
    """The rows of the CMS's own people: what a run of the suite has made may be gone in a moment."""
    any_run = AnyMark()
    return [row for row in rows if not carries(any_run, row)]
