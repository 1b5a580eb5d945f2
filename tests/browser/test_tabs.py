"""The tabs Roles and Budgets of the web UI, and /metrics beside them, while a test runs."""

import re
import urllib.request

import pytest
from playwright.sync_api import expect
from prometheus_client.parser import text_string_to_metric_families

from tests.browser.conftest import start
from tests.processes import own_workers

SLO = "[everything]\np95 = 20000\nfailure_ratio = 0.5\n[roles.doctor]\np50 = 1\n"


@pytest.fixture
def slo(tmp_path):
    path = tmp_path / "slo.toml"
    path.write_text(SLO)
    return ("--slo", str(path), "--read-only", "--think-time", "0.1-0.3", "--sandbox-args=--latency 5")


def cells(page, name):
    row = page.get_by_role("row").filter(has=page.get_by_role("cell", name=name, exact=True))
    expect(row).to_be_visible()
    return row.get_by_role("cell")


@pytest.mark.parametrize("distributed", [False, True], ids=["one process", "two workers"])
def test_roles_and_budgets_are_shown_live(open_web_ui, slo, distributed):
    page, locust = open_web_ui(*slo, *(own_workers() if distributed else ()))
    if distributed:
        locust.wait_for_line("reported as ready. 2 workers")
    start(page, 10)
    page.get_by_role("tab", name="Roles").click()
    for role in ("admin", "doctor", "patient", "everything"):
        expect(cells(page, role).nth(1)).to_have_text(re.compile(r"[1-9]\d*"))
        expect(cells(page, role).nth(6)).to_have_text(re.compile(r"\d+"))
    expect(cells(page, "sign-ins").nth(1)).to_have_text("10")
    told = page.get_by_role("row").locator("td:first-child").all_inner_texts()
    assert told == ["admin", "doctor", "patient", "everything", "sign-ins"]
    before = int(cells(page, "everything").nth(1).inner_text())
    expect(cells(page, "everything").nth(1)).not_to_have_text(str(before))
    page.get_by_role("tab", name="Budgets").click()
    expect(cells(page, "everything p95").nth(4)).to_have_text("kept")
    expect(cells(page, "everything p95").nth(1)).to_have_text("at most 20,000 ms")
    expect(cells(page, "doctor p50").nth(4)).to_have_text("BROKEN")
    families = {family.name: family for family in metrics_of(page)}
    requests = values(families["cms_requests"], "role", "method", "endpoint")
    assert requests["patient", "GET", "/api/appointments/citas"] > 0
    assert sum(value for labels, value in requests.items() if labels[2] == "/api/auth/login") == 10
    assert families["cms_users"].samples[0].value == 10
    kept = values(families["cms_budget_kept"], "subject", "metric")
    assert kept["everything", "p95"] == 1
    assert kept["doctor", "p50"] == 0
    buckets = [sample for sample in families["cms_answer_seconds"].samples if sample.name.endswith("_bucket")]
    assert {"role", "method", "endpoint", "le"} == set(buckets[0].labels)
    page.close()


def values(family, *labels):
    return {tuple(sample.labels[label] for label in labels): sample.value for sample in family.samples}


def metrics_of(page):
    base = re.match(r"http://[^/]+", page.url).group()
    with urllib.request.urlopen(f"{base}/metrics") as answer:
        assert answer.headers["Content-Type"].startswith("text/plain")
        return list(text_string_to_metric_families(answer.read().decode()))


def test_the_tabs_are_there_before_and_after_a_test(open_web_ui, slo):
    page, _ = open_web_ui(*slo)
    assert metrics_of(page)
    start(page, 3)
    page.get_by_role("tab", name="Budgets").click()
    expect(cells(page, "everything failure_ratio")).to_have_count(5)
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text("STOPPED")).to_be_visible()
    page.get_by_role("tab", name="Roles").click()
    expect(cells(page, "everything")).to_have_count(8)
    page.close()


def test_the_access_audit_has_a_tab_and_ends_the_test(open_web_ui):
    page, locust = open_web_ui("--access-audit", "--think-time", "0.1-0.3")
    start(page, 6)
    page.get_by_role("tab", name="Access").click()
    row = page.get_by_role("row").filter(has=page.get_by_role("cell", name="audit log", exact=True))
    leaking = row.filter(has=page.get_by_role("cell", name="patient", exact=True))
    expect(leaking.get_by_role("cell").nth(4)).to_have_text("2", timeout=120_000)
    locust.wait_for_line("Verdict: fail")
    page.close()
