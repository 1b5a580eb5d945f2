"""The Flask app: routes, tokens, and the modes a test may want."""

import time
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

import gevent
from flask import Flask

from sandbox.access_rules import AccessRules
from sandbox.bodies import parse_body
from sandbox.calendar_rule import forbid_double_booking
from sandbox.capacity_limit import limit_capacity
from sandbox.db import Database, attach_database
from sandbox.error_answers import attach_error_answers
from sandbox.express import read_as_express, refuse_undecodable_parameters
from sandbox.faults import Fault, Injector
from sandbox.headers import add_headers
from sandbox.mutants import MUTANTS
from sandbox.planted_slowness import BOTTLENECKS
from sandbox.role_guard import guard_roles
from sandbox.routes import BLUEPRINTS
from sandbox.server_times import attach_time_zone
from sandbox.tokens import Tokens, attach_tokens

DAY = 86_400


def create_app(
    database: Database,
    *,
    token_ttl: int = DAY,
    access: AccessRules | None = None,
    latency: int = 0,
    capacity: int = 0,
    faults: Sequence[Fault] = (),
    time_zone: ZoneInfo | None = None,
    one_booking: bool = False,
    mutants: Sequence[str] = (),
    bottlenecks: Sequence[str] = (),
    clock: Callable[[], float] = time.monotonic,
) -> Flask:
    """The API over a seeded database. `token_ttl` in seconds, `latency` in milliseconds, added to every answer.

    The server's own clock is that of `time_zone`: stored times come back as its local times; None is UTC.
    With `access`, roles are kept to it.
    At most `capacity` requests are served at a time; 0 is no limit.
    With `one_booking`, a doctor has one appointment at a time. `mutants` names defects that show under contention,
    `bottlenecks` what makes it slow.

    Raises FaultError when a fault names a route that does not exist.
    """
    app = Flask("sandbox", static_folder=None)
    attach_database(app, database)
    attach_time_zone(app, time_zone)
    app.after_request(add_headers)  # the first one registered is the last one to run
    attach_error_answers(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    # The order counts: slow first, then broken, then refused.
    if capacity:
        limit_capacity(app, capacity)
    if latency:
        app.before_request(lambda: gevent.sleep(latency / 1000))
    if faults:
        Injector(faults, clock).attach(app)
    read_as_express(app)
    app.before_request(parse_body)
    app.before_request(refuse_undecodable_parameters)
    attach_tokens(app, Tokens(token_ttl))
    if access is not None:
        app.before_request(guard_roles(access))
    if one_booking:
        forbid_double_booking(app)
    for mutant in mutants:
        MUTANTS[mutant](app, database)
    for bottleneck in bottlenecks:
        BOTTLENECKS[bottleneck](app, database)
    return app
