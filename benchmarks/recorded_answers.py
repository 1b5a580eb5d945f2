"""What the fixed servers answer: the API's own answers as they were recorded, made those of one patient."""

import time
from typing import Any

import jwt

from api import endpoints
from api.endpoint import Endpoint
from tests.contract.recordings import read_recordings, recorded_headers

OWN_ID = 5
ETAG = ("ETag", 'W/"a9b-2jmj7l5rSw0yVb/vlWAYkK/YBwk"')
HEADERS = (*recorded_headers().items(), ETAG)
"""Besides those that say what the body is and how long the connection is kept: 21 in all, with the date."""
OWNERS = frozenset({"paciente_id", "id_paciente", "usuario_id", "id_usuario"})
READINGS = (
    endpoints.LIST_PATIENTS,
    endpoints.LIST_POLICIES,
    endpoints.HEALTH,
    endpoints.WHO_AM_I,
    endpoints.GET_PATIENT,
    endpoints.LIST_ADDRESSES,
    endpoints.LIST_APPOINTMENTS,
    endpoints.LIST_CONSULTATIONS,
    endpoints.LIST_EPISODES,
    endpoints.LIST_NOTIFICATIONS,
)
SEARCHES = (endpoints.LIST_PATIENTS, endpoints.LIST_POLICIES)
"""A patient finds the own record, and the own policies, by the user name: one row, which must hold it."""


def recorded_answer(route: Endpoint[Any], rows: int = 10, username: str = "clinic") -> Any:
    """The route's answer to the patient with OWN_ID: `rows` rows where it is a list, one where it was searched for."""
    answer = _recording(route)
    if "data" not in answer:
        return _own(answer, OWN_ID) if "id" in answer else answer
    (row,) = answer["data"]
    if route in SEARCHES:
        name = "username" if route is endpoints.LIST_PATIENTS else "paciente"
        return answer | {"data": [_own(row, OWN_ID) | {name: username}]}
    return answer | {"data": [_own(row, row["id"] + number) for number in range(rows)]}


def path_of(route: Endpoint[Any]) -> str:
    """The route's path for the one record there is."""
    return route.path.format(id=OWN_ID, patient_id=OWN_ID)


def signed_in() -> Any:
    """The answer to every sign-in: a token of the patient with OWN_ID, good for a day."""
    now = int(time.time())
    claims = {"id": OWN_ID, "username": "clinic", "role": "Paciente", "iat": now, "exp": now + 86_400}
    answer = next(one["answer"] for one in _of(endpoints.SIGN_IN) if one["answer"]["user"]["role"] == "Paciente")
    token = jwt.encode(claims, "a key of thirty-two bytes or more", "HS256")
    return {"token": token, "user": _own(answer["user"], OWN_ID)}


def _recording(route: Endpoint[Any]) -> Any:
    """The first success, of a list the first that is not empty."""
    return next(one["answer"] for one in _of(route) if one["answer"].get("data") != [])


def _of(route: Endpoint[Any]) -> list[dict[str, Any]]:
    return [one for one in read_recordings("exchanges.jsonl") if one["status"] == 200 and _is_of(route, one["ask"])]


def _is_of(route: Endpoint[Any], asked: str) -> bool:
    method, target = asked.split()
    parts, template = target.partition("?")[0].split("/"), route.path.split("/")
    same = all(part == wanted or wanted.startswith("{") for part, wanted in zip(parts, template, strict=False))
    return method == route.method and len(parts) == len(template) and same


def _own(row: dict[str, Any], number: int) -> dict[str, Any]:
    return row | {"id": number} | {name: OWN_ID for name in OWNERS & row.keys()}
