"""What a run leaves behind: verdict.json read back, junit.xml by junitparser, verdict.md as a pull request shows it."""

import re
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest
from junitparser import JUnitXml

from config.budget_file import Budget
from reporting.metrics.measurements import Figures, Measured, Times
from reporting.past_runs import read_run, read_timeline, read_verdict
from reporting.verdict.budgets import Judged, breaches
from reporting.verdict.model import Capacity, Failure, Step, Verdict
from reporting.verdict.wording import describe, limit_text, rate, title
from reporting.views.console import console
from reporting.views.junit import junit
from reporting.views.live import worst
from reporting.views.markdown import markdown
from reporting.views.page import page
from reporting.views.run_files import write, write_files
from reporting.views.terminal import from_here
from tests.written_runs import written_run

LIMITS = [
    Budget("everything", "", "p95", 20000),
    Budget("endpoint", "GET /a", "p99", 1),
    Budget("role", "admin", "failure_ratio", 0.005),
]


@pytest.fixture
def folder(tmp_path):
    folder = written_run(tmp_path / "run", verdict="fail", limits=LIMITS)
    verdict = read_verdict(folder)
    verdict = msgspec.structs.replace(verdict, reasons=list(map(describe, breaches(verdict.budgets))))
    write_files(folder, verdict, read_timeline(folder))
    return folder


def test_a_verdict_is_read_back_as_it_was(folder):
    found = Capacity(30, 29.5, "everything p95", 15, [Step(30, Figures(), False, ["everything p95"])])
    more = {"capacity": found, "baseline": "light-1", "errors": [Failure("GET /a", "é\n", 3)]}
    verdict = msgspec.structs.replace(read_verdict(folder), **more)
    write_files(folder, verdict, read_timeline(folder))
    assert read_verdict(folder) == verdict
    assert verdict.exit_code == 1
    assert [budget.ok for budget in verdict.budgets] == [True, False, True]
    assert verdict.roles["admin"].steady.requests == verdict.roles["patient"].steady.requests > 0


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "verdict.json"
    write(path, b"old")

    def full_disk(path, content):
        with path.open("wb") as file:
            file.write(content[:1])
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    with pytest.raises(OSError, match="No space"):
        write(path, b"new")
    assert path.read_bytes() == b"old"
    monkeypatch.undo()
    write(path, b"new")
    assert [(left.name, left.read_bytes()) for left in tmp_path.iterdir()] == [("verdict.json", b"new")]


def test_junit_has_one_case_per_budget(folder):
    suites = JUnitXml.fromfile(str(folder / "junit.xml"))
    assert (suites.tests, suites.failures, suites.errors, suites.skipped) == (4, 1, 0, 0)
    failed = [case.name for suite in suites for case in suite if case.result]
    assert failed == ["GET /a p99"]
    assert ElementTree.parse(folder / "junit.xml").find("testsuite").get("time") == "65"


def test_junit_of_an_invalid_run_has_an_error_and_judges_nothing(folder):
    verdict = msgspec.structs.replace(read_verdict(folder), verdict="invalid", reasons=["a & b <c>"])
    suites = JUnitXml.fromstring(junit(verdict))
    assert (suites.tests, suites.failures, suites.errors, suites.skipped) == (4, 0, 1, 3)
    (case,) = [case for suite in suites for case in suite if case.name == "the run is valid"]
    assert case.result[0].message == "a & b <c>"


def test_junit_shows_what_is_no_budget(folder):
    kept = [msgspec.structs.replace(budget, ok=True) for budget in read_verdict(folder).budgets]
    verdict = msgspec.structs.replace(read_verdict(folder), reasons=["worse than last: p95"], budgets=kept)
    suites = JUnitXml.fromstring(junit(verdict))
    assert (suites.tests, suites.failures) == (5, 1)


def test_junit_shows_what_is_no_budget_beside_a_broken_one(folder):
    verdict = read_verdict(folder)
    verdict = msgspec.structs.replace(verdict, reasons=[*verdict.reasons, "records were left behind: 2 file"])
    suites = JUnitXml.fromstring(junit(verdict))
    assert (suites.tests, suites.failures) == (5, 2)
    (case,) = [case for suite in suites for case in suite if case.name == "nothing else speaks against it"]
    assert case.result[0].message == "records were left behind: 2 file"


