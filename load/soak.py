"""The same load for hours: --users, --spawn-rate and --run-time as they are; the verdict also asks if it drifts."""

from load.shape import Common, Shape


class Soak(Shape):
    looks_for_drift = True
    ends_by_itself = True

    def tick(self) -> tuple[int, float] | None:
        common = Common.of(self.options)
        return None if self.elapsed >= common.seconds else (common.users, common.spawn_rate)
