"""Which CMS the load goes to: the one that was named, or the embedded sandbox when none was."""

from locust.env import Environment

import atexit
import logging
from urllib.parse import urlsplit

from config.errors import SetupError
from config.options import options_of
from lifecycle.sandbox import EmbeddedSandbox

logger = logging.getLogger(__name__)


def ensure_host(environment: Environment) -> None:
    """Checks the host; starts the sandbox when there is none, for as long as this process lives."""
    if environment.host:
        environment.host = checked_host(environment.host)
        return
    options = options_of(environment)
    sandbox = EmbeddedSandbox.start(options.sandbox_args)
    atexit.register(sandbox.stop)
    environment.sandbox = sandbox  # type: ignore[attr-defined]
    environment.host = options.host = sandbox.url
    logger.warning("No host given: the load goes to the embedded sandbox at %s, not to your CMS", sandbox.url)


def checked_host(host: str) -> str:
    """The base URL without a slash at its end. Raises SetupError when it is none."""
    try:
        parts = urlsplit(host)
        usable = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port)
    except ValueError:
        usable = False
    if not usable:
        raise SetupError(f"the host {host!r} is not a base URL", "write it like http://localhost:5000")
    return host.rstrip("/")
