"""Incidents: found from the seconds of a run, dated, named, told in one sentence; none where there is none."""

from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from benchmarks.incident_simulation import PLANTED, Planted, simulate
from reporting.find_incidents import incidents_of, usual_times
from reporting.incident_alarm import IncidentAlarm
from reporting.metrics.recorder import LAG, SAID, Recorder
from reporting.metrics.seconds import DETAILED_SECONDS, Said, Second, SecondBook, Usual
from reporting.metrics.store import MetricsStore
from reporting.verdict.build import incidents_to_tell
from reporting.verdict.incident_texts import beginning, sentence
from reporting.verdict.incidents import Incident, Normal, incidents_in, is_open, kind_of, normal_of
from reporting.verdict.recovery import Recovery, reasons_of_recovery, recovery_of
from reporting.verdict.run_data import RunState
from reporting.verdict.trouble import usual_share
from reporting.views.live import standing
from tests.written_runs import written_run
from users.run_context import LoadPlan

START = 1_000_000
REFUSED = Said("GET /a", "could not connect: Connection refused")
GOOD = {"answers": 10, "users": 10}
NORMAL = Normal(0.0, 0.0, 0.0, rate=0.8)


def seconds_of(*spells):
    """`(seconds, what each is like)`, one spell after the other."""
    found = []
    for length, told in spells:
        found += [Second(START + len(found) + number, **(GOOD | told)) for number in range(length)]
    return found


def incidents(*spells, normal=NORMAL, slow_from=START):
    return incidents_in(seconds_of(*spells), normal, slow_from)


AWAY = {"answers": 6, "failed": {REFUSED: 6}}


def test_an_api_that_was_stopped_for_eight_seconds_is_one_sentence():
    (incident,) = incidents((60, {}), (8, AWAY), (1, {"answers": 0}), (50, {}))
    assert (incident.kind, incident.after, incident.lasted, incident.bad) == ("away", 60, 8, 48)
    assert sentence(incident) == (
        "From 13:47:40 to 13:47:48 (8 s) nothing could connect; 48 requests failed; it was back to normal within 2 s"
    )


def test_the_seconds_at_its_edges_are_only_in_part_its_own():
    edge = {"answers": 10, "failed": {REFUSED: 3}}
    (incident,) = incidents((60, {}), (1, edge), (6, AWAY), (1, edge), (50, {}))
    assert (incident.share, incident.bad, incident.requests) == (1.0, 42, 56)
    assert "(8 s) nothing could connect; 42 requests failed" in sentence(incident)


def test_a_few_good_seconds_show_that_it_is_over():
    (incident,) = incidents((60, {}), (8, AWAY), (5, {}))
    assert incident.normal_after == 1


def test_while_it_goes_on_it_is_open():
    (incident,) = incidents((60, {}), (8, AWAY))
    assert is_open(incident)
    assert beginning(incident) == "Since 13:47:40 nothing could connect"
    assert sentence(incident).endswith("it was not back to normal when the load ended")


def test_silence_is_trouble_when_users_are_there_and_the_generator_was_awake_to_hear_it():
    quiet = {"answers": 0}
    late = {"late": {"GET /a": 10}, "longest": 8000, "shortest": 7900, "very_late": 10}
    (incident,) = incidents((60, {}), (8, quiet), (1, late), (20, {}))
    assert (incident.kind, incident.after, incident.lasted) == ("silent", 60, 8)
    assert "nothing was answered; 10 answers came late, the longest took 8.0 s" in sentence(incident)
    assert incidents((60, {}), (8, quiet | {"awake": False}), (20, {})) == []
    assert incidents((60, {}), (8, quiet | {"users": 0}), (20, {})) == []


def test_users_that_hold_back_after_a_failure_are_no_silence():
    (incident,) = incidents((60, {}), (2, {"answers": 5, "failed": {REFUSED: 5}}), (9, {"answers": 0}), (40, {}))
    assert (incident.kind, incident.lasted) == ("away", 2)
    failing = {"answers": 5, "failed": {REFUSED: 5}}
    assert len(incidents((60, {}), (2, failing), (8, {}), (9, {"answers": 0}), (40, {}))) == 1
    assert len(incidents((60, {}), (2, failing), (40, {}), (9, {"answers": 0}), (40, {}))) == 2


