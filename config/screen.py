"""The two outputs of a command: a reader that has seen enough (`| head -1`) or a closed terminal ends neither it nor
what it was about to say elsewhere."""

import os
import sys
from contextlib import suppress
from typing import TextIO

from rich.console import Console


class Screen(Console):
    """A rich console that goes on in silence when nobody reads any more; rich's own ends the process then."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        silence(sys.stdout)


def open_closed_outputs() -> None:
    """A process whose output is closed from the start (`>&-`) has no stream to ask whether it is a terminal."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115 - open until the process ends


def silence(stream: TextIO) -> None:
    """Whatever is still written to the stream goes nowhere; Python would fail on it at its very end, too."""
    with suppress(OSError, ValueError), open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())


def silence_if_closed() -> None:
    """To be called last: nothing is to be said about an output that nobody reads or that takes no more."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            silence(stream)
