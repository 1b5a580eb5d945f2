"""What the watched process did with its processor and its memory, and for which route. Pure."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from reporting.metrics.resources import Resource
from reporting.metrics.timeline import Timeline
from reporting.verdict.attribution import EVERY_ROUTE, Belongs, Spells
from reporting.verdict.digits import three_digits
from reporting.verdict.told import Told, sureness

OF_A_CORE, MEMORY, MB = "% of a core", "memory", "MB"
OF_A_THREAD = (OF_A_CORE, "% of a thread")
MOST_OF_IT = 0.5
MS_PER_PERCENT = 10
"""Of a second of one core."""
GROWN_MB, GROWN_SHARE = 30.0, 0.2
STEADILY = 0.2
"""Of all growth, in each third of the time: what only warms up levels off."""
LEAK = 0.4
SECONDS_PER_MINUTE = 60


def owner_of(resource: Resource, timeline: Timeline | None) -> Belongs | None:
    """The route that took most of a core's time; `per_request` in ms. None when that cannot be told."""
    if timeline is None or resource.unit != OF_A_CORE:
        return None
    spent, looks = 0.0, list[tuple[float, float]]()
    for second, value in resource.points:
        spent += value * MS_PER_PERCENT
        looks.append((float(second), spent))
    found = _owners(looks, timeline)
    return found[0] if found and found[0].share >= MOST_OF_IT and found[0].route != EVERY_ROUTE else None


def owner_text(owner: Belongs | None) -> str:
    """`; most of it was of GET /api/patients (99 % sure), 41 ms for each`"""
    if owner is None:
        return ""
    return f"; most of it was of {owner.route}{sureness(owner)}, {three_digits(owner.per_request)} ms for each"


def leak(resources: Sequence[Resource], timeline: Timeline | None) -> Told | None:
    """Memory that grows all the time, and by much."""
    memory = next((one for one in resources if (one.name, one.unit) == (MEMORY, MB)), None)
    if timeline is None or memory is None:
        return None
    begin, end = timeline.steady_from * timeline.interval, timeline.steady_to * timeline.interval
    points = [(second, value) for second, value in memory.points if begin <= second <= end]
    if len(points) < 12:
        return None
    values = [value for _, value in points]
    levels = [median(values[at : at + 3]) for at in (0, len(values) // 3, 2 * len(values) // 3, len(values) - 3)]
    grown, seconds = levels[-1] - levels[0], points[-1][0] - points[0][0]
    steadily = all(after - before >= STEADILY * grown for before, after in pairwise(levels))
    if grown < max(GROWN_MB, GROWN_SHARE * levels[0]) or not steadily:
        return None
    return Told(LEAK, _leak_sentence(memory, levels[0], levels[-1], seconds, timeline))


def _leak_sentence(memory: Resource, before: float, after: float, seconds: int, timeline: Timeline) -> str:
    requests = sum(timeline.everything.requests[timeline.steady_from : timeline.steady_to])
    each = (after - before) * 1000 / requests if requests else 0.0
    pace = (after - before) / max(seconds, 1)
    left = ((memory.full or 0.0) - after) / pace / SECONDS_PER_MINUTE
    until = f"; at this pace there is none left in {left:,.0f} minutes" if left > 0 else ""
    return (
        f"The memory of the watched process grew all the time, from {before:,.0f} to {after:,.0f} MB, "
        f"about {three_digits(each)} KB for each request: something is kept for ever{until}"
    )


def _owners(looks: Sequence[tuple[float, float]], timeline: Timeline) -> list[Belongs]:
    spells = Spells(timeline, [at for at, _ in looks])
    if not spells.enough:
        return []
    return spells.explained_by.belongs_to(spells.calls(looks), used_up=True)
