"""report.html in a real browser: the verdict on top, charts, nothing fetched; on a phone, at night, in print."""

import re

import pytest
from playwright.sync_api import expect

SLO = "[everything]\np95 = 1\nfailure_ratio = 0.5\n[roles.patient]\np99 = 20000\n"


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The report of one real run that fails on purpose."""
    from tests.processes import start_locust

    folder = tmp_path_factory.mktemp("run")
    (folder / "slo.toml").write_text(SLO)
    options = ("-u", "10", "-r", "4", "-t", "7s", "--think-time", "0.1-0.3", "--slo", str(folder / "slo.toml"))
    latency = ("--lag-limit", "2000", "--sandbox-args=--latency 5 --fault status=500,share=0.1")
    with start_locust("--headless", *options, *latency, "--results", str(folder / "results")) as locust:
        assert locust.wait() == 1, locust.output
    (run,) = (folder / "results").iterdir()
    return run / "report.html"


@pytest.fixture
def open_report(browser, report):
    """`open_report(width, scheme, media)`: the page, and what it asked the network for."""
    contexts = []

    def open_it(width=1200, scheme="light", media="screen"):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.emulate_media(media=media, color_scheme=scheme)
        asked, errors = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(report.as_uri())
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        assert errors == []
        return page

    yield open_it
    for context in contexts:
        context.close()


def brightness(page, selector, what):
    colour = page.locator(selector).first.evaluate(f"node => getComputedStyle(node).{what}")
    return sum(map(float, re.findall(r"\d+", colour)[:3])) / 3


def test_the_verdict_stands_on_top(open_report):
    page = open_report()
    top = page.locator("header.verdict")
    expect(top).to_contain_text("FAIL")
    expect(top).to_contain_text("everything p95")
    assert top.bounding_box()["y"] < 100
    expect(page).to_have_title(re.compile("^FAIL "))


def test_budgets_and_roles_are_told(open_report):
    page = open_report()
    budgets = page.locator("#budgets tbody tr")
    expect(budgets).to_have_count(3)
    expect(budgets.filter(has_text="everything p95")).to_contain_text("broken")
    expect(budgets.filter(has_text="patient p99")).to_contain_text("kept")
    for role in ("everything", "admin", "doctor", "patient"):
        expect(page.locator("#roles tbody tr").filter(has_text=role)).to_have_count(1)
    expect(page.locator("#beside-the-steady-state")).to_contain_text("sign-ins")
    expect(page.locator("#failures")).to_contain_text("expected status 200, got 500")


def test_charts_are_drawn_with_the_ramp_shaded(open_report):
    page = open_report()
    charts = page.locator("#charts figure")
    expect(charts).to_have_count(5)
    for number, title in enumerate(("Users", "Requests per second", "Answer times", "p95 by role", "Failures")):
        chart = charts.nth(number)
        expect(chart.locator("figcaption")).to_contain_text(title)
        assert chart.locator(".serie-0 path.line").bounding_box()["height"] > 50
        for line in range(1, 2 if number == 0 else 4):
            assert chart.locator(f".serie-{line} path.line").bounding_box()["width"] > 100


@pytest.mark.parametrize("width", [390, 1200])
def test_nothing_runs_off_the_side(open_report, width):
    page = open_report(width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert float(page.locator("svg text").first.evaluate("node => node.getBoundingClientRect().height")) > 8


def test_light_dark_and_print(open_report):
    by_day, at_night = open_report(), open_report(scheme="dark")
    on_paper = open_report(scheme="dark", media="print")
    assert brightness(by_day, "body", "backgroundColor") > 240
    assert brightness(at_night, "body", "backgroundColor") < 60
    assert brightness(on_paper, "body", "backgroundColor") > 240
    for page, dark in ((by_day, False), (at_night, True), (on_paper, False)):
        assert (brightness(page, "#roles td", "color") > 128) == dark
        assert (brightness(page, "svg text", "fill") > 128) == dark
    assert on_paper.pdf()[:5] == b"%PDF-"


def test_charts_are_printed_two_in_a_row_and_whole(open_report):
    page = open_report(width=720, media="print")
    left, right = (page.locator("#charts figure").nth(number).bounding_box() for number in range(2))
    assert left["y"] == right["y"]
    assert left["height"] < 250
    for whole in ("figure", "tr"):
        assert page.locator(whole).first.evaluate("node => getComputedStyle(node).breakInside") == "avoid"
    assert page.locator("#charts").evaluate("node => getComputedStyle(node).breakInside") == "auto"


def test_the_page_is_small_and_whole(report):
    text = report.read_text(encoding="utf-8")
    assert len(text) < 2_000_000
    assert not re.search(r"<(?:script|link|img)[^>]+(?:src|href)=[\"'](?!data:)", text)
