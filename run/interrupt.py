"""Ctrl-C: the first ends the run as it should end, the second at once. SIGTERM and SIGHUP end it as the first does.

Python raises KeyboardInterrupt in whatever runs at that moment, and gevent prints a traceback when that is a greenlet.
Here it reaches Locust's main greenlet only, which waits for it once there is a load; before that, nobody does.
"""

from locust.argument_parser import LocustArgumentParser
from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner

import logging
import os
import signal
import sys
from typing import Any, NoReturn

import gevent

from config.options import options_of
from config.results import abandon
from internals.of_gevent import throw_soon
from internals.of_locust import has_no_test_yet, is_served

logger = logging.getLogger(__name__)

INTERRUPTED_EXIT_CODE = 130
TERMINATED_EXIT_CODE = 143
HANG_UP = getattr(signal, "SIGHUP", None)
"""What a terminal sends when it is closed; Windows has no such signal."""
NOTHING_MEASURED = "interrupted before the load: nothing was measured\n"


def leave_at_once(parser: LocustArgumentParser, **_: Any) -> None:
    """Listens to init_command_line_parser: until the run is made ready, a signal ends the process at once."""
    main_process = os.getpid()

    def leave(number: int, _: object) -> NoReturn:
        if os.getpid() != main_process:
            raise SystemExit(0)  # a worker that was forked meanwhile; its parent has the word
        sys.stderr.write(NOTHING_MEASURED)
        abandon(parser.parse_known_args()[0])
        raise SystemExit(128 + number)

    for number in filter(None, (signal.SIGINT, signal.SIGTERM, HANG_UP)):
        if signal.getsignal(number) != signal.SIG_IGN:  # nohup has it ignored
            signal.signal(number, leave)


def interrupt_as_python_does() -> None:
    """For a debugger: Ctrl-C is a KeyboardInterrupt again."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def end_well(environment: Environment) -> None:
    """To be called by the process's main greenlet, before anything is sent."""
    end_well_on_ctrl_c(environment)
    if not isinstance(environment.runner, WorkerRunner):
        _end_well_when_terminated(environment)
    if HANG_UP is not None and signal.getsignal(HANG_UP) != signal.SIG_IGN:  # nohup has it ignored
        gevent.signal_handler(HANG_UP, _hang_up, environment)


def _end_well_when_terminated(environment: Environment) -> None:
    """Locust's own listener comes late: when the load has begun, and after the load of a shape."""
    main = gevent.getcurrent()

    def terminated() -> None:
        if _has_no_load_yet(environment):
            _leave(environment, main, TERMINATED_EXIT_CODE)
        elif environment.shape_class and environment.web_ui is None:
            throw_soon(main, KeyboardInterrupt)

    gevent.signal_handler(signal.SIGTERM, terminated)


def _hang_up(environment: Environment) -> None:
    if not _is_led_from_the_same_terminal(environment):
        os.kill(os.getpid(), signal.SIGTERM)


def end_well_on_ctrl_c(environment: Environment) -> None:
    """To be called by the process's main greenlet, before anything is sent."""
    main = gevent.getcurrent()

    def first() -> None:
        listening.cancel()
        gevent.signal_handler(signal.SIGINT, again)
        if _is_led_from_the_same_terminal(environment):
            return
        if _has_no_load_yet(environment):
            _leave(environment, main, INTERRUPTED_EXIT_CODE)
            return
        logger.info("Ctrl-C: the run ends and cleans up (once more: it ends at once)")
        throw_soon(main, KeyboardInterrupt)

    def again() -> NoReturn:
        sys.stderr.write("ended at once: scenarios/sweep.sh removes what is left\n")
        sys.stderr.flush()
        os._exit(INTERRUPTED_EXIT_CODE)

    listening = gevent.signal_handler(signal.SIGINT, first)


def _is_led_from_the_same_terminal(environment: Environment) -> bool:
    """Ctrl-C reaches the workers of --processes, too; how they end, their master tells them."""
    return isinstance(environment.runner, WorkerRunner) and bool(options_of(environment).processes)


def _has_no_load_yet(environment: Environment) -> bool:
    """A web UI waits for people without a load; before it is served, nobody can have started one."""
    runner, web_ui = environment.runner, environment.web_ui
    if isinstance(runner, WorkerRunner):
        return False
    if web_ui is not None:
        return not is_served(web_ui)
    return runner is None or has_no_test_yet(runner)


def _leave(environment: Environment, main: gevent.Greenlet, code: int) -> None:
    """Nothing was measured, and nothing is left to say but that."""
    abandon(options_of(environment))
    sys.stderr.write(NOTHING_MEASURED)
    if isinstance(environment.runner, MasterRunner):
        environment.runner.quit()
    throw_soon(main, SystemExit(code))