def test_one_slow_second_is_none_and_a_slow_spell_is_one():
    slow = {"late": {"GET /b": 5, "GET /a": 2}, "longest": 400, "shortest": 210}
    assert incidents((60, {}), (1, slow), (40, {}), (1, slow), (40, {})) == []
    (incident,) = incidents((60, {}), (9, slow), (40, {}))
    assert (incident.kind, incident.routes, incident.lasted) == ("slow", ["GET /b", "GET /a"], 9)
    assert "70 % of the requests were slow; 63 answers came late" in sentence(incident)
    assert incidents((60, {}), (9, slow), (40, {}), slow_from=None) == []


def test_what_fails_all_the_time_is_no_incident():
    """A route that is broken is one, and has a reason of its own."""
    always = {"failed": {Said("GET /a", "expected status 200, got 500"): 1}}
    spells = ((120, always),)
    assert incidents(*spells, normal=normal_of(seconds_of(*spells))) == []
    assert len(incidents(*spells, normal=NORMAL)) == 1


def test_the_suites_own_mistakes_are_none():
    own = {"failed": {Said("GET /a", "expected status 200, got 400"): 9}}
    assert incidents((60, {}), (8, own), (20, {})) == []


def test_trouble_begins_when_what_failed_was_asked():
    timed_out = {"failed": {Said("GET /a", "no whole answer within 30 s"): 9}, "shortest": 30_000, "longest": 30_000}
    (incident,) = incidents((60, {}), (5, timed_out), (30, {}))
    assert (incident.kind, incident.after) == ("hanging", 30)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("could not connect: Connection refused", "away"),
        ("the server closed the connection without an answer", "away"),
        ("no whole answer within 30 s", "hanging"),
        ("expected status 200, got 429", "refusing"),
        ("expected status 200, got 403 (Invalid or expired token)", "refusing"),
        ("expected status 200, got 503 (Injected fault)", "failing"),
        ("expected `data`, got nothing", "failing"),
    ],
)
def test_a_failures_text_says_which_kind_it_is(text, kind):
    assert kind_of(text) == kind


@pytest.mark.parametrize("name", PLANTED)
def test_planted_trouble_is_found_and_only_that(name):
    trouble, kind = PLANTED[name]
    (incident,) = simulate(40, 7, Planted(trouble, 50.0, 62.0))
    assert incident.kind == kind
    assert 46 <= incident.after <= 53


def test_no_quiet_run_has_an_incident():
    assert [simulate(users, seed) for users in (10, 40) for seed in range(10)] == [[]] * 20


def test_what_is_usual_is_told_by_the_good_part_of_a_run():
    bad = [(0, 10)] * 70 + [(10, 10)] * 30
    assert usual_share(bad) == 0.0
    times = MetricsStore(lambda: START + 0.5)
    times.reached_its_users()
    for second in range(1, 101):
        times.add([[START + second, "patient", "GET", "/a", [900_000 if second > 60 else 20_000, 10], []]])
    assert usual_times(times, LoadPlan()).limit("GET /a") == 120


def test_before_a_crowd_comes_is_what_is_usual():
    store = MetricsStore(lambda: START + 0.5)
    store.reached_its_users()
    for second in range(100):
        store.add([[START + second, "patient", "GET", "/a", [900_000 if second >= 30 else 20_000, 10], []]])
    assert usual_times(store, LoadPlan(crowd=(30.0, 60.0))).limit("GET /a") == pytest.approx(120, abs=0.1)
    assert usual_times(store, LoadPlan()).limit("GET /a") > 900


def test_old_seconds_are_packed_and_say_the_same():
    book, usual = SecondBook(), Usual({"GET /a": 200.0})
    rows = [(("patient", "GET", "/a"), {300_000: 2, 20_000: 5}), (("", LAG, "generator"), {1000: 20})]
    store = MetricsStore(lambda: START)
    for second in range(3 * DETAILED_SECONDS):
        for row, times in rows:
            book.add(START + second, row, store.histogram(lambda _: False))
            book.add(START + second, row, type(store.histogram(lambda _: False))(times.items()))
    now = START + 3 * DETAILED_SECONDS
    before = book.seconds(usual, now)
    assert book.must_be_packed(now)
    book.pack(usual, now)
    assert not book.must_be_packed(now)
    assert book.seconds(usual, now) == before
    assert before[5] == Second(START + 5, 7, 0, {}, {"GET /a": 2}, 244, 244, 0, True)


def test_slow_is_what_takes_longer_than_usual_on_that_route_and_what_the_generator_was_late_is_taken_off():
    usual = Usual({"GET /a": 200.0}, elsewhere=900.0)

    def late(route, taken, lag=0):
        book, histogram = SecondBook(), MetricsStore().histogram(lambda _: False)
        book.add(START, ("", LAG, "me"), type(histogram)({lag * 1000: 20}.items()))
        book.add(START, ("patient", "GET", route), type(histogram)({taken * 1000: 3}.items()))
        return book.seconds(usual, START + 1)[0].late

    assert late("/a", 190) == {}
    assert late("/a", 400) == {"GET /a": 3}
    assert late("/b", 400) == {}
    assert late("/a", 400, lag=250) == {}


