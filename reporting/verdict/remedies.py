"""What to do about an invalid run: one step for each reason, so that the next run says something."""

import math
import re

from reporting.verdict.model import INVALID, Verdict

STEADY_SECONDS_ADVISED = 20

_STEPS = (
    ("load generator lagged|load generator was busy", "give it more processes: --processes 2, or another machine"),
    ("load generator ran out of means", "raise the limit of the machine, or use fewer users for each machine"),
    ("met the limit of the load generator", "search with more processes: --processes 2, or from more machines"),
    ("^worker .* was lost", "look at that worker's output, and run again"),
    ("arrivals? (was|were) not let in", "give more --users, or a lower --arrival-rate"),
    ("the ramp took", "lower --spawn-rate, or let users sign in faster"),
    ("the run ended after", "let it run to its end, or ask for a shorter --run-time"),
    ("ended before every user", "let it run to its end: give it a longer --run-time"),
    ("search ended before", "let it run to its end, without --run-time"),
    ("has a budget, but was not used", "run longer with --run-time, or take that budget out of the file"),
    ("users were reached", "run longer with --run-time, or raise --spawn-rate"),
    ("did nothing for up to", "look at the task that this user does"),
    ("ever signed in|never got in|ever got to work", "try that account by hand: name it in .env or with --accounts"),
    ("clock of this machine", "run again while nobody sets the clock, and keep the machine awake"),
    ("not the one asked for: users", "look at the run's output for what ended those users"),
    ("not the one asked for: (mix|tasks|think)", "look at that role for what chooses tasks or pauses in its own way"),
    ("not the one asked for: requests of a user", "give each worker a core of its own"),
    ("not the one asked for: Little", "look for a task that blocks, and let the machine do nothing else"),
    ("defect of the suite", "report it with this folder, or correct the task that is named"),
    ("rate limiting is on", "switch it off for this test, or ask less"),
    ("no budget limits that", "add that line to the file of budgets"),
    ("nothing was written", "look at the table Routes: what was not reached, and why"),
    ("races have decided nothing", "run longer with --run-time, or look at what the racers were answered"),
    ("duet has compared nothing", "run longer with --run-time, and look at what OLD answered"),
    ("twins? of OLD never got in", "try that account by hand on OLD: both hosts need the same accounts"),
    ("no request was sent", "look at the first error of the run's output"),
    ("baseline|like this one", "make a run that passes first, or leave --baseline out"),
)


def remedies(verdict: Verdict) -> dict[str, str]:
    """By reason, what to do; nothing for what only its own words can tell, or for a run that is valid."""
    if verdict.verdict != INVALID:
        return {}
    found = {reason: _remedy(reason, verdict) for reason in verdict.reasons}
    return {reason: step for reason, step in found.items() if step}


def _remedy(reason: str, verdict: Verdict) -> str:
    if "no steady state" in reason:
        needed = verdict.seconds.ramp + STEADY_SECONDS_ADVISED
        return f"the ramp needs about {verdict.seconds.ramp} s: --run-time {math.ceil(needed / 10) * 10}s"
    return next((step for pattern, step in _STEPS if re.search(pattern, reason)), "")
