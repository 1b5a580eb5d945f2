"""The race for an appointment that is deleted while others change it and add a consultation to it."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from api.endpoints import (
    CREATE_APPOINTMENT,
    CREATE_CONSULTATION,
    DELETE_APPOINTMENT,
    LIST_APPOINTMENTS,
    LIST_CONSULTATIONS,
    UPDATE_APPOINTMENT,
)
from integrity.acts import Act, Ask
from integrity.audit_trail import AuditTrail
from integrity.invariants import gone
from integrity.judgement import Judgement
from integrity.stage import Stage
from records.payloads import DOCTOR, PATIENT

REMEMBERED = 50
FAR_AWAY = timedelta(days=900)
"""Behind the bookings of the other races."""


@dataclass
class DeletionRace:
    """Whatever comes first: in the end neither the appointment is there nor a consultation of it."""

    trail: AuditTrail
    name: str = "deletion"
    weight: int = 3
    removed: deque[int] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    booked: int = 0

    def run(self, stage: Stage) -> Iterator[Judgement]:
        ids, payloads = stage.arena.ids, stage.payloads
        self.booked += 1
        start = datetime.now(UTC) + FAR_AWAY + timedelta(minutes=30 * self.booked)
        booking = payloads.appointment(ids[PATIENT], ids[DOCTOR], start)
        made = stage.ask(CREATE_APPOINTMENT, booking)
        if not made.acknowledged:
            return
        note = payloads.consultation(made.answer.id, ids[PATIENT], ids[DOCTOR], None)
        first = stage.ask(CREATE_CONSULTATION, note)
        people = stage.some(3, 5)
        asks = [Ask(people[-1], CREATE_CONSULTATION, {}, note)]
        asks += [Ask(racer, UPDATE_APPOINTMENT, {"id": made.answer.id}, booking) for racer in people[1:-1]]
        asks += [Ask(people[0], DELETE_APPOINTMENT, {"id": made.answer.id})]
        acts = [made, first, *stage.at_once(asks)]
        removals = [act for act in acts if act.ask.endpoint is DELETE_APPOINTMENT]
        if any(act.acknowledged for act in removals):
            self.removed.append(made.answer.id)
            yield from self._look(stage, made.answer.id, acts)
        yield from self.trail.look(stage, acts)

    def look_again(self, stage: Stage) -> Iterator[Judgement]:
        if self.removed:
            yield from self._look(stage, None, [])

    def _look(self, stage: Stage, latest: int | None, acts: Sequence[Act]) -> Iterator[Judgement]:
        bookings = stage.read(LIST_APPOINTMENTS, medico_id=stage.arena.ids[DOCTOR])
        notes = stage.read(LIST_CONSULTATIONS, paciente_id=stage.arena.ids[PATIENT])
        if not (bookings.whole and notes.whole):
            return
        for record in self.removed:
            left = [f"appointment {row.id}" for row in bookings.rows if row.id == record]
            left += [f"consultation {row.id}" for row in notes.rows if row.cita_id == record]
            if left or record == latest:
                shown = acts if record == latest else []
                yield from stage.judged(gone, f"appointment {record}", left, [*shown, *bookings.acts, *notes.acts])
