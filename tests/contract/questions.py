"""Asks a sandbox the recorded odd questions: fills in their placeholders, sends them, and holds the answers to them."""

import http.client
import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from tests.contract.likeness import is_alike, shape, without_numbers
from tests.contract.people import PASSWORD

Line = dict[str, Any]
_ACCOUNT = {"username": "{new}", "correo": "{new}@example.com", "password": PASSWORD}
_VISIT = {"paciente_id": "{patient}", "medico_id": "{doctor}", "fecha_inicio": "2027-03-01T15:00:00Z"}
_BEFOREHAND = (
    ("user", "/api/users", _ACCOUNT),
    ("patient", "/api/patients", {"usuario_id": "{user}", "nombre": "{new}"}),
    ("doctor", "/api/doctors", {"usuario_id": "{account}", "nombre": "{new}", "cedula": "{new}"}),
    ("visit", "/api/appointments/citas", _VISIT),
    ("episode", "/api/appointments/episodios", {"id_paciente": "{patient}", "motivo": "m"}),
    ("insurer", "/api/insurance/companies", {"nombre": "{new}"}),
    ("address", "/api/patients/{patient}/addresses", {"calle": "c", "id_colonia": 1}),
)


class Inquirer:
    """Somebody who asks one sandbox questions, and remembers what they made."""

    def __init__(self, url: str) -> None:
        self._host = urlsplit(url).netloc
        self._serial = 0
        self._known: dict[str, Any] = {}
        self._template: Line = {}
        self._first: Line = {}
        self._made: list[int] = []
        signed_in = self._send("POST /api/auth/login", {"username": "admin", "password": PASSWORD})[2]
        self._known["token"] = signed_in["token"]
        for name, path, fields in _BEFOREHAND:
            self._known[name] = self._create(path, fields)

    def differences(self, lines: Iterable[Line]) -> tuple[int, list[str]]:
        """How many questions there are, and those that are answered differently: one text each."""
        shapes = {line["shape"]: line["is"] for line in lines if "shape" in line}
        asked, differences = 0, []
        for line in lines:
            if "template" in line:
                self._template, self._first, self._made = line["fields"], {}, []
            elif "ask" in line:
                answer = self._ask(line)
                asked += "status" in line
                if "status" in line and not _fits(answer, line, shapes):
                    differences.append(f"{json.dumps(line, ensure_ascii=False)} got {str(answer)[:300]}")
        return asked, differences

    def _ask(self, line: Line) -> tuple[int, str | None, Any]:
        target = self._filled(line["ask"])
        if "raw" in line:
            return self._send(target, None, line.get("type", "application/json"), line.get("headers"), line["raw"])
        sent = self._body_of(line)
        answer = self._send(target, sent, headers=line.get("headers"))
        if line["ask"].startswith("POST ") and {"with", "again"} & line.keys() and answer[0] == 201:
            self._made.append(answer[2]["id"])
            if len(self._made) == 1:
                self._first, self._known["own"] = sent, answer[2]["id"]
        if line["ask"].startswith("DELETE ") and "{own}" in line["ask"]:
            self._delete_the_rest(line["ask"])
        return answer

    def _delete_the_rest(self, ask: str) -> None:
        """The questions that follow were asked without the rows of the ones before."""
        for row_id in self._made[1:]:
            self._send(ask.replace("{own}", str(row_id)), None)
        self._made = []

    def _body_of(self, line: Line) -> Any:
        if "again" in line:
            return self._first
        if "with" not in line:
            return self._filled(line.get("send"))
        changed = {**self._template, **line["with"]}
        return self._filled({key: value for key, value in changed.items() if key != line.get("without")})

    def _filled(self, value: Any) -> Any:
        """The value with its placeholders filled in; one that is all of a text may become a number."""
        if isinstance(value, dict):
            return {key: self._filled(inner) for key, inner in value.items()}
        if not isinstance(value, str):
            return value
        whole = re.fullmatch(r"\{(\w+)\}", value)
        return self._part(whole) if whole else re.sub(r"\{([\w ]+)\}", lambda part: str(self._part(part)), value)

    def _part(self, placeholder: re.Match[str]) -> Any:
        name = placeholder[1]
        if name == "new":
            self._serial += 1
            return f"n{self._serial}"
        if name == "account":
            return self._create("/api/users", _ACCOUNT)
        if name == "token without 3":
            return self._known["token"][:-3]
        if times := re.fullmatch(r"(\d+) y", name):
            return "y" * int(times[1])
        return self._known.get(name, placeholder[0])

    def _create(self, path: str, fields: Line) -> int:
        answer = self._send(f"POST {self._filled(path)}", self._filled(fields))
        assert answer[0] == 201, answer
        return int(answer[2]["id"])

    def _send(
        self, target: str, body: Any, kind: str | None = "application/json", headers: Any = None, raw: str | None = None
    ) -> tuple[int, str | None, Any]:
        """Status, content type and decoded answer."""
        method, _, path = target.partition(" ")
        sent = None if body is None else json.dumps(body).encode()
        if raw is not None:
            sent = re.sub(r"\{(\d+) y\}", lambda times: "y" * int(times[1]), raw).encode("latin-1")
        wanted = {"Authorization": "Bearer {token}"} | ({"Content-Type": kind} if sent is not None and kind else {})
        head = {name: self._filled(value) for name, value in (wanted | (headers or {})).items() if value is not None}
        connection = http.client.HTTPConnection(self._host, timeout=20)
        try:
            connection.request(method, path, sent, head)
            response = connection.getresponse()
            text = response.read().decode("utf-8")
            return response.status, response.getheader("Content-Type"), json.loads(text) if text else text
        finally:
            connection.close()


def _fits(answer: tuple[int, str | None, Any], line: Line, shapes: Line) -> bool:
    status, kind, content = answer
    if status != line["status"] or kind != (None if status == 204 else "application/json; charset=utf-8"):
        return False
    if "error" in line:
        expected = line["error"] if isinstance(line["error"], dict) else {"error": line["error"]}
        return _without_fillings(content) == _without_fillings(expected)
    if "like" in line and not is_alike(shape(content), shapes[line["like"]]):
        return False
    return "rows" not in line or len(content["data"]) == line["rows"]


def _without_fillings(error: Any) -> str:
    """An error's text; what stood for a placeholder is left out."""
    text = without_numbers(error)
    return re.sub(r"\(nN\)|\(\{new\}\)", "()", re.sub(r"y{60,}|\{N y\}", "", text))
