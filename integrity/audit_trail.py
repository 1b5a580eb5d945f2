"""The audit log beside the races: what its rows are called on this CMS is learned, then every write must have one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import gevent

from api.endpoint import Endpoint
from api.endpoints import LIST_AUDIT_ENTRIES
from integrity.acts import Act
from integrity.audit_invariant import audited
from integrity.judgement import BROKEN, Judgement
from integrity.stage import Stage

Name = tuple[str, str]
"""`entidad` and `accion`."""
PAGE, MAX_PAGES = 25, 10
TRIES = 3


@dataclass
class AuditTrail:
    """`names` of the routes that leave rows; `misses` counts how often one left none though nobody else wrote."""

    names: dict[Endpoint[Any], Name] = field(default_factory=dict)
    misses: Counter[Endpoint[Any]] = field(default_factory=Counter)
    latest: dict[Name, int] = field(default_factory=dict)
    """The newest row of each name that was seen: those of later writes come after it."""
    before: int = 0
    unread: bool = False
    """The log did not answer as it should while it was learned from."""
    pauses: Sequence[float] = (0.5, 1.5)
    """Seconds: a row may be written after the answer, and is looked for again before it counts as missing."""

    @property
    def unpromised(self) -> list[str]:
        """The routes that leave no audit row at all."""
        return [str(route) for route in self.unlearned if self.misses[route] >= TRIES]

    @property
    def unlearned(self) -> list[Endpoint[Any]]:
        """The routes of which no audit row was found yet."""
        return [route for route in self.misses if route not in self.names]

    def look(self, stage: Stage, acts: Sequence[Act]) -> Iterator[Judgement]:
        """Of the writes among `acts`; while the stage is one by one, nothing is judged."""
        written = [act for act in acts if act.writes and act.record is not None]
        if not any(act.acknowledged for act in written):
            return
        if stage.one_by_one:
            return
        for name in dict.fromkeys(self.names[act.ask.endpoint] for act in written if act.ask.endpoint in self.names):
            yield from self._judge(stage, name, [act for act in written if self.names.get(act.ask.endpoint) == name])

    def begin(self, stage: Stage) -> None:
        """What stands in the log at this moment belongs to no later write."""
        log = stage.ask(LIST_AUDIT_ENTRIES, limit=1)
        self.unread |= not log.acknowledged
        if log.acknowledged:
            self.before = max((row.id for row in log.answer.data), default=0)
            self.latest = {name: max(latest, self.before) for name, latest in self.latest.items()}

    def learn(self, stage: Stage, act: Act) -> None:
        """What the row of this write is called; it was the only write to its record since the one before."""
        route = act.ask.endpoint
        if route not in self.names and self.misses[route] < TRIES:
            self._learn(stage, act)
        self.begin(stage)

    def _learn(self, stage: Stage, act: Act) -> None:
        for pause in (0.0, *self.pauses[:1]):
            gevent.sleep(pause)
            log = stage.ask(LIST_AUDIT_ENTRIES, usuario_id=act.ask.racer.user_id, limit=PAGE)
            if not log.acknowledged:
                return
            rows = [row for row in log.answer.data if row.id > self.before and row.entidad_id == act.record]
            if rows:
                first = min(rows, key=lambda row: row.id)
                name = self.names[act.ask.endpoint] = first.entidad, first.accion
                self.latest.setdefault(name, first.id)
                return
        self.misses[act.ask.endpoint] += 1

    def _judge(self, stage: Stage, name: Name, written: Sequence[Act]) -> Iterator[Judgement]:
        judgements: list[Judgement] = []
        for pause in (0.0, *self.pauses):
            gevent.sleep(pause)
            found = self._rows(stage, name)
            if found is None:
                return
            rows, whole = found
            judgements = list(stage.judged(audited, written, rows, whole))
            if not any(judgement.state == BROKEN for judgement in judgements):
                break
        self.latest[name] = max([self.latest[name], *(row.id for row in rows)])
        yield from judgements

    def _rows(self, stage: Stage, name: Name) -> tuple[list[Any], bool] | None:
        """Those that are newer than all that were seen before, and whether they are all; None without an answer."""
        rows: list[Any] = []
        entity, action = name
        for page in range(MAX_PAGES):
            act = stage.ask(LIST_AUDIT_ENTRIES, entidad=entity, accion=action, limit=PAGE, offset=page * PAGE)
            if not act.acknowledged:
                return None
            rows += [row for row in act.answer.data if (row.entidad, row.accion) == name]
            if len(act.answer.data) < PAGE or any(row.id <= self.latest[name] for row in act.answer.data):
                return self._new(rows, name), True
        return self._new(rows, name), False

    def _new(self, rows: Sequence[Any], name: Name) -> list[Any]:
        """Each once: while pages are read, rows move on to later ones."""
        return list({row.id: row for row in rows if row.id > self.latest[name]}.values())
