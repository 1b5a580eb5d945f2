"""What a process that runs users tells about itself and its users, be it a worker or the only one."""

from locust.env import Environment

from typing import Any

from internals.of_locust import users_by_class
from reporting.metrics.journey_event import show_journeys
from reporting.metrics.lag import LagMeter
from reporting.metrics.recorder import CPU, Recorder
from reporting.metrics.task_defects import report_defects
from users.cms_user import CMSUser
from users.roster import Standing
from users.run_context import run_context


def record(environment: Environment, process: str) -> Recorder:
    """Starts to count requests and journeys, and while a test runs, how late and how busy this `process` is."""
    recorder = Recorder()
    lag = LagMeter(lambda kind, taken: recorder.note(kind, process, taken))
    context, events = run_context(environment), environment.events

    def start(**_: Any) -> None:
        recorder.forget()
        lag.start()

    def stop(**_: Any) -> None:
        lag.stop()
        recorder.is_ending()

    def on_usage(cpu_usage: float, **_: Any) -> None:
        recorder.note(CPU, process, cpu_usage)

    context.witness = recorder.outliers
    show_journeys(environment)
    report_defects(environment)
    events.request.add_listener(recorder.on_request)
    context.journey.add_listener(recorder.on_journey)
    context.load_start.add_listener(start)
    events.test_stopping.add_listener(stop)
    events.usage_monitor.add_listener(on_usage)
    return recorder


def standing_of(environment: Environment) -> Standing:
    """How the users of this process stand now; those that are not the suite's own count as settled."""
    runner = environment.runner
    context = run_context(environment)
    if runner is None or not context.begun:
        return Standing()
    known = {user.__name__ for user in environment.user_classes if issubclass(user, CMSUser)}
    strangers = sum(count for name, count in users_by_class(runner).items() if name not in known)
    return context.roster.standing(runner.user_count, strangers)
