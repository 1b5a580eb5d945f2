"""What tasks are made of: memory, decks, tours, free times, and the ledger of what was written."""

from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest

from api.endpoints import DELETE_ADDRESS, DELETE_PATIENT, DELETE_USER
from api.failures import NoAnswer, NothingToDo, TaskCannotGoOn, UnexpectedAnswer
from records.ledger import Ledger
from tasks.coverage import every_task_once, variants
from tasks.memory import Deck, Seen
from tasks.times import free_times, that_day, this_week


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

    assert every_task_once([one, one, three, one]) == [one, three, three, three]


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
    assert not ledger


@pytest.mark.parametrize(("reason", "asked"), [(UnexpectedAnswer("409", 409), 2), (NoAnswer("silence"), 1)])
def test_what_is_refused_stays_in_the_ledger_and_a_silent_server_is_not_asked_again(reason, asked):
    calls = []

    def refuse(endpoint, **params):
        calls.append(params["id"])
        raise TaskCannotGoOn(reason)

    ledger = Ledger()
    ledger.wrote(DELETE_USER, id=1)
    ledger.wrote(DELETE_USER, id=2)
    ledger.settle(refuse)
    assert calls == [2, 1][:asked]
    assert [entry.params["id"] for entry in ledger.records] == [1, 2]


def test_a_creation_without_a_known_end_stays_an_attempt():
    ledger = Ledger()
    ledger.tries(DELETE_ADDRESS, patient_id=7)
    ledger.tries(DELETE_USER)
    ledger.wrote(DELETE_USER, id=1)
    assert ledger.attempts == [(DELETE_ADDRESS, {"patient_id": 7})]
    assert ledger.records == [(DELETE_USER, {"id": 1})]
