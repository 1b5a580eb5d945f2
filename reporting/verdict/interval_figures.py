"""The figures of a run, each with how sure it is."""

from collections.abc import Mapping
from dataclasses import replace

from msgspec import structs

from reporting.metrics.measurements import Figures, Measured
from reporting.metrics.subjects import ALL, ENDPOINT, JOURNEY_OF, ROLE, Subject
from reporting.verdict.intervals import intervals
from reporting.verdict.run_data import Figured


def with_intervals(figured: Figured) -> Figured:
    """Adds them to what is judged, and to the same figures where they are listed."""
    judged = {
        subject: structs.replace(figures, intervals=intervals(seen.parts, seen.whole, seen.seconds))
        if (seen := figured.observed.get(subject))
        else figures
        for subject, figures in figured.judged.items()
    }
    return replace(
        figured,
        judged=judged,
        everything=_listed(judged, ALL, figured.everything),
        roles=_all_listed(judged, ROLE, figured.roles),
        journeys=_all_listed(judged, JOURNEY_OF, figured.journeys),
        endpoints=_all_listed(judged, ENDPOINT, figured.endpoints),
    )


def _all_listed(judged: Mapping[Subject, Figures], kind: str, measured: Mapping[str, Measured]) -> dict[str, Measured]:
    return {name: _listed(judged, (kind, name), one) for name, one in measured.items()}


def _listed(judged: Mapping[Subject, Figures], subject: Subject, measured: Measured) -> Measured:
    """Signing in is judged over the whole run: its steady state alone has no intervals."""
    found = judged.get(subject)
    alike = found is not None and structs.replace(found, intervals={}) == measured.steady
    return structs.replace(measured, steady=found) if found is not None and alike else measured
