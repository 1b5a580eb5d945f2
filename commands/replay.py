"""`python -m commands.replay RUN ID`: a user's steps up to a slow or failed request of a run, asked once more."""

import locust  # noqa: F401 - patches the standard library for gevent, and must come first

import secrets
import sys
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console

from api.endpoint import Endpoint
from api.endpoints import ENDPOINTS
from api.failures import RequestFailed, TaskCannotGoOn
from api.redaction import tellable
from api.transport.client import request_bytes
from api.transport.connection import Connection
from api.transport.server import Limits, Server
from config.commands import command_parser
from config.errors import SetupError, refuse
from config.parser import refuse_secrets_on_the_command_line
from config.values import role_names
from records.marks import Mark
from reporting.metrics.outliers import FILE_NAME, HIDDEN, Outlier, Step
from reporting.verdict import model
from reporting.verdict.model import Verdict
from run.embedded_sandbox import EmbeddedSandbox
from run.host import checked_host
from run.roles import all_roles
from users.account_sources import accounts_of
from users.accounts import Account
from users.cms_user import CMSUser
from users.run_context import RunSettings
from users.unreported import unreported_user

FAILED_AGAIN_EXIT_CODE = 1
NAMED = 10


def run(words: Sequence[str]) -> int:
    """Repeats one request of a run. Raises SetupError when there is no such request, or nobody to ask it."""
    parser = command_parser("Repeats a user's steps up to a slow or failed request of a run.")
    parser.add_argument("run", type=Path, metavar="RUN", help="folder of the run, such as results/light-...")
    parser.add_argument("id", metavar="ID", help="of the request, as the report shows it, such as r3")
    options = parser.parse_args(list(words))
    refuse_secrets_on_the_command_line()
    outlier, verdict = read_outlier(options.run, options.id)
    account = account_of(outlier, options)
    console = Console(soft_wrap=True, highlight=False)
    with host_of(verdict, options) as host, signed_in(outlier, account, host, options) as (person, took):
        console.print(f"{outlier.role} {outlier.user} signs in: {took:.0f} ms", markup=False)
        return Replay(person, host, options, console).repeat(outlier)


def read_outlier(folder: Path, wanted: str) -> tuple[Outlier, Verdict]:
    """The request and the verdict of its run. Raises SetupError, which names those that there are."""
    try:
        found = msgspec.json.decode((folder / FILE_NAME).read_bytes(), type=list[Outlier])
        verdict = msgspec.json.decode((folder / model.FILE_NAME).read_bytes(), type=Verdict)
    except FileNotFoundError:
        raise SetupError(f"{folder} holds no {FILE_NAME}", "name the folder of a run that had requests") from None
    except (OSError, msgspec.MsgspecError) as problem:
        raise SetupError(f"{folder} cannot be read: {problem}", "name the folder of a run") from None
    for outlier in found:
        if outlier.id == wanted:
            return outlier, verdict
    known = ", ".join(outlier.id for outlier in found[:NAMED]) + (", ..." if found[NAMED:] else "")
    raise SetupError(f"the run has no request {wanted!r}", f"name one of {known}")


def account_of(outlier: Outlier, options: Namespace) -> Account:
    """Who asked. Raises SetupError when that user's password is not known here."""
    if outlier.role not in {role.role for role in all_roles()}:
        raise SetupError(f"{outlier.id} was asked by no role of the suite", "choose another request")
    for account in accounts_of(options, [outlier.role]):
        if account.username == outlier.user:
            return account
    raise SetupError(
        f"the {outlier.role} {outlier.user!r} is not known here", "name the run's accounts with --accounts"
    )


@contextmanager
def host_of(verdict: Verdict, options: Namespace) -> Iterator[str]:
    """The CMS that was named, else that of the run; its sandbox is gone, and a new one like it takes its place."""
    if options.host or not verdict.sandbox:
        yield checked_host(options.host or verdict.host, options.allow_host)
        return
    sandbox = EmbeddedSandbox.start(verdict.settings.sandbox_args)
    try:
        yield sandbox.url
    finally:
        sandbox.stop()


