"""Races for what there can be one of: equal sign-ups, equal access codes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from access.belongings import USER
from api.endpoint import Endpoint
from api.endpoints import (
    CREATE_ACCESS_CODE,
    CREATE_USER,
    DELETE_ACCESS_CODE,
    DELETE_USER,
    LIST_ACCESS_CODES,
    LIST_USERS,
)
from integrity.acts import Act, Ask
from integrity.audit_trail import AuditTrail
from integrity.invariants import gone, one_row, there, unique
from integrity.judgement import Judgement
from integrity.stage import Reading, Stage

KEPT_RECORDS = 5


@dataclass(frozen=True)
class UniqueKind:
    """A kind of record with a `key` that no two may share."""

    what: str
    create: Endpoint[Any]
    remove: Endpoint[Any]
    listing: Endpoint[Any]
    key: str
    fields: Sequence[str]
    body: Callable[[Stage], dict[str, Any]]


ACCOUNTS = UniqueKind(
    *("account", CREATE_USER, DELETE_USER, LIST_USERS, "username"),
    ("username", "correo", "telefono", "rol_id"),
    lambda stage: stage.payloads.account(),
)
CODES = UniqueKind(
    *("access code", CREATE_ACCESS_CODE, DELETE_ACCESS_CODE, LIST_ACCESS_CODES, "codigo"),
    ("codigo", "id_usuario", "id_estado_codigo"),
    lambda stage: stage.payloads.access_code(stage.arena.ids[USER]),
)


@dataclass
class UniqueRace:
    """Several create the same at once; older ones are removed by two at once."""

    name: str
    weight: int
    kind: UniqueKind
    trail: AuditTrail
    kept: list[Act] = field(default_factory=list)

    def run(self, stage: Stage) -> Iterator[Judgement]:
        body = self.kind.body(stage)
        tries = stage.at_once([Ask(racer, self.kind.create, {}, body) for racer in stage.some(2, 5)])
        yield from stage.judged(unique, self.kind.what, tries)
        won = [act for act in tries if act.acknowledged]
        if len(won) == 1:
            yield from self._look(stage, won, tries)
        yield from self.trail.look(stage, tries)
        self.kept += won
        if len(self.kept) > stage.most_kept(KEPT_RECORDS):
            yield from self._remove(stage, self.kept.pop(0))

    def look_again(self, stage: Stage) -> Iterator[Judgement]:
        for act in self.kept:
            yield from self._look(stage, [act], [act])

    def _look(self, stage: Stage, won: Sequence[Act], tries: Sequence[Act]) -> Iterator[Judgement]:
        reading = self._read(stage, tries[0])
        if reading.whole:
            yield from stage.judged(one_row, self.kind.what, reading.rows, tries)
            yield from stage.judged(there, self.kind.what, won, reading.by_id(), self.kind.fields, None)

    def _remove(self, stage: Stage, act: Act) -> Iterator[Judgement]:
        removals = stage.at_once([Ask(racer, self.kind.remove, {"id": act.record}) for racer in stage.some(2, 2)])
        reading = self._read(stage, act)
        if reading.whole and any(removal.acknowledged for removal in removals):
            left = [f"{self.kind.what} {row.id}" for row in reading.rows if row.id == act.record]
            yield from stage.judged(gone, f"{self.kind.what} {act.record}", left, removals + reading.acts)
        yield from self.trail.look(stage, removals)

    def _read(self, stage: Stage, act: Act) -> Reading:
        """The rows with the key of this creation: the search finds parts of words, too."""
        key = (act.ask.body or {})[self.kind.key]
        reading = stage.read(self.kind.listing, search=key)
        rows = [row for row in reading.rows if getattr(row, self.kind.key) == key]
        return Reading(rows, reading.totals, reading.acts, reading.whole)
