"""The Roles tab: there is something to see from the first second on, and the ramp is gone when the load is steady."""

from types import SimpleNamespace

from reporting.metrics.store import MetricsStore
from reporting.views.tabs import role_rows


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
