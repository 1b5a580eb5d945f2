"""What is used of Locust beyond its documentation."""

from locust import User, stats
from locust.contrib.fasthttp import LocustUserAgent, insecure_ssl_context_factory
from locust.env import Environment
from locust.html import get_html_report, process_html_filename
from locust.runners import STATE_INIT, STATE_MISSING, STATE_RUNNING, STATE_SPAWNING, MasterRunner, Runner
from locust.stats import StatsCSV, StatsCSVFileWriter, StatsError
from locust.user.task import LOCUST_STATE_RUNNING, LOCUST_STATE_STOPPING, LOCUST_STATE_WAITING
from locust.web import WebUI

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

_send: Callable[[LocustUserAgent, Any], Any] = LocustUserAgent._urlopen
CsvWriter: Any = StatsCSVFileWriter
unverified_tls = insecure_ssl_context_factory
html_report: Callable[..., str] = get_html_report
fill_in_html_filename = process_html_filename
CSV_ROWS = tuple(
    (owner, name)
    for owner, names in (
        (StatsCSV, ("_requests_data_rows", "_failures_data_rows", "_exceptions_data_rows")),
        (StatsCSVFileWriter, ("_requests_data_rows", "_stats_history_data_rows")),
    )
    for name in names
    if name in vars(owner)
)
"""The methods that write the cells of Locust's CSV files, each with its class."""


class HookedUserAgent(LocustUserAgent):
    """Locust's agent for requests written by hand, with a hook in a subclass's reach."""

    def send(self, request: Any) -> Any:
        """Every request passes here, and again after each redirect; it has a `url_split`."""
        return _send(self, request)

    def _urlopen(self, request: Any) -> Any:
        return self.send(request)


class CountedFailure(NamedTuple):
    """One kind of failure of one row; `exception` as the request event had it, or its text from a worker."""

    method: str
    name: str
    exception: Any
    text: str
    times: int


def is_stopping(user: User) -> bool:
    """Whether Locust wants the user to end as soon as its task has."""
    return bool(user._state == LOCUST_STATE_STOPPING)


def is_running(user: User) -> bool:
    """Whether the user is in the midst of a task."""
    return bool(user._state == LOCUST_STATE_RUNNING)


def now_waiting(user: User) -> None:
    """From here on Locust may end the user at once: it is not in the midst of a task."""
    user._state = LOCUST_STATE_WAITING


def now_running(user: User) -> None:
    user._state = LOCUST_STATE_RUNNING


def weight_of(task: Any) -> int:
    """What `@task(n)` gave it; 0 for what is no task."""
    return getattr(task, "locust_task_weight", 0)


def tags_of(task: Any) -> frozenset[str]:
    return frozenset(getattr(task, "locust_tag_set", ()))


def filter_tasks_by_tags(environment: Environment) -> None:
    """Takes away what --tags and --exclude-tags do, before Locust would: afterwards it does so once more in vain."""
    environment._filter_tasks_by_tags()


def users_by_class(runner: Runner) -> dict[str, int]:
    """The users that there are now, in all processes."""
    if isinstance(runner, MasterRunner):
        return dict(runner.reported_user_classes_count)
    return dict(runner.user_classes_count)


def users_wanted_by_class(runner: Runner) -> dict[str, int]:
    return dict(runner.target_user_classes_count)


def present_workers(master: MasterRunner) -> set[str]:
    """The workers that the master has not lost sight of."""
    return {name for name, node in master.clients.items() if node.state != STATE_MISSING}


def is_testing(runner: Runner) -> bool:
    return runner.state in (STATE_SPAWNING, STATE_RUNNING)


def has_no_test_yet(runner: Runner) -> bool:
    return bool(runner.state == STATE_INIT)


def is_served(web_ui: WebUI) -> bool:
    """Whether people can use the web UI by now."""
    return web_ui.greenlet is not None


def row(environment: Environment, method: str, name: str) -> Any:
    """A row of Locust's statistics, made when there is none; what is logged to it is in no total."""
    return environment.stats.get(name, method)


def requests_of(environment: Environment, method: str, name: str) -> int:
    """Of a row that may not be there; asking does not make it."""
    found = environment.stats.entries.get((name, method))
    return found.num_requests if found is not None else 0


def row_counts(environment: Environment) -> dict[str, tuple[int, int]]:
    """The requests, and the failures among them, of each row, such as `GET /api/patients`."""
    rows = environment.stats.entries.items()
    return {f"{method} {name}": (row.num_requests, row.num_failures) for (name, method), row in rows}


def rows_as_json(environment: Environment) -> list[Any]:
    """As Locust's serialize_stats, which empties the statistics that others have still to read."""
    rows = environment.stats.entries.values()
    return [row.serialize() for row in rows if row.num_requests or row.num_failures]


def count_failure(environment: Environment, method: str, name: str, failure: Exception) -> None:
    """Counts a failure of a row, and in Locust's table of failures, but in no total."""
    row(environment, method, name).log_error(failure)
    key = StatsError.create_key(method, name, failure)
    environment.stats.errors.setdefault(key, StatsError(method, name, failure)).occurred()


def failures(environment: Environment) -> Iterator[CountedFailure]:
    for error in environment.stats.errors.values():
        text = error.parse_error(error.error)
        yield CountedFailure(error.method, error.name, error.error, text, error.occurrences)


def without_json() -> None:
    """Locust writes no JSON at the end of the process."""
    stats.save_stats_json = lambda *_: None
