"""What the tests share: the sandbox and Locust as fixtures that always end what they started."""

import os

# Locust's own switch. Importing locust here would patch sockets and threads of the pytest process for gevent,
# in which Playwright then hangs. The programs that a test starts run without it, patched as in real life.
os.environ["LOCUST_SKIP_MONKEY_PATCH"] = "1"

import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests import processes
from tests.processes import LocustProcess, SandboxProcess


@pytest.fixture(scope="session", autouse=True)
def obeyed_signals() -> None:
    """Programs that a test starts obey the signals that it sends, also where nohup or a shell's & ignores them."""
    for number in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


@pytest.fixture
def start_sandbox(tmp_path: Path) -> Iterator[Callable[..., SandboxProcess]]:
    """`start_sandbox(*args, env=...)`: a sandbox with a fresh database of its own, until the test ends."""
    with ExitStack() as stack:

        def start(*args: str, **options: Any) -> SandboxProcess:
            number = len(list(tmp_path.glob("sandbox-*.db"))) + 1
            options.setdefault("database", tmp_path / f"sandbox-{number}.db")
            return stack.enter_context(processes.start_sandbox(*args, **options))

        yield start


@pytest.fixture
def sandbox(start_sandbox: Callable[..., SandboxProcess]) -> SandboxProcess:
    """A sandbox as it comes, for this test alone."""
    return start_sandbox()


@pytest.fixture
def start_locust(tmp_path: Path) -> Iterator[Callable[..., LocustProcess]]:
    """`start_locust(*args, env=..., cwd=..., dotenv=...)`: a real Locust, until the test ends.

    Its results go to the test's own folder.
    """
    defaults = {"CMS_RESULTS": str(tmp_path / "results")}
    with ExitStack() as stack:

        def start(*args: str, **options: Any) -> LocustProcess:
            options["env"] = defaults | dict(options.get("env") or {})
            return stack.enter_context(processes.start_locust(*args, **options))

        yield start


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A self-signed certificate for localhost, with its key."""
    return make_certificate(tmp_path_factory.mktemp("tls"))


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate for localhost in this folder, with its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost", "-out", certificate, "-keyout", key),
        ],
        check=True,
        capture_output=True,
    )
    return certificate, key
