"""Others' private parts that the suite uses are still what they were; a failure names what a new version has broken."""

from locust import TaskSet, User, main, stats, tag, task
from locust.contrib.fasthttp import FastHttpSession, LocustUserAgent
from locust.env import Environment
from locust.event import Events
from locust.runners import WorkerNode
from locust.web import WebUI

import inspect
import socket
from types import SimpleNamespace

import gevent
import pytest
from gevent import pywsgi

from internals import of_gevent, of_geventhttpclient, of_locust
from sandbox.keep_alive import KeepAliveHandler
from tests.processes import PATIENCE

PARTS = (of_gevent, of_geventhttpclient, of_locust)


class Walker(User):
    fixed_count = 0

    @tag("read")
    @task(3)
    def walk(self):
        while True:
            gevent.sleep(0.01)


@pytest.fixture
def environment():
    return Environment(user_classes=[Walker], events=Events())


@pytest.fixture
def runner(environment):
    runner = environment.create_local_runner()
    yield runner
    runner.quit()


def test_a_user_that_waits_is_ended_at_once_and_one_at_work_is_not(environment):
    ended = []
    for put_it in (of_locust.now_waiting, of_locust.now_running):
        user = Walker(environment)
        user.start(gevent.pool.Group())
        gevent.sleep(0.05)
        put_it(user)
        assert of_locust.is_running(user) is (put_it is of_locust.now_running)
        ended.append(user.stop(force=False))
        assert of_locust.is_stopping(user) is (put_it is of_locust.now_running)
        user.stop(force=True)
    assert ended == [True, False]


def test_a_task_knows_its_weight_and_its_tags():
    assert (of_locust.weight_of(Walker.walk), of_locust.tags_of(Walker.walk)) == (3, {"read"})
    assert (of_locust.weight_of(print), of_locust.tags_of(print)) == (0, frozenset())


def test_a_task_set_knows_its_user():
    assert isinstance(TaskSet.user, property)


def test_tags_can_be_applied_before_locust_does(environment):
    environment.exclude_tags = ["read"]
    of_locust.filter_tasks_by_tags(environment)
    assert Walker.tasks == []
    Walker.tasks = [Walker.walk] * 3


def test_users_are_counted_by_class(runner):
    assert of_locust.has_no_test_yet(runner)
    assert not of_locust.is_testing(runner)
    runner.start(2, 2)
    with gevent.Timeout(PATIENCE):
        while runner.user_count < 2:
            gevent.sleep(0.01)
    assert of_locust.is_testing(runner)
    assert of_locust.users_by_class(runner) == of_locust.users_wanted_by_class(runner) == {"Walker": 2}
    runner.stop()
    assert not of_locust.has_no_test_yet(runner)


def test_a_master_counts_the_users_that_workers_report_and_the_workers_it_sees(environment):
    master = environment.create_master_runner("127.0.0.1", 0)
    try:
        for name, state in (("here", "running"), ("gone", "missing")):
            master.clients[name] = WorkerNode(name, state)
        master.clients["here"].user_classes_count = {"Walker": 4}
        assert of_locust.present_workers(master) == {"here"}
        assert of_locust.users_by_class(master) == {"Walker": 4}
    finally:
        master.quit()


def test_a_web_ui_is_served_once_it_is_started(environment, monkeypatch):
    monkeypatch.setattr("sys.argv", ["locust"])
    environment.create_local_runner()
    web_ui = WebUI(environment, "127.0.0.1", 0, delayed_start=True)
    assert not of_locust.is_served(web_ui)
    web_ui.start()
    try:
        assert of_locust.is_served(web_ui)
        with gevent.Timeout(PATIENCE):
            while web_ui.server is None:
                gevent.sleep(0.01)
    finally:
        web_ui.stop()
        environment.runner.quit()


