"""Outliers: the slowest and the failed requests of each route, few, whole, without a secret, and asked once more."""

import re
from argparse import Namespace
from contextlib import closing, suppress
from types import SimpleNamespace

import msgspec
import pytest
from rich.console import Console

from access.curl import curl_line
from api.endpoints import CREATE_INSURER, CREATE_USER, DELETE_INSURER, LIST_PATIENTS, SIGN_IN, UPDATE_INSURER, WHO_AM_I
from api.failures import TaskCannotGoOn
from api.transport.tracing import Tracer
from api.transport.trail import MOST, Noticed, Trail, Undo
from commands.replay import Replay, account_of, read_outlier
from config.errors import SetupError
from config.values import a_share
from records.ledger import Ledger
from reporting.metrics.outliers import FAILED, SLOWEST, Outlier, OutlierBook, Step
from reporting.metrics.store import MetricsStore
from reporting.outlier_lines import outliers_of
from reporting.verdict.chosen_outliers import chosen_outliers
from reporting.verdict.fix_first import FixFirst
from reporting.verdict.model import Failure
from tests.scripted_server import ScriptedServer, ok
from tests.unit.test_client import PERSON, client_of
from tests.written_runs import written_run

USER = SimpleNamespace(context=lambda: {"role": "patient"}, account=SimpleNamespace(username="ana"))


def noticed(taken, failure="", endpoint=LIST_PATIENTS, trail=None, at=1_000_000.0):
    return Noticed(USER, endpoint, trail or Trail(), at, taken, failure, 10, "")


def book_of(*news):
    book = OutlierBook()
    for one in news:
        book.notice(one)
    return book


def test_of_each_route_the_slowest_are_kept_and_the_bar_rises():
    book = book_of(*(noticed(float(ms)) for ms in (5, 9, 7, 3, 8)), noticed(1.0, endpoint=WHO_AM_I))
    assert [one.taken for one in book.all() if one.route == str(LIST_PATIENTS)] == [9, 8, 7]
    assert book.bars == {id(LIST_PATIENTS): 7.0}
    book.forget()
    assert (book.all(), book.bars, book.drain()) == ([], {}, [])


def test_of_each_route_a_failure_of_each_kind_is_kept_and_not_more_than_a_few():
    book = book_of(*(noticed(1.0, f"reason {number % 5}") for number in range(20)))
    assert [one.failure for one in book.all()] == ["reason 0", "reason 1", "reason 2"]
    assert len(book.all()) == FAILED


def test_what_workers_tell_is_merged_and_told_once():
    one, other, all_of_them = book_of(noticed(5.0), noticed(3.0)), book_of(noticed(9.0), noticed(4.0)), OutlierBook()
    for worker in (one, other, one):
        all_of_them.merge(msgspec.msgpack.decode(msgspec.msgpack.encode(worker.drain())))
    assert [found.taken for found in all_of_them.all()] == [9, 5, 4]
    assert len(all_of_them.all()) == SLOWEST


def test_the_steps_of_its_task_come_along_without_passwords():
    trail = Trail()
    trail.begin("keep_the_users")
    trail.undo = Undo(DELETE_INSURER, {"x": 1})
    trail.add(CREATE_INSURER, "/insurers", b'{"nombre":"n"}')
    trail.has_made(7)
    trail.add(CREATE_USER, "/users", b'{"username":"a","password":"se\\"cret","newPassword" :"x"}')
    (found,) = book_of(noticed(9.0, endpoint=CREATE_USER, trail=trail)).all()
    assert (found.role, found.user, found.task) == ("patient", "ana", "keep the users")
    assert found.steps == [
        Step(str(CREATE_INSURER), "/insurers", '{"nombre":"n"}', 7, str(DELETE_INSURER), {"x": 1}),
        Step(str(CREATE_USER), "/users", '{"username":"a","password":"...","newPassword" :"..."}'),
    ]
    (sign_in,) = book_of(noticed(9.0, endpoint=SIGN_IN, trail=trail)).all()
    assert sign_in.steps == []


