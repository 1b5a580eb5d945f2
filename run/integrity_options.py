"""What the options of the races say, checked before anything is sent."""

import shlex
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config.errors import SetupError
from config.policy_file import DEFAULT_POLICIES, read_policies
from config.suggestions import suggestion
from integrity.clinic_policies import Policies
from integrity.lane import RACE_NAMES, races_that_read

READING = tuple(race.name for race in races_that_read())


def check_integrity(options: Namespace) -> None:
    """Reads the policies for all processes. Raises SetupError for what cannot be meant."""
    if options.race is not None:
        if not options.integrity:
            raise SetupError("--race without --integrity", "add --integrity, or use scenarios/integrity.sh")
        if options.race not in RACE_NAMES:
            raise SetupError(f"--race: there is no race {options.race!r}", suggestion(options.race, RACE_NAMES))
        if options.read_only and options.race not in READING:
            raise SetupError(
                f"--race {options.race} writes, and the run is --read-only", f"take {' or '.join(READING)}"
            )
    options.policies_read = read_policies(Path(options.policies)) if options.integrity else {}


def policies_of(options: Namespace) -> Policies:
    """As they were read before the load; workers get them with the options."""
    read: Mapping[str, Any] = getattr(options, "policies_read", {})
    return Policies(**read)


def command_of(options: Namespace, host: str, is_sandbox: bool) -> str:
    """What starts the races again on this API, but for which and with what seed."""
    words = ["./scenarios/integrity.sh"]
    if not is_sandbox:
        words += ["--host", host]
    elif options.sandbox_args:
        words.append(f"--sandbox-args={options.sandbox_args}")
    if Path(options.policies) != DEFAULT_POLICIES:
        words += ["--policies", str(options.policies)]
    if options.accounts:
        words += ["--accounts", str(options.accounts)]
    return shlex.join(words)
