"""Budgets: what may stand in slo.toml, which of them count, and when one is broken."""

from types import SimpleNamespace

import pytest

from config.budget_file import Budget, Names, Slo
from config.errors import SetupError
from reporting.applicable_budgets import applicable
from reporting.known_names import names
from reporting.metrics.measurements import Figures, Times
from reporting.verdict.budgets import breaches, judge
from tasks.role_tasks import RoleTasks
from tests.processes import ROOT
from users.admin import AdminUser
from users.cms_user import CMSUser
from users.patient import PatientUser

NAMES = Names(
    roles=("admin", "doctor", "patient"),
    endpoints=("GET /health", "POST /api/auth/login", "GET /api/audit"),
    journeys=("book an appointment",),
    scenarios=("light", "heavy"),
)


@pytest.fixture
def slo(tmp_path):
    def written(text):
        path = tmp_path / "slo.toml"
        path.write_text(text, encoding="utf-8")
        return Slo(path, NAMES)

    return written


def test_what_ships_is_right():
    slo = Slo(ROOT / "config" / "slo.toml", names())
    assert slo.budgets(None)
    for scenario in names().scenarios:
        assert slo.budgets(scenario)


def test_the_line_is_found_below_a_heading_without_quotation_marks(slo):
    with pytest.raises(SetupError, match=r"line 4: p95 = 0"):
        slo("[everything]\np95 = 1\n[roles.admin]\np95 = 0\n")


def test_a_comment_is_not_where_a_mistake_is(slo):
    with pytest.raises(SetupError, match=r"line 3: unknown key 'p59'"):
        slo("# not p59\n[everything]\np59 = 1\n")


def test_a_scenario_replaces_single_keys(slo):
    budgets = slo("[everything]\np95 = 500\np99 = 900\n[scenarios.heavy.everything]\np95 = 700\n").budgets("heavy")
    assert budgets == (
        Budget("everything", "", "p95", 700, of_scenario=True),
        Budget("everything", "", "p99", 900),
    )


def test_other_scenarios_do_not_count(slo):
    told = slo("[everything]\np95 = 500\n[scenarios.heavy.roles.admin]\np95 = 700\n")
    assert told.budgets("light") == told.budgets(None) == (Budget("everything", "", "p95", 500),)


def test_every_kind_of_subject_can_have_every_key(slo):
    keys = "p50 = 1\np95 = 2.5\np99 = 3\nfailure_ratio = 0\nmin_requests = 1\nmin_rate = 0.5\n"
    text = "".join(
        f"[{section}]\n{keys}"
        for section in (
            "everything",
            "roles.admin",
            'endpoints."GET /health"',
            'journeys."book an appointment"',
        )
    )
    assert len(slo(text).budgets(None)) == 24


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[everything]\np59 = 1\n", "line 2: unknown key 'p59': did you mean 'p95'?"),
        ("[evrything]\np95 = 1\n", "line 1: unknown section 'evrything': did you mean 'everything'?"),
        ("\n[roles.pateint]\np95 = 1\n", "line 2: unknown role 'pateint': did you mean 'patient'?"),
        ('[endpoints."GET /helth"]\np95 = 1\n', "line 1: unknown endpoint 'GET /helth': did you mean 'GET /health'?"),
        ('[journeys."book appointment"]\np95 = 1\n', "did you mean 'book an appointment'?"),
        ("[scenarios.lihgt.everything]\np95 = 1\n", "line 1: unknown scenario 'lihgt': did you mean 'light'?"),
        ("[scenarios.light.rolls.admin]\np95 = 1\n", "unknown section 'rolls': did you mean 'roles'?"),
        ("[scenarios.light.roles.nurse]\np95 = 1\n", "unknown role 'nurse': known are admin, doctor, patient"),
        (
            "[everything]\np95 = 'fast'\n",
            'line 2: p95 = "fast": write milliseconds above 0 and unquoted, such as p95 = 500',
        ),
        ('[everything]\np95 = "5"\n', 'line 2: p95 = "5": write milliseconds above 0 and unquoted, such as p95 = 500'),
        ("[everything]\np95 = 0\n", "line 2: p95 = 0: write milliseconds above 0"),
        ("[everything]\np95 = true\n", "line 2: p95 = true: write milliseconds above 0"),
        ("[everything]\nmin_rate = -1\n", "line 2: min_rate = -1: write requests per second, above 0"),
        (
            "[everything]\np95 = 1\n[roles.admin]\nfailure_ratio = 2\n",
            "line 4: failure_ratio = 2: write a share from 0 to 1",
        ),
        ("[everything]\nmin_requests = 1.5\n", "min_requests = 1.5: write a whole number from 1 on"),
        ("everything = 5\n", "everything is not a table: write [everything] and the budgets below it"),
        ("[roles]\nadmin = 5\n", 'roles."admin" is not a table'),
        ("[everything]\np95 = = 1\n", "is not TOML: Invalid value (at line 2, column 7): correct 'p95 = = 1'"),
        ("[everything]\np95 = 1\np95 = 2\n", "is not TOML: Cannot overwrite a value"),
        ("[everything\n", "is not TOML"),
    ],
)
def test_what_cannot_be_meant_is_an_error_with_its_line(slo, text, message):
    with pytest.raises(SetupError) as error:
        slo(text)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_no_budget_at_all_is_an_error(slo):
    with pytest.raises(SetupError, match="has no budget for this run"):
        slo("[scenarios.light.everything]\np95 = 5\n").budgets("heavy")


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(SetupError, match=r"--slo .*nope.toml: No such file"):
        Slo(tmp_path / "nope.toml", NAMES)
    (tmp_path / "latin.toml").write_bytes(b"# \xe9\n")
    with pytest.raises(SetupError, match="it is not UTF-8"):
        Slo(tmp_path / "latin.toml", NAMES)


