"""Watches what serves the API while a test goes on: every second a look, in a thread, so that no user has to wait."""

from locust.env import Environment
from locust.event import Events

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, TypeVar

import gevent
from gevent.event import Event

from config.errors import check_all
from config.options import options_of
from reporting.metrics.resources import Closing, Sample, Source, Span
from reporting.metrics.store import MetricsStore
from reporting.run_monitor import RunMonitor
from run.embedded_sandbox import EmbeddedSandbox
from run.watch_postgres import PostgresSource
from run.watch_process import PID, ProcessSource
from run.watch_prometheus import PrometheusSource
from users.run_context import run_context

logger = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 1.0
"""With the clock, as requests are counted."""
CLOSING_SECONDS = 30.0
T = TypeVar("T")


class Watching:
    """The sources of a run. One that fails while the run goes on is told of once, and asked no more."""

    def __init__(self, events: Events, sources: Sequence[Source], store: Callable[[], MetricsStore]) -> None:
        self._events = events
        self._sources = list(sources)
        self._store = store
        self._looking: list[gevent.Greenlet] = []
        self._over = Event()
        self._told: set[str] = set()

    def attach(self) -> None:
        self._events.test_start.add_listener(self._begin)
        self._events.test_stopping.add_listener(self._end)
        self._events.test_stop.add_listener(self._close)

    def _begin(self, **_: Any) -> None:
        self._end()
        self._over, self._told = Event(), set()
        self._looking = [gevent.spawn(self._look_on, source, self._over) for source in self._sources]

    def _end(self, **_: Any) -> None:
        self._over.set()

    def _close(self, **_: Any) -> None:
        """Comes before the verdict, and once for each test. A source that hangs is left behind."""
        self._end()
        looking, self._looking = self._looking, []
        closing = [gevent.spawn(self._finish, *pair) for pair in zip(self._sources, looking, strict=bool(looking))]
        gevent.joinall(closing, timeout=CLOSING_SECONDS)

    def _look_on(self, source: Source, over: Event) -> bool:
        """Each look is one in a thread, so that nobody waits for it, nor for a slow source. False when it failed."""
        store = self._store()
        if isinstance(source, Closing) and not self._went_well(partial(source.begin, store.started)):
            return False
        while not over.is_set():
            seen: list[Sample] = []
            if not self._went_well(lambda: seen.extend(source.sample())):  # noqa: B023
                return False
            store.resources.add(int(time.time()) - int(store.started), seen)
            self._tell(source.findings())
            over.wait(LOOK_EVERY_SECONDS and LOOK_EVERY_SECONDS - time.time() % LOOK_EVERY_SECONDS)
        return True

    def _finish(self, source: Source, looking: gevent.Greenlet) -> None:
        if looking.get() and isinstance(source, Closing):
            store = self._store()
            span = Span(store.started, store.steady_from, store.stopping_from or time.time())
            self._went_well(partial(source.finish, store.resources, span))
            self._tell(source.findings())

    def _went_well(self, act: Callable[[], object]) -> bool:
        failure = gevent.get_hub().threadpool.spawn(_failure_of, act).get()
        if failure is not None:
            logger.warning("Nothing is watched any more: %s", failure or type(failure).__name__)
            self._store().resources.findings.append(f"Watching ended with {type(failure).__name__}")
        return failure is None

    def _tell(self, findings: Iterable[str]) -> None:
        for finding in findings:
            if finding not in self._told:
                self._told.add(finding)
                logger.warning("%s", finding)
                self._store().resources.findings.append(finding)


def _failure_of(act: Callable[[], object]) -> Exception | None:
    """In a thread, where gevent would print what is raised; the load is worth more than what is watched beside it."""
    try:
        act()
    except Exception as failure:
        return failure
    return None


def check_watching(environment: Environment) -> None:
    """Finds what the options of watching name. Raises SetupError when it is not there."""
    options = options_of(environment)
    sources: list[Source] = [ProcessSource(options.watch_process)] if options.watch_process else []
    sources += [PostgresSource(options.watch_postgres)] if options.watch_postgres else []
    if options.watch_prometheus:
        sources.append(PrometheusSource(options.watch_prometheus, options.allow_host))
    check_all(source.start for source in sources)
    for source in sources:
        run_context(environment).put(source)


def watch(environment: Environment) -> None:
    """What was named, and the sandbox that this run has started."""
    context = run_context(environment)
    sources = [*filter(None, [_part(environment, ProcessSource) or _sandbox(environment)])]
    if (database := _part(environment, PostgresSource)) is not None:
        sources.append(database)
        environment.events.quit.add_listener(lambda **_: database.close())
    sources += filter(None, [_part(environment, PrometheusSource)])
    if sources:
        watching = Watching(environment.events, sources, lambda: context.part(RunMonitor).store)
        context.put(watching)
        watching.attach()


def _part(environment: Environment, kind: type[T]) -> T | None:
    try:
        return run_context(environment).part(kind)
    except KeyError:
        return None


def _sandbox(environment: Environment) -> Source | None:
    sandbox = _part(environment, EmbeddedSandbox)
    if sandbox is None:
        return None
    source = ProcessSource(f"{PID}:{sandbox.process.pid}")
    source.start()
    return source
