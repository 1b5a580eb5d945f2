"""What came of the races so far: counted by invariant, and the first breaches with all their requests."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from api.endpoints import SIGN_IN
from integrity.acts import Act
from integrity.breaches import INVARIANTS, Breach, IntegrityReport, InvariantRow, Sent
from integrity.judgement import BROKEN, KEPT, UNDECIDED, Judgement

SHOWN_PER_RACE = 3
UNDECIDED_SHOWN = 10
MAX_BODY = 200
SECRET, HIDDEN = "password", "..."


class RaceOutcomes:
    """Of one test, on one process or, with `take_over`, of several. `command` starts the scenario again."""

    def __init__(self, command: str = "") -> None:
        self.command = command
        self._renew()

    def _renew(self) -> None:
        self.requests = self.interruptions = self.read_again = 0
        self.checking_cpu = self.process_cpu = 0.0
        self.races: Counter[str] = Counter()
        self._counts: Counter[tuple[str, str]] = Counter()
        self._breaches: list[Breach] = []
        self._undecided: Counter[str] = Counter()
        self._not_judged: dict[str, None] = {}

    def add(self, race: str, seed: str, judgement: Judgement, began: datetime) -> None:
        self._counts[judgement.invariant, judgement.state] += 1
        if judgement.state == UNDECIDED:
            self._undecided[f"{judgement.invariant}: {judgement.what}"] += 1
        if judgement.state == BROKEN:
            at = began.isoformat(timespec="milliseconds")
            records = list(judgement.records)
            sent = sent_of(judgement.acts)
            self._keep(Breach(judgement.invariant, race, judgement.what, records, at, sent, seed))

    def leave_out(self, reason: str) -> None:
        self._not_judged[reason] = None

    def hand_over(self) -> Any:
        """All of it, as it can travel; what was handed over counts no more here."""
        content = {
            "counts": [(*key, count) for key, count in self._counts.items()],
            "breaches": msgspec.to_builtins(self._breaches),
            "undecided": dict(self._undecided),
            "not_judged": list(self._not_judged),
            "races": dict(self.races),
            "numbers": [self.requests, self.interruptions, self.read_again, self.checking_cpu, self.process_cpu],
        }
        self._renew()
        return content

    def take_over(self, content: Mapping[str, Any]) -> None:
        """What another process has handed over."""
        for invariant, state, count in content["counts"]:
            self._counts[invariant, state] += count
        for breach in msgspec.convert(content["breaches"], list[Breach]):
            self._keep(breach)
        self._undecided.update(content["undecided"])
        self._not_judged |= dict.fromkeys(content["not_judged"])
        self.races.update(content["races"])
        requests, interruptions, read_again, checking, process = content["numbers"]
        self.requests += requests
        self.interruptions += interruptions
        self.read_again += read_again
        self.checking_cpu += checking
        self.process_cpu += process

    def report(self) -> IntegrityReport:
        shown = self._undecided.most_common(UNDECIDED_SHOWN)
        undecided = [what if count == 1 else f"{what} ({count} times)" for what, count in shown]
        return IntegrityReport(
            rows=[row for row in map(self._row, INVARIANTS) if row.kept or row.broken or row.undecided],
            breaches=[
                msgspec.structs.replace(breach, again=f"{self.command} --race {breach.race} --seed {breach.seed}")
                for breach in sorted(self._breaches, key=lambda breach: breach.at)
            ],
            undecided=undecided,
            not_judged=list(self._not_judged),
            races=dict(sorted(self.races.items())),
            requests=self.requests,
            interruptions=self.interruptions,
            read_again=self.read_again,
            checking_cpu=round(self.checking_cpu, 3),
            process_cpu=round(self.process_cpu, 3),
        )

    def _row(self, invariant: str) -> InvariantRow:
        return InvariantRow(invariant, *(self._counts[invariant, state] for state in (KEPT, BROKEN, UNDECIDED)))

    def _keep(self, breach: Breach) -> None:
        """One that shows every time would fill the report."""
        like_it = [each for each in self._breaches if (each.invariant, each.race) == (breach.invariant, breach.race)]
        if len(like_it) < SHOWN_PER_RACE:
            self._breaches.append(breach)


def sent_of(acts: Sequence[Act]) -> list[Sent]:
    """The requests in the order in which they were sent."""
    ordered = sorted(acts, key=lambda act: act.sent)
    return [
        Sent(
            (round((act.sent - ordered[0].sent) * 1000, 1), round((act.done - ordered[0].sent) * 1000, 1)),
            f"{act.ask.racer.name} ({act.ask.racer.line})",
            _request(act),
            _answer(act),
        )
        for act in ordered
    ]


def _request(act: Act) -> str:
    body = act.ask.body
    line = f"{act.ask.endpoint.method} {act.ask.endpoint.target(act.ask.params)}"
    if body is None or act.ask.endpoint is SIGN_IN:
        return line
    shown = msgspec.json.encode({key: HIDDEN if SECRET in key else value for key, value in body.items()}).decode()
    return f"{line} {shown if len(shown) <= MAX_BODY else f'{shown[:MAX_BODY]}...'}"


def _answer(act: Act) -> str:
    """The status, and what tells one answer from another."""
    if act.status is None:
        return f"no answer ({act.problem})"
    told = [
        f"{name} {value}"
        for name in ("id", "association_id", "nombre", "telefono")
        if (value := getattr(act.answer, name, None)) is not None
    ]
    if (rows := getattr(act.answer, "data", None)) is not None:
        told.append(f"{len(rows)} rows")
    return ", ".join([str(act.status), *told])
