"""How an answer is written: compact JSON in UTF-8."""

from typing import Any

import msgspec
from flask import Response


def answer(body: Any, status: int = 200) -> Response:
    """The JSON answer with the content type the API names."""
    return Response(msgspec.json.encode(body), status, content_type="application/json; charset=utf-8")
