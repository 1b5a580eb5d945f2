"""The real process: its one line, its connections, and all the ways in which it ends."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.processes import PATIENCE, ROOT

SMALL = ("--patients", "5", "--doctors", "2")
HELLO = b"GET /health/api HTTP/1.1\r\nHost: localhost\r\n\r\n"
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts `python -m sandbox` with its temporary files in the test's folder; ends it by its pid."""
    started: list[subprocess.Popen[str]] = []

    def start_sandbox(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "sandbox", "--port", "0", *SMALL, *arguments]
        environment = {**os.environ, "TMPDIR": str(tmp_path), "TEMP": str(tmp_path)}
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        started.append(process)
        return process

    yield start_sandbox
    for process in started:
        process.kill()
        process.communicate()


def port_of(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("CMS sandbox ready at http://127.0.0.1:"), line
    return int(line.rpartition(":")[2])


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)


def answer_of(connection: socket.socket) -> bytes:
    """One whole answer; nothing when the server hangs up instead."""
    got = b""
    while not got.endswith(b"}"):
        part = connection.recv(65536)
        if not part:
            break
        got += part
    return got


def wait_until_gone(pid: int) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        state = Path(f"/proc/{pid}/stat")
        # A zombie has ended, too: whether somebody collects it is up to the machine.
        if not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_quietly(start: Start, tmp_path: Path, number: signal.Signals) -> None:
    process = start()
    port_of(process)
    assert len(list(tmp_path.glob("cms-sandbox-*/clinic.sqlite"))) == 1
    process.send_signal(number)
    rest, complaints = process.communicate(timeout=PATIENCE)
    assert (process.returncode, rest, complaints) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_a_closed_stdin_ends_it_when_asked(start: Start, tmp_path: Path) -> None:
    process = start("--exit-on-stdin-eof")
    port_of(process)
    rest, complaints = process.communicate(timeout=PATIENCE)  # closes stdin
    assert (process.returncode, rest, complaints) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_a_closed_stdin_does_nothing_unless_asked(start: Start) -> None:
    process = start()
    port = port_of(process)
    assert process.stdin is not None
    process.stdin.close()
    time.sleep(0.2)
    with connect(port) as connection:
        connection.sendall(HELLO)
        assert answer_of(connection).startswith(b"HTTP/1.1 200")
    process.stdin = None


@pytest.mark.skipif(sys.platform == "win32", reason="looks into /proc")
def test_it_does_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    parent_code = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-m', 'sandbox', '--port', '0', '--patients', '5',"
        " '--exit-on-stdin-eof'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)\n"
        "child.stdout.readline()\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    parent = subprocess.Popen(
        [sys.executable, "-c", parent_code], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    assert wait_until_gone(child)
    assert list(tmp_path.iterdir()) == []


def test_a_chosen_database_is_kept_and_never_overwritten(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite"
    process = start("--database", str(path))
    port_of(process)
    process.terminate()
    process.communicate(timeout=PATIENCE)
    kept = path.read_bytes()
    assert kept
    again = start("--database", str(path))
    _, complaint = again.communicate(timeout=PATIENCE)
    assert again.returncode == 2
    expected = f"sandbox: --database {path} already exists and is not empty; choose another file\n"
    assert complaint == expected
    assert path.read_bytes() == kept


def test_a_port_in_use_is_said_in_one_line(start: Start, tmp_path: Path) -> None:
    port = port_of(start())
    second = start("--port", str(port))
    _, complaint = second.communicate(timeout=PATIENCE)
    assert second.returncode == 2
    assert complaint.startswith(f"sandbox: cannot listen on port {port}: ")
    assert complaint.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--fault", "stauts=1"), "unknown key 'stauts'"),
        (("--fault", "drop=1,route=GET /api/nope"), "'GET /api/nope' is not a route of the API"),
        (("--patients", "200001"), "expected a whole number from 1 to 200000, got '200001'"),
        (("--appointments", "0"), "argument --appointments: expected a whole number from 1 to 2000000, got '0'"),
        (("--id-offset", "-1"), "argument --id-offset: expected a whole number from 0 to 1000000, got '-1'"),
        (("--without", "patients"), "argument --without: invalid choice: 'patients' (choose from 'addresses')"),
        (("--time-zone", "Mars"), "unknown time zone 'Mars'; name one such as America/Mexico_City"),
        (("--database", "/"), "--database / already exists"),
        (("--port", "http"), "expected a whole number from 0 to 65535, got 'http'"),
        (("--mutant", "slow"), "argument --mutant: invalid choice: 'slow' (choose from 'lost-update', "),
        (
            ("--restart-after", "soon"),
            "argument --restart-after: expected seconds, on a system that can do it, got 'soon'",
        ),
        (("--resume",), "--resume needs the --database that a sandbox has left"),
    ],
)
def test_a_bad_option_is_said_in_one_line(start: Start, arguments: tuple[str, ...], said: str) -> None:
    process = start(*arguments)
    rest, complaint = process.communicate(timeout=PATIENCE)
    assert (process.returncode, rest) == (2, "")
    assert said in complaint
    assert (complaint[:9], complaint.count("\n")) == ("sandbox: ", 1)


def asked(port: int, method: str, path: str, body: dict[str, Any], token: str = "") -> dict[str, Any]:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    client.request(method, path, json.dumps(body), headers)
    found: dict[str, Any] = json.loads(client.getresponse().read())
    client.close()
    return found


