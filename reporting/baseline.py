"""The run that a new one is held against: only a passed run can be it."""

from argparse import Namespace
from pathlib import Path

from config.errors import SetupError
from reporting.metrics.timeline import Timeline
from reporting.past_runs import folders_of_runs, read_run
from reporting.verdict.alike import differences
from reporting.verdict.build import held_against, with_finding
from reporting.verdict.comparison import Run, compare, sentence
from reporting.verdict.model import INVALID, PASS, Since, Verdict

LAST = "last"
CHANGES_TOLD = 10
MAKE_ONE = "make one first, without --require-baseline"
NONE_YET = "no passed run like this one yet: it was held against its budgets only"


def check_baseline(options: Namespace) -> None:
    """Before the load: raises SetupError when --baseline names a folder that cannot be one, or none is required."""
    if options.require_baseline and not options.baseline:
        raise SetupError("--require-baseline without --baseline", "add --baseline last, or name a folder")
    if options.baseline and options.baseline != LAST:
        _passed(Path(options.baseline))
    if options.require_baseline and options.baseline == LAST and not _has_passed(options):
        raise SetupError(f"no run of {options.scenario or 'this kind'} in {options.results} has passed", MAKE_ONE)


def baseline_for(options: Namespace, verdict: Verdict) -> Run | None:
    """The run that --baseline asks for, alike to the one of `verdict`; None when there is none (yet)."""
    if not options.baseline:
        return None
    if options.baseline != LAST:
        run = _passed(Path(options.baseline))
        if unlike := list(differences(run.verdict, verdict)):
            raise SetupError(f"--baseline {options.baseline} is not alike ({'; '.join(unlike)})", "name a run that is")
        return run
    for folder in reversed(folders_of_runs(Path(options.results))):
        found = _alike(folder, verdict)
        if found is not None:
            return found
    if options.require_baseline:
        raise SetupError(f"no run in {options.results} that passed is like this one", MAKE_ONE)
    return None


def changes_since_the_last(options: Namespace, verdict: Verdict, timeline: Timeline) -> Since | None:
    """What changed since the last run like this one, whether it passed or not; None when there is none."""
    for folder in reversed(folders_of_runs(Path(options.results))):
        try:
            run = read_run(folder)
        except SetupError:
            continue
        if run.verdict.verdict != INVALID and not list(differences(run.verdict, verdict)):
            comparison = compare(run, Run(Path(), verdict, timeline))
            changes = [sentence(change) for change in comparison.by_importance][:CHANGES_TOLD]
            return Since(folder.name, changes, comparison.at_worst, list(comparison.cautions))
    return None


def beside(baseline: Run, verdict: Verdict, timeline: Timeline) -> Verdict:
    """The verdict, held against its baseline, too: what became worse beyond the noise is a reason each."""
    comparison, name = compare(baseline, Run(Path(), verdict, timeline)), baseline.folder.name
    verdict = held_against(verdict, name, [f"worse than {name}: {change}" for change in comparison.worse])
    for caution in comparison.cautions:
        verdict = with_finding(verdict, f"held against {name}, {caution}")
    return verdict


def _has_passed(options: Namespace) -> bool:
    """Whether a run of this scenario has; if it was like the one that is about to start is known at its end."""
    for folder in reversed(folders_of_runs(Path(options.results))):
        try:
            if _passed(folder).verdict.scenario == options.scenario:
                return True
        except SetupError:
            continue
    return False


def _alike(folder: Path, verdict: Verdict) -> Run | None:
    try:
        run = _passed(folder)
    except SetupError:
        return None
    return None if list(differences(run.verdict, verdict)) else run


def _passed(folder: Path) -> Run:
    run = read_run(folder)
    if run.verdict.verdict != PASS:
        raise SetupError(
            f"--baseline {folder} did not pass, its verdict is {run.verdict.verdict}", "name a run that passed"
        )
    return run
