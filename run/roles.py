"""Which roles take part, and with which accounts."""

from locust import TaskSet
from locust.env import Environment

from config.errors import SetupError
from config.known_roles import import_roles, known_roles
from config.options import options_of
from internals.of_locust import filter_tasks_by_tags
from tasks.role_tasks import writes
from users.account_sources import accounts_of
from users.accounts import Account
from users.admin import AdminUser
from users.cms_user import CMSUser


def all_roles() -> list[type[CMSUser]]:
    """Every role that there is: those in users/, and what a locustfile has besides."""
    import_roles()
    return [role for role in known_roles().values() if issubclass(role, CMSUser)]


def roles_in(environment: Environment) -> list[type[CMSUser]]:
    """The roles of this run; users of other classes may take part besides, and see to themselves."""
    return [user for user in environment.user_classes if issubclass(user, CMSUser)]


def keep_to_reading(environment: Environment) -> None:
    """With --read-only, no task that writes is left in any role, and no journey that does."""
    for role in environment.user_classes:
        role.tasks = [task for task in role.tasks if not writes(task)]
        for task_set in role.tasks:
            if isinstance(task_set, type) and issubclass(task_set, TaskSet):
                task_set.tasks = [task for task in task_set.tasks if not writes(task)]


def drop_roles_without_tasks(environment: Environment) -> None:
    """With --tags, a role that has no task left must not be spawned: its users could only log errors."""
    filter_tasks_by_tags(environment)
    able = [role for role in environment.user_classes if any(getattr(tasks, "tasks", tasks) for tasks in role.tasks)]
    if not able:
        raise SetupError("no task fits --tags and --exclude-tags", "name a tag that the tasks have, such as read")
    environment.user_classes = able


def accounts_in(environment: Environment) -> list[Account]:
    """The accounts of all roles in the run; where it writes, an administrator cleans up."""
    options = options_of(environment)
    roles = {role.role for role in roles_in(environment)}
    return accounts_of(options, roles if options.read_only else {*roles, AdminUser.role})
