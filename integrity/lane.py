"""One lane of races: learns first what the API promises to one alone, then lets people meet, race after race."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from api.failures import NothingToDo
from integrity.audit_trail import TRIES, AuditTrail
from integrity.booking_race import BookingRace
from integrity.breaches import AUDITED, ONE_BOOKING
from integrity.deletion_race import DeletionRace
from integrity.file_race import FileRace
from integrity.judgement import BROKEN, Judgement
from integrity.password_race import PasswordRace
from integrity.race_outcomes import RaceOutcomes
from integrity.reading_races import IdentityRace, TotalsRace
from integrity.record_race import RecordRace
from integrity.stage import Stage, is_answering
from integrity.unique_races import ACCOUNTS, CODES, UniqueRace


class Race(Protocol):
    """`run` lets people meet once; `look_again` reads all that is still to be there, and what must not be."""

    @property
    def name(self) -> str: ...

    @property
    def weight(self) -> int: ...

    def run(self, stage: Stage) -> Iterator[Judgement]: ...

    def look_again(self, stage: Stage) -> Iterator[Judgement]: ...


def races_that_read() -> list[Race]:
    return [IdentityRace(), TotalsRace()]


def all_races(trail: AuditTrail) -> list[Race]:
    return [
        BookingRace(trail),
        RecordRace(trail),
        PasswordRace(trail),
        FileRace(trail),
        DeletionRace(trail),
        UniqueRace("sign-up", 2, ACCOUNTS, trail),
        UniqueRace("code", 3, CODES, trail),
        *races_that_read(),
    ]


RACE_NAMES = tuple(race.name for race in all_races(AuditTrail()))


@dataclass
class Lane:
    """`ready` is called before each race: it renews the tokens that are due, or all, and says if that went well.

    With `only`, just that race is held.
    """

    stage: Stage
    races: Sequence[Race]
    trail: AuditTrail
    outcomes: RaceOutcomes
    seed: str
    ready: Callable[[bool], bool] = lambda everybody: True
    only: str | None = None
    number: int = 0
    checking: float = 0.0
    """Seconds of CPU that checking took in all."""
    unpromised: set[tuple[str, str]] = field(default_factory=set)
    """Race and invariant of what does not even hold when one asks after the other."""

    def learn(self) -> None:
        """One after the other: what is broken then every time is no matter of contention, and is not judged."""
        self.stage.one_by_one = True
        self.stage.after_write = partial(self.trail.learn, self.stage)
        self.trail.begin(self.stage)
        held = []
        self.races = [race for race in self.races if self.only in (None, race.name)]
        for race in self.races:
            try:
                self.unpromised |= {(race.name, invariant) for invariant in self._broken_alone(race)}
            except NothingToDo:
                self.outcomes.leave_out(f"{race.name}: this CMS lacks what it needs")
            else:
                held.append(race)
        self.races = held
        self.stage.one_by_one, self.stage.after_write = False, None
        self._count_costs()
        for race_name, invariant in sorted(self.unpromised):
            self.outcomes.leave_out(f"{invariant} ({race_name}): not even when one asks after the other")
        if self.trail.unread:
            self.outcomes.leave_out(f"{AUDITED}: the audit log could not be read")
        for route in self.trail.unpromised:
            self.outcomes.leave_out(f"{AUDITED}: {route} leaves none, not even when one asks after the other")

    def hold_one(self) -> None:
        """The next race, if the API answers; after an interruption, all that is kept is read again first."""
        if not self._is_there() or not self.races:
            return
        seed = self.seed if self.only and not self.number else f"{self.seed}.{self.number}"
        self.number += 1
        self.stage.rng.seed(f"{seed}/{self.only}")
        race = self.stage.rng.choices(self.races, [race.weight for race in self.races])[0]
        self.stage.rng.seed(f"{seed}/{race.name}")
        self.outcomes.races[race.name] += 1
        self._count(race, race.run(self.stage), seed)
        self._count_costs()

    def look_again(self) -> None:
        """Reads all that is to be there, and looks for what must not be."""
        for race in self.races:
            self._count(race, race.look_again(self.stage), self.seed)
        self.outcomes.read_again += 1
        self._count_costs()

    def _is_there(self) -> bool:
        """Of an API that was away, or believes no token any more: whether it is back."""
        stage = self.stage
        was_away, unknown = stage.interrupted, stage.interrupted or stage.refused
        if not self.ready(unknown):
            stage.interrupted = True
            return False
        if not unknown:
            return True
        stage.interrupted = stage.refused = False
        if not is_answering(stage):
            stage.interrupted = True
            return False
        if was_away:
            self.outcomes.interruptions += 1
            self.look_again()
        return True

    def _count_costs(self) -> None:
        self.outcomes.requests += self.stage.requests
        self.outcomes.checking_cpu += self.stage.cpu
        self.checking += self.stage.cpu
        self.stage.requests, self.stage.cpu = 0, 0.0

    def _broken_alone(self, race: Race) -> set[str]:
        broken: set[str] = set()
        unlearned = set(self.trail.unlearned)
        for number in range(TRIES):
            found = {judgement.invariant for judgement in race.run(self.stage) if judgement.state == BROKEN}
            broken = found if number == 0 else broken & found
            if not broken and set(self.trail.unlearned) <= unlearned:
                break
        return broken - {ONE_BOOKING}

    def _count(self, race: Race, judgements: Iterator[Judgement], seed: str) -> None:
        began = datetime.now(UTC)
        for judgement in judgements:
            if (race.name, judgement.invariant) not in self.unpromised:
                self.outcomes.add(race.name, seed, judgement, began)
