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
    expect(page.locator("#failures")).not_to_contain_text("JOURNEY")


def test_the_answer_is_a_sentence_and_on_a_phone_it_fills_the_first_screen_with_what_is_broken(open_report):
    page = open_report(width=390)
    expect(page.locator("h1")).to_contain_text(re.compile(r"^The API did not hold 10 users: .* is allowed\.$"))
    last = page.locator("header.verdict li").last.bounding_box()
    assert last["y"] + last["height"] < 900


def test_a_chart_tells_its_values_and_a_table_sorts_and_filters(open_report):
    page = open_report()
    chart = page.locator("svg.chart[aria-label='Response times']")
    chart.hover()
    tip = chart.locator("xpath=following-sibling::div")
    expect(tip).to_be_visible()
    expect(tip).to_contain_text(re.compile(r"\d:\d\d.*p95 \d+"))
    table = page.locator("#endpoints-with-few-requests")
    counts = [int(cell.replace(",", "")) for cell in table.locator("tbody tr td:nth-child(2)").all_text_contents()]
    table.locator("thead button", has_text="requests").click()
    sorted_counts = [int(cell) for cell in table.locator("tbody tr td:nth-child(2)").all_text_contents()]
    assert sorted_counts == sorted(counts, reverse=True) != counts
    table.locator("input").fill("catalogs")
    shown = table.locator("tbody tr:visible")
    assert 0 < shown.count() < len(counts)
    expect(shown.first).to_contain_text("catalogs")


def test_every_row_can_be_linked_to_and_the_files_are_at_hand(open_report, report):
    page = open_report()
    link = page.locator("#roles tbody a", has_text="doctor")
    assert page.locator(link.get_attribute("href")).count() == 1
    for name in page.locator("#details dd a").all_text_contents():
        assert (report.parent / name).exists(), name


def test_without_a_script_nothing_is_missing(browser, report):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report.as_uri())
    expect(page.locator("svg.chart[aria-label='Response times'] path.line")).to_have_count(3)
    expect(page.locator("#budgets tbody tr")).to_have_count(3)
    page.locator("#charts details summary").first.click()
    assert page.locator("#charts details svg.chart:visible").count() > 5
    context.close()


def test_charts_are_drawn_with_the_phases_shaded(open_report):
    page = open_report()
    charts = page.locator("#charts > .charts figure")
    over_time = ("Users", "Requests per second", "Response times", "p95 by role", "Failures")
    titles = (*over_time, "Response times in", "p95 against")
    expect(charts).to_have_count(len(titles))
    for number, title in enumerate(titles):
        expect(charts.nth(number).locator("figcaption")).to_contain_text(title)
    for number in range(len(over_time)):
        chart = charts.nth(number)
        assert chart.locator("rect.shade").first.bounding_box()["height"] > 50
        for line in range(1 if number == 0 else 3):
            assert chart.locator("path.line").nth(line).bounding_box()["width"] > 100
    expect(charts.nth(2).locator("path.limit")).to_have_count(1)


@pytest.mark.parametrize("width", [390, 1200])
def test_nothing_runs_off_the_side(open_report, width):
    page = open_report(width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert float(page.locator("#charts svg text").first.evaluate("node => node.getBoundingClientRect().height")) > 8


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
