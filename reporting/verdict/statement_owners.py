"""Which route a statement is of, and how both are named in a sentence. Pure."""

from collections.abc import Mapping, Sequence

from reporting.metrics.database import Database, Statement
from reporting.metrics.statement_texts import shortened
from reporting.metrics.timeline import Timeline
from reporting.verdict.attribution import EVERY_ROUTE, LIKELY, Belongs, Spells
from reporting.verdict.told import percent, sureness

MOSTLY, PARTLY = 0.8, 0.5
BESIDE = ("BEGIN", "COMMIT", "ROLLBACK", "SET", "RESET", "DISCARD", "DEALLOCATE", "START", "SHOW", "END")

Owners = Mapping[str, Sequence[Belongs]]
"""By the key of a statement, the routes that it belongs to, the likeliest first."""


def owners_of(seen: Database, timeline: Timeline | None) -> Owners:
    """None of any where there was too little time, or no rise and fall, to tell."""
    if timeline is None or not seen.statements:
        return {}
    spells = Spells(timeline, [at for at, _ in seen.statements[0].looks])
    if not spells.enough:
        return {}
    return {one.key: spells.explained_by.belongs_to(spells.calls(one.looks)) for one in seen.statements}


def ms_of_routes(seen: Database, owners: Owners) -> dict[str, float]:
    """How long the database worked for each route, in ms."""
    found: dict[str, float] = {}
    for one in seen.statements:
        for owner in owners.get(one.key, ()):
            found[owner.route] = found.get(owner.route, 0.0) + one.ms * owner.share
    return found


def route_of(one: Statement, owners: Owners) -> str:
    """The likeliest; empty when nobody knows."""
    owner = next(iter(owners.get(one.key, ())), None)
    return owner.route if owner is not None else ""


def of_its_route(one: Statement, owners: Owners) -> str:
    """` mostly of GET /api/patients (99 % sure)`; empty when nobody knows."""
    owner = next(iter(owners.get(one.key, ())), None)
    if owner is None:
        return ""
    part = "" if owner.share >= MOSTLY else "mostly " if owner.share >= PARTLY else "partly "
    return f" {part}of {owner.route}{sureness_of(owner)}".replace("  ", " ")


def sureness_of(owner: Belongs) -> str:
    """As `sureness`; what every request does alike needs none."""
    return "" if owner.route == EVERY_ROUTE and owner.sure >= LIKELY else sureness(owner)


def quoted(one: Statement) -> str:
    return quoted_text(one.text)


def quoted_text(sql: str) -> str:
    return f"`{shortened(sql)}`"


def is_beside(one: Statement) -> bool:
    """Whether it only goes along with others, such as BEGIN."""
    return one.text.upper().startswith(BESIDE)


def share_of(part: float, whole: float) -> float:
    """From 0 to 1, whatever the two were rounded to."""
    return min(1.0, part / whole) if whole else 0.0


def percent_of(part: float, whole: float) -> str:
    return percent(share_of(part, whole))
