"""The patient of the benchmark on Locust's FastHttpUser, written as its documentation shows."""

from locust import FastHttpUser, constant, constant_throughput, task

import json
import os
import random
from pathlib import Path

MIX = json.loads(Path(os.environ["MIX"]).read_text())
RATE, USERS = int(os.environ["RATE"]), int(os.environ["USERS"])
OWN_ID = MIX["own_id"]
VISITS = [visit for visit in MIX["visits"] for _ in range(visit["weight"])]


class Patient(FastHttpUser):
    wait_time = constant_throughput(RATE / USERS) if RATE else constant(0)
    insecure = True

    def on_start(self):
        answer = self.client.post("/api/auth/login", json={"username": "clinic", "password": "x"}).json()
        self.signed = {"Authorization": f"Bearer {answer['token']}"}

    @task
    def visit(self):
        visit = random.choice(VISITS)
        with self.client.get(visit["target"], headers=self.signed, name=visit["name"], catch_response=True) as response:
            if response.status_code != 200:
                response.failure("wrong status")
                return
            answer = response.json()
            owner = visit["owner"]
            if owner and not all(row[owner] == OWN_ID for row in answer["data"]):
                response.failure("somebody else's row")
