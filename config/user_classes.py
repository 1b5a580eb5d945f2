"""The user classes that can be named on the command line."""

from locust import User
from locust.argument_parser import LocustArgumentParser

from collections.abc import Iterator

from config.errors import SetupError
from config.suggestions import suggestion


def refuse_unknown_users(parser: LocustArgumentParser) -> None:
    """Raises SetupError for a class that is in no locustfile; Locust itself would end with exit code 1."""
    given, unknown = parser.parse_known_args()
    if unknown:  # the value of an option that does not exist looks like a class
        return
    known = {role.__name__ for role in _subclasses(User) if not role.abstract}
    for name in given.user_classes or ():
        if name not in known:
            raise SetupError(f"there is no user class {name!r}", suggestion(name, known))


def _subclasses(of: type[User]) -> Iterator[type[User]]:
    for subclass in of.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)
