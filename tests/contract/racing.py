"""Races on a sandbox within this process: whole requests, at once or one after the other."""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from flask.testing import FlaskClient

from access.belongings import FILE, USER, Belongings, Maker
from access.judging import Reply
from access.questions import Question
from api.endpoint import Endpoint
from api.endpoints import LIST_USERS, SIGN_IN
from integrity.acts import Racer
from integrity.audit_trail import AuditTrail
from integrity.clinic_policies import Policies
from integrity.judgement import Judgement
from integrity.lane import Lane, all_races
from integrity.race_outcomes import RaceOutcomes
from integrity.stage import Stage
from records.marks import Mark
from records.payloads import DOCTOR, PATIENT, Payloads
from records.survey import Survey
from run.surveyor import role_ids
from tests.contract.auditing import NAMES, calling
from users.session import Token

ACCOUNTS = ("admin", "doctor001", "doctor002", "patient0001", "patient0002", "patient0003")


class Racing:
    """One lane of races on the app behind this client."""

    def __init__(self, client: FlaskClient, accounts: Sequence[str] = ACCOUNTS, **policies: bool) -> None:
        self.app, seed = client.application, "1"
        racers = [self._racer(name, line) for line, name in enumerate(accounts)]
        call = calling(self._ask, racers[0].token)
        survey = Survey(roles=role_ids(call(LIST_USERS, limit=1000).data, NAMES), colonia=1, time_shift=0)
        rng = Random(seed)
        payloads = Payloads(Mark("race1"), rng, survey)
        maker = Maker(call, payloads)
        arena = maker.make(USER, maker.make(PATIENT, maker.make(DOCTOR, Belongings())))
        arena = maker.make(FILE, maker.make("appointment", arena))
        stage = Stage(racers, self._send, payloads, survey, arena, Policies(**policies), maker.ledger, rng)
        trail = AuditTrail(pauses=())
        self.lane = Lane(stage, all_races(trail), trail, RaceOutcomes("again"), seed)
        self.call = call

    def judgements(self, *, one_by_one: bool, times: int = 3) -> Iterator[Judgement]:
        """Of every race, held so often, and of a last look; what was learned before counts."""
        self.lane.stage.one_by_one = True
        self.lane.learn()
        self.lane.stage.one_by_one = one_by_one
        for _ in range(times):
            for race in self.lane.races:
                yield from race.run(self.lane.stage)
        for race in self.lane.races:
            yield from race.look_again(self.lane.stage)

    def _send(self, racer: Racer, endpoint: Endpoint[Any], params: Mapping[str, Any], body: Any) -> tuple[int, bytes]:
        reply = self._ask(endpoint, Question(params, body), racer.token())
        return reply.status, reply.body

    def _ask(self, endpoint: Endpoint[Any], question: Question, token: str | None) -> Reply:
        """By a client of its own: requests overlap."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        response = self.app.test_client().open(
            endpoint.target(question.params), method=endpoint.method, json=question.body, headers=headers
        )
        return Reply(response.status_code, response.get_data())

    def _racer(self, name: str, line: int) -> Racer:
        reply = self._ask(SIGN_IN, Question({}, {"username": name, "password": "password123"}), None)
        token = SIGN_IN.read(reply.status, reply.body, {}).token
        return Racer(name, Token.read(token, 0.0).user_id, lambda: token, line)
