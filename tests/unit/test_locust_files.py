"""Locust's own files, written by the suite in the end."""

from locust import stats
from locust.env import Environment
from locust.event import Events

import json
from argparse import Namespace

import gevent
import pytest

from reporting.views.locust_files import take_over


@pytest.fixture
def environment(monkeypatch, tmp_path):
    """A run that is to leave all of Locust's files."""
    for owner, names in ((stats, ["save_stats_json"]), (stats.StatsCSVFileWriter, ["stats_writer", "close_files"])):
        for name in names:
            monkeypatch.setattr(owner, name, getattr(owner, name))
    options = Namespace(html_file=str(tmp_path / "a" / "r-{u}.html"), json_file=str(tmp_path / "a" / "r"))
    options.num_users, options.spawn_rate, options.run_time = 3, 1, 5
    environment = Environment(events=Events(), parsed_options=options)
    environment.create_local_runner()
    yield environment
    environment.runner.quit()


def test_what_locust_would_write_is_written(environment, tmp_path):
    write = take_over(environment, pytest.fail)
    environment.stats.log_request("GET", "/x", 5, 7)
    assert (environment.parsed_options.html_file, environment.parsed_options.json_file) == (None, "r")
    write()
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["r-3.html", "r.json"]
    assert "<title>Locust" in (tmp_path / "a" / "r-3.html").read_text("utf-8")
    written = json.loads((tmp_path / "a" / "r.json").read_text("utf-8"))
    assert [(row["name"], row["num_requests"]) for row in written] == [("/x", 1)]
    assert environment.stats.get("/x", "GET").num_requests == 1, "others still read it"
    assert written == json.loads(json.dumps(environment.stats.serialize_stats())), "as Locust itself would"


def test_nothing_is_written_into_closed_files(environment, tmp_path, monkeypatch):
    """The process may wait for its workers after its files are closed."""
    monkeypatch.setattr(stats, "CSV_STATS_INTERVAL_SEC", 0.01)
    take_over(environment, pytest.fail)
    sheet = stats.StatsCSVFileWriter(environment, [0.5], str(tmp_path / "run"))
    writing = gevent.spawn(sheet.stats_writer)
    gevent.sleep(0.05)
    assert not writing.dead
    sheet.close_files()
    gevent.sleep(0.05)
    assert writing.dead
    assert writing.exception is None


def test_files_that_cannot_be_written_are_told_and_the_others_closed(environment, tmp_path):
    told = []
    take_over(environment, told.append)
    sheet = stats.StatsCSVFileWriter(environment, [0.5], str(tmp_path / "run"))
    files = [value for name, value in vars(sheet).items() if name.endswith("_filehandle")]
    files[0].close()
    full = sheet.requests_csv_filehandle = open("/dev/full", "w")  # noqa: SIM115 - closed by what is tested
    full.write("x")
    sheet.close_files()
    assert [failure.strerror for failure in told] == ["No space left on device"]
    assert all(file.closed for file in files[1:])
