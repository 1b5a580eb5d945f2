"""Whether the API came back by itself once a crowd had left, and how long that took."""

from collections.abc import Sequence

import msgspec

from reporting.verdict.incidents import Incident, is_open

STILL_OF_THE_CROWD_SECONDS = 10
"""What begins so soon after it has left is its doing."""


class Recovery(msgspec.Struct, frozen=True):
    """`left_after` is how many seconds into the run the crowd left; `seconds` until the API was itself again.

    0: it was all the time, or had recovered before; None: it was not when the load ended.
    """

    left_after: int
    seconds: int | None


def recovery_of(incidents: Sequence[Incident], crowd: tuple[float, float] | None) -> Recovery | None:
    """None when no crowd came."""
    if crowd is None:
        return None
    came, left = map(round, crowd)
    of_crowd = [
        incident
        for incident in incidents
        if incident.after <= left + STILL_OF_THE_CROWD_SECONDS and (is_open(incident) or _normal_at(incident) > came)
    ]
    if any(map(is_open, of_crowd)):
        return Recovery(left, None)
    return Recovery(left, max([0, *(_normal_at(incident) - left for incident in of_crowd)]))


def reasons_of_recovery(recovery: Recovery | None, lasted: float) -> list[str]:
    """A crowd may slow an API down; one that stays so without the crowd is stuck, and needs a person."""
    if recovery is None or recovery.seconds is not None:
        return []
    return [
        f"it did not recover: {lasted - recovery.left_after:.0f} s after the crowd had left, it was not itself again"
    ]


def recovery_text(recovery: Recovery) -> str:
    if recovery.seconds is None:
        return "After the crowd had left, it was not itself again before the load ended"
    if not recovery.seconds:
        return "It was itself again as soon as the crowd had left"
    return f"It was itself again within {recovery.seconds} s after the crowd had left"


def _normal_at(incident: Incident) -> int:
    return incident.after + incident.lasted + (incident.normal_after or 0)
