"""The roles of the suite, for tests that are about all of them."""

from collections.abc import Mapping

from run.roles import all_roles

ROLES = all_roles()
NAMES = [role.role for role in ROLES]
CLASSES = [role.__name__ for role in ROLES]


def assert_the_mix(counts: Mapping[str, int]) -> None:
    """So many users of each role (or class), by their weights, as near as whole users come to them."""
    users, weights = sum(counts.values()), sum(role.weight for role in ROLES)
    for role in ROLES:
        count = counts.get(role.role, counts.get(role.__name__, 0))
        assert abs(count - users * role.weight / weights) < 1, counts
