"""The budgets of `slo.toml`: read, checked against what exists, and picked for the scenario that runs."""

import json
import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import msgspec

from config.errors import SetupError, check_all
from config.suggestions import suggestion

Milliseconds = Annotated[float, msgspec.Meta(gt=0)]
Ratio = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Limits(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one subject is held to; percentiles are in ms and of successful answers, the rate is per second."""

    p50: Milliseconds | None = None
    p95: Milliseconds | None = None
    p99: Milliseconds | None = None
    failure_ratio: Ratio | None = None
    min_requests: Annotated[int, msgspec.Meta(ge=1)] | None = None
    min_rate: Annotated[float, msgspec.Meta(gt=0)] | None = None


METRICS = Limits.__struct_fields__
WANTED = {
    **{share: f"milliseconds above 0 and unquoted, such as {share} = 500" for share in ("p50", "p95", "p99")},
    "failure_ratio": "a share from 0 to 1 and unquoted, such as failure_ratio = 0.01",
    "min_requests": "a whole number from 1 on and unquoted, such as min_requests = 1000",
    "min_rate": "requests per second, above 0 and unquoted, such as min_rate = 20",
}
NAMED = {"roles": "role", "endpoints": "endpoint", "journeys": "journey"}


@dataclass(frozen=True)
class Names:
    """What a budget can be about."""

    roles: Collection[str]
    endpoints: Collection[str]
    journeys: Collection[str]
    scenarios: Collection[str]


@dataclass(frozen=True, slots=True)
class Budget:
    """`kind` is everything, role, endpoint or journey; `metric` one of METRICS. `of_scenario`: written for it alone."""

    kind: str
    name: str
    metric: str
    limit: float
    of_scenario: bool = False

    @property
    def subject(self) -> tuple[str, str]:
        return self.kind, self.name

    def __str__(self) -> str:
        return f"{self.name or self.kind} {self.metric}"


class Slo:
    """The checked content of one budget file."""

    def __init__(self, path: Path, names: Names) -> None:
        """Raises SetupError, with the line and the likely name, for whatever cannot be meant; all of it at once."""
        self.path = path
        self._names = names
        self._text = _read(path)
        self._tables = self._parsed()
        check_all(self._checks(self._tables, ["everything", *NAMED, "scenarios"]))
        scenarios = self._tables.get("scenarios", {})
        check_all(partial(self._known, name, self._names.scenarios, "scenario") for name in scenarios)
        for name, tables in scenarios.items():
            check_all(self._checks(tables, ["everything", *NAMED], f"scenarios.{name}."))

    def budgets(self, scenario: str | None) -> tuple[Budget, ...]:
        """The general budgets with the scenario's own on top. Raises SetupError when there is none at all."""
        found: dict[tuple[str, str, str], Budget] = {}
        for budget in (*_budgets(self._tables, False), *self._of(scenario)):
            found[budget.kind, budget.name, budget.metric] = budget
        if not found:
            raise SetupError(f"{self.path} has no budget for this run", "write at least failure_ratio = 0.01 there")
        return tuple(found.values())

    def _of(self, scenario: str | None) -> Iterator[Budget]:
        return _budgets(self._tables.get("scenarios", {}).get(scenario or "", {}), True)

    def _parsed(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self._text)
        except tomllib.TOMLDecodeError as wrong:
            at = re.search(r"line (\d+)", str(wrong))
            lines = self._text.splitlines()
            line = lines[min(int(at.group(1)), len(lines)) - 1] if at and lines else (lines or [""])[-1]
            raise SetupError(f"{self.path} is not TOML: {wrong}", f"correct {line.strip()!r}") from None

    def _checks(self, tables: Any, sections: Collection[str], inside: str = "") -> Iterator[Callable[[], None]]:
        self._is_table(tables, inside.rstrip("."))
        for section, content in tables.items():
            yield partial(self._known, section, sections, "section")
            if section not in sections:
                continue
            self._is_table(content, f"{inside}{section}")
            if section == "everything":
                yield partial(self._check_limits, content, f"{inside}{section}")
            for name, limits in content.items() if section in NAMED else ():
                yield partial(self._known, name, getattr(self._names, section), NAMED[section])
                yield partial(self._check_limits, limits, f'{inside}{section}."{name}"')

    def _check_limits(self, limits: Any, place: str) -> None:
        self._is_table(limits, place)
        check_all(partial(self._check_limit, metric, limit, place) for metric, limit in limits.items())

    def _check_limit(self, metric: str, limit: Any, place: str) -> None:
        self._known(metric, METRICS, "key")
        try:
            msgspec.convert({metric: limit}, Limits)
        except msgspec.ValidationError:
            written = f"{metric} = {json.dumps(limit, default=str)}"
            raise SetupError(f"{self._place(metric, place)}: {written}", f"write {WANTED[metric]}") from None

    def _is_table(self, value: Any, place: str) -> None:
        if not isinstance(value, Mapping):
            raise SetupError(f"{self.path}: {place} is not a table", f"write [{place}] and the budgets below it")

    def _known(self, name: str, known: Collection[str], what: str) -> None:
        if name not in known:
            raise SetupError(f"{self._place(name)}: unknown {what} {name!r}", suggestion(name, known))

    def _place(self, name: str, section: str = "") -> str:
        """The file, and the first line in which the name is written (below its section's heading)."""
        lines = [line.split("#")[0] for line in self._text.splitlines()]
        headings = [_heading(line) for line in lines]
        first = headings.index(_heading(f"[{section}]")) if _heading(f"[{section}]") in headings else 0
        for number, line in enumerate(lines[first:], first + 1):
            if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", line):
                return f"{self.path} line {number}"
        return str(self.path)


def _heading(line: str) -> str:
    """A table's heading, whether its names stand in quotation marks or not."""
    return re.sub(r"[\s\"']", "", line)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as failure:
        reason = getattr(failure, "strerror", None) or "it is not UTF-8"
        raise SetupError(f"--slo {path}: {reason}", "name a TOML file with budgets") from None


def _budgets(tables: Mapping[str, Any], of_scenario: bool) -> Iterator[Budget]:
    for metric, limit in tables.get("everything", {}).items():
        yield Budget("everything", "", metric, limit, of_scenario)
    for section, kind in NAMED.items():
        for name, limits in tables.get(section, {}).items():
            for metric, limit in limits.items():
                yield Budget(kind, name, metric, limit, of_scenario)
