"""What was asked for and what was done, put together for the proof that the load was the one asked for."""

from locust import User
from locust.env import Environment

from collections import Counter
from collections.abc import Mapping

from config.options import options_of
from reporting.known_names import role_of
from reporting.metrics.recorder import NOT_REQUESTS
from reporting.metrics.store import RAMP, STEADY, MetricsStore
from reporting.verdict.run_data import RunState
from reporting.verdict.stimulus import StimulusFacts, Thinking, Worker
from tasks.role_tasks import RoleTasks
from users.cms_user import CMSUser
from users.effort import Effort
from users.run_context import run_context
from users.wait_times import bounds_of


def stimulus_facts(environment: Environment, store: MetricsStore, state: RunState) -> StimulusFacts:
    """As far as it can be told: a shape has users of its own, and a run of each task once no weights."""
    context, effort = run_context(environment), store.effort
    load, once = context.load, bool(options_of(environment).each_task_once)
    busy = store.histogram(lambda row: row[1] not in NOT_REQUESTS, RAMP, STEADY)
    even, classes = not load.shaped and not once, environment.user_classes
    users = _users_by_interval(store)
    steady = store.steady_intervals()
    pauses = [*effort.thought.values(), effort.held_back, effort.in_lockstep]
    return StimulusFacts(
        asked=state.users_asked if even else 0,
        users=users[steady.start : steady.stop],
        interval=store.history.interval,
        mix=_mix(environment, state) if even else {},
        weights={} if once else _weights(environment),
        chosen=effort.chosen,
        thinking=_thinking(environment, effort),
        workers={} if once else _workers(store, state.users_asked),
        user_seconds=float(sum(users) * store.history.interval) if even and all(map(_role_tasks, classes)) else 0.0,
        answering=sum(taken * count for times in (busy.ok, busy.failed) for taken, count in times.items()) / 1e6,
        longest=max([*busy.ok, *busy.failed], default=0) / 1e6,
        pausing=sum(pause.seconds for pause in pauses),
        seconds=float(store.seconds()),
        requests=busy.requests,
    )


def _users_by_interval(store: MetricsStore) -> list[int]:
    """Up to the end of the load; an interval without news has as many as the one before."""
    found, users = [], 0
    for bucket in range(int(store.seconds() / store.history.interval)):
        users = store.history.users.get(bucket, users)
        found.append(users)
    return found


def _mix(environment: Environment, state: RunState) -> dict[str, tuple[int, float]]:
    """By weight, but for classes with a fixed number; empty when nothing is known of the roles."""
    classes = environment.user_classes
    if state.by_role is None or any(user.fixed_count for user in classes):
        return {}
    whole, asked = sum(user.weight for user in classes), sum(state.by_role.values())
    roles = {role_of(user): asked * user.weight / whole for user in classes}
    return {role: (state.by_role.get(role, 0), wanted) for role, wanted in roles.items()}


def _weights(environment: Environment) -> dict[str, Mapping[str, int]]:
    """By role and task; of roles whose tasks stand in one task set of the suite's kind."""
    sets = {role_of(user): _role_tasks(user) for user in environment.user_classes}
    return {
        role: Counter(getattr(task, "__name__", "") for task in tasks.tasks)
        for role, tasks in sets.items()
        if tasks is not None
    }


def _role_tasks(user: type[User]) -> type[RoleTasks] | None:
    """Where all that users of this class do is counted; None for users of another kind."""
    tasks = user.tasks[0] if issubclass(user, CMSUser) and len(user.tasks) == 1 else None
    return tasks if isinstance(tasks, type) and issubclass(tasks, RoleTasks) else None


def _thinking(environment: Environment, effort: Effort) -> dict[str, Thinking]:
    """Of roles whose pauses are known; with arrivals at a rate it is the rate that is asked for."""
    context = run_context(environment)
    if context.load.at_a_rate or not context.begun:
        return {}
    found = {}
    for user in environment.user_classes:
        bounds = _bounds(user, context.settings.think_time)
        role = role_of(user)
        if bounds is not None and role in effort.thought:
            pauses, tasks = effort.thought[role], sum(effort.chosen.get(role, {}).values())
            found[role] = Thinking(tasks, pauses.number, pauses.seconds, *bounds)
    return found


def _bounds(user: type[User], think_time: tuple[float, float]) -> tuple[float, float] | None:
    return bounds_of(user, think_time) if issubclass(user, CMSUser) else None


def _workers(store: MetricsStore, users_asked: int) -> dict[str, Worker]:
    """Empty when users moved to a worker that joined late: then no worker had its users all the time."""
    users = store.settled_by_process
    if sum(users.values()) > users_asked:
        return {}
    return {name: Worker(users.get(name, 0), requests) for name, requests in store.sent_by.items()}
