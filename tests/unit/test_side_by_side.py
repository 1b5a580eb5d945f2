"""A duet's judgement: the right rows are named, and what could not be compared is not called equal."""

import io
import math
import random
from dataclasses import replace

import pytest
from rich.console import Console

from reporting.metrics.measurements import Figures, Times
from reporting.metrics.pairs import Answered, Cell
from reporting.metrics.subjects import ALL, ENDPOINT, ROLE
from reporting.past_runs import read_verdict
from reporting.verdict.duet_report import DuetData
from reporting.verdict.duet_texts import duet_lines, nothing_was_compared, reasons_of_duet
from reporting.verdict.one_sentence import answer
from reporting.verdict.side_by_side import duet_report
from reporting.views.terminal import print_summary
from tests.written_runs import written_run

SECONDS = 60
FAST, SLOW = "GET /fast", "GET /slow"
FIGURES = Figures(ok=Times(p50=20.0, p95=40.0))


def pairs_of(factor=1.0, per_second=5, fails=lambda second: (False, False), late=0.0, seed=1, seconds=SECONDS):
    """What pairs of a NEW that is `factor` times as slow come to; of a share of them it is `late` by far."""
    rng, cells = random.Random(f"{seed}{factor}{late}"), []
    for second in range(seconds):
        cell = Cell()
        for number in range(per_second):
            new = 20 * factor * math.exp(rng.gauss(0, 0.05)) * (10 if rng.random() < late else 1)
            failed = fails(second) if number == 0 else (False, False)
            cell.count(Answered(new, failed[0]), Answered(20.0, failed[1]), bool((number + second) % 2))
        cells.append(cell)
    return cells


def merged(*parts):
    whole = [Cell() for _ in parts[0]]
    for part in parts:
        for cell, other in zip(whole, part, strict=True):
            cell.add(other)
    return whole


def data_of(fast, slow):
    whole = merged(fast, slow)
    pairs = {ALL: whole, (ROLE, "patient"): whole, (ENDPOINT, FAST): fast, (ENDPOINT, SLOW): slow}
    return DuetData("http://old:5000", pairs=pairs, old=dict.fromkeys(pairs, FIGURES))


def report_of(fast, slow):
    data = data_of(fast, slow)
    return duet_report(data, dict.fromkeys(data.pairs, FIGURES))


def test_equal_hosts_are_no_worse_and_the_report_says_what_it_would_have_shown():
    report = report_of(pairs_of(), pairs_of(seed=2))
    assert (report.worse, report.better, reasons_of_duet(report), nothing_was_compared(report)) == ([], [], [], [])
    first, second, *_ = duet_lines(report)
    assert first.startswith("Duet: everything ")
    assert first.endswith("beside OLD, http://old:5000, in 600 pairs")
    assert second.startswith("Duet: it would have shown that NEW is slower: everything by +")
    assert 0.01 <= report.everything.would_show < 0.1


def test_the_route_that_became_slower_is_named_and_no_other():
    report = report_of(pairs_of(), pairs_of(1.2))
    (reason,) = [reason for reason in reasons_of_duet(report) if "GET" in reason]
    assert reason.startswith(f"slower than OLD: {SLOW} +")
    assert reason.endswith(" %) in 300 pairs")
    assert [row.name for row in report.rows if row.kind == ENDPOINT and not row.worse] == [FAST]
    assert report.rows[-1].interval.low < 0.2 < report.rows[-1].interval.high


def test_what_became_faster_is_no_reason_to_fail():
    report = report_of(pairs_of(0.8), pairs_of(0.8, seed=2))
    assert reasons_of_duet(report) == []
    assert {row.name for row in report.better} == {"", "patient", FAST, SLOW}
    assert any("Duet: better than OLD: everything faster" in line for line in duet_lines(report))