def test_markdown_is_ready_for_a_pull_request(folder):
    failure = Failure("GET /a", "expected <html> |\ngot", 3)
    verdict = msgspec.structs.replace(read_verdict(folder), errors=[failure])
    text = markdown(verdict)
    assert re.match(
        r"# FAIL light: it did not keep its budgets\n\n- GET /a p99: \d+ ms, allowed is at most 1 ms\n", text
    )
    assert "| GET /a p99 | at most 1 ms |" in text
    assert "| **broken** |" in text
    assert "| 3 | API | GET /a | expected &lt;html> \\| got |" in text
    assert f"| admin | {verdict.roles['admin'].steady.requests:,} |" in text
    tables = [table.splitlines() for table in text.split("\n\n") if table.startswith("|")]
    assert [len({len(re.findall(r"(?<!\\)\|", row)) for row in table}) for table in tables] == [1, 1, 1]


def test_without_reasons_no_line_is_left_empty_twice(folder):
    text = markdown(msgspec.structs.replace(read_verdict(folder), verdict="pass", reasons=[]))
    assert "\n\n\n" not in text


def test_journeys_are_done_and_not_requests(folder):
    verdict = msgspec.structs.replace(read_verdict(folder), journeys={"book": Measured(Figures(3, 0, 9.8))})
    assert "| journey | done | req/s |" in markdown(verdict)
    assert "| book | 3 | 9.80 | 0 |" in markdown(verdict)
    written = page(verdict, read_run(folder).timeline)
    assert "<th>done</th>" in written[written.index('id="journeys"') : written.index('id="beside-the-steady-state"')]


@pytest.mark.parametrize(
    ("figures", "words"),
    [(Figures(5), "-"), (Figures(), "0.00"), (Figures(4, 0, 1.0), "1.00"), (Figures(9, 0, 1234.5), "1,234.50")],
)
def test_rates_are_written_alike_and_what_has_none_gets_a_dash(figures, words):
    assert rate(figures) == words


@pytest.mark.parametrize("reason", ["it drifts", "worse than light-1", "aborted after 31 s of steady state"])
def test_a_run_that_kept_its_budgets_is_not_said_to_have_broken_them(folder, reason):
    broken = msgspec.structs.replace(read_verdict(folder), reasons=[f"{reason}: everything p50: 4 before, 9 now"])
    assert title(broken) == "light: it did not keep its budgets"
    kept = [msgspec.structs.replace(budget, ok=True) for budget in broken.budgets]
    failed = msgspec.structs.replace(broken, budgets=kept)
    assert title(failed) == f"light: {reason}"
    assert markdown(failed).startswith(f"# FAIL light: {reason}\n")
    told = f"<h1>The API did not pass with 10 users: {reason}: everything p50: 4 before, 9 now.</h1>"
    assert told in page(failed, read_run(folder).timeline)


def test_a_run_without_a_scenario_has_a_name(folder):
    verdict = msgspec.structs.replace(read_verdict(folder), scenario=None, verdict="pass")
    assert title(verdict) == "ad hoc run: every budget was kept"


def test_a_path_is_told_as_one_would_type_it(folder, monkeypatch):
    monkeypatch.chdir(folder.parent)
    assert from_here(folder) == Path("run")
    monkeypatch.chdir(folder)
    assert from_here(folder.parent / "other") == folder.parent / "other"


def test_lines_for_people_are_not_coloured_in_pieces(monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    console().print("Results: /my results/light-20260101T100000Z", markup=False)
    assert capsys.readouterr().out == "Results: /my results/light-20260101T100000Z\n"


def test_a_search_tells_what_it_found(folder):
    figures = Figures(100, 0, 29.5, Times(10, 20, 30), Times(10, 20, 30))
    found = Capacity(30, 29.5, "everything p95", 15, [Step(30, figures, True)])
    verdict = msgspec.structs.replace(read_verdict(folder), verdict="pass", capacity=found)
    assert title(verdict) == "light: holds 30 users within budget, at 29.5 requests/s; first to break: everything p95"


@pytest.mark.parametrize(
    ("metric", "limit", "words"),
    [
        ("p95", 1500, "at most 1,500 ms"),
        ("failure_ratio", 0.005, "at most 0.5 %"),
        ("min_rate", 2.5, "at least 2.5 req/s"),
        ("min_requests", 100, "at least 100 requests"),
    ],
)
def test_limits_are_worded_for_people(metric, limit, words):
    assert limit_text(Judged("everything", "", metric, limit, None, False)) == words


def test_the_worst_budget_is_the_most_strained():
    near = Judged("role", "admin", "p95", 100, 90, True)
    far = Judged("everything", "", "p95", 1000, 90, True)
    assert worst([far, near]) == "admin p95 90 of at most 100 ms"
    assert worst([]) == "no budget measured yet"


def test_every_field_of_the_verdict_is_explained():
    text = (Path(__file__).resolve().parents[2] / "docs" / "verdict.md").read_text("utf-8")
    explained = set(re.findall(r"`(\w+)`", "\n".join(line.split("|")[1] for line in text.splitlines() if "|" in line)))
    assert set(Verdict.__struct_fields__) <= explained
