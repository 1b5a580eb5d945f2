"""What a run says in the end. The only listeners on its figures, and the only place that knows master from worker."""

from locust.env import Environment
from locust.event import Events
from locust.runners import WorkerRunner

from typing import Any

from rich.console import Console

from config.options import options_of
from reporting.figures import Figures
from reporting.journeys import add_journey_event, show_journeys
from reporting.summary import print_summary

PAYLOAD_KEY = "figures"
NOTHING_MEASURED = 3


def attach(events: Events) -> None:
    """Counts every request per role, on each process; the process that people talk to sums up and says the end."""
    add_journey_event(events)
    events.init.add_listener(_start_counting)


def _start_counting(environment: Environment, **_: Any) -> None:
    figures = Figures()
    events = environment.events
    events.request.add_listener(figures.on_request)
    show_journeys(environment)

    def forget(**_: Any) -> None:
        figures.clear()

    def send(data: dict[str, Any], **_: Any) -> None:
        data[PAYLOAD_KEY] = figures.drain()

    def add(data: dict[str, Any], **_: Any) -> None:
        figures.merge(data.get(PAYLOAD_KEY, []))

    def decide(**_: Any) -> None:
        _finish_the_run(environment, figures)

    def tell(exit_code: int, **_: Any) -> None:
        print_summary(Console(soft_wrap=True), environment, figures, exit_code)

    events.test_start.add_listener(forget)
    if isinstance(environment.runner, WorkerRunner):
        events.report_to_master.add_listener(send)
        return
    events.worker_report.add_listener(add)
    events.quitting.add_listener(decide)
    events.quit.add_listener(tell)


def _finish_the_run(environment: Environment, figures: Figures) -> None:
    """Ends what still runs, so that the figures are whole; a run without a request is not a good one."""
    if environment.runner is not None:
        environment.runner.quit()
    if options_of(environment).headless and not figures.requests:
        environment.process_exit_code = NOTHING_MEASURED
