"""Bottlenecks on demand: what makes an API slow under load, each of them real, to try what looks for the cause on."""

from collections.abc import Callable, Iterable
from typing import Any

import gevent
from flask import Flask, Response, g

from sandbox.db import Database
from sandbox.middleware import Serve, put_in_front
from sandbox.passwords import hash_password
from sandbox.seed_people import PASSWORD
from sandbox.server_times import now
from sandbox.view_wrapping import wrap_view

Plant = Callable[[Flask, Database], None]

_VISITS, _CONSULTATIONS = "appointments.list_appointments", "consultations.list_consultations"
_POLICIES = "policies.list_policies"
_STEPS_OF_A_LOOP = 2_000_000
_COSTLY_ITERATIONS = 200_000
_HELD_SECONDS, _LOCKED_SECONDS, _UNLOCKED_SECONDS = 0.025, 1.5, 0.5
_DISK_SECONDS, _SERVICE_SECONDS = 0.3, 0.4
_KEPT_BYTES = 200_000
_TRAIL_ROWS = 100
_LEAVE_A_TRAIL = """
INSERT INTO auditoria (accion, entidad, entidad_id, fecha_hora)
SELECT 'READ', 'USUARIO', CAST(? AS INTEGER), ? FROM generate_series(1, ?)
"""


def no_index(app: Flask, database: Database) -> None:
    """Somebody has dropped the indexes that find a patient's appointments, and a doctor's."""
    for index in ("cita_paciente", "cita_medico"):
        database.execute(f"DROP INDEX IF EXISTS {index}")


def row_by_row(app: Flask, database: Database) -> None:
    """The list of appointments asks for the patient and the doctor of each row, as mappers of objects like to do."""

    def one_by_one(serve: Callable[[], Response]) -> Response:
        response = serve()
        for row in response.get_json().get("data", ()):
            database.row("SELECT * FROM paciente WHERE id = ?", (row["paciente_id"],))
            database.row("SELECT * FROM medico WHERE id = ?", (row["medico_id"],))
        return response

    wrap_view(app, _VISITS, one_by_one)


def held_lock(app: Flask, database: Database) -> None:
    """A job locks the audit trail, which every write adds to, and takes its time before it ends the transaction."""

    def job() -> None:
        while True:
            gevent.sleep(_UNLOCKED_SECONDS)
            with database.transaction():
                database.execute("LOCK TABLE auditoria IN SHARE ROW EXCLUSIVE MODE")
                gevent.sleep(_LOCKED_SECONDS)

    gevent.spawn(job)


def held_connection(app: Flask, database: Database) -> None:
    """Every request keeps a connection for as long as it takes, also while it waits for others: see --pool."""

    def holding(serve: Serve) -> Serve:
        def hold(environ: Any, start_response: Any) -> Iterable[bytes]:
            with database.transaction():
                gevent.sleep(_HELD_SECONDS)
                return serve(environ, start_response)

        return hold

    put_in_front(app, holding)


def busy_route(app: Flask, database: Database) -> None:
    """The list of appointments computes for long with what it has read, in the only thread that there is."""

    def compute(serve: Callable[[], Response]) -> Response:
        response = serve()
        sum(number * number for number in range(_STEPS_OF_A_LOOP))
        return response

    wrap_view(app, _VISITS, compute)


def slow_disk(app: Flask, database: Database) -> None:
    """A statement of the list of consultations takes long without computing anything."""

    def read(serve: Callable[[], Response]) -> Response:
        database.value("SELECT pg_sleep(?)", (_DISK_SECONDS,))
        return serve()

    wrap_view(app, _CONSULTATIONS, read)


def growing_scan(app: Flask, database: Database) -> None:
    """Every request leaves a trail, in which it then looks for the caller's: without an index, and it grows."""

    def trail() -> None:
        if "caller" in g:
            database.write("auditoria", _LEAVE_A_TRAIL, {"id": g.caller.id, "at": now(), "rows": _TRAIL_ROWS})
            database.value("SELECT COUNT(*) FROM auditoria WHERE entidad_id = ?", (g.caller.id,))

    app.before_request(trail)


def costly_sign_in(app: Flask, database: Database) -> None:
    """Passwords are hashed as they should be, and by the thread that answers everybody."""
    costly = hash_password(PASSWORD, iterations=_COSTLY_ITERATIONS)
    for user in database.column("SELECT id FROM usuario"):
        database.update("usuario", {"id": user}, {"password": costly})


def slow_service(app: Flask, database: Database) -> None:
    """The list of policies waits for another service, as an insurer's would be."""

    def ask(serve: Callable[[], Response]) -> Response:
        gevent.sleep(_SERVICE_SECONDS)
        return serve()

    wrap_view(app, _POLICIES, ask)


def leak(app: Flask, database: Database) -> None:
    """Something is kept of every answer, for ever."""
    kept: list[bytes] = []

    def keep(response: Response) -> Response:
        kept.append(b"x" * _KEPT_BYTES)
        return response

    app.after_request(keep)


ON_POSTGRES: dict[str, Plant] = {
    "no-index": no_index,
    "row-by-row": row_by_row,
    "held-lock": held_lock,
    "held-connection": held_connection,
    "slow-disk": slow_disk,
    "growing-scan": growing_scan,
}
"""Those that are the database's need a real one."""
BOTTLENECKS: dict[str, Plant] = {
    **ON_POSTGRES,
    "busy-route": busy_route,
    "costly-sign-in": costly_sign_in,
    "slow-service": slow_service,
    "leak": leak,
}
