"""The pictures of docs/, from real runs: `python -m tests.screenshots` makes them anew."""

import os

os.environ.setdefault("LOCUST_SKIP_MONKEY_PATCH", "1")

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, NAMES, start
from tests.processes import PATIENCE, ROOT, free_port, start_locust, wait_for_port

IMAGES = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1000, 760
LOAD = ("--config", "config/scenarios/light.conf", "--users", "30", "--spawn-rate", "10", "--run-time", "40s")
TROUBLE = "--sandbox-args=--latency 850 --fault status=503,share=0.03"
WATCHED_MS = 15_000
NUMBERED = (".mark", "h1", "header.verdict li", "main > p.small", "#budgets h2")
"""What the numbers of docs/reading-the-report.md stand beside, in their order."""
NUMBER = """(selectors) => selectors.forEach((selector, index) => {
  const sign = document.createElement("b");
  sign.textContent = index + 1;
  sign.style.cssText = "display:inline-block;width:1.6em;line-height:1.6em;border-radius:50%;text-align:center;"
    + "background:#1a56db;color:#fff;font:bold 15px/1.6em sans-serif;margin-right:.5em";
  document.querySelector(selector).prepend(sign);
})"""


def main() -> None:
    """Takes the first page of a report that fails, with numbers beside what is explained, and Locust's own page."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        report = report_of_a_run(Path(folder))
        program = next(filter(None, map(shutil.which, NAMES)))
        arguments = [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        take(browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}), report)
        take_the_web_ui(browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}), Path(folder))
        browser.close()


def report_of_a_run(folder: Path) -> Path:
    with start_locust(*LOAD, TROUBLE, env={"CMS_RESULTS": str(folder)}) as locust:
        locust.wait()
    (report,) = folder.glob("*/report.html")
    return report


def take(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    page.evaluate(NUMBER, list(NUMBERED))
    page.screenshot(path=IMAGES / "report.png")


def take_the_web_ui(page: Page, folder: Path) -> None:
    """As it stands when a test has been stopped."""
    port = str(free_port())
    options = ("--web-host", "127.0.0.1", "--web-port", port, "--read-only", "--think-time", "0.5-1.5")
    page.set_default_timeout(PATIENCE * 1000)
    with start_locust(*options, TROUBLE, env={"CMS_RESULTS": str(folder)}):
        wait_for_port(int(port))
        page.goto(f"http://127.0.0.1:{port}/")
        start(page, 30)
        page.get_by_role("tab", name="Budgets").click()
        page.wait_for_timeout(WATCHED_MS)
        page.get_by_role("button", name="Stop", exact=True).click()
        page.locator("#cms .FAIL").wait_for()
        page.screenshot(path=IMAGES / "web-ui.png")


if __name__ == "__main__":
    main()
