"""A rule that a clinic may have and the API as deployed has not: a doctor has one appointment at a time."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response

from sandbox.db import clinic
from sandbox.error_answers import ApiError
from sandbox.postgres_times import timestamp
from sandbox.writes import body

_TAKEN = "SELECT id FROM cita WHERE medico_id = ? AND fecha_inicio = ? AND CAST(id AS TEXT) <> ?"


def forbid_double_booking(app: Flask, pause: Callable[[], None] = lambda: None) -> None:
    """409 for an appointment that begins when another one of the doctor does; `pause` comes after the look."""
    for view in ("appointments.create_appointment", "appointments.update_appointment"):
        app.view_functions[view] = _checking(app.view_functions[view], pause)


def _checking(serve: Callable[..., Any], pause: Callable[[], None]) -> Callable[..., Response]:
    def check(**path: str) -> Response:
        sent = body()
        if isinstance(sent.get("fecha_inicio"), str):
            wanted = (sent.get("medico_id"), timestamp(sent["fecha_inicio"]), path.get("id", ""))
            if clinic().value(_TAKEN, wanted) is not None:
                raise ApiError(409, "The doctor has another appointment at this time")
        pause()
        done: Response = serve(**path)
        return done

    return check
