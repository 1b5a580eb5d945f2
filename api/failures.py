"""Why a request counts as failed. Messages are stable, so that Locust groups them, and never hold a secret."""

from locust.exception import RescheduleTask


class RequestFailed(Exception):
    """Base of every reason for a failed request."""


class NoAnswer(RequestFailed):
    """The server could not be reached, or did not answer whole and in time."""


class UnexpectedAnswer(RequestFailed):
    """The server answered, but not what the route promises."""


class TokenRefused(UnexpectedAnswer):
    """The API does not accept the token (any more)."""


class NothingToDo(RescheduleTask):
    """What the task needs is not there (an empty agenda, nobody to look up); it ends here, and nothing has failed."""


class TaskCannotGoOn(RescheduleTask):
    """A call failed and was reported; the task that needed its answer ends here, think time included."""


class WritingRefused(Exception):
    """A task of a --read-only run was about to write: a mistake in the suite or in a hand-written task."""
