"""Defects that show only where requests overlap: one alone, or one after the other, is served as it should be."""

from collections.abc import Callable
from typing import Any

import gevent
from flask import Flask, Response, g, request

from sandbox.answers import answer
from sandbox.calendar_rule import forbid_double_booking
from sandbox.db import Database
from sandbox.error_answers import ApiError
from sandbox.view_wrapping import wrap_view
from sandbox.writes import body

GAP_SECONDS = 0.02
"""In the midst of a request: long enough for another one that comes at the same moment."""

View = Callable[..., Response]
Plant = Callable[[Flask, Database], None]


def lost_update(app: Flask, database: Database) -> None:
    """An update of an account writes back the whole row as it was read; a password set meanwhile is gone."""

    def update(serve: View, id: str) -> Response:
        before = database.row("SELECT id, password FROM usuario WHERE id = ?", (id,))
        gevent.sleep(GAP_SECONDS)
        done = serve(id=id)
        if before is not None:
            database.update("usuario", {"id": before["id"]}, {"password": before["password"]})
        return done

    wrap_view(app, "users.update_user", update)


def double_booking(app: Flask, database: Database) -> None:
    """The clinic forbids it; the calendar is looked at, and a moment later the appointment is made."""
    forbid_double_booking(app, lambda: gevent.sleep(GAP_SECONDS))


def stale_read(app: Flask, database: Database) -> None:
    """A patient is kept after it was read, until the next write; one that is just being read is kept in spite of it."""
    kept: dict[str, Any] = {}

    def read(serve: View, id: str) -> Response:
        if id not in kept:
            found = serve(id=id).get_json()
            gevent.sleep(GAP_SECONDS)
            kept[id] = found
        return answer(kept[id])

    def forget(response: Response) -> Response:
        if request.method != "GET":
            kept.clear()
        return response

    wrap_view(app, "patients.get_patient", read)
    app.after_request(forget)


def half_a_write(app: Flask, database: Database) -> None:
    """A file loses its association when another file is made before its own request has ended."""
    _when_overtaken(
        app,
        "files.create_file",
        lambda made: database.delete("archivo_asociacion", {"id": made["association_id"]}),
    )


def duplicate(app: Flask, database: Database) -> None:
    """No constraint keeps accounts unique: it is looked for an equal one, and a moment later the account is made."""
    database.drop_unique("usuario")

    def check(serve: View, **path: str) -> Response:
        for column in ("username", "correo"):
            value = body().get(column)
            taken = f"SELECT id FROM usuario WHERE {column} = ? AND CAST(id AS TEXT) <> ?"
            if isinstance(value, str) and database.value(taken, (value, path.get("id", ""))) is not None:
                raise ApiError(409, "Duplicate entry", f"Key ({column})=({value}) already exists.")
        gevent.sleep(GAP_SECONDS)
        return serve(**path)

    wrap_view(app, "users.create_user", check)
    wrap_view(app, "users.update_user", check)


def not_stored(app: Flask, database: Database) -> None:
    """An appointment is acknowledged and not there, when another one is made before its request has ended."""
    _when_overtaken(app, "appointments.create_appointment", lambda made: database.delete("cita", {"id": made["id"]}))


def audit_gap(app: Flask, database: Database) -> None:
    """While one write is under way, another one leaves no audit row."""
    under_way: set[int] = set()
    insert = database.insert

    def begin() -> None:
        if request.method != "GET":
            under_way.add(id(request.environ))
            gevent.sleep(GAP_SECONDS)

    def end(_: BaseException | None) -> None:
        under_way.discard(id(request.environ))

    def insert_or_not(table: str, fields: Any) -> int:
        return 0 if table == "auditoria" and len(under_way) > 1 else insert(table, fields)

    app.before_request(begin)
    app.teardown_request(end)
    vars(database)["insert"] = insert_or_not


def anothers_answer(app: Flask, database: Database) -> None:
    """Who asks who they are is told who has asked last."""
    last: dict[str, Any] = {}

    def get_me(serve: View) -> Response:
        last["caller"] = g.caller
        gevent.sleep(GAP_SECONDS)
        g.caller = last["caller"]
        return serve()

    wrap_view(app, "auth.get_me", get_me)


MUTANTS: dict[str, Plant] = {
    "lost-update": lost_update,
    "double-booking": double_booking,
    "stale-read": stale_read,
    "half-a-write": half_a_write,
    "duplicate": duplicate,
    "not-stored": not_stored,
    "audit-gap": audit_gap,
    "anothers-answer": anothers_answer,
}


def _when_overtaken(app: Flask, view: str, undo: Callable[[Any], object]) -> None:
    """Undoes a part of what this view has made, when another request of its kind came in between; the answer stays."""
    last: dict[str, int] = {}

    def create(serve: View) -> Response:
        response = serve()
        made = response.get_json()
        last["id"] = made["id"]
        gevent.sleep(GAP_SECONDS)
        if last["id"] != made["id"]:
            undo(made)
        return response

    wrap_view(app, view, create)
