"""Proof of stimulus: fifty good runs are not accused, and each planted fault of a load generator is found."""

import random
from collections import Counter
from dataclasses import replace
from math import comb

import pytest

from reporting.verdict.stimulus import (
    StimulusFacts,
    Thinking,
    Worker,
    checks_of,
    chi_square_p,
    reasons_of_stimulus,
)

ROLES = {"admin": (1, {"a": 5, "b": 1}), "doctor": (3, {"c": 12, "d": 4, "e": 1}), "patient": (6, {"f": 10, "g": 3})}
THINK = (1.0, 3.0)


class Generator:
    """Users of three roles on two workers for so many seconds; a planted fault overrides one method."""

    def __init__(self, seed, users=50, seconds=120):
        self.rng = random.Random(seed)
        self.users, self.seconds = users, seconds

    def facts(self):
        chosen, pauses, sent = {role: Counter() for role in ROLES}, {role: [] for role in ROLES}, Counter()
        answering = 0.0
        for number in range(self.users):
            role, worker = self.role(number), number % 2
            now = self.rng.uniform(0, 1)
            while now < self.seconds:
                chosen[role][self.task(role)] += 1
                answered = self.rng.expovariate(20)
                pause = self.pause(role)
                now += answered + self.clock(pause)
                if now >= self.seconds:
                    break
                if self.counts(worker):
                    sent[worker] += 1
                    answering += answered
                pauses[role].append(pause)
                now += self.lost(worker)
        return self.report(chosen, pauses, sent, answering)

    def report(self, chosen, pauses, sent, answering):
        mix = Counter(self.role(number) for number in range(self.users))
        return StimulusFacts(
            asked=self.users,
            users=self.present(),
            mix={role: (mix[role], self.users * weight / 10) for role, (weight, _) in ROLES.items()},
            weights={role: tasks for role, (_, tasks) in ROLES.items()},
            chosen=chosen,
            thinking={
                role: Thinking(sum(chosen[role].values()), len(found), sum(found), *THINK)
                for role, found in pauses.items()
            },
            workers={str(worker): Worker(self.users // 2, requests) for worker, requests in sent.items()},
            user_seconds=float(self.users * self.seconds),
            answering=answering,
            pausing=sum(map(sum, pauses.values())),
            seconds=float(self.seconds),
            requests=sum(sent.values()),
        )

    def role(self, number):
        return ("admin", "doctor", "doctor", "doctor", *["patient"] * 6)[number % 10]

    def task(self, role):
        tasks = ROLES[role][1]
        return self.rng.choices(list(tasks), list(tasks.values()))[0]

    def pause(self, role):
        return self.rng.uniform(*THINK)

    def clock(self, seconds):
        return seconds

    def counts(self, worker):
        return True

    def lost(self, worker):
        """Seconds in which a user does nothing that anybody has counted."""
        return 0.0

    def present(self):
        return [self.users] * self.seconds


class WrongWeights(Generator):
    def task(self, role):
        return self.rng.choice(list(ROLES[role][1]))


class ATaskThatIsNeverChosen(Generator):
    def task(self, role):
        return "c" if role == "doctor" else super().task(role)


class ATaskOfNobody(Generator):
    def task(self, role):
        return "z" if role == "admin" and self.rng.random() < 0.1 else super().task(role)


class WrongMix(Generator):
    def role(self, number):
        return "patient" if number % 10 == 1 else super().role(number)


class LostSleeps(Generator):
    def pause(self, role):
        return 0.0 if role == "doctor" and self.rng.random() < 0.3 else super().pause(role)


class NoSleeps(Generator):
    def report(self, chosen, pauses, sent, answering):
        return super().report(chosen, {**pauses, "admin": []}, sent, answering)


class SleepsThatLastTooLong(Generator):
    def pause(self, role):
        return super().pause(role) * 1.2


class AWorkerThatDoesHalf(Generator):
    def lost(self, worker):
        return 2.0 if worker else 0.0


class AWorkerWhoseFiguresAreLost(Generator):
    def counts(self, worker):
        return not worker or self.rng.random() < 0.5


class UsersThatDie(Generator):
    def present(self):
        return [self.users] * 80 + [self.users - 15] * 40


class AClockThatRunsTooSlowly(Generator):
    """What it takes for one second are really 1.5: everything that is timed by it looks as asked for."""

    def clock(self, seconds):
        return 1.5 * seconds


class StuckUsers(Generator):
    def lost(self, worker):
        return 1.0


FAULTS = [
    (WrongWeights, "tasks of"),
    (ATaskThatIsNeverChosen, "tasks of doctor"),
    (ATaskOfNobody, "tasks of admin"),
    (WrongMix, "mix of roles"),
    (LostSleeps, "think time of doctor"),
    (NoSleeps, "think time of admin"),
    (SleepsThatLastTooLong, "think time of patient"),
    (AWorkerThatDoesHalf, "requests of a user on each worker"),
    (AWorkerWhoseFiguresAreLost, "requests of a user on each worker"),
    (UsersThatDie, "users in the steady state"),
    (AClockThatRunsTooSlowly, "Little's law"),
    (StuckUsers, "Little's law"),
]


@pytest.mark.parametrize("seed", range(50))
def test_a_good_run_is_not_accused(seed):
    checks = checks_of(Generator(seed).facts())
    assert {check.what for check in checks} >= {"mix of roles", "tasks of admin", "Little's law, N = X (R + Z)"}
    assert reasons_of_stimulus(checks) == []


@pytest.mark.parametrize(("fault", "told"), FAULTS, ids=[fault.__name__ for fault, _ in FAULTS])
def test_a_planted_fault_is_found(fault, told):
    reasons = reasons_of_stimulus(checks_of(fault(1).facts()))
    assert any(told in reason for reason in reasons), reasons


def test_a_reason_says_what_was_asked_for_and_what_was_found():
    (reason,) = reasons_of_stimulus(checks_of(replace(Generator(1).facts(), users=[50] * 80 + [35] * 40)))
    assert reason == "the load was not the one asked for: users in the steady state: down to 35, for 40 s, asked: 50"


def test_answers_that_come_after_the_end_are_no_fault_of_the_generator():
    """An API that hangs: each of 50 users waits for 40 s beyond the end."""
    facts = Generator(1).facts()
    hung = replace(facts, answering=facts.answering + 50 * 40, longest=60.0)
    assert reasons_of_stimulus(checks_of(hung)) == []
    assert reasons_of_stimulus(checks_of(replace(hung, longest=0.1))) != []


@pytest.mark.parametrize("told", [{"seconds": 19.0}, {"pausing": 0.1}])
def test_of_a_short_run_and_of_users_who_hardly_pause_littles_law_says_nothing(told):
    checks = checks_of(replace(StuckUsers(1).facts(), **told))
    assert "Little's law, N = X (R + Z)" not in {check.what for check in checks}


def test_what_cannot_be_known_accuses_nobody():
    assert checks_of(StimulusFacts()) == []


def test_chi_square_agrees_with_counting_all_cases():
    """Of 20 throws of a coin, how often are at least as many on one side as 15?"""
    exact = 2 * sum(comb(20, heads) for heads in range(15, 21)) / 2**20
    assert chi_square_p([15, 5], [10.0, 10.0]) == pytest.approx(exact, abs=0.02)
    assert chi_square_p([10, 10], [10.0, 10.0]) > 0.9
