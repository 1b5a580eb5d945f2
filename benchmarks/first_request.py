"""`python -m benchmarks.first_request`: from the command to the first request, once all is set up."""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlsplit

from benchmarks.contestants import ROOT
from run.embedded_sandbox import EmbeddedSandbox

COMMAND = (str(ROOT / "scenarios" / "light.sh"), "--run-time", "3s")
LOAD_BEGINS = "Ramping to"
"""Locust's own line."""
PIECE = 65536


@dataclass
class Relay:
    """Passes on what comes for a CMS, and notes when the first bytes did."""

    host: str
    port: int
    first: float | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, requests = await asyncio.open_connection(self.host, self.port)
        await asyncio.gather(self._pass_on(reader, requests, noted=True), self._pass_on(answers, writer))

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, noted: bool = False) -> None:
        with suppress(ConnectionError):
            while content := await reader.read(PIECE):
                if noted and self.first is None:
                    self.first = time.perf_counter()
                writer.write(content)
                await writer.drain()
        writer.close()


async def seconds_to(arguments: tuple[str, ...]) -> float:
    """From the command until the load begins."""
    with tempfile.TemporaryDirectory() as results:
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            *COMMAND,
            *arguments,
            env=os.environ | {"CMS_RESULTS": results},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stderr is not None
        ramping = None
        async for line in process.stderr:
            if ramping is None and LOAD_BEGINS in line.decode():
                ramping = time.perf_counter() - began
        await process.wait()
    if ramping is None:
        sys.exit(f"the load did not begin: {' '.join((*COMMAND, *arguments))}")
    return ramping


async def measure(rounds: int) -> None:
    sandbox = EmbeddedSandbox.start("")
    try:
        address = urlsplit(sandbox.url)
        assert address.hostname is not None
        assert address.port is not None
        first, named, embedded = [], [], []
        for _ in range(rounds):
            relay = Relay(address.hostname, address.port)
            server = await asyncio.start_server(relay.serve, "127.0.0.1", 0)
            port = server.sockets[0].getsockname()[1]
            began = time.perf_counter()
            named.append(await seconds_to(("--host", f"http://127.0.0.1:{port}")))
            server.close()
            assert relay.first is not None
            first.append(relay.first - began)
            embedded.append(await seconds_to(()))
    finally:
        sandbox.stop()
    for what, seconds in (
        ("a host that is named: the first request (of the check before the load)", first),
        ("a host that is named: the load begins", named),
        ("the embedded sandbox: the load begins", embedded),
    ):
        sys.stdout.write(f"| {what} | {median(seconds):.2f} | {min(seconds):.2f} | {max(seconds):.2f} |\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    sys.stdout.write("| | seconds (median) | least | most |\n|---|---:|---:|---:|\n")
    asyncio.run(measure(options.rounds))


if __name__ == "__main__":
    main()
