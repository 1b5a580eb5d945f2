"""What asks or does something of its own beside the users of each process, and brings its findings together."""

from locust.env import Environment
from locust.event import Events
from locust.runners import MasterRunner, WorkerRunner

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Protocol

from users.run_context import run_context


class Findings(Protocol):
    def hand_over(self) -> Any:
        """All of them, as they can travel; they count no more here."""

    def take_over(self, content: Any) -> None:
        """What another process has handed over."""


class BesideTheLoad(ABC):
    """On one process. The master does nothing beside a load, it brings together what its workers have found."""

    key: ClassVar[str]
    """Of the findings in what a worker reports."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def attach(self) -> None:
        events, runner = self._environment.events, self._environment.runner
        run_context(self._environment).load_start.add_listener(self.on_load_start)
        if isinstance(runner, MasterRunner):
            events.worker_report.add_listener(self.on_worker_report)
            return
        self.attach_where_users_are(events)
        if isinstance(runner, WorkerRunner):
            events.report_to_master.add_listener(self.on_report_to_master)

    def attach_where_users_are(self, events: Events) -> None:
        events.test_stop.add_listener(self.on_test_stop)

    @abstractmethod
    def on_load_start(self, environment: Environment, **_: Any) -> None: ...

    @abstractmethod
    def on_test_stop(self, **_: Any) -> None: ...

    @abstractmethod
    def findings(self) -> Findings | None:
        """Those of the test that goes on; None when nothing was asked for."""

    def on_report_to_master(self, data: dict[str, Any], **_: Any) -> None:
        if (findings := self.findings()) is not None:
            data[self.key] = findings.hand_over()

    def on_worker_report(self, data: dict[str, Any], **_: Any) -> None:
        if (findings := self.findings()) is not None and self.key in data:
            findings.take_over(data[self.key])