def test_it_comes_back_with_its_data_and_leaves_nothing(start: Start, tmp_path: Path) -> None:
    """As after a crash: what was given out before is known, but for the tokens, and no id is given out twice."""
    credentials = {"username": "admin", "password": "password123"}
    process = start("--restart-after", "5", "--exit-on-stdin-eof")
    port = port_of(process)
    token = asked(port, "POST", "/api/auth/login", credentials)["token"]
    made = asked(port, "POST", "/api/insurance/companies", {"nombre": "kept"}, token)["id"]
    gone = asked(port, "POST", "/api/insurance/companies", {"nombre": "removed"}, token)["id"]
    asked(port, "DELETE", f"/api/insurance/companies/{gone}", {}, token)
    assert port_of(process) == port
    assert asked(port, "GET", "/api/auth/me", {}, token) == {"error": "Invalid or expired token"}
    token = asked(port, "POST", "/api/auth/login", credentials)["token"]
    assert asked(port, "GET", f"/api/insurance/companies/{made}", {}, token)["nombre"] == "kept"
    assert asked(port, "POST", "/api/insurance/companies", {"nombre": "new"}, token)["id"] > gone
    process.communicate(timeout=PATIENCE)  # closes its stdin
    assert process.returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_the_options_of_a_deployment_reach_it(start: Start) -> None:
    zone = ("--time-zone", "America/Mexico_City")
    process = start("--appointments", "33", "--id-offset", "70", "--without", "addresses", "--sequences-behind", *zone)
    client = http.client.HTTPConnection("127.0.0.1", port_of(process))

    def ask(method: str, path: str, body: object = None, token: str = "") -> Any:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        client.request(method, path, json.dumps(body) if body else None, headers)
        return json.loads(client.getresponse().read())

    token = ask("POST", "/api/auth/login", {"username": "admin", "password": "password123"})["token"]
    page = ask("GET", "/api/appointments/citas", token=token)
    assert page["pagination"]["total"] == 33
    assert page["data"][0]["id"] > 70
    born = ask("GET", "/api/patients", token=token)["data"][0]["fecha_nacimiento"]
    assert born.endswith("T06:00:00.000Z")  # midnight in Mexico City
    assert "direccion_paciente" in ask("GET", "/api/patients/71/addresses", token=token)["error"]
    refused = ask("POST", "/api/catalogs/tipo-cita", {"nombre": "ZZ"}, token)
    assert refused["detail"] == "Key (id)=(71) already exists."
    client.close()


def test_it_listens_on_the_loopback_address_only(start: Start) -> None:
    port = port_of(start())
    with socket.socket() as probe:
        probe.bind(("127.0.0.2", port))  # taken if the server had bound every address
        assert probe.getsockname()[1] == port


def test_a_connection_stays_open_and_says_for_how_long(start: Start) -> None:
    client = http.client.HTTPConnection("127.0.0.1", port_of(start()))
    for _ in range(2):
        client.request("GET", "/health/api")
        response = client.getresponse()
        response.read()
        assert (response.version, response.getheader("Connection")) == (11, "keep-alive")
        assert response.getheader("Keep-Alive") == "timeout=5"
    client.request("GET", "/health/api", headers={"Connection": "close"})
    response = client.getresponse()
    response.read()
    assert response.getheader("Connection") == "close"
    client.close()


def test_five_idle_seconds_close_a_connection_but_cut_no_request(start: Start) -> None:
    port = port_of(start())
    with connect(port) as idle, connect(port) as used, connect(port) as slow:
        started = time.monotonic()
        used.sendall(HELLO)
        assert answer_of(used).startswith(b"HTTP/1.1 200")
        slow.sendall(HELLO[:10])  # a request that has begun may take its time
        for connection in (idle, used):
            assert connection.recv(1) == b""
            assert time.monotonic() - started > 4.5
        time.sleep(0.2)
        slow.sendall(HELLO[10:])
        assert answer_of(slow).startswith(b"HTTP/1.1 200")


def test_a_dropped_request_gets_no_answer(start: Start) -> None:
    port = port_of(start("--fault", "drop=1"))
    with connect(port) as connection:
        connection.sendall(HELLO.replace(b"/health/api", b"/api/doctors"))
        assert answer_of(connection) == b""
    with connect(port) as connection:
        connection.sendall(HELLO)
        assert answer_of(connection).startswith(b"HTTP/1.1 200")


def test_requests_do_not_wait_for_each_others_latency(start: Start) -> None:
    port = port_of(start("--fault", "delay=3000,route=GET /api/doctors"))
    with connect(port) as slow, connect(port) as quick:
        slow.sendall(HELLO.replace(b"/health/api", b"/api/doctors"))
        quick.sendall(HELLO)
        assert answer_of(quick).startswith(b"HTTP/1.1 200")
        slow.setblocking(False)
        with pytest.raises(BlockingIOError):
            slow.recv(1)
        slow.settimeout(PATIENCE)
        assert answer_of(slow).startswith(b"HTTP/1.1 ")


def test_a_server_that_is_away_refuses_to_connect_and_breaks_what_is_open(start: Start) -> None:
    port = port_of(start("--fault", "away=1,after=1"))
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as kept:
        until = time.monotonic() + PATIENCE
        with suppress(OSError):  # it may break while we ask
            kept.sendall(HELLO)
            while kept.recv(4096):
                assert time.monotonic() < until
                kept.sendall(HELLO)
                time.sleep(0.1)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
