"""Where arrivals are let in: the rate is shared out to the workers, and users are started as they are needed."""

from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner

import logging
import math
from typing import Any

from config.options import options_of
from internals.of_locust import present_workers, requests_of
from load.open_model import Arrivals
from load.shape import Shape
from reporting.metrics.arrival_rows import MISSED, ROW_TYPE, STARTED
from users.run_context import run_context

logger = logging.getLogger(__name__)

RATE, DEMAND = "arrival_rate", "arrival_demand"
SPARE_SECONDS = 1.0
"""So many seconds' arrivals find a user who is free already, while the next ones are still signing in."""


def let_arrivals_in(environment: Environment) -> None:
    """To be called at `init`, on every process."""
    arrivals = Arrivals(environment, options_of(environment).arrival_patience)
    context, events, runner = run_context(environment), environment.events, environment.runner
    context.put(arrivals)
    if isinstance(runner, MasterRunner):
        context.put(ArrivalShares(environment))
    else:
        context.load_start.add_listener(lambda **_: arrivals.begin())
        events.test_stopping.add_listener(lambda **_: arrivals.end())
    if isinstance(runner, WorkerRunner):
        _follow_the_master(environment, runner, arrivals)
    else:
        events.quitting.add_listener(_tell_the_end)


def _follow_the_master(environment: Environment, runner: WorkerRunner, arrivals: Arrivals) -> None:
    def take_over(msg: Any, **_: Any) -> None:
        arrivals.rate = msg.data["per_second"]

    def tell(data: dict[str, Any], **_: Any) -> None:
        data[DEMAND] = arrivals.demand

    runner.register_message(RATE, take_over)
    environment.events.report_to_master.add_listener(tell)


class ArrivalShares:
    """On the master: what each worker needs, and what it has been told."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._demands: dict[str, int] = {}
        self._told: dict[str, float] = {}
        environment.events.worker_report.add_listener(self._on_report)

    def share_out(self, rate: float) -> None:
        """An equal share of the rate for each worker that is there; told again when their number changes."""
        runner = self._environment.runner
        assert isinstance(runner, MasterRunner)
        workers = present_workers(runner)
        for worker in workers:
            if self._told.get(worker) != rate / len(workers):
                self._told[worker] = rate / len(workers)
                runner.send_message(RATE, {"per_second": rate / len(workers)}, client_id=worker)
        self._demands = {worker: self._demands.get(worker, 0) for worker in workers}

    @property
    def demand(self) -> int:
        return sum(self._demands.values())

    def _on_report(self, client_id: str, data: dict[str, Any], **_: Any) -> None:
        self._demands[client_id] = data.get(DEMAND, 0)


class ArrivalShape(Shape):
    """As many users as the arrivals need, and some to spare; never fewer than before, never more than --users."""

    at_a_rate = True

    def reset_time(self) -> None:
        super().reset_time()
        self._users = 0

    def tick(self) -> tuple[int, float] | None:
        options = self.options
        if options.run_time and self.elapsed >= options.run_time:
            return None
        spare = math.ceil(options.arrival_rate * SPARE_SECONDS)
        wanted = self._demand(options.arrival_rate) + spare
        if wanted > self._users:
            self._users = min(options.num_users or 1, math.ceil(wanted / spare) * spare)
        return self._users, options.spawn_rate or self._users

    def _demand(self, rate: float) -> int:
        """Sees to it that people come at `rate`; returns how many users that takes now."""
        assert self.runner is not None
        context = run_context(self.runner.environment)
        if isinstance(self.runner, MasterRunner):
            shares = context.part(ArrivalShares)
            shares.share_out(rate)
            return shares.demand
        arrivals = context.part(Arrivals)
        arrivals.rate = rate
        return arrivals.demand


def _tell_the_end(environment: Environment, **_: Any) -> None:
    """Says how many could not be let in; the verdict is invalid when there were any."""
    started, missed = (requests_of(environment, ROW_TYPE, name) for name in (STARTED, MISSED))
    logger.info("Arrivals: %d started, %d missed their start", started, missed)
    if missed:
        logger.error("Arrivals missed their start: give more --users, or a lower --arrival-rate")
