"""The comparison is fair: everyone's work is the patient's own, and the answers are such as the suite accepts."""

import json
from itertools import islice, pairwise

import pytest

from benchmarks.committed_figures import commit, committed, losses, ratios
from benchmarks.contest import Lap, medians
from benchmarks.mix import reading_mix
from benchmarks.recorded_answers import OWN_ID, READINGS, recorded_answer
from benchmarks.results_page import put_between_markers, speed_table
from benchmarks.slow_clinic import CARDS, DECKS, HANDS, LONG_TAIL_SECONDS, dealt
from benchmarks.stress import starved


@pytest.mark.parametrize("route", READINGS, ids=str)
def test_the_clinics_answers_are_such_as_the_suite_accepts(route):
    answer = json.dumps(recorded_answer(route, rows=3)).encode()
    params = {key: OWN_ID for key in ("id", "paciente_id") if key in route.checks}
    route.read(200, answer, params)


def test_the_mix_is_what_the_patients_tasks_ask_for():
    mix = {visit.name: visit for visit in reading_mix()}
    assert mix.keys() <= {route.path for route in READINGS}
    assert mix["/api/appointments/citas"].target == f"/api/appointments/citas?paciente_id={OWN_ID}"
    assert mix["/api/appointments/citas"].owner == "paciente_id"
    assert mix["/health"].weight / sum(visit.weight for visit in mix.values()) == pytest.approx(1 / 50, abs=0.005)


def test_the_medians_and_the_ratios_are_those_of_the_laps():
    laps = {"this suite": [Lap(30, 30), Lap(10, 10), Lap(20, 20)], "k6": [Lap(8, 8)]}
    table = speed_table(medians(laps), {"k6": 1.5})
    assert "| this suite | 20 | 20 |" in table
    assert "| 2.50 | ≥ 1.5 |" in table


def test_a_user_that_starves_is_told():
    assert starved([10, 9, 12, 11]) == "No user starved"
    assert starved([10, 9, 2, 11]) == "1 of 4 users starved"


def test_only_what_stands_between_the_markers_is_replaced(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- x -->\nold\n<!-- /x -->\nafter\n")
    put_between_markers(page, "x", ["new"])
    assert page.read_text() == "before\n<!-- x -->\n\nnew\n\n<!-- /x -->\nafter\n"
    with pytest.raises(SystemExit, match="no markers"):
        put_between_markers(page, "y", ["new"])


def test_the_known_delays_lie_where_they_are_said_to():
    shortest, _, longest = LONG_TAIL_SECONDS
    for deck in DECKS.values():
        assert len(deck) == CARDS
        assert shortest <= min(deck) <= max(deck) <= longest


def test_each_hand_shows_the_whole_distribution_and_all_hands_are_the_deck():
    deck = list(range(CARDS))
    cards = list(islice(dealt(deck), CARDS))
    assert sorted(cards) == deck
    for at in range(0, CARDS, CARDS // HANDS):
        hand = sorted(cards[at : at + CARDS // HANDS])
        assert {high - low for low, high in pairwise(hand)} == {HANDS}


def test_a_loss_of_more_than_a_tenth_is_told(tmp_path):
    file = tmp_path / "figures.json"
    assert committed("a machine", file) is None
    commit("a machine", {"pages": 5.0, "tls": 4.0, "rate": 4.0}, file)
    commit("another", {"pages": 1.0}, file)
    before = committed("a machine", file)
    assert losses(before, {"pages": 4.6, "tls": 4.0, "rate": 9.0}) == []
    assert losses(before, {"pages": 4.4, "tls": 4.0}) == [
        "pages: 4.40 times k6, it was 5.00",
        "rate: not measured, it was 4.00 times k6",
    ]


def test_only_tables_with_a_yardstick_have_a_ratio():
    tables = {"pages": {"this suite": Lap(1, 30), "k6": Lap(1, 6)}, "floor": {"this suite": Lap(1, 30)}}
    assert ratios(tables) == {"pages": 5.0}
