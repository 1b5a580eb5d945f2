"""Folders of runs that never ran: verdict and history as a test needs them."""

import random
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

from reporting.metrics.figures import judged_figures, measured, measured_of_kind, sign_in_figures
from reporting.metrics.store import MetricsStore
from reporting.metrics.subjects import ALL
from reporting.metrics.timeline import timeline_of
from reporting.verdict.budgets import judge
from reporting.verdict.model import EnvironmentInfo, Generator, Seconds, Settings, Users, Verdict
from reporting.views.run_files import write_files
from users.roster import Standing

SURROUNDINGS = EnvironmentInfo("abc", "2.47.0", "3.11", "Linux", "desk", 2, 1024)


def written_run(
    folder: Path, *, slower: float = 1.0, seed: int = 1, routes: tuple[str, ...] = ("/a", "/b"), **told: Any
) -> Path:
    """A run of a minute: three roles, two routes, answers of about 50 ms that scatter; `told` goes into the verdict."""
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
                worse = slower if route == routes[0] else 1.0
                times = Counter(int(rng.lognormvariate(3.9, 0.4) * worse) for _ in range(20))
                store.add([[1_000_000 + second, role, "GET", route, [*chain(*times.items())], []]])
    fields: dict[str, Any] = {
        "verdict": "pass",
        "reasons": [],
        "scenario": "light",
        "host": "http://cms.local",
        "sandbox": False,
        "settings": Settings("1-3"),
        "seed": "1",
        "run_tag": "x",
        "started": "2026-01-01T10:00:00+00:00",
        "ended": "2026-01-01T10:01:05+00:00",
        "seconds": Seconds(5, 60),
        "users": Users(10, 10, {"admin": 1, "doctor": 3, "patient": 6}),
        "generator": Generator(100, {}),
        "environment": SURROUNDINGS,
        "requests": store.requests,
        "everything": measured(store, ALL),
        "sign_ins": sign_in_figures(store),
        "roles": measured_of_kind(store, "role"),
        "journeys": measured_of_kind(store, "journey"),
        "endpoints": measured_of_kind(store, "endpoint"),
        "budgets": judge(judged_figures(store), told.pop("limits", [])),
    }
    write_files(folder, Verdict(**(fields | told)), timeline_of(store))
    return folder
