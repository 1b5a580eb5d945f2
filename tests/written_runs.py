"""Folders of runs that never ran: verdict and history as a test needs them."""

import random
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

from reporting.metrics.figures import judged_figures, measured, measured_of_kind, sign_in_figures
from reporting.metrics.store import Book
from reporting.metrics.subjects import ALL
from reporting.metrics.timeline import timeline_of
from reporting.verdict.budgets import judge
from reporting.verdict.model import Generator, Seconds, Settings, Surroundings, Users, Verdict
from reporting.views.files import write_files
from users.roster import Standing

SURROUNDINGS = Surroundings("abc", "2.47.0", "3.11", "Linux", "desk", 2, 1024)


def written_run(
    folder: Path, *, slower: float = 1.0, seed: int = 1, routes: tuple[str, ...] = ("/a", "/b"), **told: Any
) -> Path:
    """A run of a minute: three roles, two routes, answers of about 50 ms that scatter; `told` goes into the verdict."""
    dice = random.Random(seed)
    now = 1_000_000.0
    book = Book(lambda: now)
    now += 5
    book.reached_its_users()
    now += 60
    book.saw_users(10)
    book.saw_standing("this process", Standing(settled=10))
    book.is_stopping()
    for second in range(65):
        for role in ("admin", "doctor", "patient"):
            for route in routes:
                worse = slower if route == routes[0] else 1.0
                times = Counter(int(dice.lognormvariate(3.9, 0.4) * worse) for _ in range(20))
                book.add([[1_000_000 + second, role, "GET", route, [*chain(*times.items())], []]])
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
        "requests": book.requests,
        "everything": measured(book, ALL),
        "sign_ins": sign_in_figures(book),
        "roles": measured_of_kind(book, "role"),
        "journeys": measured_of_kind(book, "journey"),
        "endpoints": measured_of_kind(book, "endpoint"),
        "budgets": judge(judged_figures(book), told.pop("limits", [])),
    }
    write_files(folder, Verdict(**(fields | told)), timeline_of(book))
    return folder
