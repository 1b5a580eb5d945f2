"""Whether the load was the one that was asked for: users, mix, tasks, think time, workers, and Little's law."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist, median

import msgspec

MIN_EXPECTED = 5.0
"""Of tasks that are chosen more seldom than that, several count together."""
SURE = 1e-5
"""How unlikely what was chosen must be by its weights: of a thousand good runs three are accused."""
DEVIATIONS = 5.0
THINK_TOLERANCE = 0.03
LATE_SECONDS = 0.03
"""A pause may end so much later than asked on a busy machine."""
MIN_PAUSES = 20
SHORT_OF_USERS = 0.05
WORKER_SHARE = 0.7
MIN_REQUESTS_OF_A_WORKER = 100
LITTLE_TOLERANCE = 0.2
MIN_SECONDS = 20.0
"""In a shorter run too much lies across its end."""
MIN_MEAN_PAUSE = 0.2
"""Of users who hardly pause, the generator's own work is a part of the time, and nobody counts that."""


@dataclass(frozen=True)
class Thinking:
    """Of one role: `pauses` of `seconds` in all between `tasks`, and between what each should have been."""

    tasks: int
    pauses: int
    seconds: float
    shortest: float
    longest: float


@dataclass(frozen=True)
class Worker:
    users: int
    requests: int


@dataclass(frozen=True)
class StimulusFacts:
    """What was asked for beside what was done; empty where it cannot be known.

    `users` is how many there were in each interval of the steady state, and `asked` how many there should have been.
    `weights` and `chosen` are by role and task, `mix` is by role: users there were, and should have been.
    `user_seconds` are those that all users spent from the start of the load to its end, `answering` and `pausing` what
    they spent on waiting for answers and on pauses; `longest` is the longest wait: part of it may lie after the end.
    """

    asked: int = 0
    users: Sequence[int] = ()
    interval: int = 1
    mix: Mapping[str, tuple[int, float]] = field(default_factory=dict)
    weights: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    chosen: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    thinking: Mapping[str, Thinking] = field(default_factory=dict)
    workers: Mapping[str, Worker] = field(default_factory=dict)
    user_seconds: float = 0.0
    answering: float = 0.0
    pausing: float = 0.0
    longest: float = 0.0
    seconds: float = 0.0
    requests: int = 0


class Check(msgspec.Struct, frozen=True):
    """One thing that was looked at: what was asked for, what was found, and whether they agree."""

    what: str
    asked: str
    found: str
    ok: bool


def checks_of(facts: StimulusFacts) -> list[Check]:
    """Everything that can be told of this run."""
    return [*_users(facts), *_mix(facts), *_tasks(facts), *_think_time(facts), *_workers(facts), *_little(facts)]


def reasons_of_stimulus(checks: Sequence[Check]) -> list[str]:
    """Why the run says nothing about the API: it was loaded otherwise than was asked for."""
    return [
        f"the load was not the one asked for: {check.what}: {check.found}, asked: {check.asked}"
        for check in checks
        if not check.ok
    ]


def chi_square_p(observed: Sequence[int], expected: Sequence[float]) -> float:
    """How likely such a difference is by chance (Pearson; the tail by Wilson and Hilferty's cube root)."""
    freedom = len(expected) - 1
    if freedom < 1:
        return 1.0
    value = sum((seen - wanted) ** 2 / wanted for seen, wanted in zip(observed, expected, strict=True))
    spread = 2 / (9 * freedom)
    return 1 - NormalDist().cdf(((value / freedom) ** (1 / 3) - (1 - spread)) / math.sqrt(spread))


def _users(facts: StimulusFacts) -> Iterator[Check]:
    if not facts.asked or not facts.users:
        return
    short = sum(users < facts.asked for users in facts.users)
    ok = short <= max(1.0, SHORT_OF_USERS * len(facts.users))
    least = min(facts.users)
    found = f"{facts.asked} all the time" if not short else f"down to {least}, for {short * facts.interval} s"
    yield Check("users in the steady state", str(facts.asked), found, ok)


def _mix(facts: StimulusFacts) -> Iterator[Check]:
    if not facts.mix:
        return
    asked = ", ".join(f"{wanted:.3g} {role}" for role, (_, wanted) in facts.mix.items())
    found = ", ".join(f"{users} {role}" for role, (users, _) in facts.mix.items())
    yield Check("mix of roles", asked, found, all(abs(users - wanted) < 1.5 for users, wanted in facts.mix.values()))