def test_rows_are_counted_outside_of_the_totals(environment):
    of_locust.row(environment, "JOURNEY", "go home").log(12, 0)
    of_locust.count_failure(environment, "JOURNEY", "go home", ValueError("lost"))
    of_locust.count_failure(environment, "JOURNEY", "go home", ValueError("lost"))
    assert of_locust.requests_of(environment, "JOURNEY", "go home") == 1
    assert of_locust.requests_of(environment, "GET", "/never") == 0
    assert of_locust.row_counts(environment) == {"JOURNEY go home": (1, 2)}
    assert environment.stats.total.num_requests == environment.stats.total.num_failures == 0
    (failure,) = of_locust.failures(environment)
    assert (failure.method, failure.name, failure.times) == ("JOURNEY", "go home", 2)
    assert "lost" in failure.text
    assert [row["name"] for row in of_locust.rows_as_json(environment)] == ["go home"]


def test_the_cells_of_locusts_csv_files_are_written_by_methods_that_can_be_wrapped():
    names = {name for _, name in of_locust.CSV_ROWS}
    assert {"_requests_data_rows", "_failures_data_rows", "_exceptions_data_rows"} <= names
    assert "_stats_history_data_rows" in names
    for owner, name in of_locust.CSV_ROWS:
        assert next(iter(list(inspect.signature(getattr(owner, name)).parameters)[1:])) == "csv_writer", name
    assert all(hasattr(of_locust.CsvWriter, name) for name in ("stats_writer", "close_files"))


def test_locusts_main_writes_the_files_that_the_suite_takes_over(monkeypatch):
    source = inspect.getsource(main)
    assert "stats.save_stats_json(runner.stats, options.json_file)" in source
    assert "if options.html_file:" in source
    monkeypatch.setattr(stats, "save_stats_json", stats.save_stats_json)
    of_locust.without_json()
    assert stats.save_stats_json(None, "never") is None


def test_every_request_of_locusts_agent_passes_one_method(monkeypatch):
    asked = []
    monkeypatch.setattr(of_locust.HookedUserAgent, "send", lambda _, request: asked.append(request.url_split))
    agent = of_locust.HookedUserAgent(insecure=True, ssl_context_factory=of_locust.unverified_tls)
    agent._urlopen(SimpleNamespace(url_split=of_geventhttpclient.URL("http://127.0.0.1:9/x")))
    assert [(url.scheme, url.host, url.port) for url in asked] == [("http", "127.0.0.1", 9)]
    assert "self._urlopen(req)" in inspect.getsource(inspect.getmodule(LocustUserAgent.__mro__[1]))


def test_a_hand_written_session_reports_through_the_event_it_is_given():
    assert "request_event" in inspect.signature(FastHttpSession.__init__).parameters


def test_the_loop_wakes_who_waits_for_bytes_or_for_a_time():
    ours, theirs = socket.socketpair()
    hub, watcher = gevent.get_hub(), of_gevent.readable(ours.fileno())
    timer = of_gevent.timer(0.01)
    try:
        theirs.sendall(b"x")
        hub.wait(watcher)
        assert ours.recv(1) == b"x"
        timer.again(gevent.getcurrent().throw, TimeoutError, update=True)
        with pytest.raises(TimeoutError):
            hub.wait(watcher)
    finally:
        for used in (watcher, timer):
            used.stop()
            used.close()
        ours.close()
        theirs.close()


@pytest.mark.parametrize("poll", [True, False], ids=["poll", "select, as on Windows"])
def test_the_kernel_tells_without_waiting_whether_there_is_something_to_read(monkeypatch, poll):
    if not poll:
        monkeypatch.delattr(of_gevent.select, "poll", raising=False)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        has_news = of_gevent.news_of(ours.fileno())
        assert not has_news()
        theirs.sendall(b"x")
        assert has_news()


def test_the_sandboxs_connections_override_what_gevents_server_calls():
    source = inspect.getsource(pywsgi)
    for name in ("read_requestline", "get_environ", "process_result", "_sendall", "finalize_headers"):
        assert f"self.{name}(" in source, name
        assert name in vars(KeepAliveHandler), name


def test_an_exception_reaches_a_greenlet_that_waits():
    waiting = gevent.spawn(gevent.sleep, PATIENCE)
    gevent.sleep(0)
    of_gevent.throw_soon(waiting, gevent.GreenletExit("now"))
    assert str(waiting.get(timeout=PATIENCE)) == "now"


def test_the_systems_own_sockets_are_no_gevent_ones():
    made = of_gevent.system_socket()
    try:
        assert type(made) is socket.socket.__mro__[-2] or not hasattr(made, "_hub")
    finally:
        made.close()
