"""The command that removes what earlier runs have left: after a kill -9, a power cut, a lost worker."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import Console
from rich.status import Status

from commands.administrator import administrator
from config.commands import command_parser
from config.errors import SetupError
from records.marks import AnyMark, Mark, checked_tag
from records.retry import retrying
from records.sweep import Found, Sweep, Swept
from records.whereabouts import Whereabouts
from users.account_sources import accounts_of

REMAINS_EXIT_CODE = 1
DAYS_BACK = 30
SHOWN = 20
PATIENCE_SECONDS = 600.0
"""For how long trouble that may pass is met by another try."""
REPORT_EVERY_SECONDS = 5.0
OF_PEOPLE = ("address", "consultation", "appointment")
"""The kinds of record that are looked for with the people behind the run's accounts only."""


def run(words: Sequence[str]) -> int:
    """Sweeps the remains of one run, or of all. Raises SetupError when it cannot begin."""
    parser = command_parser("Removes what runs of the load suite have left in a CMS.", "--run-tag")
    parser.add_argument(
        "--days-back", type=int, default=DAYS_BACK, help=f"how old remains may be, in days (default {DAYS_BACK})"
    )
    parser.add_argument("--yes", action="store_true", help="without --run-tag: remove all that is found, do not ask")
    options = parser.parse_args(list(words))
    if options.days_back < 1:
        raise SetupError(f"--days-back {options.days_back} looks at nothing", "take 1 or more")
    mark = Mark(checked_tag(options.run_tag)) if options.run_tag else AnyMark()
    since = datetime.now(UTC) - timedelta(days=options.days_back)
    usernames = [account.username for account in accounts_of(options, ["doctor", "patient"])]
    console = Console(soft_wrap=True, highlight=False)
    with administrator(options, options.accounts) as person:
        with console.status("Looking for remains") as status:
            progress = Progress(console, status, retrying(person.client.call, time.monotonic() + PATIENCE_SECONDS))
            sweep = Sweep(progress.call, mark, since)
            found = sweep.find(usernames, progress.looks_for)
            people = Whereabouts(progress.call, usernames, since)
            if not sweep.result.unread and not (people.patients or people.doctors):
                sweep.result.unread |= dict.fromkeys(OF_PEOPLE, "none of the accounts is known there: give --accounts")
        if found and not (options.run_tag or options.yes):
            confirm(console, found)
        with console.status("Removing") as status:
            progress.status = status
            swept = sweep.remove(found, progress.removes)
    tell(console, swept)
    return REMAINS_EXIT_CODE if list(swept.problems()) else 0


class Progress:
    """What the sweep is at: on a terminal one line that changes, elsewhere a line every few seconds."""

    def __init__(self, console: Console, status: Status, call: Callable[..., Any]) -> None:
        self._console = console
        self._call = call
        self._doing = ""
        self._rows = 0
        self._told_at = time.monotonic()
        self.status = status

    def call(self, *args: Any, **params: Any) -> Any:
        answer = self._call(*args, **params)
        self._rows += len(getattr(answer, "data", ()))
        self._tell()
        return answer

    def looks_for(self, kind: str) -> None:
        self._doing = f"Looking for remains: {kind}"
        self._tell()

    def removes(self, kind: str) -> None:
        self._doing = f"Removing: {kind}"
        self._tell()

    def _tell(self) -> None:
        line = f"{self._doing}, {self._rows:,} rows read"
        self.status.update(line)
        if not self._console.is_terminal and time.monotonic() - self._told_at > REPORT_EVERY_SECONDS:
            self._told_at = time.monotonic()
            self._console.print(line, markup=False)


def confirm(console: Console, found: Sequence[Found]) -> None:
    """Shows what was found, and asks. Raises SetupError when the answer is not yes, or nobody is there to ask."""
    counts = Counter(one.kind.name for one in found)
    kinds = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    console.print(f"These {len(found)} records carry the mark of a run: {kinds}", markup=False)
    for one in found[:SHOWN]:
        console.print(f"- {one}", markup=False)
    if len(found) > SHOWN:
        console.print(f"- ... and {len(found) - SHOWN} more", markup=False)
    if not sys.stdin.isatty():
        raise SetupError("nothing was removed, since nobody is there to be asked", "add --yes, or --run-tag TAG")
    if console.input("Remove them? [y/N] ").strip().casefold() not in ("y", "yes"):
        raise SetupError("nothing was removed", "add --run-tag TAG to remove what one run has left")


def tell(console: Console, swept: Swept) -> None:
    """Says what was removed, and names what was not."""
    console.print(f"Sweep: {swept}", markup=False)
    for record in swept.stayed:
        console.print(f"Not removed: {record}", markup=False)
    for kind, reason in swept.unread.items():
        console.print(f"Not looked to the end for: {kind} ({reason}); some may be left", markup=False)
