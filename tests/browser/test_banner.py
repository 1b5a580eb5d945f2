"""The verdict on Locust's page when a test has ended, with reasons and report, and a badge for the sandbox."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import start

SLO = "[everything]\np95 = 1\nfailure_ratio = 0.5\n"


def test_a_banner_has_the_verdict_its_reasons_and_the_report(open_web_ui, tmp_path):
    (tmp_path / "slo.toml").write_text(SLO)
    page, _ = open_web_ui(
        *("--slo", str(tmp_path / "slo.toml"), "--read-only", "--think-time", "0.1-0.3", "--lag-limit", "2000"),
        "--sandbox-args=--latency 5",
    )
    banner = page.locator("#cms")
    expect(banner.locator(".sandbox")).to_contain_text("the embedded sandbox, not to your CMS")
    expect(banner.locator("ul")).to_have_count(0)
    start(page, 10)
    page.get_by_role("tab", name="Budgets").click()
    expect(page.get_by_role("cell", name="everything p95")).to_be_visible()
    expect(page.get_by_role("cell", name=re.compile("BROKEN"))).to_be_visible()
    expect(banner.locator(".FAIL")).to_have_count(0)
    page.get_by_role("button", name=re.compile("^stop$", re.IGNORECASE)).click()
    expect(banner.locator(".FAIL")).to_contain_text("The API did not hold 10 users: ")
    expect(banner.locator(".FAIL li")).to_contain_text(["everything p95: "])
    with page.expect_popup() as opened:
        banner.get_by_role("link", name="the report").click()
    expect(opened.value.locator("h1")).to_contain_text("The API did not hold 10 users: ")
    expect(opened.value.locator("#details a").first).to_have_attribute("href", "verdict.json")
    banner.get_by_title("close").click()
    expect(banner.locator(".FAIL")).to_have_count(0)


def test_before_a_test_the_tabs_say_so_and_there_is_no_report(open_web_ui):
    page, _ = open_web_ui("--read-only")
    told = page.evaluate("fetch('cms/verdict').then((answer) => answer.json())")
    assert told == {"sandbox": True}
    assert page.evaluate("fetch('cms/report/report.html').then((answer) => answer.status)") == 404
    figures = page.evaluate("fetch('stats/requests').then((answer) => answer.json())")
    tables = {table["key"]: table["data"] for table in figures["extended_stats"]}
    assert tables["roles"] == [{"role": "no test yet"}]
    assert tables["budgets"] == [{"budget": "no test yet"}]