FAST = Figures(requests=200, failures=2, rate=10.0, ok=Times(20, 80, 120), all=Times(20, 90, 900))


@pytest.mark.parametrize(
    ("metric", "limit", "value", "ok"),
    [
        ("p50", 20, 20, True),
        ("p95", 79, 80, False),
        ("p99", 120, 120, True),
        ("failure_ratio", 0.01, 0.01, True),
        ("failure_ratio", 0.009, 0.01, False),
        ("failure_ratio", 0, 0.01, False),
        ("min_requests", 200, 200, True),
        ("min_requests", 201, 200, False),
        ("min_rate", 10, 10.0, True),
        ("min_rate", 10.5, 10.0, False),
    ],
)
def test_a_budget_holds_up_to_its_limit(metric, limit, value, ok):
    (judged,) = judge({("everything", ""): FAST}, [Budget("everything", "", metric, limit)])
    assert (judged.value, judged.ok) == (value, ok)
    assert (judged.strain <= 1) == ok


def test_nothing_measured_is_not_within_budget():
    budgets = [Budget("role", "admin", metric, 1) for metric in ("p95", "failure_ratio", "min_requests")]
    judged = judge({}, budgets)
    assert [budget.value for budget in judged] == [None, None, 0]
    assert breaches(judged) == judged


def test_subjects_are_told_apart():
    rows = {("role", "admin"): FAST, ("endpoint", "admin"): Figures(requests=1, ok=Times(999, 999, 999))}
    judged = judge(rows, [Budget("role", "admin", "p95", 100), Budget("endpoint", "admin", "p95", 100)])
    assert [budget.ok for budget in judged] == [True, False]


def a_run_of(*users, **options):
    parsed = {"scenario": None, "num_users": None, **options}
    return SimpleNamespace(user_classes=users, parsed_options=SimpleNamespace(**parsed))


def chosen(slo, environment, roles=None):
    """The names of the budgets that count, and what is told of the others."""
    found = applicable(slo.budgets(environment.parsed_options.scenario), environment, roles)
    return [budget.name or budget.metric for budget in found.budgets], list(found.left_out)


def test_a_budget_for_a_role_that_does_not_run_is_left_out_and_told(slo):
    told = slo("[roles.admin]\np95 = 1\np99 = 2\n[roles.patient]\np95 = 1\n")
    assert chosen(told, a_run_of(AdminUser, PatientUser)) == (["admin", "admin", "patient"], [])
    why = "the budgets of the role 'admin' do not count: no user of this run can meet them"
    assert chosen(told, a_run_of(PatientUser)) == (["patient"], [why])
    assert chosen(told, a_run_of(AdminUser, PatientUser), {"patient": 3}) == (["patient"], [why])


class Watching(RoleTasks):
    """Nothing but what every role does."""


class Watcher(CMSUser):
    abstract = True
    tasks = [Watching]  # noqa: RUF012 - Locust's own way


def test_a_budget_for_a_route_that_no_role_in_the_run_asks_is_left_out(slo):
    told = slo('[endpoints."GET /api/audit"]\np95 = 1\n[endpoints."GET /health"]\np95 = 1\n')
    assert chosen(told, a_run_of(AdminUser))[1] == []
    names, why = chosen(told, a_run_of(Watcher))
    assert names == ["GET /health"]
    assert why == ["the budgets of the endpoint 'GET /api/audit' do not count: no user of this run can meet them"]


def test_whoever_writes_requests_by_hand_may_ask_for_every_route(slo):
    class ByHand(PatientUser):
        tasks = [lambda user: user.client.get("/api/audit")]  # noqa: RUF012 - Locust's own way

    told = slo('[endpoints."GET /api/audit"]\np95 = 1\n')
    assert chosen(told, a_run_of(ByHand)) == (["GET /api/audit"], [])


@pytest.mark.parametrize(("users", "kept"), [(10, ["p95", "min_rate"]), (20, ["p95", "min_rate"]), (3, ["p95"])])
def test_what_a_scenarios_load_is_to_reach_is_not_asked_of_fewer_users(slo, users, kept):
    told = slo("[scenarios.light.everything]\np95 = 1\nmin_rate = 2\n")
    names, why = chosen(told, a_run_of(PatientUser, scenario="light", num_users=users))
    assert names == kept
    left_out = "everything min_rate does not count: it is written for all users of the scenario"
    assert why == ([] if users >= 10 else [left_out])


def test_budgets_of_journeys_that_were_taken_away_do_not_count(slo):
    told = slo('[everything]\np95 = 1\n[journeys."book an appointment"]\np95 = 1\n')
    assert chosen(told, a_run_of(PatientUser)) == (["p95", "book an appointment"], [])
    names, (why,) = chosen(told, a_run_of(AdminUser))
    assert names == ["p95"]
    assert why.startswith("the budgets of the journey 'book an appointment' do not count")
