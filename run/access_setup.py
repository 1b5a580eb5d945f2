"""Gets an access audit ready: its people signed in, the records made that they will ask for."""

from collections.abc import Mapping
from random import Random
from typing import Any

from access.access_audit import AccessAudit
from access.belongings import Maker
from access.judging import Reply
from access.people import Asked, Token, people_of, records_to_ask_for
from access.questions import Question
from access.real_records import records_to_read
from api.endpoint import Endpoint
from api.transport.probe import Probe
from records.ledger import Ledger
from records.payloads import Payloads
from users.accounts import Account
from users.admin import AdminUser
from users.cms_user import CMSUser
from users.doctor import DoctorUser
from users.patient import PatientUser
from users.run_context import RunSettings
from users.unreported import unreported_user

ROLES: Mapping[str, type[CMSUser]] = {role.role: role for role in (AdminUser, DoctorUser, PatientUser)}


class AuditSetup:
    """Whoever signs in for one audit, in no figure of the run; `close` ends their connections."""

    def __init__(self, settings: RunSettings, accounts: Mapping[str, Account], expired: str | None) -> None:
        self._settings, self._accounts, self._expired = settings, accounts, expired
        self._people: list[CMSUser] = []
        self._administrator = self._person(accounts[AdminUser.role])
        self._probe = Probe(settings.server, settings.limits)
        self._payloads = Payloads(settings.mark, Random(f"{settings.seed}/access"), settings.survey)
        self._maker = Maker(self.call, self._payloads)

    @property
    def ledger(self) -> Ledger:
        """What is still to be taken away."""
        return self._maker.ledger

    @property
    def call(self) -> Any:
        """As the administrator."""
        return self._administrator.client.call

    def audit(self) -> AccessAudit:
        """Makes what it needs, or finds it when nothing may be written.

        Raises TaskCannotGoOn or NothingToDo when it cannot be made.
        """
        if self._settings.read_only:
            return self.audit_of_what_there_is()
        self._administrator.session.renew()
        return self._audit(records_to_ask_for(self._maker, self.call))

    def audit_of_what_there_is(self) -> AccessAudit:
        """One that writes nothing. Raises TaskCannotGoOn when nothing can be read."""
        self._administrator.session.renew()
        return self._audit(self._found())

    def _audit(self, asked: Asked) -> AccessAudit:
        people = people_of(self._administrator.session.token, self.sign_in, asked.mine, self._expired)
        return AccessAudit(self.call, self.ask, self._maker, self._payloads, people, asked)

    def ask(self, endpoint: Endpoint[Any], question: Question, token: str | None) -> Reply:
        return Reply(*self._probe.ask(endpoint, question.params, question.body, token))

    def sign_in(self, account: Account) -> Token:
        """The token of this account, renewed when it is due. Raises TaskCannotGoOn when it is not let in."""
        person = self._person(account)
        person.session.renew()
        return person.session.token

    def close(self) -> None:
        self._probe.close()
        for person in self._people:
            person.client.close()

    def _found(self) -> Asked:
        doctor, patient = (self._person(self._accounts[role.role]) for role in (DoctorUser, PatientUser))
        for person in (doctor, patient):
            person.settle_in()
        return records_to_read(self.call, doctor, patient, self._settings.survey)

    def _person(self, account: Account) -> CMSUser:
        person = unreported_user(ROLES[account.role], account, self._settings)
        self._people.append(person)
        return person
