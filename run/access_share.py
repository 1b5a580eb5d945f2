"""--audit-share: beside any load, each process that has users also asks who may see what, a little all the time."""

from locust.env import Environment
from locust.runners import MasterRunner

import logging
from random import Random
from typing import Any

import gevent
from gevent.event import Event

from access.access_audit import AccessAudit
from access.audit_state import AuditState, audit_state
from access.matrix import ANOTHERS, EXPIRED, UNKNOWN_ID, Cell, cells_of
from access.outcomes import Outcomes
from access.questions import OWNED
from api.endpoints import ENDPOINTS
from api.failures import TaskCannotGoOn
from config.access_file import ROLES_ASKED
from config.options import options_of
from run.access_options import read_rules
from run.access_setup import AuditSetup
from run.beside_the_load import BesideTheLoad
from users.run_context import run_context

logger = logging.getLogger(__name__)

TRY_AGAIN_SECONDS = 1.0
"""Beside a load a try a second is nothing, and a run may be short."""


class AccessShare(BesideTheLoad):
    """It asks reading cells only, with accounts of the run, on records that there are."""

    key = "access"

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._share = self._due = 0.0
        self._is_due = Event()
        self._asking: gevent.Greenlet | None = None

    def findings(self) -> Outcomes | None:
        return self._state.outcomes

    def on_load_start(self, environment: Environment, **_: Any) -> None:
        self._share = share = float(options_of(environment).audit_share)
        if not share:
            return
        self._state.outcomes = Outcomes(environment.host or "", share)
        if not isinstance(environment.runner, MasterRunner):
            self._due = 0.0
            self._asking = gevent.spawn(self._ask)
            environment.events.request.add_listener(self.on_request)

    def on_request(self, **_: Any) -> None:
        """Listens while there is something to ask: of every request, a listener costs 1 µs."""
        self._due += self._share
        if self._due >= 1:
            self._is_due.set()

    def on_test_stop(self, **_: Any) -> None:
        if self._asking is not None:
            self._environment.events.request.remove_listener(self.on_request)
            self._asking.kill()
            self._asking = None

    @property
    def _state(self) -> AuditState:
        return audit_state(run_context(self._environment))

    def _ask(self) -> None:
        context, outcomes = run_context(self._environment), self._state.outcomes
        assert outcomes is not None
        accounts = {role: context.accounts.take(role) for role in ROLES_ASKED}
        setup = AuditSetup(context.settings, accounts, None)
        try:
            audit = self._ready(setup)
            self._ask_while_it_lasts(audit, outcomes, Random(f"{context.settings.seed}/share"))
        finally:
            setup.close()
            for account in accounts.values():
                context.accounts.give_back(account)

    def _ready(self, setup: AuditSetup) -> AccessAudit:
        """As often as it takes: an API under load may give a wrong answer, or none, while people get in."""
        while True:
            try:
                return setup.audit_of_what_there_is()
            except TaskCannotGoOn as failure:
                logger.warning("The access audit beside the load cannot begin yet: %s", failure)
            gevent.sleep(TRY_AGAIN_SECONDS)

    def _ask_while_it_lasts(self, audit: AccessAudit, outcomes: Outcomes, rng: Random) -> None:
        rules = read_rules(options_of(self._environment))
        cells = [cell for cell in cells_of(rules, ENDPOINTS, OWNED, read_only=True) if is_lasting(cell)]
        while True:
            self._is_due.wait()
            self._is_due.clear()
            while self._due >= 1:
                self._due -= 1
                audit.ask_cell(rng.choice(cells), outcomes)


def is_lasting(cell: Cell) -> bool:
    """Whose patients a doctor's are changes while doctors work: of a row seen a moment ago, nobody could tell.

    Left out, too, is what accounts of the run have nothing to ask by."""
    changes = cell.role == "doctor" and cell.whose == ANOTHERS and cell.endpoint in OWNED
    return not changes and cell.whose != UNKNOWN_ID and cell.role != EXPIRED
