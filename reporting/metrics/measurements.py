"""What is measured of a run, as values that travel and are stored: figures of a subject, and of a process."""

import msgspec


class Times(msgspec.Struct, frozen=True):
    """Percentiles and the longest of answer times in ms; None when there was no answer."""

    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    max: float | None = None


class Interval(msgspec.Struct, frozen=True):
    """What the value lies in, with a confidence of 95 %; None where there is no end to it."""

    low: float | None
    high: float | None

    def spans(self, value: float) -> bool:
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)


class Figures(msgspec.Struct, frozen=True):
    """What was measured of one subject: `rate` is requests per second, `ok` the successful answers, `all` all.

    `intervals` are by the metric of a budget: p50, p95, p99 of the successful answers, failure_ratio and min_rate.
    """

    requests: int = 0
    failures: int = 0
    rate: float = 0.0
    ok: Times = Times()
    all: Times = Times()
    size: int | None = None
    """The mean of the bodies of all answers, in bytes."""
    intervals: dict[str, Interval] = {}

    @property
    def failure_ratio(self) -> float:
        return self.failures / self.requests if self.requests else 0.0

    def value(self, metric: str) -> float | None:
        """What a budget of this metric looks at; None when nothing was measured for it."""
        if metric == "failure_ratio":
            return round(self.failure_ratio, 6) if self.requests else None
        if metric == "min_requests":
            return self.requests
        return self.rate if metric == "min_rate" else getattr(self.ok, metric, None)


class Measured(msgspec.Struct, frozen=True):
    """One subject in the three phases of a run; budgets look at the steady state."""

    steady: Figures = Figures()
    ramp: Figures = Figures()
    ending: Figures = Figures()

    @property
    def counts(self) -> tuple[int, int]:
        """Its requests and its failures, in the whole run."""
        phases = (self.ramp, self.steady, self.ending)
        return sum(phase.requests for phase in phases), sum(phase.failures for phase in phases)


class Process(msgspec.Struct, frozen=True):
    """How a process of the generator was: lag in ms in the steady state, CPU in percent."""

    lag_p99: float | None = None
    lag_max: float | None = None
    cpu_max: float | None = None
