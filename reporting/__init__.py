"""What a run says in the end. The only listeners on its figures, and the only place that knows master from worker."""

from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner

import sys
from contextlib import suppress

from config.budget_file import Slo
from config.options import options_of
from config.screen import silence_if_closed
from reporting.abort import AbortOnBreach
from reporting.duet_record import duet_of
from reporting.incident_alarm import IncidentAlarm
from reporting.metrics.local_recording import record
from reporting.metrics.workers import report_to_the_master
from reporting.run_monitor import RunMonitor
from reporting.until_sure import UntilSure
from reporting.views.banner import add_banner
from reporting.views.console import console
from reporting.views.live import Progress
from reporting.views.prometheus import add_metrics
from reporting.views.tabs import add_tabs
from reporting.views.terminal import print_summary
from users.run_context import run_context


def start(environment: Environment) -> None:
    """Counts every request on each process; the one that people talk to sums up and gives the verdict.

    Raises SetupError when the budgets cannot be those of this run.
    """
    runner = environment.runner
    if isinstance(runner, WorkerRunner):
        report_to_the_master(environment, runner, record(environment, runner.client_id))
        return
    context = run_context(environment)
    recorder = None if isinstance(runner, MasterRunner) else record(environment, "this process")
    monitor = RunMonitor(environment, recorder, context.part(Slo))
    context.put(monitor)
    monitor.attach()
    if (duet := duet_of(context)) is not None:
        monitor.on_tick.append(duet.collect)
    monitor.on_tick.append(AbortOnBreach())
    monitor.on_tick.append(UntilSure())
    monitor.on_tick.append(IncidentAlarm())
    monitor.on_tick.append(Progress(sys.stderr))
    if environment.web_ui is not None:
        add_tabs(environment.web_ui, monitor)
        add_metrics(environment.web_ui, monitor)
        add_banner(environment.web_ui, monitor)

    def tell(**_: object) -> None:
        with suppress(OSError):  # a terminal that is gone; the verdict stands in the run's files
            if monitor.verdict is not None:
                screen = console(bool(options_of(environment).json))
                print_summary(screen, monitor.verdict, monitor.folder)
        silence_if_closed()

    environment.events.quit.add_listener(tell)
