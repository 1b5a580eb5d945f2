"""The race on one patient's record: several replace it while others read it."""

import uuid
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from api.endpoints import GET_PATIENT, UPDATE_PATIENT
from integrity.acts import Act, Ask
from integrity.audit_trail import AuditTrail
from integrity.invariants import own_record
from integrity.judgement import Judgement
from integrity.register_history import Values
from integrity.register_invariant import register
from integrity.stage import Stage
from records.payloads import PATIENT

FIELDS = ("nombre", "estilo_vida", "alergias", "direccion", "nss")
LATE_READS = 2
SPREAD_SECONDS = 0.012
"""Some read between two writes."""
REMEMBERED = 30
MOST_OPEN = 5


@dataclass
class RecordRace:
    """Every write sets all fields to values of its own. A write without an answer may still be seen later."""

    trail: AuditTrail
    name: str = "record"
    weight: int = 5
    before: Values | None = None
    past: deque[Values] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    opened: list[tuple[Act, Values]] = field(default_factory=list)

    def run(self, stage: Stage) -> Iterator[Judgement]:
        if self.before is None and not self._read_first(stage):
            return
        patient = {"id": stage.arena.ids[PATIENT]}
        people = stage.some(4, 6)
        writers, readers = people[: len(people) // 2 + 1], people[len(people) // 2 + 1 :]
        spread = [Ask(racer, UPDATE_PATIENT, patient, self._body(stage)) for racer in writers]
        spread += [Ask(racer, GET_PATIENT, patient) for racer in readers]
        acts = stage.at_once([replace(ask, delay=stage.rng.uniform(0.0, SPREAD_SECONDS)) for ask in spread])
        late = [stage.ask(GET_PATIENT, **patient) for _ in range(LATE_READS)]
        yield from self._judge(stage, acts, late)
        yield from self.trail.look(stage, acts)

    def look_again(self, stage: Stage) -> Iterator[Judgement]:
        if self.before is not None:
            late = [stage.ask(GET_PATIENT, id=stage.arena.ids[PATIENT])]
            yield from self._judge(stage, [], late)

    def _judge(self, stage: Stage, acts: Sequence[Act], late: Sequence[Act]) -> Iterator[Judgement]:
        written = [act for act in acts if act.writes and (act.acknowledged or act.unknown)]
        writes = [*self.opened, *((act, _sent(act)) for act in written)]
        answered = [act for act in (*acts, *late) if not act.writes and act.acknowledged]
        for act in answered:
            yield from stage.judged(own_record, act)
        readings = [(act, _read(act)) for act in answered if act.answer.id == act.record]
        what = f"patient {stage.arena.ids[PATIENT]}"
        yield from stage.judged(lambda: list(register(what, writes, readings, self.before or {}, self.past)))
        if late and readings and late[-1] is readings[-1][0]:
            self.opened = [(act, values) for act, values in writes if act.unknown][-MOST_OPEN:]
            replaced = [self.before or {}, *(values for act, values in writes if act.acknowledged)]
            self.past += [values for values in replaced if values != readings[-1][1]]
            self.before = readings[-1][1]
        else:
            self.opened = writes

    def _read_first(self, stage: Stage) -> bool:
        act = stage.ask(GET_PATIENT, id=stage.arena.ids[PATIENT])
        if act.acknowledged:
            self.before = _read(act)
        return act.acknowledged

    def _body(self, stage: Stage) -> dict[str, Any]:
        own = uuid.UUID(int=stage.rng.getrandbits(128)).hex[:12]
        body = stage.payloads.patient(stage.arena.ids["user of patient"], stage.arena.ids["doctor"])
        body.pop("usuario_id")
        return body | {name: stage.payloads.marked(f"{own}") for name in FIELDS}


def _sent(act: Act) -> Values:
    body = act.ask.body or {}
    return {name: body[name] for name in FIELDS}


def _read(act: Act) -> Values:
    return {name: getattr(act.answer, name) for name in FIELDS}
