"""Folders of runs that never ran: verdict and history as a test needs them."""

import dataclasses
import random
from collections import Counter
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from reporting.collect_run_data import figured
from reporting.metrics.histogram import rounded
from reporting.metrics.latency_intervals import latency_intervals
from reporting.metrics.observed import Observed, all_observed
from reporting.metrics.recorder import PACE
from reporting.metrics.store import STEADY, MetricsStore
from reporting.metrics.subjects import Subject
from reporting.metrics.timeline import timeline_of
from reporting.verdict.build import build_verdict
from reporting.verdict.model import EnvironmentInfo, Seconds, Settings
from reporting.verdict.run_data import RunData, RunState
from reporting.verdict.stimulus import StimulusFacts
from reporting.verdict.validity import Facts
from reporting.views.run_files import write_files
from users.roster import Standing

SURROUNDINGS = EnvironmentInfo("abc", "2.47.0", "3.11", "Linux", "desk", 2, 1024)


def written_run(
    folder: Path,
    *,
    slower: float = 1.0,
    machine: float = 1.0,
    seed: int = 1,
    routes: tuple[str, ...] = ("/a", "/b"),
    **told: Any,
) -> Path:
    """A run of a minute: three roles, two routes, answers of about 50 ms that scatter.

    The first route is so many times `slower`; of the `machine` everything is. `told` goes into the verdict.
    """
    rng = random.Random(seed)
    now = 1_000_000.0
    store = MetricsStore(lambda: now)
    now += 5
    store.reached_its_users()
    now += 60
    store.saw_users(10)
    store.saw_standing("this process", Standing(settled=10))
    store.is_stopping()
    for second in range(65):
        for role in ("admin", "doctor", "patient"):
            for route in routes:
                worse = machine * (slower if route == routes[0] else 1.0)
                times = Counter(rounded(int(rng.lognormvariate(3.9, 0.4) * worse * 1000)) for _ in range(20))
                store.add([[1_000_000 + second, role, "GET", route, [*chain(*times.items())], []]])
        paces = Counter(rounded(int(rng.lognormvariate(4.5, 0.2) * machine)) for _ in range(20))
        store.add([[1_000_000 + second, "", PACE, "this process", [*chain(*paces.items())], []]])
    data = dataclasses.replace(
        run_data(store, 60, users=10),
        budgets=told.pop("limits", []),
        objections_to_validity=told.pop("objections", []),
        duet=told.pop("duet", None),
    )
    write_files(folder, replace(build_verdict(data), **told), timeline_of(store), latency_intervals(store))
    return folder


def run_data(store: MetricsStore, seconds: int, users: int, seen: Mapping[Subject, Observed] | None = None) -> RunData:
    """What is known of a run of `light` that counted this, with so many seconds of steady state."""
    return RunData(
        scenario="light",
        host="http://cms.local",
        sandbox=False,
        settings=Settings("1-3"),
        seed="1",
        run_tag="x",
        started="2026-01-01T10:00:00+00:00",
        ended="2026-01-01T10:01:05+00:00",
        seconds=Seconds(5, seconds),
        environment=SURROUNDINGS,
        facts=Facts(store.requests, steady_seconds=seconds, users_asked=users, users_reached=users, lag_limit=100),
        stimulus=StimulusFacts(),
        figures=figured(store, all_observed(store) if seen is None else seen),
        budgets=[],
        state=RunState(by_role={"admin": 1, "doctor": 3, "patient": 6}),
        steady_rows=dict(store.rows(STEADY)),
    )
