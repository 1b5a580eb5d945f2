"""Who may do what, when `--enforce-roles` is on: the intent of the API, which as deployed checks no role."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from flask import g, request

from sandbox.db import clinic
from sandbox.error_answers import ApiError
from sandbox.writes import body

_WRITES = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Grant:
    """Methods on the paths that match; `own` must hold, too, given the caller's patient id."""

    methods: tuple[str, ...]
    paths: str
    own: Callable[[int], bool] | None = None


def path_names(patient: int) -> bool:
    """The path's id is the caller's own."""
    return (request.view_args or {}).get("id") == str(patient)


def body_names(patient: int) -> bool:
    """The body's paciente_id is the caller's own."""
    return str(body().get("paciente_id")) == str(patient)


def appointment_is_of(patient: int) -> bool:
    """The appointment in the path is the caller's own."""
    mine = "SELECT 1 FROM cita WHERE id = ? AND paciente_id = ?"
    return clinic().value(mine, ((request.view_args or {}).get("id"), patient)) is not None


def appointment_stays_with(patient: int) -> bool:
    """The appointment is the caller's own, before and after the write."""
    return appointment_is_of(patient) and body_names(patient)


GRANTS: dict[str | None, tuple[Grant, ...]] = {
    "Administrador": (Grant(("GET", *_WRITES), ".*"),),
    "Médico": (
        Grant(("GET",), r"/api/(?!users|audit).*"),
        Grant(_WRITES, r"/api/appointments/(citas|consultas|episodios).*"),
        Grant(_WRITES, r"/api/files.*|/api/notifications(?!/access-codes).*"),
    ),
    "Paciente": (
        Grant(("GET",), r"/api/auth/me|/api/(catalogs|doctors).*"),
        Grant(("GET",), r"/api/patients|/api/appointments/(citas|consultas|episodios)"),
        Grant(("GET",), r"/api/insurance/policies|/api/notifications|/api/files(/associations)?"),
        Grant(("GET", "PUT"), r"/api/patients/<id>", path_names),
        Grant(("GET", *_WRITES), r"/api/patients/<id>/addresses.*", path_names),
        Grant(("POST",), r"/api/appointments/citas", body_names),
        Grant(("PUT",), r"/api/appointments/citas/<id>", appointment_stays_with),
        Grant(("DELETE",), r"/api/appointments/citas/<id>", appointment_is_of),
    ),
}
_NOBODY = 0


def guard_roles() -> None:
    """Runs after the token was checked: 403, or on with `g.only_patient` set for a patient's lists."""
    if request.url_rule is None or "caller" not in g:
        return
    patient = _NOBODY
    if g.caller.role == "Paciente":
        mine = clinic().value("SELECT id FROM paciente WHERE usuario_id = ?", (g.caller.id,))
        patient = g.only_patient = mine or _NOBODY
    if not any(_covers(grant, patient) for grant in GRANTS.get(g.caller.role, ())):
        raise ApiError(403, "Access denied")


def _covers(grant: Grant, patient: int) -> bool:
    rule = request.url_rule.rule if request.url_rule else ""
    if request.method not in grant.methods or not re.fullmatch(grant.paths, rule):
        return False
    return grant.own is None or (patient != _NOBODY and grant.own(patient))
