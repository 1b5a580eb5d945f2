"""The figures as Markdown, printed and put between two markers of a page."""

import platform
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.contest import Lap
from benchmarks.contestants import SUITE, versions
from benchmarks.truth import Findings
from internals.of_python import is_optimized


def machine() -> str:
    """The processor and the software, in one paragraph."""
    named = [f"{name} {found}" for name, found in versions().items()]
    system = f"{platform.system()} {platform.release().partition('-')[0]}"
    build = "optimized" if is_optimized() else "not optimized"
    what = f"{processor()}{_caches()}, {system}, Python {platform.python_version()} ({build})"
    return f"{datetime.now(UTC):%Y-%m-%d}, {what}, {', '.join(named)}."


def speed_table(figures: Mapping[str, Lap], goals: Mapping[str, float]) -> str:
    """Requests per second and per second of CPU time, and how many times as many the suite does."""
    lines = [
        "| on one core | requests/s | requests per CPU second | µs of CPU per request | suite ÷ it | goal |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    own = figures.get(SUITE)
    for name, lap in sorted(figures.items(), key=lambda item: -item[1].per_cpu_second):
        ratio = f"{own.per_cpu_second / lap.per_cpu_second:.2f}" if own else "?"
        goal = f"≥ {goals[name]:.3g}" if name in goals else ""
        spent = f"{1e6 / lap.per_cpu_second:.1f}"
        lines.append(f"| {name} | {lap.per_second:,.0f} | {lap.per_cpu_second:,.0f} | {spent} | {ratio} | {goal} |")
    return "\n".join(lines)


def truth_table(findings: Findings) -> str:
    """The suite's percentiles beside the server's, in ms."""
    lines = ["| route | | reported ms | server's truth ms | within 2 % or 1 ms |", "|---|---|---:|---:|---|"]
    for one in findings.compared:
        held = "yes" if one.is_true else "NO"
        lines.append(f"| {one.path} | {one.percentile} | {one.reported:g} | {one.truth:.1f} | {held} |")
    return "\n".join(lines)


def put_between_markers(page: Path, section: str, lines: Iterable[str]) -> None:
    """Replaces what stands between `<!-- section -->` and `<!-- /section -->`; a page without them is left alone."""
    text = page.read_text("utf-8")
    start, end = f"<!-- {section} -->\n", f"<!-- /{section} -->"
    if start not in text or end not in text:
        raise SystemExit(f"{page.name} has no markers {start.strip()} and {end}")
    before, after = text.split(start)[0], text.split(end)[1]
    page.write_text(before + start + "\n".join(["", *lines, "", ""]) + end + after, encoding="utf-8")


def processor() -> str:
    """How many cores of which name."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} x {names[0]}" if names else platform.machine()


def _caches() -> str:
    """Linux tells the sizes of the caches of the first core, each with its level."""
    folders = sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*"))
    sizes = {
        (folder / "level").read_text("utf-8").strip(): (folder / "size").read_text("utf-8").strip()
        for folder in folders
    }
    return "".join(f", L{level} {size}" for level, size in sizes.items() if level != "1")
