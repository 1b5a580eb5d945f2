"""Which requests the report shows one by one: the slowest of the routes to fix first, and the commonest failures."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Protocol

import msgspec

from reporting.metrics.outliers import Outlier
from reporting.verdict.fix_first import FixFirst

SLOW, FAILED = 6, 4


class _Failure(Protocol):
    """As `errors` of the verdict."""

    @property
    def row(self) -> str: ...
    @property
    def error(self) -> str: ...
    @property
    def count(self) -> int: ...


class Shown(msgspec.Struct, frozen=True):
    """One request that can be asked again by its `id`; `at` is UTC, `taken` in ms, `size` in bytes.

    `step` of `task` says where in its task it was; outliers.json has all of them, with the steps themselves.
    """

    id: str
    route: str
    at: str
    taken: int
    failure: str
    role: str
    user: str
    task: str
    step: int
    size: int
    traceparent: str
    curl: str


def chosen_outliers(
    outliers: Sequence[Outlier], fix_first: Sequence[FixFirst], failures: Iterable[_Failure]
) -> list[Shown]:
    slow = sorted((one for one in outliers if not one.failure), key=lambda one: -one.taken)
    named = {found.route: place for place, found in enumerate(fix_first)}
    slow = sorted(slow, key=lambda one: named.get(one.route, len(named)))
    failed = _commonest([one for one in outliers if one.failure], failures)
    return [_shown(one) for one in (*slow[:SLOW], *list(failed)[:FAILED])]


def _commonest(outliers: Sequence[Outlier], failures: Iterable[_Failure]) -> Iterator[Outlier]:
    by_kind = {(one.route, one.failure): one for one in outliers}
    for failure in sorted(failures, key=lambda failure: -failure.count):
        if (found := by_kind.get((failure.row, failure.error))) is not None:
            yield found


def _shown(one: Outlier) -> Shown:
    at = datetime.fromtimestamp(one.at, UTC).isoformat(timespec="milliseconds")
    return Shown(
        id=one.id,
        route=one.route,
        at=at,
        taken=one.taken,
        failure=one.failure,
        role=one.role,
        user=one.user,
        task=one.task,
        step=len(one.steps),
        size=one.size,
        traceparent=one.traceparent,
        curl=one.curl,
    )
