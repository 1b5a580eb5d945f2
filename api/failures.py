"""Why a request counts as failed. Messages are stable, so that Locust groups them, and never hold a secret."""

from locust.exception import RescheduleTask

TOO_MANY_REQUESTS = 429
PASSING_STATUSES = frozenset({TOO_MANY_REQUESTS, 500, 502, 503, 504})


class RequestFailed(Exception):
    """Base of every reason for a failed request."""

    passing: bool = False
    """Whether the same request may well succeed a moment later."""
    status: int | None = None
    """Of the answer, when its status was the reason."""
    retry_after: float | None = None
    """Seconds that the server asked to be left alone."""

    def __repr__(self) -> str:
        """The message alone: Locust shows this in its tables and files, where no class name belongs."""
        return str(self)


class NoAnswer(RequestFailed):
    """The server could not be reached, or did not answer whole and in time."""

    passing = True


class CutOff(NoAnswer):
    """The run, or its user, ended while the server still owed the answer."""

    def __init__(self) -> None:
        super().__init__("no answer yet when the user was stopped")


class ClosedUnanswered(NoAnswer):
    """The server closed the connection before the first byte of an answer.

    `idle` when that was a connection which had not been used for a while: it may have been closed before the request
    came, and an idempotent request may be repeated.
    """

    def __init__(self, idle: bool = False) -> None:
        super().__init__("the server closed the connection without an answer")
        self.idle = idle


class UnexpectedAnswer(RequestFailed):
    """The server answered, but not what the route promises."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.passing = status in PASSING_STATUSES


class TokenRefused(UnexpectedAnswer):
    """The API does not accept the token (any more)."""


class NotChecked(UnexpectedAnswer):
    """The answer made its check fail in a way that nobody has foreseen."""

    def __init__(self, defect: Exception) -> None:
        super().__init__(f"expected an answer that can be checked, got {type(defect).__name__}")


class TaskDefect(RequestFailed):
    """A task raised what no task should: a mistake in the task, or in the suite."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the task raised {what}")


class NothingToDo(RescheduleTask):
    """What the task needs is not there (an empty agenda, nobody to look up); it ends here, and nothing has failed."""


class TaskCannotGoOn(RescheduleTask):
    """A call failed for this `reason` and was reported; the task that needed its answer ends, think time included."""

    def __init__(self, reason: RequestFailed) -> None:
        super().__init__(str(reason))
        self.reason = reason


class WritingRefused(Exception):
    """A task of a --read-only run was about to write: a mistake in the suite or in a hand-written task."""