def test_a_trail_is_that_of_one_task_and_never_long():
    trail = Trail()
    for number in range(MOST + 3):
        trail.add(WHO_AM_I, f"/{number}", None)
    assert [target for _, target, _, _ in trail.sent] == [f"/{number}" for number in range(MOST, MOST + 3)]
    trail.begin("next")
    assert (trail.sent, trail.made, trail.task) == ([], {}, "next")


TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-0([01])")


@pytest.mark.parametrize(("share", "least", "most"), [(0.0, 0, 0), (0.25, 249, 251), (1.0, 1000, 1000)])
def test_a_traceparent_is_as_w3c_says_nobody_elses_and_sampled_as_often_as_asked(share, least, most):
    parts = [TRACEPARENT.fullmatch(tracer.next()).groups() for tracer in (Tracer(share),) for _ in range(1000)]
    assert len({trace for trace, _, _ in parts}) == 1000
    assert not any(set(span) == {"0"} for _, span, _ in parts)
    assert least <= sum(int(flag) for _, _, flag in parts) <= most
    assert Tracer(1).next() != Tracer(1).next()


@pytest.mark.parametrize(("text", "good"), [("0", True), ("1", True), ("0.01", True), ("1.1", False), ("-1", False)])
def test_a_share_is_a_number_from_0_to_1(text, good):
    if good:
        assert a_share(text) == float(text)
    else:
        with pytest.raises(Exception, match="cannot be used"):
            a_share(text)


class Witness:
    def __init__(self, bar):
        self.bars = {id(WHO_AM_I): bar}
        self.seen = []

    def notice(self, noticed):
        self.seen.append((str(noticed.endpoint), noticed.failure, noticed.size, noticed.traceparent))


def witnessed(answer, bar, tracer=None):
    """What a witness is told of one call, and the head of the request."""
    heads = []
    script = [lambda connection: heads.append(connection.recv(65536).decode()) or connection.sendall(answer)]
    with closing(ScriptedServer([script])) as server, closing(client_of(server.url)) as client:
        client.witness, client.tracer = Witness(bar), tracer
        with suppress(TaskCannotGoOn):
            client.call(WHO_AM_I)
        assert [target for _, target, _, _ in client.trail.sent] == [WHO_AM_I.path]
    return client.witness.seen, heads[0]


def test_the_client_tells_of_what_is_slower_than_the_bar_and_of_what_failed():
    assert witnessed(PERSON, bar=60_000.0)[0] == []
    assert len(witnessed(PERSON, bar=0.0)[0]) == 1
    ((route, failure, _, _),) = witnessed(ok(b"[]"), bar=60_000.0)[0]
    assert (route, failure[:8]) == (str(WHO_AM_I), "expected")


def test_a_traceparent_goes_over_the_wire_only_when_asked_for():
    ((_, _, _, told),), head = witnessed(PERSON, 0.0, Tracer(1.0))
    assert f"\r\ntraceparent: {told}\r\n" in head
    assert TRACEPARENT.fullmatch(told)
    assert "traceparent" not in witnessed(PERSON, 0.0)[1]


def test_a_curl_line_names_the_token_and_does_not_hold_it():
    line = curl_line("POST", "http://cms/api/x?a=b c", "patient", '{"it":"is"}')
    assert line == (
        "curl -i -X POST 'http://cms/api/x?a=b c' -H \"Authorization: Bearer $PATIENT_TOKEN\" "
        "-H 'Content-Type: application/json' -d '{\"it\":\"is\"}'"
    )


def test_slow_ones_of_the_ramp_are_left_out_and_ids_count_what_is_left():
    store = MetricsStore(lambda: 1_000_010.0)
    store.reached_its_users()
    trail = Trail()
    trail.add(LIST_PATIENTS, LIST_PATIENTS.path, None)
    for one in (
        noticed(9.0, at=1_000_005.0),
        noticed(8.0, at=1_000_020.0, trail=trail),
        noticed(1.0, "gone", at=1_000_005.0),
    ):
        store.outliers.notice(one)
    found = outliers_of(store, "http://cms")
    assert [(one.id, one.taken, one.failure) for one in found] == [("r1", 8, ""), ("r2", 1, "gone")]
    assert found[0].curl.startswith(f"curl -i -X GET http://cms{LIST_PATIENTS.path} -H ")
    assert found[1].curl == ""


