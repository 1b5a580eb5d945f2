"""Whether two runs are alike enough to be held against each other."""

from collections.abc import Iterator

from msgspec.structs import asdict

from config.errors import SetupError
from reporting.verdict.model import Settings, Verdict

WAITS = "wait_times"


def differences(before: Verdict, after: Verdict) -> Iterator[str]:
    """Why two runs cannot be held against each other; nothing when they are alike."""
    pairs = {
        "scenario": (before.scenario, after.scenario),
        "users": (before.users.asked, after.users.asked),
        "mix": (_mix(before), _mix(after)),
        "host": (_host(before), _host(after)),
        **_settings(before.settings, after.settings),
    }
    for what, (then, now) in pairs.items():
        if then != now:
            yield f"{what} {_worded(then)} and {_worded(now)}"


def refuse_unlike(before: Verdict, after: Verdict) -> None:
    """Raises SetupError with every difference."""
    if unlike := list(differences(before, after)):
        raise SetupError(f"the runs are not alike ({'; '.join(unlike)})", "compare like with like, or say --anyway")


def _mix(verdict: Verdict) -> str:
    return ", ".join(f"{count} {role}" for role, count in sorted(verdict.users.by_role.items()))


def _host(verdict: Verdict) -> str:
    return "the sandbox" if verdict.sandbox else verdict.host


def _worded(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value or "none")


def _settings(before: Settings, after: Settings) -> dict[str, tuple[object, object]]:
    """Those of the load; how the sandbox behaves is what is compared."""
    then, now = asdict(before), asdict(after)
    alike = {name.replace("_", " "): (then[name], now[name]) for name in then if name not in ("sandbox_args", WAITS)}
    waits = {f"wait time of {role}": (wait, now[WAITS].get(role, wait)) for role, wait in then[WAITS].items()}
    return alike | waits
