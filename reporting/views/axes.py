"""The scales of the charts: ticks on round numbers, and labels that say exactly where they stand."""

import math

MAX_STEPS = 5
ROUND = (1, 2, 5, 10)
CLOCK_STEPS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200)


def ticks(top: float, least_step: float = 0.0) -> list[float]:
    """Multiples of a round step from 0 on; the last is the first that is not below `top`."""
    step = max(round_step(top / MAX_STEPS), least_step)
    return [number * step for number in range(math.ceil(round(top / step, 9)) + 1)]


def round_step(least: float) -> float:
    """The smallest of 1, 2 and 5 times a power of ten that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in ROUND if factor * power >= least * (1 - 1e-9))


def clock_ticks(end: int) -> list[float]:
    """Seconds on which a clock's labels are round; none lies beyond `end`."""
    step = next((step for step in CLOCK_STEPS if step * MAX_STEPS >= end), end)
    return [float(second) for second in range(0, end + 1, max(1, step))]


def number(value: float) -> str:
    """Exact, without what the machine's arithmetic leaves behind the tenth digit."""
    return f"{value:,.10g}"


def clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