def outlier(id, route, taken, failure="", steps=()):
    return Outlier(route, "patient", "ana", "a task", 1_000_000.0, taken, failure, 9, "", list(steps), id)


def test_the_report_shows_those_of_the_routes_to_fix_first_then_the_commonest_failures():
    found = [
        outlier("r1", "GET /a", 900),
        outlier("r2", "GET /b", 50),
        outlier("r3", "GET /a", 5, "x"),
        outlier("r4", "GET /b", 5, "y"),
    ]
    failures = [Failure("GET /a", "x", 1), Failure("GET /b", "y", 9)]
    shown = chosen_outliers(found, [FixFirst("GET /b", "", 1.0, 0.0)], failures)
    assert [one.id for one in shown] == ["r2", "r1", "r4", "r3"]
    assert shown[0].at == "1970-01-12T13:46:40.000+00:00"


def test_a_request_that_is_not_there_is_refused_and_others_are_named(tmp_path):
    with pytest.raises(SetupError, match=r"holds no outliers.json"):
        read_outlier(tmp_path, "r1")
    folder = written_run(tmp_path / "run")
    (folder / "outliers.json").write_bytes(msgspec.json.encode([outlier("r1", "GET /a", 9)]))
    assert read_outlier(folder, "r1")[0].taken == 9
    with pytest.raises(SetupError, match="the run has no request 'r7': name one of r1"):
        read_outlier(folder, "r7")
    (folder / "outliers.json").write_text("{")
    with pytest.raises(SetupError, match="cannot be read"):
        read_outlier(folder, "r1")


def test_a_user_that_is_not_known_here_cannot_ask_again():
    options = Namespace(accounts=None, patient_username=None, patient_password=None)
    with pytest.raises(SetupError, match="the patient 'ana' is not known here: name the run's accounts"):
        account_of(outlier("r1", "GET /a", 9), options)


def test_a_replay_sends_the_steps_with_the_ids_of_the_records_that_it_makes_itself(capsys):
    heads = []

    def answering(answer):
        return lambda connection: heads.append(connection.recv(65536).decode()) or connection.sendall(answer)

    made = b'{"id":55,"message":"m"}'
    script = [answering(ok(made).replace(b"200 OK", b"201 Created")), answering(ok(b"[]"))]
    path = CREATE_INSURER.path
    steps = [
        Step(str(CREATE_INSURER), path, '{"nombre":"n","password":"..."}', 7, str(DELETE_INSURER)),
        Step(str(UPDATE_INSURER), f"{path}/7?x=7", '{"id_aseguradora":7,"total":7}'),
    ]
    removed = []
    client = SimpleNamespace(call=lambda endpoint, **params: removed.append((endpoint, params)))
    person = SimpleNamespace(session=SimpleNamespace(token=lambda: "mine"), ledger=Ledger(), client=client)
    options = Namespace(insecure=False, connect_timeout=5, read_timeout=5, request_timeout=5, max_answer=10_000)
    with closing(ScriptedServer([script])) as server:
        replay = Replay(person, server.url, options, Console(soft_wrap=True))
        assert replay.repeat(outlier("r1", str(UPDATE_INSURER), 900, steps=steps)) == 1
    assert "..." not in heads[0]
    assert heads[1].startswith(f"PUT {path}/55?x=7 HTTP/1.1")
    assert heads[1].endswith('{"id_aseguradora":55,"total":7}')
    assert removed == [(DELETE_INSURER, {"id": 55})]
    told = capsys.readouterr().out
    assert "1/2 POST" in told
    assert "2/2 PUT" in told
    assert "then it was answered after 900 ms" in told
