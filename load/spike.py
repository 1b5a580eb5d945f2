"""A crowd comes at once and leaves again: --users is the crowd, a quarter of it the ordinary day."""

from locust import LoadTestShape

from load.shape import Common

ORDINARY_SHARE = 0.25
BEGINS_AFTER, ENDS_AFTER = 0.3, 0.55
"""When the crowd comes and goes, in shares of --run-time: the rest is for it to recover."""


class Spike(LoadTestShape):
    use_common_options = True

    def tick(self) -> tuple[int, float] | None:
        common = Common.of(self)
        gone = self.get_run_time() / common.seconds  # type: ignore[no-untyped-call]
        if gone >= 1:
            return None
        if BEGINS_AFTER <= gone < ENDS_AFTER:
            return common.users, float(common.users)
        ordinary = max(1, round(common.users * ORDINARY_SHARE))
        return ordinary, common.spawn_rate

    @property
    def seconds(self) -> float:
        """How long it lasts, for the progress line."""
        return Common.of(self).seconds
