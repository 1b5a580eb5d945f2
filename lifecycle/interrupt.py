"""Ctrl-C: the first ends the run as it should end, the second at once.

Python raises KeyboardInterrupt in whatever runs at that moment, and gevent prints a traceback when that is a greenlet.
Here it reaches Locust's main greenlet only, which waits for it.
"""

import logging
import os
import signal
import sys
from typing import NoReturn

import gevent

logger = logging.getLogger(__name__)

INTERRUPTED_EXIT_CODE = 130


def end_well_on_ctrl_c() -> None:
    """To be called by the process's main greenlet, before the load."""
    main = gevent.getcurrent()

    def first() -> None:
        listening.cancel()
        gevent.signal_handler(signal.SIGINT, again)
        logger.info("Ctrl-C: the run ends and cleans up (once more: it ends at once)")
        gevent.get_hub().loop.run_callback(main.throw, KeyboardInterrupt)

    def again() -> NoReturn:
        sys.stderr.write("ended at once: scenarios/sweep.sh removes what is left\n")
        sys.stderr.flush()
        os._exit(INTERRUPTED_EXIT_CODE)

    listening = gevent.signal_handler(signal.SIGINT, first)