def test_what_was_said_travels_with_the_figures_and_is_no_request(monkeypatch):
    recorder = Recorder()
    monkeypatch.setattr("time.time", lambda: START + 0.5)
    recorder.on_request("GET", "/a", 5.0, {"role": "admin"}, ValueError("x" * 999))
    rows = recorder.drain(everything=True)
    assert sorted(row[1:4] for row in rows) == [["GET /a", SAID, "ValueError"], ["admin", "GET", "/a"]]
    store = MetricsStore(lambda: START)
    store.add(rows)
    assert store.requests == 1
    assert [row for row, _ in store.rows()] == [("admin", "GET", "/a")]


def test_an_empty_run_has_none():
    assert incidents_of(MetricsStore(), LoadPlan()) == []


INCIDENT = Incident("slow", "2026-01-01T10:00:30+00:00", "2026-01-01T10:00:50+00:00", 30, 20, 9, 9, normal_after=2)


def test_recovery_is_the_time_from_the_crowds_leaving_until_all_is_normal():
    assert recovery_of([INCIDENT], None) is None
    assert recovery_of([], (25.0, 40.0)) == Recovery(40, 0)
    assert recovery_of([INCIDENT], (25.0, 40.0)) == Recovery(40, 12)
    assert recovery_of([INCIDENT], (60.0, 90.0)) == Recovery(90, 0)
    stuck = recovery_of([replace(INCIDENT, normal_after=None)], (25.0, 40.0))
    assert reasons_of_recovery(stuck, lasted=100.0) == [
        "it did not recover: 60 s after the crowd had left, it was not itself again"
    ]


def test_nobody_is_accused_of_what_the_generator_may_have_done():
    assert incidents_to_tell([INCIDENT], ["no request was sent"]) == [INCIDENT]
    assert incidents_to_tell([INCIDENT], ["the load generator lagged: 900 ms (p99) above 100 ms on x"]) == []


class Monitored:
    """A run as its alarm sees it, second by second."""

    distributed = False

    def __init__(self):
        self.now = START + 0.5
        self.store = MetricsStore(lambda: self.now)
        self.store.reached_its_users()
        self.state = RunState()
        self.environment = SimpleNamespace()

    def go(self, alarm, seconds, failing=False):
        text = "could not connect: Connection refused"
        for _ in range(seconds):
            second = int(self.now)
            rows = [["", "LAG", "me", [1000, 20], []]]
            rows += [["patient", "GET", "/a", *([[], [1000, 9]] if failing else [[5000, 9], []])]]
            rows += [["GET /a", SAID, text, [], [1000, 9]]] if failing else []
            self.store.saw_users(10)
            self.store.add([[second, *row] for row in rows])
            self.now += 1
            alarm(self)


def test_the_log_and_the_live_line_tell_when_one_begins_and_when_it_is_over(monkeypatch, caplog):
    caplog.set_level("WARNING")
    run, alarm = Monitored(), IncidentAlarm()
    monkeypatch.setattr("time.time", lambda: run.now)
    run.go(alarm, 40)
    assert (run.state.incident, caplog.messages) == ("", [])
    run.go(alarm, 6, failing=True)
    assert run.state.incident == "Since 13:47:20 nothing could connect"
    assert standing(run) == "INCIDENT: Since 13:47:20 nothing could connect"
    run.go(alarm, 20)
    assert run.state.incident == ""
    assert caplog.messages == [
        "Incident: Since 13:47:20 nothing could connect",
        "Incident over: From 13:47:20 to 13:47:26 (6 s) nothing could connect; 54 requests failed; "
        "it was back to normal within 1 s",
    ]
    run.go(alarm, 30)
    run.go(alarm, 5, failing=True)
    assert len(caplog.messages) == 3


def test_the_bands_of_incidents_are_in_every_chart_over_time(tmp_path):
    folder = written_run(tmp_path / "run", incidents=[INCIDENT])
    page = (folder / "report.html").read_text("utf-8")
    assert page.count('class="band incident"') >= 4
    assert '<span class="key incident">incident</span>' in page
    assert "0 % of the requests" not in page
    assert "<h2>Incidents</h2>" in page
    assert 'class="band incident"' not in (written_run(tmp_path / "quiet") / "report.html").read_text("utf-8")
