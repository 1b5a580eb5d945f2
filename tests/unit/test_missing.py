"""A run that goes on without an answer: what needs it is left out, what does not is done."""

from types import SimpleNamespace

import pytest

from api.endpoints import CREATE_INSURER, DELETE_INSURER, GET_INSURER, LIST_INSURERS, UPDATE_INSURER
from api.failures import NothingToDo, TaskCannotGoOn, UnexpectedAnswer
from api.transport.trail import Trail
from records.ledger import Ledger
from tasks.list_checks import row_with
from tasks.master_data import RegisterTasks
from tasks.missing import MISSING, lenient, needs_missing

REFUSED = TaskCannotGoOn(UnexpectedAnswer("expected status 201, got 409 (Duplicate entry)", 409))
BOOM = TaskCannotGoOn(UnexpectedAnswer("expected status 200, got 500", 500))


class Register(RegisterTasks):
    """Tasks of somebody whose API answers by script: a failure, or an answer, for each call of a route."""

    def __init__(self, answers, each_task_once=True):
        self.asked, self.answers, self.journeys = [], answers, []
        journey = SimpleNamespace(fire=lambda **row: self.journeys.append(row["failure"]))
        self._user = SimpleNamespace(
            settings=SimpleNamespace(each_task_once=each_task_once),
            client=SimpleNamespace(call=self.answer, trail=Trail()),
            ledger=Ledger(),
            think=lambda: None,
            hold_back=lambda reason: None,
            payloads=SimpleNamespace(insurer=lambda: {"nombre": "x"}),
            seconds_thought=0.0,
            role="admin",
            run_context=SimpleNamespace(journey=journey),
        )

    def answer(self, endpoint, body=None, **params):
        self.asked.append(endpoint)
        answers = self.answers.get(endpoint, [SimpleNamespace(id=7, data=[])])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_a_broken_first_step_does_not_hide_the_routes_of_the_others():
    register = Register({LIST_INSURERS: [BOOM]})
    register.keep_the_insurers()
    assert register.asked == [LIST_INSURERS, CREATE_INSURER, UPDATE_INSURER, GET_INSURER, DELETE_INSURER]
    assert register.journeys == [BOOM.reason]
    assert not register.user.ledger


def test_under_load_a_failure_ends_the_task():
    register = Register({LIST_INSURERS: [BOOM]}, each_task_once=False)
    with pytest.raises(TaskCannotGoOn):
        register.keep_the_insurers()
    assert register.asked == [LIST_INSURERS]


def test_what_needs_the_missing_answer_is_not_sent():
    register = Register({CREATE_INSURER: [BOOM]})
    register.keep_the_insurers()
    assert register.asked == [LIST_INSURERS, CREATE_INSURER]
    assert register.user.ledger.attempts == [(DELETE_INSURER, {})]


def test_a_sequence_that_lies_behind_its_table_is_taken_further():
    register = Register({CREATE_INSURER: [REFUSED, REFUSED, REFUSED, SimpleNamespace(id=9)]})
    register.keep_the_insurers()
    assert register.asked.count(CREATE_INSURER) == 4
    assert register.asked[-1] is DELETE_INSURER
    assert not register.user.ledger


def test_a_list_of_nothing_ends_the_journey_which_has_failed():
    register = Register({LIST_INSURERS: [BOOM]})
    with pytest.raises(NothingToDo):
        register.keep_the_policies()
    assert register.journeys == []
    register.answers = {}
    register.failure = BOOM
    with pytest.raises(NothingToDo):
        register.keep_the_policies()
    assert register.journeys == [BOOM.reason]


def test_nothing_is_known_of_what_is_missing():
    assert (list(MISSING.data), bool(MISSING), MISSING.id is MISSING) == ([], False, True)
    assert needs_missing({"id_cita": MISSING.id}, {})
    assert needs_missing(None, {"id": MISSING})
    assert not needs_missing({"id_cita": None}, {"id": 1})


def test_a_check_of_what_a_failed_step_should_have_done_is_lenient():
    accept = lenient(row_with(id=1))
    assert accept(SimpleNamespace(data=[])) is MISSING
    row = SimpleNamespace(id=1)
    assert accept(SimpleNamespace(data=[row])) is row
