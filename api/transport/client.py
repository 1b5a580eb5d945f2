"""One request: path, token, send, decode and check, report to Locust. The only place from which a request leaves."""

from locust.contrib.fasthttp import FastHttpSession
from locust.exception import CatchResponseError
from locust.user.users import User

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any, NamedTuple, Protocol, TypeVar, overload

import msgspec

from api.endpoint import NO_SHIFT, Endpoint, Returned
from api.endpoints import SIGN_IN
from api.failure_texts import FailureTexts
from api.failures import (
    ClosedUnanswered,
    CutOff,
    NotChecked,
    RequestFailed,
    TaskCannotGoOn,
    TokenRefused,
    WritingRefused,
)
from api.redaction import tellable
from api.transport.answer import Answer
from api.transport.connection import Connection
from api.transport.same_origin import SameOriginAgent
from api.transport.server import Limits, Server
from api.transport.tracing import HEADER as TRACEPARENT
from api.transport.tracing import Tracer
from api.transport.trail import Noticed, Trail, Witness

TOKEN_REFUSED_ROW = ("AUTH", "token refused, signed in again")
REPEATED_ROW = ("CONNECTION", "closed while idle, asked again")
READING_METHODS = frozenset({"GET", "HEAD"})
BODILESS_METHODS = frozenset({"GET", "DELETE"})


Accept = Callable[[Any], Any]
Accepted = TypeVar("Accepted")


def _as_it_is(answer: Any) -> Any:
    return answer


def _unreported(**_: Any) -> None:
    """Takes the place of Locust's request event."""


class Asked(Protocol):
    """What a row is named after: an Endpoint[Any], or a request that was written by hand."""

    @property
    def method(self) -> str: ...

    @property
    def path(self) -> str: ...


class ByHand(NamedTuple):
    """`path` is what Locust names the row: the `name` that was given, else the URL."""

    method: str
    path: str


class TokenSource(Protocol):
    """What the client needs to know of the signed-in account."""

    def token(self) -> str:
        """The token for the next request; signs in first when the last one is about to end."""

    def renew(self) -> None:
        """Signs in anew, since the API refused the token."""


def request_bytes(
    server: Server,
    endpoint: Endpoint[Any],
    target: str,
    content: bytes | None,
    token: str | None,
    traceparent: str = "",
) -> bytes:
    """The whole request as it goes over the wire."""
    head = f"{endpoint.method} {server.prefix}{target}{server.head}"
    if traceparent:
        head = f"{head}{TRACEPARENT}: {traceparent}\r\n"
    if token is not None:
        head = f"{head}Authorization: Bearer {token}\r\n"
    if content is not None:
        head = f"{head}Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        return head.encode() + content
    return (f"{head}\r\n" if endpoint.method in BODILESS_METHODS else f"{head}Content-Length: 0\r\n\r\n").encode()


