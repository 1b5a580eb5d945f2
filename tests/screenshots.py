"""The pictures of docs/, from real runs: `python -m tests.screenshots` makes them anew."""

import os

os.environ.setdefault("LOCUST_SKIP_MONKEY_PATCH", "1")

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, NAMES
from tests.processes import ROOT, start_locust

IMAGES = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1000, 760
LOAD = ("--config", "config/scenarios/light.conf", "--users", "30", "--spawn-rate", "10", "--run-time", "40s")
TROUBLE = "--sandbox-args=--latency 850 --fault status=503,share=0.03"
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
    """Makes a run that fails, and takes the first page of its report, with numbers beside what is explained."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        report = report_of_a_run(Path(folder))
        program = next(filter(None, map(shutil.which, NAMES)))
        arguments = [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        take(browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}), report)
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


if __name__ == "__main__":
    main()
