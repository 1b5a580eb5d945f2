"""The clean-up: it looks only where something may be, goes on where it can, and says what it has not seen."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from api.endpoints import (
    DELETE_ADDRESS,
    DELETE_APPOINTMENT,
    DELETE_EPISODE,
    DELETE_USER,
    LIST_ADDRESSES,
    LIST_APPOINTMENTS,
    LIST_AUDIT_ENTRIES,
    LIST_DOCTORS,
    LIST_EPISODES,
    LIST_NOTIFICATIONS,
    LIST_PATIENTS,
    LIST_USERS,
    SPECIALTIES,
)
from api.failures import NoAnswer, TaskCannotGoOn, UnexpectedAnswer
from api.schemas import Address, Appointment, CatalogEntry, Doctor, Episode, Patient, User
from records.ledger import Ledger
from records.marks import VISIT, AnyMark, Mark
from records.remains import Remains
from records.retry import MAX_TRIES, in_time, retrying
from records.survey import COLONIA, Survey
from records.sweep import Sweep

MARK = Mark("x")
NOW = datetime(2026, 11, 24, tzinfo=UTC)


class Cms:
    """Lists and deletions by script: rows of a list, or the failure of a route; everything else is empty and fine."""

    def __init__(self, **answers):
        self.calls = []
        self._answers = answers

    def __call__(self, endpoint, **params):
        self.calls.append((endpoint, params))
        answer = self._answers.get(str(endpoint), []) if not params.get("offset") else []
        if isinstance(answer, Exception):
            raise answer
        return SimpleNamespace(data=answer, pagination=SimpleNamespace(total=len(answer)))

    def asked(self, method):
        return [(endpoint, params) for endpoint, params in self.calls if endpoint.method == method]


def remains_of(write):
    ledger, remains = Ledger(), Remains()
    write(ledger)
    remains.take_over(ledger)
    travelled = Remains()
    travelled.add(remains.hand_over())
    assert not remains
    return travelled


def address(number, mark=MARK):
    rest = dict.fromkeys(("colonia", "codigo_postal", "ciudad", "estado", "pais"), "")
    return Address(id=number, calle=f"Calle {mark.text}", numero_ext="1", numero_int=None, id_colonia=1, **rest)


def test_records_that_users_left_are_removed_without_looking_for_any():
    cms = Cms()

    def write(ledger):
        ledger.wrote(DELETE_USER, id=1)
        ledger.wrote(DELETE_EPISODE, id=2)

    swept = Sweep(cms, MARK, NOW).remains(remains_of(write))
    assert cms.calls == [(DELETE_EPISODE, {"id": 2}), (DELETE_USER, {"id": 1})]
    assert (swept.removed, list(swept.problems())) == (Counter({"episode": 1, "user": 1}), [])


def test_after_a_creation_without_an_answer_only_its_place_is_looked_through():
    cms = Cms(**{str(LIST_ADDRESSES): [address(3), address(4, Mark("y"))]})
    swept = Sweep(cms, MARK, NOW).remains(remains_of(lambda ledger: ledger.tries(DELETE_ADDRESS, patient_id=7)))
    assert cms.calls == [(LIST_ADDRESSES, {"patient_id": 7}), (DELETE_ADDRESS, {"patient_id": 7, "id": 3})]
    assert swept.removed == Counter({"address": 1})


def test_what_is_gone_already_has_not_stayed():
    cms = Cms(**{str(DELETE_USER): TaskCannotGoOn(UnexpectedAnswer("expected status 200, got 404", 404))})
    swept = Sweep(cms, MARK, NOW).remains(remains_of(lambda ledger: ledger.wrote(DELETE_USER, id=1)))
    assert (swept.removed, swept.stayed) == (Counter(), [])


def test_a_list_that_cannot_be_read_is_named_and_ends_nothing():
    broken = TaskCannotGoOn(UnexpectedAnswer("expected status 200, got 500", 500))
    cms = Cms(**{str(LIST_NOTIFICATIONS): broken})
    swept = Sweep(cms, MARK, NOW).everything([])
    assert swept.unread == {"notification": "expected status 200, got 500"}
    told = "not looked to the end for records of kind notification, of which some may be left"
    assert list(swept.problems()) == [f"{told}: expected status 200, got 500"]
    assert {endpoint for endpoint, _ in cms.calls} >= {LIST_EPISODES, LIST_USERS}


def appointment(number, mark=MARK):
    start = mark.on(NOW)
    names = {"estado": None, "tipo": None, "paciente": "x", "medico": "y", "id_estado_cita": None, "id_tipo_cita": None}
    people = {"paciente_id": 1, "medico_id": 1}
    return Appointment(id=number, fecha_inicio=start, fecha_fin=start + VISIT, **people, **names)


def audited(number):
    return SimpleNamespace(entidad="CITA", entidad_id=number, fecha_hora=NOW)


def row_of(kind, **fields):
    return kind(**dict.fromkeys(kind.__struct_fields__) | fields)


ANA = row_of(Patient, id=5, usuario_id=50, username="ana")


def appointments_removed(mark, audit, usernames=("ana",)):
    answers = {LIST_PATIENTS: [ANA], LIST_APPOINTMENTS: [appointment(1), appointment(2)], LIST_AUDIT_ENTRIES: audit}
    cms = Cms(**{str(listing): rows for listing, rows in answers.items()})
    Sweep(cms, mark, NOW).everything(usernames)
    return [params["id"] for endpoint, params in cms.calls if endpoint is DELETE_APPOINTMENT]


def test_no_appointment_is_taken_for_the_suites_by_its_times_alone():
    assert appointments_removed(AnyMark(), audit=[]) == []
    assert appointments_removed(AnyMark(), audit=[audited(2)]) == [2]
    assert appointments_removed(AnyMark(), audit=[audited(1), audited(2)], usernames=("bob",)) == []


def test_of_one_run_those_of_its_own_accounts_are_enough():
    assert appointments_removed(MARK, audit=[]) == [1, 2]
    assert appointments_removed(Mark("y"), audit=[audited(1)]) == []
    assert appointments_removed(MARK, audit=[audited(1)], usernames=("bob",)) == []


def test_episodes_are_looked_through_until_they_are_too_old():
    rows = [
        Episode(1, 5, NOW, None, f"Fiebre {MARK.text}", "Ana"),
        Episode(2, 5, NOW - timedelta(days=3), None, f"Fiebre {MARK.text}", "Ana"),
    ]
    cms = Cms(**{str(LIST_EPISODES): rows})
    swept = Sweep(cms, MARK, NOW - timedelta(hours=1)).everything([])
    assert swept.removed == Counter({"episode": 1})


def test_what_this_cms_cannot_hold_is_not_looked_for():
    broken = TaskCannotGoOn(UnexpectedAnswer("expected status 200, got 500", 500))
    cms = Cms(**{str(LIST_ADDRESSES): broken, str(LIST_PATIENTS): [ANA]})
    survey = Survey(unknown={COLONIA: "no id_colonia could be learned"})
    assert list(Sweep(cms, MARK, NOW, survey).everything(["ana"]).problems()) == []
    assert list(Sweep(cms, MARK, NOW).everything(["ana"]).problems()) != []


def test_nothing_is_removed_while_it_is_only_looked_for():
    cms = Cms(**{str(LIST_USERS): [User(7, f"x-{MARK.text}", "x@example.com", None, 1, "Paciente")]})
    told = []
    (found,) = Sweep(cms, MARK, NOW).find([], told.append)
    assert (str(found), cms.asked("DELETE")) == ("user 7", [])
    assert told[0] == "address"
    assert told[-1] == "catalog entry"


def test_who_uses_a_catalog_entry_is_asked_once_where_the_list_has_no_filter():
    entries = [CatalogEntry(number, f"x {MARK.text}") for number in (1, 2)]
    cms = Cms(**{str(SPECIALTIES.list_entries): entries, str(LIST_DOCTORS): [row_of(Doctor, id_especialidad=2)]})
    swept = Sweep(cms, MARK, NOW).everything([])
    assert [(record.id, record.reason) for record in swept.stayed] == [(2, "somebody uses it")]
    doctors = [params for endpoint, params in cms.calls if endpoint is LIST_DOCTORS and "search" not in params]
    assert len(doctors) == 1


def test_a_catalog_entry_whose_users_nobody_knows_stays():
    broken = TaskCannotGoOn(UnexpectedAnswer("expected status 200, got 500", 500))
    cms = Cms(**{str(SPECIALTIES.list_entries): [CatalogEntry(1, f"x {MARK.text}")], str(LIST_DOCTORS): broken})
    swept = Sweep(cms, MARK, NOW).everything([])
    assert [record.reason for record in swept.stayed] == ["nobody knows who uses it: expected status 200, got 500"]


class Trouble:
    """Fails so many times, then answers."""

    def __init__(self, times, reason):
        self.left, self.reason, self.tries = times, reason, 0

    def __call__(self):
        self.tries += 1
        if self.left:
            self.left -= 1
            raise TaskCannotGoOn(self.reason)
        return "answer"


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr("records.retry.gevent.sleep", lambda seconds: None)


@pytest.mark.parametrize("reason", [NoAnswer("silence"), UnexpectedAnswer("busy", 503), UnexpectedAnswer("slow", 429)])
def test_trouble_that_passes_is_outlived(reason):
    trouble = Trouble(MAX_TRIES - 1, reason)
    assert retrying(trouble, deadline=1.0, clock=lambda: 0.0)() == "answer"


def test_a_refusal_is_not_tried_again():
    trouble = Trouble(1, UnexpectedAnswer("no", 409))
    with pytest.raises(TaskCannotGoOn):
        retrying(trouble, deadline=1.0, clock=lambda: 0.0)()
    assert trouble.tries == 1


def test_after_the_deadline_nothing_is_sent_once_it_has_failed():
    now = 0.0
    trouble = Trouble(1000, NoAnswer("silence"))
    call = retrying(trouble, deadline=1.0, clock=lambda: now)
    for expected in (MAX_TRIES, MAX_TRIES, MAX_TRIES):
        with pytest.raises(TaskCannotGoOn, match="silence"):
            call()
        assert trouble.tries == expected
        now = 2.0


def test_a_clean_up_that_goes_well_but_slowly_ends_in_time_too():
    now = 0.0
    trouble = Trouble(0, NoAnswer("never"))
    call = in_time(trouble, deadline=1.0, clock=lambda: now)
    assert call() == "answer"
    now = 1.0
    with pytest.raises(TaskCannotGoOn, match=r"the time for the clean-up \(--cleanup-time\) was over"):
        call()
    assert trouble.tries == 1
