"""The same load for hours: --users, --spawn-rate and --run-time as they are; the verdict also asks if it drifts."""

from locust import LoadTestShape

from load.shape import Common


class Soak(LoadTestShape):
    use_common_options = True
    looks_for_drift = True

    def tick(self) -> tuple[int, float] | None:
        common = Common.of(self)
        gone: float = self.get_run_time()  # type: ignore[no-untyped-call]
        return None if gone >= common.seconds else (common.users, common.spawn_rate)

    @property
    def seconds(self) -> float:
        """How long it lasts, for the progress line."""
        return Common.of(self).seconds
