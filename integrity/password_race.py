"""The race on one account: its password is set while others change its telephone number; both must last."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from api.endpoints import GET_USER, SET_PASSWORD, SIGN_IN, UPDATE_USER
from integrity.acts import Act, Ask
from integrity.audit_trail import AuditTrail
from integrity.breaches import LOST
from integrity.judgement import BROKEN, KEPT, UNDECIDED, Judgement
from integrity.register_history import Values
from integrity.register_invariant import register
from integrity.stage import Stage

OWNER = "user of patient"
WRONG_PASSWORD = 401


@dataclass
class PasswordRace:
    """`password` is what was acknowledged last; None when nobody knows which one is in force."""

    trail: AuditTrail
    name: str = "password"
    weight: int = 2
    password: Act | None = None

    def run(self, stage: Stage) -> Iterator[Judgement]:
        account = {"id": stage.arena.ids[OWNER]}
        first = stage.ask(GET_USER, **account)
        if not first.acknowledged:
            return
        secret = {"password": uuid.uuid4().hex}
        setter, *others = stage.some(3, 5)
        asks = [Ask(setter, SET_PASSWORD, account, secret, delay=stage.rng.uniform(0.001, 0.01))]
        asks += [Ask(racer, UPDATE_USER, account, self._body(stage, first.answer)) for racer in others]
        acts = stage.at_once(asks)
        setting = next(act for act in acts if act.ask.endpoint is SET_PASSWORD)
        self.password = setting if setting.acknowledged else None if setting.unknown else self.password
        yield from self._sign_in(stage, acts)
        late = stage.ask(GET_USER, **account)
        if late.acknowledged:
            writes = [(act, _number(act.ask.body or {})) for act in acts if act.ask.endpoint is UPDATE_USER]
            writes = [(act, values) for act, values in writes if act.acknowledged or act.unknown]
            readings = [(late, {"telefono": late.answer.telefono})]
            before = {"telefono": first.answer.telefono}
            yield from stage.judged(lambda: list(register(f"user {account['id']}", writes, readings, before)))
        yield from self.trail.look(stage, acts)

    def look_again(self, stage: Stage) -> Iterator[Judgement]:
        if self.password is not None:
            yield from self._sign_in(stage, [self.password])

    def _sign_in(self, stage: Stage, acts: list[Act]) -> Iterator[Judgement]:
        """By the password that was acknowledged: only whoever has it can tell whether it is stored."""
        if self.password is None:
            return
        username = stage.arena.accounts["patient"].username
        body = {"username": username, "password": (self.password.ask.body or {})["password"]}
        attempt = stage.ask(SIGN_IN, body)
        judgements = list(stage.judged(in_force, attempt, acts))
        if any(judgement.state == BROKEN for judgement in judgements):
            self.password = None  # a loss is told once
        yield from judgements

    def _body(self, stage: Stage, user: Any) -> dict[str, Any]:
        number = f"{stage.rng.randrange(10**12):012d}"
        return {"username": user.username, "correo": user.correo, "telefono": number, "rol_id": user.rol_id}


def in_force(attempt: Act, acts: list[Act]) -> Judgement:
    """Whether the password that was acknowledged lets its owner in."""
    if attempt.acknowledged:
        return Judgement(LOST, KEPT)
    if attempt.status == WRONG_PASSWORD:
        user = acts[0].ask.params["id"]
        told = f"the password of user {user} was acknowledged, and is not the one that is in force"
        return Judgement(LOST, BROKEN, told, [f"user {user}"], [*acts, attempt])
    return Judgement(LOST, UNDECIDED, f"{SIGN_IN} was answered {attempt.status or 'not at all'}")


def _number(body: Any) -> Values:
    return {"telefono": body["telefono"]}
