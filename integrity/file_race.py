"""Races on files: several add one each to the same patient, and those of the race before are removed again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from api.endpoints import CREATE_FILE, DELETE_FILE, LIST_ASSOCIATIONS, LIST_FILES
from integrity.acts import Act, Ask
from integrity.audit_trail import AuditTrail
from integrity.invariants import gone, there, together
from integrity.judgement import Judgement
from integrity.stage import Reading, Stage
from records.payloads import PATIENT

FIELDS = ("tipo", "url", "hash_integridad")
KEPT_RECORDS = 6


@dataclass
class FileRace:
    """A file is found by its address, its association by the file."""

    trail: AuditTrail
    name: str = "file"
    weight: int = 3
    kept: list[Act] = field(default_factory=list)

    def run(self, stage: Stage) -> Iterator[Judgement]:
        bodies = [(racer, stage.payloads.study(stage.arena.ids[PATIENT])) for racer in stage.some(2, 4)]
        acts = stage.at_once([Ask(racer, CREATE_FILE, {}, body) for racer, body in bodies])
        made = [act for act in acts if act.acknowledged]
        yield from self._look(stage, made)
        yield from self.trail.look(stage, acts)
        self.kept += made
        while len(self.kept) > stage.most_kept(KEPT_RECORDS):
            yield from self._remove(stage, self.kept.pop(0))

    def look_again(self, stage: Stage) -> Iterator[Judgement]:
        yield from self._look(stage, self.kept)

    def _look(self, stage: Stage, made: Sequence[Act]) -> Iterator[Judgement]:
        for act in made:
            file = self._read(stage, act)
            if file.whole:
                yield from stage.judged(there, "file", [act], file.by_id(), FIELDS, None)
            associations = stage.read(LIST_ASSOCIATIONS, archivo_id=act.record)
            if associations.whole:
                yield from stage.judged(together, act, associations.rows)

    def _remove(self, stage: Stage, act: Act) -> Iterator[Judgement]:
        removals = stage.at_once([Ask(racer, DELETE_FILE, {"id": act.record}) for racer in stage.some(2, 2)])
        file, associations = self._read(stage, act), stage.read(LIST_ASSOCIATIONS, archivo_id=act.record)
        if file.whole and associations.whole and any(removal.acknowledged for removal in removals):
            left = [f"file {row.id}" for row in file.rows if row.id == act.record]
            left += [f"association {row.id}" for row in associations.rows]
            acts = [*removals, *file.acts, *associations.acts]
            yield from stage.judged(gone, f"file {act.record}", left, acts)
        yield from self.trail.look(stage, removals)

    def _read(self, stage: Stage, act: Act) -> Reading:
        return stage.read(LIST_FILES, search=(act.ask.body or {})["url"])
