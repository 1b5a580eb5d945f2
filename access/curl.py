"""A request as a `curl` line that anybody can try: tokens are shell variables, passwords are left out."""

import shlex

import msgspec

from access.matrix import NO_TOKEN, Cell
from access.questions import Question

SECRET = "password"
HIDDEN = "..."


def curl(base_url: str, cell: Cell, question: Question) -> str:
    """With the token of the cell's role in a variable such as $PATIENT_TOKEN."""
    words = ["curl", "-i", "-X", cell.endpoint.method, shlex.quote(base_url + cell.endpoint.target(question.params))]
    if cell.endpoint.needs_token and cell.role != NO_TOKEN:
        words += ["-H", f'"Authorization: Bearer ${_variable(cell.role)}"']
    if question.body is not None:
        body = {key: HIDDEN if SECRET in key else value for key, value in question.body.items()}
        words += ["-H", "'Content-Type: application/json'", "-d", shlex.quote(msgspec.json.encode(body).decode())]
    return " ".join(words)


def _variable(role: str) -> str:
    return f"{role.upper().replace(' ', '_')}_TOKEN"
