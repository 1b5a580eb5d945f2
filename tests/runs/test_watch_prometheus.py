"""Watching with a real Prometheus: its series stand beside those of the run, and what cannot be asked is refused."""

import http.server
import os
import shutil
import threading
import time
from contextlib import contextmanager

import pytest

from config.errors import SetupError
from config.watch_file import series_queries
from reporting.metrics.resources import ResourceBook, Span
from run.watch_prometheus import PrometheusSource
from tests.processes import PATIENCE, Process, clean_environment, free_port, wait_for_port

SCRAPE = """
global: {{scrape_interval: 1s}}
scrape_configs:
  - job_name: api
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""
WATCH = """
window = "5s"
[[series]]
name = "heap of {instance}"
unit = "MB"
full = 200
query = 'nodejs_heap_size_used_bytes / 1048576'
[[series]]
name = "requests of {job}"
unit = "/s"
query = 'rate(http_requests_total[$window])'
[[series]]
name = "nobody has this"
unit = ""
query = 'nobody_has_this'
"""


class Exporter(http.server.BaseHTTPRequestHandler):
    """What prom-client shows of a Node.js process."""

    def do_GET(self):
        self.server.asked += 1
        body = f"nodejs_heap_size_used_bytes 104857600\nhttp_requests_total {10 * self.server.asked}\n".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextmanager
def served(handler=Exporter):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.asked = 0
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory):
    """Its URL, once it has looked a few times."""
    program = shutil.which("prometheus")
    if program is None:
        missing = "no Prometheus: it is not on the PATH"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    folder, port = tmp_path_factory.mktemp("prometheus"), free_port()
    with served() as exporter:
        (folder / "prometheus.yml").write_text(SCRAPE.format(port=exporter.server_port), "utf-8")
        words = (f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data")
        command = [program, *words, f"--web.listen-address=127.0.0.1:{port}"]
        with Process(command, clean_environment(), folder):
            wait_for_port(port)
            deadline = time.monotonic() + PATIENCE
            while exporter.asked < 4:
                assert time.monotonic() < deadline
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"


@pytest.fixture
def watch(tmp_path):
    path = tmp_path / "watch.toml"
    path.write_text(WATCH, "utf-8")
    return path


def test_its_series_stand_under_the_time_of_the_run(prometheus, watch):
    source, book = PrometheusSource(prometheus, "", watch), ResourceBook()
    source.start()
    now = time.time()
    source.begin(now - 60)
    source.finish(book, Span(now - 60, None, now))
    heap, requests = book.all()
    assert (heap.name.partition(":")[0], heap.unit, heap.full, heap.most) == ("heap of 127.0.0.1", "MB", 200, 100)
    assert 50 <= heap.points[-1][0] <= 60
    assert requests.name == "requests of api"
    assert requests.most > 0
    assert source.findings() == []


def test_a_run_shows_them_beside_its_own(run, prometheus, sandbox, tmp_path):
    words = ("--watch-prometheus", prometheus)
    result = run(*words, host=sandbox.url, users=5, seconds=6)
    assert result.code in (0, 1), result.output
    most = result.verdict["watched"]["most"]
    assert any(name.startswith("heap of 127.0.0.1:") for name in most), most
    (folder,) = (tmp_path / "results").iterdir()
    assert '"heap of 127.0.0.1:' in (folder / "history.json").read_text("utf-8")
    assert "heap of 127.0.0.1:" in (folder / "report.html").read_text("utf-8")


class Elsewhere(Exporter):
    """Sends on to where no one may go, or answers as no Prometheus does."""

    def do_GET(self):
        self.server.asked += 1
        self.send_response(302)
        self.send_header("Location", "http://192.0.2.1/")
        self.send_header("Content-Length", "0")
        self.end_headers()


def test_what_cannot_be_asked_is_refused_in_one_line(prometheus, watch):
    with pytest.raises(SetupError, match=r"neither this machine nor in a private network"):
        PrometheusSource("http://192.0.2.1:9090", "", watch).start()
    with pytest.raises(SetupError, match=r"^--watch-prometheus http://127.0.0.1:1: it does not answer \(Conn"):
        PrometheusSource("http://127.0.0.1:1", "", watch).start()
    with served(Elsewhere) as server, pytest.raises(SetupError, match=r"it answers 302, and not as a Prometheus does"):
        PrometheusSource(f"http://127.0.0.1:{server.server_port}", "", watch).start()
    watch.write_text('[[series]]\nname = "x"\nunit = ""\nquery = "nobody_has_this"\n', "utf-8")
    with pytest.raises(SetupError, match=r"has none of the series of .*watch.toml: write queries for what yours has"):
        PrometheusSource(prometheus, "", watch).start()
    watch.write_text('[[series]]\nname = "x"\nunit = ""\nquery = "rate("\n', "utf-8")
    with pytest.raises(SetupError, match=r"it refuses a query \(.*parse error.*\): correct the URL, or "):
        PrometheusSource(prometheus, "", watch).start()
    watch.write_text('[[series]]\nname = "x"\n', "utf-8")
    with pytest.raises(SetupError, match=r"watch.toml: .*`unit`.*: write \[\[series\]\] with a name, a unit"):
        PrometheusSource(prometheus, "", watch).start()


def test_a_prometheus_that_is_gone_at_the_end_is_told(watch, monkeypatch):
    source = PrometheusSource("http://127.0.0.1:1", "", watch)
    monkeypatch.setattr(source, "_queries", series_queries(watch))
    source.finish(ResourceBook(), Span(0, None, 10))
    assert source.findings()[0].startswith("Prometheus could not be asked after the load: it does not answer (")
