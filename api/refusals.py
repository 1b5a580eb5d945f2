"""Which errors each route may answer, as the API behaves when it is deployed."""

from collections.abc import Iterator, Mapping
from typing import Any

from api.endpoint import Endpoint
from api.endpoints import (
    DELETE_USER,
    SIGN_IN,
    UPDATE_ACCESS_CODE,
    UPDATE_DOCTOR,
    UPDATE_PATIENT,
    UPDATE_USER,
    WHO_AM_I,
)

REFUSALS: Mapping[int, str] = {
    400: "A required field is missing, the body or the path cannot be read, or a record is still referred to.",
    401: "There is no token, or the credentials are wrong.",
    403: "The token is invalid or has expired, or the role may not do this.",
    404: "There is no such record.",
    409: "Another record has this value already.",
    413: "The body is larger than 100 KB.",
    415: "The body's character set or encoding is not known.",
    500: "PostgreSQL refuses a value: it has the wrong type, is out of range or too long. Or the API itself failed.",
}
_UNIQUE = frozenset({UPDATE_USER, UPDATE_DOCTOR, UPDATE_PATIENT, UPDATE_ACCESS_CODE})
_MINDS_AN_UNKNOWN_ID = frozenset({DELETE_USER, WHO_AM_I})


def refusals_of(endpoint: Endpoint[Any]) -> list[int]:
    """The statuses of the errors that the route may answer, in order."""
    return sorted(set(_statuses(endpoint)))


def _statuses(endpoint: Endpoint[Any]) -> Iterator[int]:
    if endpoint.needs_token:
        yield from (401, 403)
    if endpoint.takes:
        yield from (400, 413, 415)
    if endpoint.path_keys or endpoint.query or endpoint.takes:
        yield from (400, 500)
    if endpoint in _MINDS_AN_UNKNOWN_ID or ("id" in endpoint.path_keys and endpoint.method != "DELETE"):
        yield 404
    if endpoint.status == 201 or endpoint in _UNIQUE:
        yield 409
    if endpoint is SIGN_IN:
        yield 401