class ApiClient:
    """One simulated person's way to the API: `call` is the checked way for tasks.

    `get`, `post` and the others are Locust's own FastHttpSession with the token added, for whoever writes a task the
    way Locust's documentation shows it. `failure_texts` are shared by all clients of a test.
    """

    def __init__(
        self,
        user: User,
        server: Server,
        limits: Limits,
        read_only: bool = False,
        failure_texts: FailureTexts | None = None,
    ) -> None:
        self.tokens: TokenSource | None = None
        self.secrets: Sequence[str] = ()
        """What no message may hold, besides the token and the passwords of a request itself."""
        self.waiting_since: float | None = None
        """When the next call was to start (on time.perf_counter's clock), if it is to be timed from then."""
        self.asking: Asked | None = None
        """The row whose answer is being waited for."""
        self.time_shift: timedelta | None = NO_SHIFT
        """How far times as read lie after times as written; None when nobody knows."""
        self.asked_at = 0.0
        """When the latest request began, on time.perf_counter's clock."""
        self.trail = Trail()
        self.witness: Witness | None = None
        self.tracer: Tracer | None = None
        self._traceparent = ""
        self._user = user
        self._context = user.context()
        self._report: Callable[..., None] = user.environment.events.request.fire
        self._server = server
        self._read_only = read_only
        self._failure_texts = failure_texts or FailureTexts()
        self._cut_off_seconds = limits.cut_off_seconds
        self._connection = Connection(server, limits)

    @overload
    def call(
        self,
        endpoint: Endpoint[Returned],
        body: Any = None,
        /,
        *,
        accept: Callable[[Returned], Accepted],
        **params: Any,
    ) -> Accepted: ...

    @overload
    def call(self, endpoint: Endpoint[Returned], body: Any = None, /, **params: Any) -> Returned: ...

    def call(self, endpoint: Endpoint[Any], body: Any = None, /, accept: Accept = _as_it_is, **params: Any) -> Any:
        """Asks `endpoint` and returns its checked answer, decoded into the endpoint's struct.

        `params` fill the path and the query, `body` is sent as JSON. `accept` may look closer: it takes the decoded
        answer, returns what the caller gets, and raises UnexpectedAnswer for what it does not accept. Whatever goes
        wrong is one failed row in Locust's statistics and raises TaskCannotGoOn.
        """
        if self._read_only and endpoint is not SIGN_IN:
            self.refuse_to_write(endpoint.method, endpoint.path)
        since, self.waiting_since = self.waiting_since, None
        target = endpoint.target(params)
        content = None if body is None else msgspec.json.encode(body)
        if endpoint is not SIGN_IN:
            self.trail.add(endpoint, target, content)
        try:
            return self._ask(endpoint, params, accept, self._request(endpoint, target, content), since, may_repeat=True)
        except TokenRefused:
            assert self.tokens is not None
            self.tokens.renew()
        except ClosedUnanswered:
            pass
        return self._ask(endpoint, params, accept, self._request(endpoint, target, content), since)

    def refuse_to_write(self, method: str, path: str) -> None:
        """Raises WritingRefused for anything but GET and HEAD when the run is --read-only; nothing is sent then."""
        if self._read_only and method.upper() not in READING_METHODS:
            raise WritingRefused(f"{method} {path} would write, and the run is --read-only")

    def off_the_record(self) -> "ApiClient":
        """This client, from now on without a row for any request: for what is not part of the load."""
        self._report = _unreported
        self.witness = None
        return self

    @property
    def keep_alive_seconds(self) -> float | None:
        """For how long the server keeps an idle connection, if it has said so."""
        return self._connection.keep_alive_seconds

    def close(self) -> None:
        """Closes the connections; the next call opens its own again."""
        self._connection.close()
        if "_hand_written" in vars(self):
            self._hand_written.client.close()

    def _request(self, endpoint: Endpoint[Any], target: str, content: bytes | None) -> bytes:
        token = self.tokens.token() if endpoint.needs_token and self.tokens is not None else None
        if self.tracer is not None:
            self._traceparent = self.tracer.next()
        return request_bytes(self._server, endpoint, target, content, token, self._traceparent)

    def _ask(
        self,
        endpoint: Endpoint[Any],
        params: Mapping[str, Any],
        accept: Accept,
        request: bytes,
        since: float | None,
        may_repeat: bool = False,
    ) -> Any:
        """Sends the request once, checks what comes, reports one row; its time counts from `since`, if given.

        Raises TokenRefused and ClosedUnanswered when the caller `may_repeat` the request, TaskCannotGoOn for any
        other failure. Whatever goes wrong on the way is a failed row, also what nobody has foreseen.
        """
        failure: RequestFailed | None = None
        answer: Answer | None = None
        content = body = None
        started_at = time.time()
        self.asking, self.asked_at = endpoint, time.perf_counter()
        try:
            answer = self._connection.exchange(request)
            body = answer.body
            content = accept(endpoint.read(answer.status_code, body, params, self.time_shift))
        except RequestFailed as reason:
            failure = reason
        except Exception as defect:
            failure = NotChecked(defect)
        except BaseException:
            self.report_if_overdue(endpoint, since, started_at)
            raise
        finally:
            self.asking = None
        if answer is not None:
            taken = answer.arrived - (since or answer.asked)
        else:
            taken = time.perf_counter() - (since or self.asked_at)
        row, repeats = (endpoint.method, endpoint.path), False
        if failure is not None:
            failure.retry_after = answer.retry_after_seconds if answer is not None else None
            failure.args = (tellable(str(failure), request, self.secrets),)
            self._failure_texts.settle(endpoint, failure)
            if may_repeat and (special := self._row_of_a_repeat(endpoint, failure)):
                row, repeats = special, True
        self._report(
            request_type=row[0],
            name=row[1],
            response_time=taken * 1000,
            response_length=len(body) if body else 0,
            response=answer,
            context=self._context,
            exception=None if repeats else failure,
            start_time=started_at,
            url=self._server.url,
        )
        witness = self.witness
        if witness is not None and not repeats and (failure or taken * 1000 > witness.bars.get(id(endpoint), 0.0)):
            self._show(witness, endpoint, started_at, taken, failure, len(body) if body else 0)
        if failure is None:
            return content
        raise failure if repeats else TaskCannotGoOn(failure)

    def _show(
        self,
        witness: Witness,
        endpoint: Endpoint[Any],
        at: float,
        taken: float,
        failure: RequestFailed | None,
        size: int,
    ) -> None:
        told = "" if failure is None else str(failure)
        witness.notice(Noticed(self._user, endpoint, self.trail, at, taken * 1000, told, size, self._traceparent))

    def _row_of_a_repeat(self, endpoint: Endpoint[Any], failure: RequestFailed) -> tuple[str, str] | None:
        """The row of a request that is no failure, since it may be sent once more; None when it may not."""
        if isinstance(failure, TokenRefused) and self.tokens is not None:
            return TOKEN_REFUSED_ROW
        if isinstance(failure, ClosedUnanswered) and failure.idle and endpoint.idempotent:
            return REPEATED_ROW
        return None

    def report_if_overdue(self, asked: Asked, since: float | None, started_at: float) -> None:
        """The user is being stopped while it waits: an answer that the server has owed for long is a failure."""
        age = time.perf_counter() - (since or self.asked_at)
        if age < self._cut_off_seconds:
            return
        self._report(
            request_type=asked.method,
            name=asked.path,
            response_time=age * 1000,
            response_length=0,
            response=None,
            context=self._context,
            exception=CutOff(),
            start_time=started_at,
            url=self._server.url,
        )

    @cached_property
    def _hand_written(self) -> "SignedSession":
        return SignedSession(self, self._server, self._user)

    def __getattr__(self, name: str) -> Any:
        """`get`, `post`, `put`, `patch`, `delete`, `head`, `options`, `request`, ... as Locust documents them."""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._hand_written, name)


