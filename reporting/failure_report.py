"""What failed in a run, with whose fault it is, and what is known of the CMS and its routes."""

from locust.env import Environment

from collections import Counter
from collections.abc import Iterator

from api.endpoints import ENDPOINTS
from api.fault_classes import FAULTS, SUITE, fault_of
from config.options import options_of
from internals.of_locust import failures
from records.survey import remembered
from reporting.metrics.journey_event import JOURNEY
from reporting.verdict.model import Failure
from reporting.verdict.routes import KnownOfRoutes

MAX_ERRORS = 20
DUPLICATE = "expected status 201, got 409 (Duplicate entry)"


def errors_of(environment: Environment) -> list[Failure]:
    """The commonest failures; those that are the suite's own are always among them."""
    failures = sorted(_failures(environment), key=lambda failure: (failure.fault != SUITE, -failure.count))
    return sorted(failures[:MAX_ERRORS], key=lambda failure: -failure.count)


def faults_of(environment: Environment) -> dict[str, int]:
    """How many failures are whose; a journey's is that of its step and not counted again."""
    counts: Counter[str] = Counter(dict.fromkeys(FAULTS, 0))
    for failure in _failures(environment):
        if not failure.row.startswith(f"{JOURNEY} "):
            counts[failure.fault] += failure.count
    return dict(counts)


def known_of_routes(environment: Environment) -> KnownOfRoutes:
    options = options_of(environment)
    survey = remembered(options)
    first: dict[str, str] = {}
    for failure in _failures(environment):
        first.setdefault(failure.row, failure.error)
    return KnownOfRoutes(
        routes=[str(endpoint) for endpoint in ENDPOINTS],
        surveyed=survey.answers,
        lacking={str(endpoint): why for endpoint in ENDPOINTS if (why := survey.lacks(endpoint))},
        empty=survey.empty,
        first_failures=first,
        each_task_once=bool(options.each_task_once),
        read_only=bool(options.read_only),
    )


def findings_of(environment: Environment) -> list[str]:
    """What people should know of this CMS, a sentence each."""
    survey = remembered(options_of(environment))
    found = list(survey.unknown.values())
    behind = [failure.row for failure in _failures(environment) if failure.error == DUPLICATE and "POST" in failure.row]
    if behind:
        found.append(f"new entries are answered 409, as by a sequence that lies behind its table: {', '.join(behind)}")
    if survey.time_shift:
        hours = f"{abs(survey.time_shift) / 60:g} h {'later' if survey.time_shift > 0 else 'earlier'}"
        found.append(f"the server does not run in UTC: times come back {hours} than they were written")
    if survey.roles_enforced is False:
        found.append("roles are not enforced: a patient's token lists all users")
    if survey.largest_page is not None:
        found.append(f"a page has {survey.largest_page} rows at most, whatever limit is asked for")
    return [f"{text[0].upper()}{text[1:]}" for text in found]


def _failures(environment: Environment) -> Iterator[Failure]:
    """In the order in which they came up first."""
    for one in failures(environment):
        yield Failure(f"{one.method} {one.name}", one.text, one.times, fault_of(one.text))