@contextmanager
def signed_in(outlier: Outlier, account: Account, host: str, options: Namespace) -> Iterator[tuple[CMSUser, float]]:
    """The user, with a token, and how many ms that took."""
    role = next(role for role in all_roles() if role.role == outlier.role)
    person = unreported_user(role, account, _settings(host, options))
    started = time.perf_counter()
    try:
        person.session.renew()
        yield person, (time.perf_counter() - started) * 1000
    except TaskCannotGoOn as failure:
        raise SetupError(f"{account.username!r} cannot sign in: {failure}", "correct --host or --accounts") from None
    finally:
        person.client.close()


@dataclass
class Replay:
    """Sends the steps as they were, but for the ids of records that they make anew; those are removed in the end."""

    person: CMSUser
    host: str
    options: Namespace
    console: Console
    _ids: dict[int, int] = field(default_factory=dict)

    def repeat(self, outlier: Outlier) -> int:
        connection = Connection(Server(self.host, not self.options.insecure), _limits(self.options))
        failed = False
        try:
            for number, step in enumerate(outlier.steps, 1):
                failed = self._ask(f"{number}/{len(outlier.steps)}", step, connection)
        finally:
            connection.close()
            self.person.ledger.settle(self.person.client.call)
        told = f"then it failed: {outlier.failure}" if outlier.failure else "then it was answered"
        self.console.print(f"In the run, at {_clock(outlier.at)}, {told} after {outlier.taken:,} ms", markup=False)
        return FAILED_AGAIN_EXIT_CODE if failed else 0

    def _ask(self, place: str, step: Step, connection: Connection) -> bool:
        """Whether it failed."""
        endpoint, target, content = _endpoint(step.route), self._target(step), self._content(step)
        server = Server(self.host, not self.options.insecure)
        request = request_bytes(server, endpoint, target, content, self.person.session.token())
        started, what = time.perf_counter(), ""
        try:
            answer = connection.exchange(request)
            what = f"{answer.status_code}, {len(answer.body):,} bytes"
            self._remember(step, endpoint.read(answer.status_code, answer.body, {}, None))
        except RequestFailed as failure:
            what = f"failed: {tellable(str(failure), request)}"
        took = (time.perf_counter() - started) * 1000
        self.console.print(f"{place} {endpoint.method} {target}: {what}, {took:,.0f} ms", markup=False)
        return what.startswith("failed")

    def _remember(self, step: Step, content: Any) -> None:
        """A record that is made again has another id, and somebody has to remove it."""
        new = getattr(content, "id", None)
        if not step.undo or new is None:
            return
        if step.made is not None:
            self._ids[step.made] = new
        self.person.ledger.wrote(_endpoint(step.undo), **step.params, id=new)

    def _target(self, step: Step) -> str:
        path, mark, query = step.target.partition("?")
        parts = (str(self._ids.get(int(part), part)) if part.isdecimal() else part for part in path.split("/"))
        return "/".join(parts) + mark + query

    def _content(self, step: Step) -> bytes | None:
        if step.body is None:
            return None
        body = msgspec.json.decode(step.body)
        return msgspec.json.encode({key: self._value(key, value) for key, value in body.items()})

    def _value(self, key: str, value: Any) -> Any:
        """Passwords were not kept: anybody's new account gets another."""
        if value == HIDDEN:
            return secrets.token_urlsafe(12)
        return self._ids.get(value, value) if isinstance(value, int) and "id" in key.split("_") else value


def _endpoint(route: str) -> Endpoint[Any]:
    for endpoint in ENDPOINTS:
        if str(endpoint) == route:
            return endpoint
    raise SetupError(f"{route} is no route of the suite any more", "choose another request")


def _limits(options: Namespace) -> Limits:
    return Limits(options.connect_timeout, options.read_timeout, options.request_timeout, options.max_answer)


def _settings(host: str, options: Namespace) -> RunSettings:
    return RunSettings(
        server=Server(host, verify_tls=not options.insecure),
        limits=_limits(options),
        role_names=role_names(options.role_names),
        think_time=(0.0, 0.0),
        seed="",
        mark=Mark("command"),
    )


def _clock(at: float) -> str:
    return time.strftime("%H:%M:%S UTC", time.gmtime(at))


if __name__ == "__main__":
    try:
        all_roles()
        sys.exit(run(sys.argv[1:]))
    except SetupError as error:
        refuse(error)
