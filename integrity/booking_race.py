"""Races on one doctor's calendar: several book the same time, and older bookings are cancelled."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from api.endpoints import CREATE_APPOINTMENT, DELETE_APPOINTMENT, LIST_APPOINTMENTS
from integrity.acts import Act, Ask
from integrity.audit_trail import AuditTrail
from integrity.invariants import gone, one_booking, there
from integrity.judgement import Judgement
from integrity.stage import Reading, Stage
from records.payloads import DOCTOR, PATIENT

FIELDS = ("paciente_id", "medico_id", "fecha_inicio", "fecha_fin", "id_estado_cita", "id_tipo_cita")
KEPT_RECORDS = 30
REMEMBERED = 100
SLOT = timedelta(minutes=30)
SLOTS = 40_000
"""Half-hours of more than two years: that many races have a time of their own."""


@dataclass
class BookingRace:
    """All that anybody books stands on one page of the doctor's own list, which nobody else writes to."""

    trail: AuditTrail
    name: str = "booking"
    weight: int = 5
    kept: dict[int, Act] = field(default_factory=dict)
    removed: deque[int] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    booked: int = 0

    def run(self, stage: Stage) -> Iterator[Judgement]:
        body = stage.payloads.appointment(stage.arena.ids[PATIENT], stage.arena.ids[DOCTOR], self._time())
        tries = stage.at_once([Ask(racer, CREATE_APPOINTMENT, {}, body) for racer in stage.some(2, 6)])
        self.kept |= {act.answer.id: act for act in tries if act.acknowledged}
        reading = self._read(stage)
        yield from self._judge(stage, reading, [act for act in tries if act.acknowledged])
        if reading.whole and not stage.policies.double_booking:
            won = [act for act in tries if act.acknowledged]
            same_time = [row for row in reading.rows if row.id in {act.record for act in won}]
            yield from stage.judged(one_booking, tries, same_time)
        yield from self.trail.look(stage, tries)
        while len(self.kept) > stage.most_kept(KEPT_RECORDS):
            yield from self._cancel(stage, next(iter(self.kept)))

    def look_again(self, stage: Stage) -> Iterator[Judgement]:
        yield from self._judge(stage, self._read(stage), list(self.kept.values()))

    def _judge(self, stage: Stage, reading: Reading, closely: Sequence[Act]) -> Iterator[Judgement]:
        """All that is kept must be there; those to be looked at `closely` also with the values written."""
        if not reading.whole:
            return
        rows, shift = reading.by_id(), None if stage.survey.time_shift is None else stage.survey.shift
        missing = [act for record, act in self.kept.items() if record not in rows and act not in closely]
        yield from stage.judged(there, "appointment", [*closely, *missing], rows, FIELDS, shift)
        self.kept = {record: act for record, act in self.kept.items() if record in rows}  # a loss is told once
        doctor = stage.arena.ids[DOCTOR]
        yield from stage.totals_of("the doctor's list", LIST_APPOINTMENTS, reading, medico_id=doctor)
        for record in rows.keys() & set(self.removed):
            back = f"appointment {record}"
            yield from stage.judged(gone, back, [back], reading.acts)

    def _cancel(self, stage: Stage, record: int) -> Iterator[Judgement]:
        del self.kept[record]
        removals = stage.at_once([Ask(racer, DELETE_APPOINTMENT, {"id": record}) for racer in stage.some(2, 2)])
        if any(act.acknowledged for act in removals):
            self.removed.append(record)
            reading = self._read(stage)
            if reading.whole:
                cancelled = f"appointment {record}"
                left = [cancelled] * (record in reading.by_id())
                yield from stage.judged(gone, cancelled, left, removals + reading.acts)
        yield from self.trail.look(stage, removals)

    def _read(self, stage: Stage) -> Reading:
        return stage.read(LIST_APPOINTMENTS, medico_id=stage.arena.ids[DOCTOR])

    def _time(self) -> datetime:
        """Every race has a time of its own, so that only those of one race can be double."""
        self.booked += 1
        morning = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return morning + timedelta(days=1) + SLOT * (self.booked % SLOTS)
