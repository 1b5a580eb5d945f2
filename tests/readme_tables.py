"""The tables of README and docs/, made from the code: `python -m tests.readme_tables` writes them."""

import os

os.environ.setdefault("LOCUST_SKIP_MONKEY_PATCH", "1")

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from config.options import ROOT, all_options
from tests.roles import ROLES
from users.cms_user import CMSUser

README, TASKS, OPTIONS = ROOT / "README.md", ROOT / "docs" / "tasks.md", ROOT / "docs" / "options.md"
PAGES = {README: "scenarios", TASKS: "roles", OPTIONS: "options"}
"""Each page with the table that it holds, by the name of its markers."""


def tables() -> dict[str, str]:
    """Each table by the name of its markers."""
    return {
        "options": table(("Option", "In `.env`", "What it is"), options()),
        "scenarios": table(("Scenario", "Users", "Started per second", "Run time", "The question"), scenarios()),
        "roles": "\n\n".join([weights(), *map(section, ROLES)]),
    }


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def options() -> Iterable[tuple[str, ...]]:
    for option in all_options():
        yield f"`{option.flag}`", f"`{option.env}`", option.help.replace("|", "\\|")


def scenarios() -> Iterable[tuple[str, ...]]:
    for path in sorted((ROOT / "config" / "scenarios").glob("*.conf"), key=size):
        lines = path.read_text("utf-8").splitlines()
        settings = settings_of(path)
        cells = [settings.get(key, "-") for key in ("users", "spawn-rate", "run-time")]
        yield f"`{path.stem}`", *cells, lines[0].removeprefix("# ")


def settings_of(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([\w-]+) *= *(.*)$", path.read_text("utf-8"), re.MULTILINE))


def size(path: Path) -> tuple[float, str]:
    users = settings_of(path).get("users", "")
    return (float(users) if users.isdigit() else float("inf"), path.stem)


def weights() -> str:
    names, weights = " : ".join(role.__name__ for role in ROLES), " : ".join(f"{role.weight:g}" for role in ROLES)
    return f"{names} are {weights}."


def section(role: type[CMSUser]) -> str:
    rows = table(("Task", "Share", "Why a person does it"), mix(role))
    return f"### {role.__name__}\n\n{rows}"


def mix(role: type[CMSUser]) -> Iterable[tuple[str, ...]]:
    (task_set,) = role.tasks
    shares = Counter(task_set.tasks)
    for task, count in shares.most_common():
        why = " ".join((task.__doc__ or "").split())
        yield f"`{task.__name__}`", f"{100 * count / len(task_set.tasks):.1f} %", why


def filled(page: Path) -> str:
    """The page with the table between its markers made anew."""
    name = PAGES[page]
    block = f"<!-- {name} -->\n{tables()[name]}\n<!-- /{name} -->"
    around = rf"<!-- {name} -->.*?<!-- /{name} -->"
    text, found = re.subn(around, lambda _: block, page.read_text("utf-8"), flags=re.DOTALL)
    assert found == 1, f"{page.name} has {found} places for the table {name}"
    return text


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(filled(page), "utf-8")
