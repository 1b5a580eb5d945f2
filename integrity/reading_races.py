"""The races that write nothing: who one is, asked by all at once, and whether a list's total is that of its rows."""

from collections.abc import Iterator
from dataclasses import dataclass

from api.endpoints import CATALOGS, WHO_AM_I
from integrity.acts import Ask
from integrity.invariants import own_answer
from integrity.judgement import Judgement
from integrity.stage import Stage


@dataclass
class IdentityRace:
    """Everybody asks who they are."""

    name: str = "identity"
    weight: int = 3

    def run(self, stage: Stage) -> Iterator[Judgement]:
        for act in stage.at_once([Ask(racer, WHO_AM_I) for racer in stage.some(2, 6)]):
            yield from stage.judged(own_answer, act)

    def look_again(self, stage: Stage) -> Iterator[Judgement]:
        yield from ()


@dataclass
class TotalsRace:
    """A catalog is read to its end."""

    name: str = "totals"
    weight: int = 1

    def run(self, stage: Stage) -> Iterator[Judgement]:
        listing = stage.rng.choice(CATALOGS).list_entries
        reading = stage.read(listing)
        if reading.whole:
            yield from stage.totals_of(str(listing), listing, reading)

    def look_again(self, stage: Stage) -> Iterator[Judgement]:
        yield from ()
