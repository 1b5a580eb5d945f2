"""How many can it hold? Steps of users, up to what --users allows, until a budget breaks; then back, to confirm."""

from locust import LoadTestShape

from reporting.capacity_search import Climb


class Breakpoint(LoadTestShape):
    use_common_options = True
    searches = True

    def reset_time(self) -> None:
        """A test starts."""
        super().reset_time()  # type: ignore[no-untyped-call]
        self._climb: Climb | None = None

    def tick(self) -> tuple[int, float] | None:
        assert self.runner is not None
        if self._climb is None:
            self._climb = Climb(self.runner.environment.referee, self.runner)  # type: ignore[attr-defined]
        return self._climb.tick()
