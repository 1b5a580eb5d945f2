"""Tasks written the way Locust's documentation shows them work in this suite, signed in."""

HABITS = """
from locust import events, task

import run
from api.endpoints import LIST_PATIENTS
from users.cms_user import CMSUser

run.attach(events)


class Habitual(CMSUser):
    role = "patient"
    own_record = LIST_PATIENTS

    @task
    def ask_as_documented(self):
        with self.client.get("/api/auth/me", name="me", catch_response=True) as answer:
            if answer.json()["username"] != self.account.username:
                answer.failure("somebody else")
        with self.client.get("/api/auth/me", name="marked", catch_response=True) as answer:
            answer.failure("marked by hand")
        self.client.get("/nope", name="unknown")
"""


def test_get_with_a_name_and_catch_response(run, tmp_path):
    locustfile = tmp_path / "habits.py"
    locustfile.write_text(HABITS)
    result = run("-f", str(locustfile), "Habitual", users=2, seconds=3, env={"PYTHONPATH": "."})
    assert result.requests("GET me") > 0
    assert result.failures("GET me") == 0
    assert result.failures("GET marked") == result.requests("GET marked") > 0
    assert result.failures("GET unknown") == result.requests("GET unknown") > 0
