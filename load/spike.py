"""A crowd comes at once and leaves again: --users is the crowd, a quarter of it the ordinary day."""

from load.shape import Common, Shape

ORDINARY_SHARE = 0.25
BEGINS_AFTER, ENDS_AFTER = 0.3, 0.55
"""When the crowd comes and goes, in shares of --run-time: the rest is for it to recover."""


class Spike(Shape):
    ends_by_itself = True

    @classmethod
    def crowd(cls, seconds: float) -> tuple[float, float]:
        return BEGINS_AFTER * seconds, ENDS_AFTER * seconds

    def tick(self) -> tuple[int, float] | None:
        common = Common.of(self.options)
        share = self.elapsed / common.seconds
        if share >= 1:
            return None
        if BEGINS_AFTER <= share < ENDS_AFTER:
            return common.users, float(common.users)
        ordinary = max(1, round(common.users * ORDINARY_SHARE))
        return ordinary, common.spawn_rate
