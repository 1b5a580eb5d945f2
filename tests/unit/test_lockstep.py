"""Two users in lockstep: who is first, who waits, and that both go on to choose alike."""

from locust.env import Environment
from locust.event import Events

from dataclasses import dataclass, field
from random import Random
from types import SimpleNamespace

import gevent
import pytest

from api.transport.trail import Trail
from load.lockstep import NEW, OLD, TASK, Lockstep
from load.paired_users import Paired, in_pairs
from reporting.metrics.pairs import Answered
from tasks.patient import PatientTasks
from users.accounts import Account
from users.patient import PatientUser
from users.run_context import run_context

PATIENCE = 20.0


@dataclass
class Notes:
    steps: list = field(default_factory=list)
    journeys: list = field(default_factory=list)
    strays: list = field(default_factory=list)

    def step(self, what, new, old, new_first):
        self.steps.append((what, new.taken, old.taken, new_first))

    def journey(self, name, new, old, new_first):
        self.journeys.append((name, new.taken, old.taken))

    def alone(self, what):
        self.strays.append(what)


@dataclass
class Side:
    """Goes through `tasks`, each a list of steps; `order` is what all sides have done, one after the other."""

    side: int
    tasks: list
    order: list
    slow: float = 0.0

    def go(self, lockstep):
        for task in self.tasks:
            lockstep.comes_to(self.side, TASK, self.wait)
            for what in task:
                together = lockstep.comes_to(self.side, what, self.wait)
                gevent.sleep(self.slow)
                self.order.append((what, self.side))
                if together:
                    lockstep.has_taken(self.side, Answered(10.0 + self.side))
            lockstep.has_made(self.side, "a journey", Answered(100.0 + self.side))

    def wait(self, go):
        assert go.wait(PATIENCE)


def walk(new, old, number=0, slow=0.0):
    notes, order = Notes(), []
    lockstep = Lockstep(number, notes)
    sides = [Side(NEW, new, order), Side(OLD, old, order, slow)]
    walking = [gevent.spawn(side.go, lockstep) for side in sides]
    gevent.joinall(walking, timeout=PATIENCE, raise_error=True)
    assert all(one.successful() for one in walking)
    return notes, order


@pytest.mark.parametrize("slow", [0.0, 0.01], ids=["equal", "OLD is late"])
@pytest.mark.parametrize("number", [0, 1])
def test_both_take_each_step_in_turn_and_every_other_time_the_other_begins(number, slow):
    notes, order = walk([["a", "b", "a"]] * 4, [["a", "b", "a"]] * 4, number, slow)
    first = {what: [side for one, side in order if one == what][::2] for what in "ab"}
    assert first["a"] == [number, 1 - number] * 4
    assert first["b"] == [number, 1 - number] * 2
    assert [what for what, _ in order[::2]] == [what for what, _ in order[1::2]] == list("aba") * 4
    assert [what for what, *_ in notes.steps] == list("aba") * 4
    assert {(new, old) for _, new, old, _ in notes.steps} == {(10.0, 11.0)}
    assert [new_first for what, _, _, new_first in notes.steps if what == "b"] == [not number, bool(number)] * 2
    assert notes.journeys == [("a journey", 100.0, 101.0)] * 4
    assert notes.strays == []


@pytest.mark.parametrize(
    ("new", "old"), [(["a", "b", "c"], ["a", "x"]), (["a", "b", "c"], ["a"]), (["a"], ["a", "b", "x"])]
)
def test_sides_that_come_to_different_steps_part_until_the_next_task(new, old):
    notes, _ = walk([new, ["d"]], [old, ["d"]])
    assert [what for what, *_ in notes.steps] == ["a", "d"]
    assert sorted(notes.strays) == sorted([*new[1:], *old[1:]])
    assert len(notes.journeys) == 1


def test_when_one_side_goes_the_other_is_held_no_longer():
    lockstep, let_go = Lockstep(0, Notes()), []
    waiting = gevent.spawn(lockstep.comes_to, NEW, "a", lambda go: let_go.append(go.wait(1.0)))
    gevent.sleep(0)
    assert not let_go
    lockstep.end()
    assert waiting.get(timeout=PATIENCE) is False
    assert let_go == [True]
    assert lockstep.comes_to(NEW, "a", pytest.fail) is False


def patient(of, lockstep):
    """Somebody who chooses tasks, and sends nothing."""
    environment = Environment(events=Events())
    user = of(environment)
    user.run_context = run_context(environment)
    user.account, user.lockstep = Account("ana", "x", "patient"), lockstep
    user.settings = SimpleNamespace(seed="7", each_task_once=False)
    user.client = SimpleNamespace(trail=Trail())
    user.is_held = lambda go: go.wait(PATIENCE)
    return user


def test_both_choose_the_same_tasks_however_many_other_choices_each_has_made():
    leader = in_pairs(PatientUser)
    lockstep, chosen = Lockstep(0, Notes()), {NEW: [], OLD: []}

    def choose(user):
        tasks = PatientTasks(user)
        tasks.on_start()
        for _ in range(30):
            chosen[user.side].append(tasks.get_next_task().__name__)
            for _ in range(Random(len(chosen[user.side])).randrange(5) * user.side):
                user.random.random()

    both = [gevent.spawn(choose, patient(of, lockstep)) for of in (leader, leader.twin_class)]
    gevent.joinall(both, timeout=PATIENCE, raise_error=True)
    assert chosen[NEW] == chosen[OLD]
    assert len(set(chosen[NEW])) > 5


def test_a_role_in_pairs_is_the_role_to_locust_and_its_twin_is_none_of_locusts():
    leader = in_pairs(PatientUser)
    assert (leader.__name__, leader.weight, leader.tasks) == ("PatientUser", PatientUser.weight, PatientUser.tasks)
    assert leader.abstract is False
    assert leader.twin_class.abstract is True
    assert issubclass(leader.twin_class, Paired)
