"""The Roles tab: there is something to see from the first second on, and the ramp is gone when the load is steady."""

from types import SimpleNamespace

from access.findings import AccessReport, MatrixRow
from reporting.metrics.store import MetricsStore
from reporting.views.tabs import access_rows, role_rows


def test_the_roles_show_the_ramp_until_there_is_a_steady_state():
    now = 1_000_000.0
    store = MetricsStore(lambda: now)

    def requests_after(second):
        store.add([[1_000_000 + second, "admin", "GET", "/", [5, 1 + second], []]])
        return {row["role"]: row["requests"] for row in role_rows(SimpleNamespace(store=store))}

    now += 2
    assert requests_after(1) == {"admin": 2, "everything": 2, "sign-ins": 0}
    store.reached_its_users()
    now += 2
    assert requests_after(3) == {"admin": 4, "everything": 4, "sign-ins": 0}


def test_the_access_tab_has_leaks_first_and_is_empty_before_the_audit():
    assert list(access_rows(None)) == []
    report = AccessReport([MatrixRow("admin", "users", allowed=6), MatrixRow("patient", "users", leaks=2, refused=5)])
    assert [(row["who"], row["leaks"], row["allowed"]) for row in access_rows(report)] == [
        ("patient", 2, 0),
        ("admin", 0, 6),
    ]
