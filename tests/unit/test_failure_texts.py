"""Texts of failures: few, whatever the API says."""

from locust.env import Environment

import pytest

from api.endpoints import API_HEALTH, LIST_PATIENTS, LIST_USERS
from api.failure_texts import MAX_TEXTS, OTHERS, FailureTexts
from api.failures import TaskCannotGoOn, UnexpectedAnswer
from api.transport.server import Limits, Server
from records.marks import Mark
from reporting.metrics.task_defects import report_defects
from users.patient import PatientUser
from users.run_context import LoadPlan, RunContext, RunSettings, run_context

SETTINGS = RunSettings(Server("http://127.0.0.1:9"), Limits(), {}, (1, 3), "1", Mark("x"))


def settled(texts, message, status=None):
    failure = UnexpectedAnswer(message, status)
    texts.settle(LIST_PATIENTS, failure)
    return str(failure)


def test_what_differs_by_ids_alone_is_one_text():
    texts = FailureTexts()
    first = settled(texts, "expected status 200, got 409 (patient 17 exists)", 409)
    assert settled(texts, "expected status 200, got 409 (patient 18 exists)", 409) == first
    assert settled(texts, "got 409 (key 7f3a-11ee exists)", 409) == "got 409 (key 7f3a-11ee exists)"
    assert settled(texts, "got 409 (key 90bc-22ff exists)", 409) == "got 409 (key 7f3a-11ee exists)"


def test_another_status_is_another_text():
    texts = FailureTexts()
    assert settled(texts, "got 500", 500) == "got 500"
    assert settled(texts, "got 503", 503) == "got 503"


def test_after_the_last_kind_all_others_are_one():
    texts = FailureTexts()
    words = ["".join("ghijklmnop"[int(digit)] for digit in str(number)) for number in range(MAX_TEXTS + 10)]
    told = [settled(texts, word) for word in words]
    assert told == words[:MAX_TEXTS] + [OTHERS] * 10
    assert settled(texts, words[0]) == words[0]


def test_nothing_hangs_on_to_the_request():
    texts = FailureTexts()

    def fail():
        body = b"x" * 1000
        try:
            raise ValueError(body)
        except ValueError:
            raise UnexpectedAnswer("wrong")  # noqa: B904

    with pytest.raises(UnexpectedAnswer) as failed:
        fail()
    assert failed.value.__context__ is not None
    texts.settle(LIST_PATIENTS, failed.value)
    assert (failed.value.__context__, failed.value.__cause__, failed.value.__traceback__) == (None, None, None)


def used_up(texts, route):
    """The `texts`, with room for no other kind on this route."""
    for number in range(MAX_TEXTS):
        texts.settle(route, UnexpectedAnswer("no" + "o" * number))
    return texts


def test_the_failures_of_one_route_leave_room_for_those_of_another():
    texts = used_up(FailureTexts(), LIST_USERS)
    assert settled(texts, "expected JSON, got something else") == "expected JSON, got something else"


def test_a_test_begins_with_room_for_all_its_texts():
    context = RunContext()
    used_up(context.failure_texts, LIST_PATIENTS)
    assert settled(context.failure_texts, "expected JSON, got something else") == OTHERS
    context.begin(SETTINGS, LoadPlan())
    assert settled(context.failure_texts, "expected JSON, got something else") != OTHERS


def test_all_users_of_a_process_share_the_texts_of_a_test():
    context = run_context(environment := Environment(user_classes=[PatientUser]))
    context.begin(SETTINGS, LoadPlan())
    used_up(context.failure_texts, API_HEALTH)
    rows = []
    environment.events.request.add_listener(lambda exception, **_: rows.append(str(exception)))
    for _ in range(2):
        with pytest.raises(TaskCannotGoOn):
            PatientUser(environment).new_client(SETTINGS).call(API_HEALTH)
    assert rows == [OTHERS] * 2


def test_exceptions_in_tasks_have_few_texts_too():
    environment = Environment(user_classes=[PatientUser])
    run_context(environment).begin(SETTINGS, LoadPlan())
    report_defects(environment)
    rows, user = [], PatientUser(environment)
    environment.events.request.add_listener(lambda exception, **_: rows.append(str(exception)))
    for number in range(MAX_TEXTS + 1):
        environment.events.user_error.fire(user_instance=user, exception=ValueError("no" + "o" * number), tb=None)
    assert len({*rows}) == MAX_TEXTS + 1
    assert rows[-1] == OTHERS
