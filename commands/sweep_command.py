"""The command that removes what earlier runs have left: after a kill -9, a power cut, a lost worker."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from rich.console import Console

from commands.administrator import administrator
from config.commands import command_parser
from records.marks import AnyMark, Mark, checked_tag
from records.retry import retrying
from records.sweep import Sweep, Swept
from users.account_sources import accounts_of

REMAINS_EXIT_CODE = 1
DAYS_BACK = 30
PATIENCE_SECONDS = 600.0
"""For how long trouble that may pass is met by another try."""


def run(words: Sequence[str]) -> int:
    """Sweeps the remains of one run, or of all. Raises SetupError when it cannot begin."""
    parser = command_parser("Removes what runs of the load suite have left in a CMS.", "--run-tag")
    parser.add_argument(
        "--days-back", type=int, default=DAYS_BACK, help=f"how old remains may be, in days (default {DAYS_BACK})"
    )
    options = parser.parse_args(list(words))
    mark = Mark(checked_tag(options.run_tag)) if options.run_tag else AnyMark()
    since = datetime.now(UTC) - timedelta(days=options.days_back)
    patients = [account.username for account in accounts_of(options, ["patient"])]
    console = Console(soft_wrap=True, highlight=False)
    with administrator(options, options.accounts) as person, console.status("Looking for remains") as status:
        call = retrying(person.client.call, time.monotonic() + PATIENCE_SECONDS)
        swept = Sweep(call, mark, since).everything(
            patients, lambda kind: status.update(f"Looking for remains: {kind}")
        )
    tell(console, swept)
    return REMAINS_EXIT_CODE if list(swept.problems()) else 0


def tell(console: Console, swept: Swept) -> None:
    """Says what was removed, and names what was not."""
    console.print(f"Sweep: {swept}", markup=False)
    for record in swept.stayed:
        console.print(f"Not removed: {record}", markup=False)
    for kind, reason in swept.unread.items():
        console.print(f"Not looked to the end for: {kind} ({reason}); give the command again", markup=False)
