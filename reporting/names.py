"""What a budget can be about: every role, endpoint, journey and scenario that there is."""

from pathlib import Path

from api.endpoints import ENDPOINTS
from config.slo import Names
from tasks.admin import AdminTasks
from tasks.base import RoleTasks
from tasks.doctor import DoctorTasks
from tasks.patient import PatientTasks
from users.accounts import ROLES

SCENARIOS = Path(__file__).resolve().parent.parent / "config" / "scenarios"
TASK_SETS = (AdminTasks, DoctorTasks, PatientTasks)


def names() -> Names:
    return Names(
        roles=ROLES,
        endpoints=sorted(str(endpoint) for endpoint in ENDPOINTS),
        journeys=sorted({journey for tasks in TASK_SETS for journey in _journeys(tasks)}),
        scenarios=sorted(path.stem for path in SCENARIOS.glob("*.conf")),
    )


def _journeys(tasks: type[RoleTasks]) -> set[str]:
    """Journeys are named after their tasks."""
    named = [getattr(task, "__name__", "") for task in tasks.tasks if hasattr(task, "is_journey")]
    return {name.replace("_", " ") for name in named}
