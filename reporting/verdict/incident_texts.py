"""Each incident as one sentence that needs no table."""

from reporting.verdict.incidents import Incident

ALL_OF_THEM = 0.9
MS_PER_SECOND = 1000


def sentence(incident: Incident) -> str:
    """`From 20:01:07 to 20:01:15 (8 s) nothing could connect; 46 requests failed; it was back to normal within 2 s`"""
    parts = [f"From {_clock(incident.began)} to {_clock(incident.ended)} ({incident.lasted} s) {_what(incident)}"]
    parts += [*_counts(incident), *_first(incident)]
    if incident.normal_after is None:
        parts.append("it was not back to normal when the load ended")
    else:
        parts.append(f"it was back to normal within {incident.normal_after} s")
    return "; ".join(parts)


def beginning(incident: Incident) -> str:
    """While it goes on: `Since 20:01:07 nothing could connect`."""
    return "; ".join([f"Since {_clock(incident.began)} {_what(incident)}", *_first(incident)])


def _what(incident: Incident) -> str:
    if incident.kind == "silent":
        return "nothing was answered"
    if incident.kind == "away" and incident.share >= ALL_OF_THEM:
        connects = incident.said.startswith("could not connect")
        return "nothing could connect" if connects else "nothing was answered"
    some = (
        "the requests" if incident.share >= ALL_OF_THEM else f"{incident.share:.0%} of the requests".replace("%", " %")
    )
    return {
        "away": f"{some} found nobody ({incident.said})",
        "hanging": f"{some} got no answer in time ({incident.said})",
        "failing": f"{some} failed ({incident.said})",
        "refusing": f"{some} were refused ({incident.said})",
        "slow": f"{some} were slow",
    }[incident.kind]


def _counts(incident: Incident) -> list[str]:
    longest = f"the longest took {incident.longest / MS_PER_SECOND:.1f} s"
    if incident.kind in ("slow", "silent"):
        return [f"{incident.bad:,} {_requests(incident.bad)} late, {longest}"] if incident.bad else []
    return [f"{incident.bad:,} {'request' if incident.bad == 1 else 'requests'} failed"]


def _requests(number: int) -> str:
    return "answer came" if number == 1 else "answers came"


def _first(incident: Incident) -> list[str]:
    """Only when it began with few routes, so that their names say something."""
    if not incident.routes or incident.kind in ("away", "silent"):
        return []
    more = incident.hit - len(incident.routes)
    if incident.hit == 1:
        return [f"only {incident.routes[0]}"]
    return [f"first {', '.join(incident.routes)}" + (f" ({more} more later)" if more > 0 else "")]


def _clock(moment: str) -> str:
    """The time of day, UTC, of an ISO moment."""
    return moment[11:19]
