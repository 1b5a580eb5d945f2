"""Whether what was read of one record can be explained by the writes to it, each done at one moment of its request.

Every write has values of its own, so that a reading tells which write it saw. The zones are those of Gibbons and
Korach, "Testing Shared Memories" (1997).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from integrity.acts import Act

Values = Mapping[str, Any]
Seen = Sequence[tuple[Act, Values]]


@dataclass
class Zone:
    """One write (None: what was there before) and the readings that saw it."""

    write: Act | None
    sent: float = -math.inf
    done: float = -math.inf
    readings: list[Act] = field(default_factory=list)

    @property
    def first_end(self) -> float:
        """By then the value was there."""
        return min([self.done, *(reading.done for reading in self.readings)])

    @property
    def last_start(self) -> float:
        """Then the value was there yet, or again."""
        return max([self.sent, *(reading.sent for reading in self.readings)])

    @property
    def lasts(self) -> bool:
        return self.first_end < self.last_start

    @property
    def acts(self) -> list[Act]:
        return [*([self.write] if self.write else []), *self.readings]


def zones_of(writes: Seen, readings: Seen, before: Values) -> list[Zone]:
    """A zone for each write that was acknowledged or seen, and one for the values `before`.

    Readings whose values are no write's are in none.
    """
    zones = [(Zone(None), before)]
    for act, values in writes:
        done = math.inf if act.unknown else act.done
        zones.append((Zone(act, act.sent, done), values))
    for act, seen in readings:
        for zone, values in zones:
            if seen == values:
                zone.readings.append(act)
                break
    return [zone for zone, _ in zones if zone.readings or zone.write is None or zone.write.acknowledged]


def contradictions(zones: Sequence[Zone]) -> Iterator[tuple[Zone, Zone]]:
    """Pairs that no order of the writes explains; the first of each pair is the value that was seen too late."""
    for one, other in combinations(zones, 2):
        meet = one.first_end < other.last_start and other.first_end < one.last_start
        if meet and one.lasts and other.lasts:
            yield (one, other) if one.sent <= other.sent else (other, one)
        elif meet and (one.lasts or other.lasts):
            yield (one, other) if one.lasts else (other, one)
