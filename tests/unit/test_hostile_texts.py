"""Whatever the API says: every file is valid, shows it, and obeys none of it."""

from locust import stats
from locust.env import Environment
from locust.event import Events

import csv
import io
from collections import Counter
from html.parser import HTMLParser
from xml.etree import ElementTree

import msgspec
import pytest
from junitparser import JUnitXml

from commands.provision_command import new_password
from reporting.metrics.recorder import Recorder
from reporting.past_runs import read_timeline, read_verdict
from reporting.verdict.model import Failure, in_visible_characters
from reporting.views.locust_files import make_cells_safe, safe_cell
from reporting.views.markdown import markdown
from reporting.views.page import HERE
from reporting.views.run_files import write_files
from tests.written_runs import written_run

HOSTILE = [
    "\x1b[2J\x07\x00\x9b31m\x7f",
    "two\r\nlines\u2028and\x85more",
    "half a character \ud800 \udfff",
    "turned \u202earound",
    "<script>alert(1)</script>&amp;]]>-->\"'",
    "[click](javascript:alert(1)) ![x](http://x) `code` **bold** | cell\\",
    "=cmd|' /C calc'!A0",
    "\ufffe\uffff",
]


@pytest.fixture(params=range(len(HOSTILE)))
def text(request):
    return HOSTILE[request.param]


@pytest.fixture
def folder(tmp_path, text):
    """The files of a run whose failure, reason and endpoint are all such a text."""
    folder = written_run(tmp_path / "run", verdict="fail")
    verdict = read_verdict(folder)
    told = {"reasons": [text], "errors": [Failure(text, text, 3)], "endpoints": {text: verdict.everything}}
    verdict = in_visible_characters(msgspec.structs.replace(verdict, **told))
    write_files(folder, verdict, read_timeline(folder))
    return folder


def test_every_file_is_valid_and_shows_the_text(folder, text):
    shown = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)
    assert read_verdict(folder).errors == [Failure(shown, shown, 3)]
    assert len(JUnitXml.fromfile(str(folder / "junit.xml"))) == 1
    (failure,) = ElementTree.parse(folder / "junit.xml").iter("failure")
    assert failure.text == shown
    page = Texts()
    page.feed((folder / "report.html").read_text("utf-8"))
    assert page.tags["script"] == 1, "the report's own"
    assert (HERE / "report.js").read_text("utf-8") in page.texts
    assert shown in page.texts


class Texts(HTMLParser):
    """The elements of a page, and its texts."""

    def __init__(self):
        super().__init__()
        self.tags, self.texts = Counter(), []

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1

    def handle_data(self, data):
        self.texts.append(data)


def test_no_file_holds_what_a_terminal_obeys(folder):
    for path in folder.iterdir():
        content = path.read_text("utf-8")
        assert [sign for sign in content if not sign.isprintable() and sign not in "\n\u200b\ufeff"] == [], path.name


def test_markdown_shows_signs_and_does_not_obey_them(tmp_path):
    verdict = read_verdict(written_run(tmp_path / "run", verdict="fail"))
    told = markdown(msgspec.structs.replace(verdict, reasons=["# [a](b) `c` *d* _e_ <f> | &lt; g_h"]))
    assert r"- \# \[a\](b) \`c\` \*d\* \_e\_ &lt;f> \| &amp;lt; g_h" in told.splitlines()


def test_the_name_of_a_row_is_counted_in_visible_characters():
    recorder = Recorder()
    recorder.on_request("GET", "/\x1b\ud800", 1)
    assert [row[3] for row in recorder.drain(everything=True)] == [r"/\x1b\ud800"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_of_a_csv_file_is_a_formula(text):
    make_cells_safe()
    make_cells_safe()
    environment = Environment(events=Events())
    environment.stats.log_request(text, text, 1, 1)
    environment.stats.log_error(text, text, text)
    written = io.StringIO(newline="")
    sheet = stats.StatsCSV(environment, [0.5])
    sheet.requests_csv(csv.writer(written))
    sheet.failures_csv(csv.writer(written))
    cells = [cell for row in csv.reader(io.StringIO(written.getvalue(), newline="")) for cell in row]
    assert f"'{text}" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


def test_other_cells_stay_as_they_are():
    assert [safe_cell(cell) for cell in (-1, -0.5, None, "N/A", "", "a=b")] == [-1, -0.5, None, "N/A", "", "a=b"]
    assert safe_cell("\ud800") == r"\ud800"


def test_a_password_that_is_made_is_no_formula_and_no_number():
    assert {new_password()[0] for _ in range(20)} == {"p"}
