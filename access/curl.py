"""A request as a `curl` line that anybody can try: tokens are shell variables, passwords are left out."""

import shlex

import msgspec

from access.matrix import NO_TOKEN, Cell
from access.questions import Question

SECRET = "password"
HIDDEN = "..."


def curl(base_url: str, cell: Cell, question: Question) -> str:
    """With the token of the cell's role in a variable such as $PATIENT_TOKEN."""
    role = cell.role if cell.endpoint.needs_token and cell.role != NO_TOKEN else ""
    body = None
    if question.body is not None:
        hidden = {key: HIDDEN if SECRET in key else value for key, value in question.body.items()}
        body = msgspec.json.encode(hidden).decode()
    return curl_line(cell.endpoint.method, base_url + cell.endpoint.target(question.params), role, body)


def curl_line(method: str, url: str, role: str, body: str | None) -> str:
    """`body` is JSON without secrets; with a `role`, its token stands in a variable."""
    words = ["curl", "-i", "-X", method, shlex.quote(url)]
    if role:
        words += ["-H", f'"Authorization: Bearer ${_variable(role)}"']
    if body is not None:
        words += ["-H", "'Content-Type: application/json'", "-d", shlex.quote(body)]
    return " ".join(words)


def _variable(role: str) -> str:
    return f"{role.upper().replace(' ', '_')}_TOKEN"
