"""Gets the races of one process ready: racers with accounts of the run, and the records on which they meet."""

import logging
from collections.abc import Collection, Mapping, Sequence
from itertools import cycle, islice
from random import Random
from typing import Any

from access.belongings import FILE, USER, Belongings, Maker
from api.endpoint import Endpoint
from api.failures import NothingToDo, TaskCannotGoOn
from api.transport.probe import Probe
from integrity.acts import Racer
from integrity.audit_trail import AuditTrail
from integrity.clinic_policies import Policies
from integrity.lane import Lane, all_races, races_that_read
from integrity.race_outcomes import RaceOutcomes
from integrity.sight import all_see_everything
from integrity.stage import Stage
from records.ledger import Ledger
from records.payloads import DOCTOR, PATIENT, Payloads
from users.account_broker import AccountBroker
from users.admin import AdminUser
from users.cms_user import CMSUser
from users.doctor import DoctorUser
from users.patient import PatientUser
from users.run_context import RunSettings
from users.unreported import unreported_user

logger = logging.getLogger(__name__)

ROLES: Sequence[type[CMSUser]] = (AdminUser, DoctorUser, PatientUser)
RACERS: Sequence[type[CMSUser]] = (*ROLES, DoctorUser, PatientUser, PatientUser)
LEFT_OUT_BY_READING = "everything that has to be written for it (--read-only): only who one is, and totals of catalogs"


class RaceSetup:
    """Whoever signs in for the races of one process, in no figure of the run; `close` ends their connections."""

    def __init__(self, settings: RunSettings, accounts: AccountBroker, roles: Collection[str]) -> None:
        """`roles` are those that have accounts."""
        self._settings, self._accounts = settings, accounts
        known = [role for role in RACERS if role.role in roles]
        self._people = self._taken(known)
        self._probes = [Probe(settings.server, settings.limits) for _ in self._people]
        self._administrator: CMSUser | None = None
        self.ledger = Ledger()

    def lane(self, outcomes: RaceOutcomes, policies: Policies, only: str | None) -> Lane:
        """Signs everybody in and makes what they meet on. Raises TaskCannotGoOn when that cannot be done now."""
        settings = self._settings
        rng, trail = Random(f"{settings.seed}/integrity"), AuditTrail()
        payloads = Payloads(settings.mark, rng, settings.survey)
        stage = Stage(self._racers(), self._send, payloads, settings.survey, Belongings(), policies, self.ledger, rng)
        races = races_that_read()
        if settings.read_only:
            outcomes.leave_out(LEFT_OUT_BY_READING)
        else:
            try:
                stage.arena = self._arena(payloads)
            except NothingToDo:
                outcomes.leave_out("whatever is written: nobody knows the ids of the roles of this CMS")
            else:
                races = all_races(trail)
                if not all_see_everything(stage, stage.racers[: len(ROLES)]):
                    self._leave_it_to_administrators()
                    stage.racers = self._racers()
        return Lane(stage, races, trail, outcomes, settings.seed, self.ready, only)

    def _leave_it_to_administrators(self) -> None:
        """Where roles are kept: they may do and see everything."""
        logger.info("Roles are kept here: administrators race")
        for person in self._people:
            person.client.close()
            self._accounts.give_back(person.account)
        self._people = self._taken([AdminUser])

    def _taken(self, roles: Sequence[type[CMSUser]]) -> list[CMSUser]:
        """As many as there are racers, of these roles in turn."""
        chosen = islice(cycle(roles), len(RACERS))
        return [unreported_user(role, self._accounts.take(role.role), self._settings) for role in chosen]

    def _racers(self) -> list[Racer]:
        for person in self._people:
            person.session.renew()
        return [
            Racer(person.account.username, person.session.user_id, person.session.token, line)
            for line, person in enumerate(self._people)
        ]

    def ready(self, everybody: bool) -> bool:
        """Renews the tokens that are due, or those of everybody; false when somebody is not let in."""
        try:
            for person in self._people:
                if everybody:
                    person.session.renew()
                else:
                    person.session.token()
        except TaskCannotGoOn:
            return False
        return True

    def tidy(self) -> None:
        """Takes away what the races have left; what the API does not remove stays in the ledger."""
        if self._administrator is not None:
            self.ledger.settle(self._administrator.client.call)

    def close(self) -> None:
        for probe in self._probes:
            probe.close()
        for person in (*self._people, *([self._administrator] if self._administrator else [])):
            person.client.close()
            self._accounts.give_back(person.account)

    def _arena(self, payloads: Payloads) -> Belongings:
        """A doctor, a patient and an account: few records for many people."""
        if self._administrator is None:
            account = self._accounts.take(AdminUser.role)
            self._administrator = unreported_user(AdminUser, account, self._settings)
        self._administrator.session.renew()
        maker = Maker(self._administrator.client.call, payloads)
        maker.ledger = self.ledger
        arena = maker.make(USER, maker.make(PATIENT, maker.make(DOCTOR, Belongings())))
        return maker.try_to_make(FILE, maker.try_to_make("appointment", arena))

    def _send(self, racer: Racer, endpoint: Endpoint[Any], params: Mapping[str, Any], body: Any) -> tuple[int, bytes]:
        """Once: a write that was sent twice would leave two audit rows."""
        token = racer.token() if endpoint.needs_token else None
        return self._probes[racer.line].ask(endpoint, params, body, token, may_repeat=endpoint.method == "GET")
