"""junit.xml: one test case per budget, so that any CI shows which one was broken."""

from collections.abc import Iterable
from xml.etree import ElementTree as xml

from reporting.verdict.budgets import Judged
from reporting.verdict.model import INVALID, Verdict
from reporting.verdict.wording import describe


def junit(verdict: Verdict) -> bytes:
    """A suite named after the scenario; an invalid run is one case with an error, and its budgets are skipped."""
    seconds = str(verdict.seconds.ramp + verdict.seconds.steady)
    suite = xml.Element("testsuite", name=verdict.scenario or "run", timestamp=verdict.started, time=seconds)
    cases = [_validity(verdict), *(_case(budget, verdict) for budget in verdict.budgets)]
    of_budgets = {describe(budget) for budget in verdict.budgets if not budget.ok}
    others = [reason for reason in verdict.reasons if reason not in of_budgets]
    if verdict.verdict != INVALID and others:
        cases.append(_other(others))
    suite.extend(cases)
    for kind, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(kind, str(sum(case.find(tag) is not None for case in cases)))
    suite.set("tests", str(len(cases)))
    root = xml.Element("testsuites")
    root.append(suite)
    xml.indent(root)
    return bytes(xml.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _validity(verdict: Verdict) -> xml.Element:
    case = xml.Element("testcase", classname="run", name="the run is valid")
    if verdict.verdict == INVALID:
        _add(case, "error", verdict.reasons)
    return case


def _case(budget: Judged, verdict: Verdict) -> xml.Element:
    case = xml.Element("testcase", classname=budget.kind, name=str(budget))
    if verdict.verdict == INVALID:
        xml.SubElement(case, "skipped", message="the run is invalid")
    elif not budget.ok:
        _add(case, "failure", [describe(budget)])
    return case


def _other(reasons: Iterable[str]) -> xml.Element:
    case = xml.Element("testcase", classname="run", name="nothing else speaks against it")
    _add(case, "failure", reasons)
    return case


def _add(case: xml.Element, tag: str, reasons: Iterable[str]) -> None:
    told_all = "; ".join(reasons)
    xml.SubElement(case, tag, message=told_all).text = told_all