class SignedSession(FastHttpSession):
    """Locust's session for requests written by hand, made when the first one is; it adds the user's token."""

    def __init__(self, api: ApiClient, server: Server, user: User) -> None:
        super().__init__(
            base_url=server.url,
            request_event=self,
            user=user,
            insecure=not server.verify_tls,
        )
        self.client = SameOriginAgent(server.url, server.verify_tls, cookiejar=self.cookiejar)
        self._api = api
        self._report = user.environment.events.request.fire
        self._head = b""

    def fire(self, **row: Any) -> None:
        """Takes the place of Locust's request event: a failure may be told in the API's own words."""
        failure = row["exception"]
        if failure is not None and (told := tellable(str(failure), self._head, self._api.secrets)) != str(failure):
            row["exception"] = CatchResponseError(told)
        self._report(**row)

    def request(self, method: str, url: str, **kwargs: Any) -> Any:  # type: ignore[override]  # as its own callers do
        """As FastHttpSession.request; an Authorization header of one's own is left alone."""
        self._api.refuse_to_write(method, url)
        headers = dict(kwargs.pop("headers", None) or {})
        if self._api.tokens is not None:
            headers.setdefault("Authorization", f"Bearer {self._api.tokens.token()}")
        if self._api.tracer is not None:
            headers.setdefault(TRACEPARENT, self._api.tracer.next())
        self._head = f"\r\nAuthorization: {headers.get('Authorization')}".encode()
        api, asked, started_at = self._api, ByHand(method, kwargs.get("name") or url), time.time()
        api.asking, api.asked_at = asked, time.perf_counter()
        try:
            return super().request(method, url, headers=headers, **kwargs)
        except Exception:
            raise
        except BaseException:
            api.report_if_overdue(asked, None, started_at)
            raise
        finally:
            api.asking = None
