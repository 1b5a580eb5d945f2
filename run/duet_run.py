"""The other host of a duet: its sandbox if none was named, what its users need, and its clean-up."""

from locust.env import Environment
from locust.event import Events
from locust.runners import MasterRunner, WorkerRunner

from dataclasses import replace
from typing import Any

from api.transport.server import Server
from config.options import options_of
from load.paired_users import Twins, note_journeys
from records.survey import OF_THE_OTHER, remembered
from reporting.duet_record import DuetRecord
from reporting.run_monitor import RunMonitor
from run.cleanup import CleanUp, hand_over_remains
from run.duet_options import AGAINST_SANDBOX_ARGS
from run.host import start_sandbox
from run.roles import accounts_in
from run.setup import settings_of
from users.run_context import LoadPlan, RunSettings, run_context

REMAINS = "remains_of_the_other"
TWINS_MAY_TAKE_SECONDS = 5.0


def pair_up(environment: Environment) -> None:
    """A step of `run.attach`, on every process: from here on each user finds its twin's world in the run's context."""
    context, events, runner = run_context(environment), environment.events, environment.runner
    record = DuetRecord(environment, Environment(events=Events()))
    twins = Twins()
    context.put(record)
    context.put(twins)
    context.load_start.add_listener(_begin)
    if not isinstance(runner, MasterRunner):
        note_journeys(environment, record)
        events.test_stop.add_listener(lambda **_: twins.wait_for_all(TWINS_MAY_TAKE_SECONDS))
    if isinstance(runner, WorkerRunner):
        hand_over_remains(environment, run_context(record.other), REMAINS)
    else:
        _prepare(environment, record)
    record.attach()


def other_settings(environment: Environment) -> RunSettings:
    """Those of the run, for the other host."""
    options, settings = options_of(environment), settings_of(environment)
    server = Server(str(options.against).rstrip("/"), verify_tls=settings.server.verify_tls)
    return replace(settings, server=server, survey=remembered(options, OF_THE_OTHER))


def _begin(environment: Environment, **_: Any) -> None:
    """A test starts; OLD's users come as their leaders do."""
    other = run_context(environment).part(DuetRecord).other
    run_context(other).begin(other_settings(environment), LoadPlan())


def _prepare(environment: Environment, record: DuetRecord) -> None:
    options, context = options_of(environment), run_context(environment)
    if not options.against:
        options.against = start_sandbox(environment, options.against_sandbox_args, AGAINST_SANDBOX_ARGS).url
    if not options.read_only:
        other = run_context(record.other)
        clean_up = CleanUp(accounts_in(environment), lambda: context.part(RunMonitor).lost_workers(), other, REMAINS)
        clean_up.attach(environment)
