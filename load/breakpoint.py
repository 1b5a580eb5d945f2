"""How many can it hold? Steps of users, up to what --users allows, until a budget breaks; then back, to confirm."""

from load.shape import Shape
from reporting.capacity_search import CapacitySearch
from reporting.run_monitor import RunMonitor
from users.run_context import run_context


class Breakpoint(Shape):
    searches = True

    def reset_time(self) -> None:
        """A test starts."""
        super().reset_time()
        self._search: CapacitySearch | None = None

    def tick(self) -> tuple[int, float] | None:
        assert self.runner is not None
        if self._search is None:
            monitor = run_context(self.runner.environment).part(RunMonitor)
            self._search = CapacitySearch(monitor, self.runner)
        return self._search.tick()
