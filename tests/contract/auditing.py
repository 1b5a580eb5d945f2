"""An access audit of a sandbox within this process: the whole of it but the wire."""

from collections.abc import Callable
from random import Random
from typing import Any

import msgspec
from flask.testing import FlaskClient

from access.access_audit import AccessAudit
from access.belongings import Maker
from access.findings import AccessReport
from access.judging import Reply
from access.matrix import Cell, cells_of
from access.outcomes import Outcomes
from access.people import people_of, records_to_ask_for
from access.questions import OWNED, Question
from api.endpoint import Endpoint
from api.endpoints import CATALOGS, ENDPOINTS, LIST_USERS, SIGN_IN
from api.failures import TaskCannotGoOn, UnexpectedAnswer
from config.access_file import DEFAULT_ACCESS, read_access
from records.marks import Mark
from records.payloads import Payloads
from records.survey import Survey
from run.surveyor import role_ids
from users.accounts import Account
from users.session import Token

RULES = read_access(DEFAULT_ACCESS, [str(route) for route in ENDPOINTS], [str(route) for route in OWNED])
NAMES = {"admin": ("Administrador",), "doctor": ("Médico",), "patient": ("Paciente",)}
MARK = Mark("audit1")


class Audited:
    """A clinic whose access is asked about; `report` asks the cells that `chosen` keeps."""

    def __init__(self, client: FlaskClient, expired: str | None = None) -> None:
        self.client = client
        admin = self.sign_in(Account("admin", "password123", "admin"))
        self.call = calling(self.ask, admin)
        users = self.call(LIST_USERS, limit=1000).data
        catalogs = {
            catalog.list_entries.path: [row.id for row in self.call(catalog.list_entries, limit=1000).data]
            for catalog in CATALOGS
        }
        payloads = Payloads(MARK, Random(1), Survey(roles=role_ids(users, NAMES), catalogs=catalogs, colonia=1))
        self.maker = Maker(self.call, payloads)
        asked = records_to_ask_for(self.maker, self.call)
        people = people_of(admin, self.sign_in, asked.mine, expired)
        self.audit = AccessAudit(self.call, self.ask, self.maker, payloads, people, asked)

    def report(self, chosen: Callable[[Cell], bool] = lambda cell: True) -> AccessReport:
        outcomes = Outcomes("http://cms.example.com")
        for cell in filter(chosen, cells_of(RULES, ENDPOINTS, OWNED)):
            self.audit.ask_cell(cell, outcomes)
        return outcomes.report()

    def tidy(self) -> None:
        self.maker.ledger.settle(self.call)

    def ask(self, endpoint: Endpoint[Any], question: Question, token: str | None) -> Reply:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        target = endpoint.target(question.params)
        response = self.client.open(target, method=endpoint.method, json=question.body, headers=headers)
        return Reply(response.status_code, response.get_data())

    def sign_in(self, account: Account) -> Callable[[], str]:
        reply = self.ask(SIGN_IN, Question({}, account.credentials()), None)
        token = SIGN_IN.read(reply.status, reply.body, {}).token
        assert Token.read(token, 0.0).role in NAMES[account.role]
        return lambda: token


def calling(ask: Callable[..., Reply], token: Callable[[], str]) -> Callable[..., Any]:
    """What ApiClient.call does, without a connection."""

    def call(endpoint: Endpoint[Any], body: Any = None, /, **params: Any) -> Any:
        reply = ask(endpoint, Question(params, body and msgspec.to_builtins(body)), token())
        try:
            return endpoint.read(reply.status, reply.body, params)
        except UnexpectedAnswer as failure:
            raise TaskCannotGoOn(failure) from None

    return call
