"""Keeps to `config/access.toml` when `--enforce-roles` is on; the API as deployed checks no role."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import g, request

from sandbox.access_rules import ALL, OWN, AccessRules
from sandbox.db import clinic
from sandbox.error_answers import ApiError
from sandbox.postgres_types import integer
from sandbox.writes import body

_OWN_PATIENTS = """
SELECT id FROM paciente WHERE usuario_id = ?
UNION SELECT id FROM paciente WHERE id_medico_gen IN (SELECT id FROM medico WHERE usuario_id = ?)
UNION SELECT paciente_id FROM cita WHERE medico_id IN (SELECT id FROM medico WHERE usuario_id = ?)
UNION SELECT id_paciente FROM consulta WHERE id_medico IN (SELECT id FROM medico WHERE usuario_id = ?)
"""
_PATIENT_OF: Mapping[str, str] = {
    "/api/patients/<id>": "SELECT id FROM paciente WHERE id = ?",
    "/api/appointments/citas/<id>": "SELECT paciente_id FROM cita WHERE id = ?",
    "/api/appointments/consultas/<id>": "SELECT id_paciente FROM consulta WHERE id = ?",
    "/api/appointments/episodios/<id>": "SELECT id_paciente FROM episodio WHERE id = ?",
    "/api/files/associations/<id>": "SELECT entidad_id FROM archivo_asociacion WHERE id = ? AND entidad = 'PACIENTE'",
    "/api/files/<id>": "SELECT entidad_id FROM archivo_asociacion WHERE archivo_id = ? AND entidad = 'PACIENTE'",
    "/api/insurance/policies/<id>": "SELECT id_paciente FROM poliza WHERE id = ?",
    "/api/notifications/<id>": """
        SELECT p.id FROM notificacion n JOIN paciente p ON p.usuario_id = n.id_usuario WHERE n.id = ?
    """,
}
"""By the beginning of the route: whose record the path names."""
_BOOKINGS = "/api/appointments/citas"


def guard_roles(rules: AccessRules) -> Callable[[], None]:
    """Runs after the token was checked: 403, or on with `g.own_patients` set where lists show only theirs."""

    def guard() -> None:
        if request.url_rule is None or "caller" not in g:
            return
        scope = rules.scope(g.caller.role, request.method, request.url_rule.rule)
        if scope == OWN:
            g.own_patients = clinic().column(_OWN_PATIENTS, (g.caller.id,) * _OWN_PATIENTS.count("?"))
        if scope != ALL and not (scope == OWN and _is_own(request.url_rule.rule)):
            raise ApiError(403, "Access denied")

    return guard


def _is_own(rule: str) -> bool:
    """Whether what the path names, and what the body names, belongs to the caller's own patients."""
    in_path = _patient_in_path(rule)
    if "<id>" in rule and in_path not in g.own_patients:
        return False
    if request.method not in ("POST", "PUT"):
        return True
    named = list(_patients_in_body())
    if not named:
        return "<id>" in rule
    return set(named) <= set(g.own_patients) or (rule.startswith(_BOOKINGS) and _books_with_oneself())


def _patient_in_path(rule: str) -> int | None:
    for beginning, sql in _PATIENT_OF.items():
        if rule.startswith(beginning):
            return _found(sql, (request.view_args or {}).get("id"))
    return None


def _patients_in_body() -> Iterator[Any]:
    sent = body()
    yield from (sent[key] for key in ("paciente_id", "id_paciente") if key in sent)
    if sent.get("entidad") == "PACIENTE":
        yield sent.get("entidad_id")
    if sent.get("id_usuario") is not None:
        yield _found("SELECT id FROM paciente WHERE usuario_id = ?", sent["id_usuario"])


def _found(sql: str, sent: Any) -> int | None:
    """The patient whom the SQL finds by what was sent, if that is a number."""
    try:
        found: int | None = clinic().value(sql, (integer(sent),))
    except ApiError:
        return None
    return found


def _books_with_oneself() -> bool:
    """A doctor takes on whoever comes."""
    mine = clinic().value("SELECT id FROM medico WHERE usuario_id = ?", (g.caller.id,))
    return mine is not None and body().get("medico_id") == mine
