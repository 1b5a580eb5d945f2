"""The last open files that the system allows: no connection takes them, so that the process can still do the rest."""

from types import ModuleType

resource: ModuleType | None
try:
    import resource
except ImportError:  # Windows, which has no such limit
    resource = None

RESERVED = 16
"""For what Locust and the suite open in between: the process's own CPU time, CSV files, the verdict."""


def is_reserved(descriptor: int) -> bool:
    """Whether this descriptor, the lowest that was free, is one of the last."""
    if resource is None:
        return False
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return bool(allowed != resource.RLIM_INFINITY and descriptor >= allowed - RESERVED)