def _tasks(facts: StimulusFacts) -> Iterator[Check]:
    for role, weights in facts.weights.items():
        chosen = facts.chosen.get(role, {})
        number, whole = sum(chosen.values()), sum(weights.values())
        if not number:
            continue
        wanted = {task: number * weight / whole for task, weight in weights.items()}
        observed, expected = _pooled([(chosen.get(task, 0), share) for task, share in wanted.items()])
        p = chi_square_p(observed, expected)
        strange = set(chosen) - set(weights)
        worst = max(wanted, key=lambda task: abs(chosen.get(task, 0) - wanted[task]) / math.sqrt(wanted[task]))
        ok = p >= SURE and not strange
        found = f"as their weights say ({number:,} chosen, p = {p:.2g})"
        if not ok:
            found = f"{worst} {chosen.get(worst, 0)} times of {number:,}"
        yield Check(f"tasks of {role}", "by weight" if ok else f"{wanted[worst]:.0f} times", found, ok)


def _pooled(pairs: Sequence[tuple[int, float]]) -> tuple[list[int], list[float]]:
    """What is expected too seldom to be judged alone is put together."""
    often = [pair for pair in pairs if pair[1] >= MIN_EXPECTED]
    seldom = [pair for pair in pairs if pair[1] < MIN_EXPECTED]
    rest = (sum(seen for seen, _ in seldom), sum(wanted for _, wanted in seldom))
    if seldom and rest[1] >= MIN_EXPECTED:
        often.append(rest)
    return [seen for seen, _ in often], [wanted for _, wanted in often]


def _think_time(facts: StimulusFacts) -> Iterator[Check]:
    for role, thinking in facts.thinking.items():
        wanted = (thinking.shortest + thinking.longest) / 2
        if thinking.pauses < thinking.tasks / 2 and thinking.tasks >= MIN_PAUSES and wanted:
            found = f"{thinking.pauses} pauses between {thinking.tasks} tasks"
            yield Check(f"think time of {role}", f"{wanted:.3g} s on average", found, False)
        if thinking.pauses < max(MIN_PAUSES, thinking.tasks / 2):
            continue
        mean = thinking.seconds / thinking.pauses
        chance = DEVIATIONS * (thinking.longest - thinking.shortest) / math.sqrt(12 * thinking.pauses)
        ok = abs(mean - wanted) <= chance + THINK_TOLERANCE * wanted + LATE_SECONDS
        yield Check(f"think time of {role}", f"{wanted:.3g} s on average", f"{mean:.3g} s", ok)


def _workers(facts: StimulusFacts) -> Iterator[Check]:
    rates = {name: worker.requests / worker.users for name, worker in facts.workers.items() if worker.users}
    whole = sum(worker.requests for worker in facts.workers.values())
    if len(rates) < 2 or whole < MIN_REQUESTS_OF_A_WORKER * len(rates):
        return
    usual = median(rates.values())
    slow = {name: rate for name, rate in rates.items() if rate < WORKER_SHARE * max(rates.values())}
    found = "alike" if not slow else ", ".join(f"{name} sent {rate:.3g}" for name, rate in slow.items())
    yield Check("requests of a user on each worker", f"about {usual:.3g}", found, not slow)


def _little(facts: StimulusFacts) -> Iterator[Check]:
    """N = X (R + Z): users, counted; what they did, counted elsewhere; and the time it took, measured."""
    if not facts.user_seconds or not facts.requests or facts.seconds < MIN_SECONDS:
        return
    if facts.pausing / facts.requests < MIN_MEAN_PAUSE:
        return
    busy = facts.answering + facts.pausing
    unfinished = busy / facts.requests * facts.user_seconds / facts.seconds
    share = busy / facts.user_seconds
    users = facts.user_seconds / facts.seconds
    tolerated = LITTLE_TOLERANCE * facts.user_seconds
    after_the_end = users * facts.longest
    ok = -tolerated - unfinished <= busy - facts.user_seconds <= tolerated + after_the_end
    yield Check("Little's law, N = X (R + Z)", f"N = {users:.3g} users", f"X (R + Z) = {users * share:.3g}", ok)
