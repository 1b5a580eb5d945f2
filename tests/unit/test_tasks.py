"""What tasks are made of: memory, decks, tours, free times, and the ledger of what was written."""

from collections import Counter
from datetime import UTC, datetime
from random import Random
from types import SimpleNamespace

import pytest

from api.endpoints import DELETE_PATIENT, DELETE_USER
from api.failures import NothingToDo, TaskCannotGoOn, UnexpectedAnswer
from records.ledger import Ledger
from tasks.checks import no_row, row_with
from tasks.journeys import journey
from tasks.memory import Deck, Seen
from tasks.times import free_times, that_day, this_week
from tasks.tour import itinerary, variants


def test_only_what_was_seen_can_be_picked():
    seen = Seen(Random(1))
    with pytest.raises(NothingToDo):
        seen.pick()
    seen.remember(range(100))
    assert all(80 <= seen.pick() < 100 for _ in range(50))
    assert (seen.take(), seen.take()) == (99, 98)


def test_a_deck_deals_every_card_before_any_again():
    deck = Deck("abc", Random(1))
    assert Counter(deck.draw() for _ in range(9)) == {"a": 3, "b": 3, "c": 3}


def test_a_tour_does_each_task_once_and_a_task_with_variants_that_often():
    def one(): ...

    @variants(3)
    def three(): ...

    assert itinerary([one, one, three, one]) == [one, three, three, three]


def test_a_free_time_is_in_working_hours_and_not_taken():
    day = datetime(2026, 12, 1, 23, 59, tzinfo=UTC)
    taken = [datetime(2026, 12, 1, 9, 0, 12, 345000, tzinfo=UTC)]
    times = free_times(day, taken)
    assert len(times) == 19
    assert times[0] == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert datetime(2026, 12, 1, 9, tzinfo=UTC) not in times


def test_the_week_begins_on_monday_and_a_day_at_midnight():
    week = this_week()
    assert week["fecha_desde"].weekday() == 0
    assert (week["fecha_hasta"] - week["fecha_desde"]).days == 7
    day = that_day(datetime(2026, 12, 1, 9, tzinfo=UTC))
    assert day["fecha_desde"] == datetime(2026, 12, 1, tzinfo=UTC)


def test_the_ledger_removes_the_youngest_first_and_forgets_what_was_removed():
    ledger, calls = Ledger(), []
    ledger.wrote(DELETE_USER, id=1)
    ledger.wrote(DELETE_PATIENT, id=2)
    ledger.wrote(DELETE_USER, id=3)
    ledger.removed(DELETE_USER, id=3)
    ledger.removed(DELETE_USER, id=99)
    ledger.settle(lambda endpoint, **params: calls.append((endpoint, params)))
    assert calls == [(DELETE_PATIENT, {"id": 2}), (DELETE_USER, {"id": 1})]
    assert len(ledger) == 0


def test_a_refused_removal_does_not_keep_the_others():
    def refuse(endpoint, **params):
        raise TaskCannotGoOn

    ledger = Ledger()
    ledger.wrote(DELETE_USER, id=1)
    ledger.wrote(DELETE_USER, id=2)
    ledger.settle(refuse)
    assert len(ledger) == 0


def test_what_was_written_must_be_in_the_list_and_what_was_removed_must_not():
    page = SimpleNamespace(data=[SimpleNamespace(id=1, nombre="a"), SimpleNamespace(id=2, nombre="b")])
    assert row_with(id=2, nombre="b")(page).id == 2
    assert no_row(id=3)(page) is page
    with pytest.raises(UnexpectedAnswer, match="got a list without it"):
        row_with(id=2, nombre="a")(page)
    with pytest.raises(UnexpectedAnswer, match="got it in the list"):
        no_row(id=1)(page)


class FakeTasks:
    """A task set whose user thinks for a second and whose journeys are recorded."""

    def __init__(self):
        self.journeys = []
        hook = SimpleNamespace(fire=lambda **journey: self.journeys.append(journey))
        events = SimpleNamespace(journey=hook)
        self.user = SimpleNamespace(role="patient", seconds_thought=0.0, environment=SimpleNamespace(events=events))


def test_a_journeys_time_leaves_the_think_time_out():
    @journey
    def walk_to_the_clinic(tasks):
        tasks.user.seconds_thought += 10.0

    tasks = FakeTasks()
    walk_to_the_clinic(tasks)
    (told,) = tasks.journeys
    assert (told["name"], told["role"], told["failure"]) == ("walk to the clinic", "patient", None)
    assert told["duration"] < -9_000


def test_a_journey_leaves_out_its_own_think_time_only():
    @journey
    def walk(tasks):
        tasks.user.seconds_thought += 10.0

    tasks = FakeTasks()
    walk(tasks)
    walk(tasks)
    first, second = (told["duration"] for told in tasks.journeys)
    assert second == pytest.approx(first, abs=1_000)


def test_a_journey_fails_with_its_step_and_is_none_when_there_is_nothing_to_do():
    @journey
    def fall(tasks):
        raise TaskCannotGoOn("expected status 200, got 500")

    @journey
    def stay(tasks):
        raise NothingToDo

    tasks = FakeTasks()
    with pytest.raises(TaskCannotGoOn):
        fall(tasks)
    with pytest.raises(NothingToDo):
        stay(tasks)
    assert [str(told["failure"]) for told in tasks.journeys] == ["expected status 200, got 500"]
