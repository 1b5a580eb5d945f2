"""What a run opens, shows and leaves is for its user alone: its ports, its files, and no secret in either."""

import os
import time
from contextlib import suppress
from xml.etree import ElementTree

import psutil
import pytest

from tests.echoing_api import echoing_api
from tests.processes import PATIENCE, free_port
from tests.roles import NAMES

PASSWORDS = {role: f"open-{role}-Sesame" for role in NAMES}
SIGN_INS = {
    f"CMS_{role.upper()}_{part}": value
    for role, password in PASSWORDS.items()
    for part, value in (("USERNAME", role), ("PASSWORD", password))
}


def processes_of(locust):
    main = psutil.Process(locust.pid)
    return [main, *main.children(recursive=True)]


def listening(locust):
    """The addresses and ports on which a run listens, the sandbox left aside."""
    for process in processes_of(locust):
        with suppress(psutil.Error):
            if "sandbox" not in process.cmdline():
                yield from (
                    found.laddr for found in process.net_connections("inet") if found.status == psutil.CONN_LISTEN
                )


def wait_for_listeners(locust, number):
    """The addresses of so many ports. Two sockets may share one for a moment: one asks whether it is free."""
    deadline = time.monotonic() + PATIENCE
    while len(found := set(listening(locust))) < number and time.monotonic() < deadline:
        time.sleep(0.05)
    return sorted(place.ip for place in found)


@pytest.mark.parametrize("options", [("--master",), ("--processes", "1")], ids=["master", "processes"])
def test_only_this_machine_can_reach_the_web_ui_and_the_master(start_locust, options):
    env = {"LOCUST_MASTER_BIND_PORT": str(free_port())} if "--master" in options else {}
    locust = start_locust("--web-port", str(free_port()), *options, env=env)
    assert wait_for_listeners(locust, 2) == ["127.0.0.1", "127.0.0.1"]


def test_the_ports_are_open_to_others_where_one_says_so(start_locust):
    web = ("--web-host", "127.0.0.2", "--web-port", str(free_port()))
    master = ("--master-bind-host", "127.0.0.3", "--master-bind-port", str(free_port()))
    locust = start_locust("--master", *web, *master)
    assert wait_for_listeners(locust, 2) == ["127.0.0.2", "127.0.0.3"]


def test_a_web_ui_for_other_machines_is_refused_without_a_sign_in(start_locust):
    locust = start_locust("--web-host", "0.0.0.0", "--web-port", str(free_port()))
    assert locust.wait() == 2
    assert "error: --web-host 0.0.0.0 lets other machines start loads: add --web-login" in locust.output


@pytest.mark.parametrize("workers", [(), ("--processes", "2")], ids=["one process", "two workers"])
def test_a_failing_run_leaves_no_secret_and_nothing_for_others(start_locust, tmp_path, workers):
    results, log = tmp_path / "left" / "results", tmp_path / "left" / "run.log"
    log.parent.mkdir(mode=0o700)
    with echoing_api(refused=["patient"]) as api:
        locust = start_locust(
            *("--config", "config/scenarios/light.conf", "--no-preflight", "--host", api.url, "-t", "4s", *workers),
            *("--think-time", "0-0.1", "--loglevel", "DEBUG", "--logfile", str(log), "--csv-full-history"),
            env=SIGN_INS | {"CMS_RESULTS": str(results)},
        )
        wait_for_figures(results)
        arguments = " ".join(word for process in processes_of(locust) for word in process.cmdline())
        assert locust.wait() in (1, 3), locust.output
    left = {str(path): path.read_text("utf-8") for path in log.parent.rglob("*") if path.is_file()}
    assert {os.path.splitext(path)[1] for path in left} >= {".csv", ".html", ".json", ".md", ".xml", ".log"}
    for place, text in {"output": locust.output, "arguments": arguments, **left}.items():
        assert [part for part in secret_parts(api) if part in text] == [], place
        assert [sign for sign in "\x1b\x07\0\u202e" if sign in text] == [], place
    assert "[hidden]" in left[next(path for path in left if path.endswith("verdict.json"))]
    ElementTree.parse(next(path for path in left if path.endswith("junit.xml")))
    assert {oct(path.stat().st_mode & 0o777) for path in log.parent.rglob("*") if path.is_file()} == {"0o600"}
    assert {oct(path.stat().st_mode & 0o777) for path in log.parent.rglob("*") if path.is_dir()} == {"0o700"}


def wait_for_figures(results):
    """Returns when the run has begun to write."""
    deadline = time.monotonic() + 60
    while not list(results.glob("*/*.csv")) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list(results.glob("*/*.csv"))


def secret_parts(api):
    """The passwords, and the tokens in pieces that no other text holds by chance."""
    assert api.tokens
    yield from PASSWORDS.values()
    for token in api.tokens:
        yield from (token[at : at + 12] for at in range(0, len(token) - 12, 4))