def test_a_difference_that_is_no_matter_is_none_however_sure_it_is():
    same = [Cell() for _ in range(SECONDS)]
    for cell in same:
        for first in (True, False) * 5:
            cell.count(Answered(20.15), Answered(20.0), first)
    assert report_of(same, same).worse == []
    quick = data_of(pairs_of(1.1), pairs_of(1.1, seed=2))
    quick = replace(quick, old=dict.fromkeys(quick.pairs, Figures(ok=Times(p50=0.4))))
    assert duet_report(quick, {}).worse == []


def test_a_few_very_late_answers_are_found_though_most_are_as_fast_as_ever():
    report = report_of(pairs_of(), pairs_of(late=0.1))
    assert [row.worse for row in report.rows if row.name == SLOW] == [["late"]]
    (reason,) = [reason for reason in reasons_of_duet(report) if SLOW in reason]
    assert reason.startswith(f"late more often than OLD: {SLOW} took more than twice as long in ")


def test_failures_of_the_new_host_alone_are_found():
    report = report_of(pairs_of(), pairs_of(fails=lambda second: (second % 2 == 0, False)))
    reasons = reasons_of_duet(report)
    assert f"fails more often than OLD: {SLOW} failed here only in 30, there only in 0 of 300 pairs" in reasons
    both = report_of(pairs_of(), pairs_of(fails=lambda second: (second % 2 == 0, second % 2 == 0)))
    assert reasons_of_duet(both) == []
    assert both.everything.both_failed == 30
    assert "Duet: one side alone failed, NEW in 30, OLD in 0 of 600 pairs" in duet_lines(report)


def test_too_few_pairs_are_not_called_equal():
    seldom = pairs_of(1.5, per_second=1)
    seldom[10:] = [Cell() for _ in seldom[10:]]
    report = report_of(pairs_of(), seldom)
    assert next(row for row in report.rows if row.name == SLOW).change is None
    assert f"Duet: 1 endpoint had too few pairs to be compared: {SLOW}" in duet_lines(report)
    nothing = duet_report(DuetData("http://old:5000"), {})
    assert nothing_was_compared(nothing) == ["the duet has compared nothing: 0 pairs of answers, too few to tell"]


def test_steps_without_a_twin_and_twins_that_never_got_in_are_told():
    strays = [Cell(counts=(0, 0, 0, 2)) for _ in range(SECONDS)]
    data = replace(data_of(pairs_of(), merged(pairs_of(seed=2), strays)), outside=3)
    report = duet_report(data, {})
    told = "Duet: 120 steps had no twin (other data, or a failure before), and could not be compared"
    assert told in duet_lines(report)
    assert nothing_was_compared(report) == ["3 twins of OLD never got in"]


@pytest.mark.parametrize(
    ("factor", "verdict", "told"),
    [
        (1.0, "pass", "It is no slower than OLD beyond the noise: "),
        (1.3, "fail", "The new release is not as good as the old one: slower, everything +3"),
    ],
)
def test_every_view_shows_both_hosts(tmp_path, factor, verdict, told):
    duet = data_of(pairs_of(factor), pairs_of(factor, seed=2))
    found = read_verdict(written_run(tmp_path, duet=duet))
    assert (found.verdict, told in answer(found)) == (verdict, True)
    html, markdown, junit = (
        (tmp_path / name).read_text("utf-8") for name in ("report.html", "verdict.md", "junit.xml")
    )
    assert "The new host beside the old one" in html
    assert "GET /\u200bslow" in html
    assert "| new beside old, ms | pairs |" in markdown
    assert ("slower than OLD: everything +3" in junit) == (verdict == "fail")
    assert [row.name for row in found.duet.rows] == ["", "patient", FAST, SLOW]
    screen = Console(file=io.StringIO(), width=200)
    print_summary(screen, found, tmp_path)
    assert "The new host beside the old one, ms" in screen.file.getvalue()


def test_a_duet_that_compared_nothing_is_invalid(tmp_path):
    found = read_verdict(written_run(tmp_path, duet=DuetData("http://old:5000")))
    assert found.verdict == "invalid"
    assert found.reasons == ["the duet has compared nothing: 0 pairs of answers, too few to tell"]
