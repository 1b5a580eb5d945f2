"""Faults that look like success: an answer of the right status with the wrong content."""

from collections.abc import Callable
from typing import Any

import msgspec
from flask import Response

# Not usuario_id: by that, people find their own record, and nothing would work after a lie there.
_OWNERS = ("paciente_id", "id_paciente", "medico_id", "id_medico", "id_usuario", "entidad_id")


def spoil_shape(response: Response) -> Response:
    """A required key goes missing; an empty list turns into an object."""
    content = _content(response)
    if content is None:
        return response
    rows = content.get("data")
    if rows == []:
        content["data"] = {}
    else:
        victim = rows[0] if isinstance(rows, list) else content
        victim.pop(next(iter(victim)))
    return _rewritten(response, content)


def spoil_owner(response: Response) -> Response:
    """A list's rows claim to be another patient's, doctor's or user's."""
    content = _content(response)
    if content is None or not isinstance(content.get("data"), list):
        return response
    for row in content["data"]:
        for key in _OWNERS:
            if isinstance(row.get(key), int):
                row[key] += 1
    return _rewritten(response, content)


SPOILERS: dict[str, Callable[[Response], Response]] = {"shape": spoil_shape, "owner": spoil_owner}


def _content(response: Response) -> dict[str, Any] | None:
    """The answer's JSON object; None when it is an error, or nothing to take a key from."""
    if not 200 <= response.status_code < 300:
        return None
    content = msgspec.json.decode(response.get_data())
    return content if isinstance(content, dict) and content else None


def _rewritten(response: Response, content: dict[str, Any]) -> Response:
    response.set_data(msgspec.json.encode(content))
    return response
