"""What a request is refused with: the exception every layer raises, and how the app answers it."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from sandbox.answers import answer


@dataclass
class ApiError(Exception):
    """A refusal: `status` and the text of `error`, with PostgreSQL's `detail` where the API shows it."""

    status: int
    error: str
    detail: str | None = None

    def body(self) -> Mapping[str, str]:
        return {"error": self.error} if self.detail is None else {"error": self.error, "detail": self.detail}


def attach_error_answers(app: Flask) -> None:
    """Every error leaves the app as the API's own JSON, whatever raised it."""
    app.register_error_handler(ApiError, _refused)
    app.register_error_handler(HTTPException, _not_routed)


def _refused(error: ApiError) -> Response:
    return answer(error.body(), error.status)


def _not_routed(error: HTTPException) -> Response:
    # The API knows no 405: a wrong method on a known path is an unknown endpoint, too.
    if error.code in (404, 405):
        return answer({"error": "Endpoint not found"}, 404)
    return answer({"error": error.description or error.name}, error.code or 500)
