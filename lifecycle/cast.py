"""Which roles take part."""

from locust.env import Environment

from config.errors import SetupError


def drop_roles_without_tasks(environment: Environment) -> None:
    """With --tags, a role that has no task left must not be spawned: its users could only log errors."""
    environment._filter_tasks_by_tags()
    able = [role for role in environment.user_classes if any(tasks.tasks for tasks in role.tasks)]
    if not able:
        raise SetupError("no task fits --tags and --exclude-tags", "name a tag that the tasks have, such as read")
    environment.user_classes = able
