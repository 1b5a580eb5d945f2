"""--watch-prometheus: the series that a Prometheus has of the time of a run, asked for when the load is over."""

import http.client
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlencode, urlsplit

import msgspec

from config.errors import SetupError
from config.watch_file import PATH, SeriesQuery, series_queries
from reporting.metrics.resources import ResourceBook, Sample, Span
from run.host import checked_host

OPTION: Final = "--watch-prometheus"
SECONDS_TO_ANSWER = 10.0
MAX_ANSWER = 2**25
MAX_SERIES = 8
MAX_POINTS = 600


class PrometheusError(Exception):
    """It did not answer as it should: what it said, in one line."""


class _Series(msgspec.Struct):
    metric: dict[str, str]
    values: list[tuple[float, str]] = []


class _Data(msgspec.Struct):
    result: list[_Series] = []


class _Answer(msgspec.Struct):
    status: str
    data: _Data = msgspec.field(default_factory=_Data)
    error: str = ""


class PrometheusSource:
    """A Source that is Closing. `allowed` are the hosts outside the private networks that may be asked."""

    def __init__(self, url: str, allowed: str, path: Path = PATH) -> None:
        self._url = url
        self._allowed = allowed
        self._path = path
        self._queries: Sequence[SeriesQuery] = ()
        self._findings: list[str] = []

    def start(self) -> None:
        """Raises SetupError for a URL that may not be asked, does not answer, or has none of the series."""
        try:
            self._url = checked_host(self._url, self._allowed)
        except SetupError as refusal:
            raise SetupError(f"{OPTION}: {refusal}", "") from None
        self._queries = series_queries(self._path)
        found = False
        for one in self._queries:
            try:
                found = bool(self._ask("query", query=one.query)) or found
            except PrometheusError as failure:
                raise SetupError(f"{OPTION} {self._url}: {failure}", f"correct the URL, or {self._path}") from None
        if not found:
            problem = f"{OPTION} {self._url} has none of the series of {self._path}"
            raise SetupError(problem, "write queries for what yours has into that file")

    def begin(self, started: float) -> None:
        self._findings = []

    def sample(self) -> Sequence[Sample]:
        """Nothing: Prometheus looks by itself."""
        return ()

    def findings(self) -> Sequence[str]:
        return list(self._findings)

    def finish(self, book: ResourceBook, span: Span) -> None:
        step = max(1, math.ceil((span.ended - span.started) / MAX_POINTS))
        begin = int(span.started)
        for one in self._queries:
            try:
                found = self._ask("query_range", query=one.query, start=begin, end=int(span.ended), step=step)
            except PrometheusError as failure:
                self._findings.append(f"Prometheus could not be asked after the load: {failure}")
                return
            for series in sorted(found, key=_highest, reverse=True)[:MAX_SERIES]:
                name = named(one.name, series.metric)
                for at, value in series.values:
                    if math.isfinite(float(value)):
                        book.add(int(at) - begin, [Sample(name, one.unit, float(value), one.full)])

    def _ask(self, what: str, **parameters: str | int) -> list[_Series]:
        """Redirects are not followed: they may lead out of the networks that may be asked."""
        parts = urlsplit(self._url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.netloc, timeout=SECONDS_TO_ANSWER)
        try:
            connection.request("GET", f"{parts.path}/api/v1/{what}?{urlencode(parameters)}")
            response = connection.getresponse()
            return _series_of(response.status, response.read(MAX_ANSWER))
        except (OSError, http.client.HTTPException) as failure:
            told = getattr(failure, "strerror", None) or str(failure) or type(failure).__name__
            raise PrometheusError(f"it does not answer ({told})") from None
        finally:
            connection.close()


def named(template: str, labels: Mapping[str, str]) -> str:
    """`CPU of {instance}` with the series' own labels; one that it has not is left out."""
    return " ".join(re.sub(r"\{(\w+)\}", lambda found: labels.get(found[1], ""), template).split())


def _series_of(status: int, body: bytes) -> list[_Series]:
    try:
        answer = msgspec.json.decode(body, type=_Answer)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise PrometheusError(f"it answers {status}, and not as a Prometheus does") from None
    if answer.status != "success":
        raise PrometheusError(f"it refuses a query ({' '.join(answer.error.split())})")
    return answer.data.result


def _highest(series: _Series) -> float:
    values = (float(value) for _, value in series.values)
    return max((value for value in values if math.isfinite(value)), default=-math.inf)
