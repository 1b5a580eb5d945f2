"""A real Chromium for the page tests: the one of the machine, nothing that Playwright would download."""

import os
import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.processes import PATIENCE, free_port, wait_for_port

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Quiet and self-contained: no first-run pages, no traffic of the browser's own, nothing that needs a GPU.
ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; without one the test is skipped on a person's machine and fails in CI."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        missing = f"no Chromium: none of {', '.join(NAMES)} is on the PATH, and CHROMIUM names none"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    # Chromium refuses its own sandbox to root, who runs most containers.
    arguments = [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=arguments, headless=True)
        yield chromium
        chromium.close()


@pytest.fixture
def open_web_ui(start_locust, browser):
    """`open_web_ui(*options)`: the page of a fresh Locust, and that Locust."""

    def open_it(*args, env=None):
        port = free_port()
        locust = start_locust("--web-host", "127.0.0.1", "--web-port", str(port), *args, env=env)
        wait_for_port(port)
        page = browser.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.goto(f"http://127.0.0.1:{port}/")
        return page, locust

    return open_it


def start(page, users):
    page.get_by_label("Number of users").fill(str(users))
    page.get_by_label("Ramp up").fill(str(users))
    page.get_by_role("button", name=re.compile("start", re.IGNORECASE)).click()
