"""Watches what serves the API while a test goes on: every second a look, in a thread, so that no user has to wait."""

from locust.env import Environment
from locust.event import Events

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

import gevent

from config.options import options_of
from reporting.metrics.resources import Sample, Source
from reporting.metrics.store import MetricsStore
from reporting.run_monitor import RunMonitor
from run.embedded_sandbox import EmbeddedSandbox
from run.watch_process import PID, ProcessSource
from users.run_context import run_context

logger = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 1.0


class Watching:
    """The sources of a run. One that fails while the run goes on is told of once, and asked no more."""

    def __init__(self, events: Events, sources: Sequence[Source], store: Callable[[], MetricsStore]) -> None:
        self._events = events
        self._sources = list(sources)
        self._store = store
        self._looking: gevent.Greenlet | None = None

    def attach(self) -> None:
        self._events.test_start.add_listener(self._begin)
        self._events.test_stopping.add_listener(self._end)

    def _begin(self, **_: Any) -> None:
        self._end()
        self._looking = gevent.spawn(self._look_on)

    def _end(self, **_: Any) -> None:
        if self._looking is not None:
            self._looking.kill(block=False)
            self._looking = None

    def _look_on(self) -> None:
        store = self._store()
        pool, sources = gevent.get_hub().threadpool, list(self._sources)
        told: list[str] = []
        while sources:
            for source in list(sources):
                samples = pool.spawn(_sampled, source).get()
                if isinstance(samples, Exception):
                    logger.warning("Nothing is watched any more: %s", samples or type(samples).__name__)
                    store.resources.findings.append(f"Watching ended with {type(samples).__name__}")
                    sources.remove(source)
                    continue
                store.resources.add(int(time.time()) - int(store.started), samples)
                for finding in source.findings():
                    if finding not in told:
                        told.append(finding)
                        logger.warning("%s", finding)
                        store.resources.findings.append(finding)
            gevent.sleep(LOOK_EVERY_SECONDS)


def _sampled(source: Source) -> Sequence[Sample] | Exception:
    """In a thread, where gevent would print what is raised; the load is worth more than what is watched beside it."""
    try:
        return source.sample()
    except Exception as failure:
        return failure


def check_watching(environment: Environment) -> None:
    """Finds what --watch-process names. Raises SetupError when it is not there."""
    given = options_of(environment).watch_process
    if given:
        source = ProcessSource(given)
        source.start()
        run_context(environment).put(source)


def watch(environment: Environment) -> None:
    """What was named, or the sandbox that this run has started."""
    context = run_context(environment)
    sources = [source for source in (_named(environment), _sandbox(environment)) if source is not None][:1]
    if sources:
        watching = Watching(environment.events, sources, lambda: context.part(RunMonitor).store)
        context.put(watching)
        watching.attach()


def _named(environment: Environment) -> Source | None:
    try:
        return run_context(environment).part(ProcessSource)
    except KeyError:
        return None


def _sandbox(environment: Environment) -> Source | None:
    try:
        process = run_context(environment).part(EmbeddedSandbox).process
    except KeyError:
        return None
    source = ProcessSource(f"{PID}:{process.pid}")
    source.start()
    return source
