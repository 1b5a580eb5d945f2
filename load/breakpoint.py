"""How many can it hold? Steps of users, up to what --users allows, until a budget breaks; then back, to confirm."""

from locust import LoadTestShape

from reporting.capacity_search import CapacitySearch


class Breakpoint(LoadTestShape):
    use_common_options = True
    searches = True

    def reset_time(self) -> None:
        """A test starts."""
        super().reset_time()  # type: ignore[no-untyped-call]
        self._climb: CapacitySearch | None = None

    def tick(self) -> tuple[int, float] | None:
        assert self.runner is not None
        if self._climb is None:
            self._climb = CapacitySearch(self.runner.environment.monitor, self.runner)  # type: ignore[attr-defined]
        return self._climb.tick()
