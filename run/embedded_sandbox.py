"""The sandbox as a child of a run: its own process on a free loopback port, gone when the run is gone."""

import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from config.errors import SetupError
from config.parser import holds_password

ROOT = Path(__file__).resolve().parent.parent
READY = "CMS sandbox ready at "
STOP_SECONDS = 5.0
SANDBOX_ARGS = "--sandbox-args"


@dataclass(frozen=True)
class EmbeddedSandbox:
    """A running sandbox. It holds our end of its standard input: when this process ends in any way, so does it."""

    url: str
    process: subprocess.Popen[str]

    @classmethod
    def start(cls, args: str, flag: str = SANDBOX_ARGS) -> "EmbeddedSandbox":
        """Starts it with `args`, which the option `flag` has given, and waits until it is ready.

        Raises SetupError when it does not start.

        It has a session of its own, or Ctrl-C in the terminal would end it before the users' last requests.
        """
        try:
            words = shlex.split(args)
        except ValueError:
            raise SetupError(f"{flag} {args!r} has a quotation mark without its other half", "add it") from None
        if any(holds_password(part) for word in words for part in (word, word.partition("=")[2])):
            raise SetupError(f"a password in {flag} would be shown to others", "set PGPASSWORD or ~/.pgpass")
        process = subprocess.Popen(
            [sys.executable, "-m", "sandbox", "--port", "0", "--exit-on-stdin-eof", *words],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line.startswith(READY):
            process.communicate()
            raise SetupError("the embedded sandbox did not start", f"see its message above, and {flag} {args}")
        return cls(line.removeprefix(READY).strip(), process)

    def stop(self) -> None:
        """Ends it and waits until it has cleaned up after itself; a second call does nothing."""
        if self.process.poll() is not None:
            return
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
