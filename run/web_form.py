"""The web UI: its port must be free, and mistakes in its start form get the same line as on the command line."""

from locust.env import Environment

import os
import socket
from dataclasses import replace

from flask import Response, jsonify, request

from config.errors import SetupError
from config.options import options_of
from config.values import think_time
from internals.of_locust import is_testing
from records.survey import remember
from run.host import checked_host
from run.roles import accounts_in
from run.setup import settings_of
from run.take_survey import survey, survey_alone

START = "/swarm"


def check_the_page(environment: Environment) -> None:
    """Puts the check before Locust's own handling of a start; without a web UI there is nothing to check.

    Raises SetupError when the page cannot be served where it is to be.
    """
    page = environment.web_ui.app if environment.web_ui else None
    if page is None:
        return
    options = options_of(environment)
    check_port("" if options.web_host == "*" else options.web_host or "", options.web_port)

    def refuse_mistakes() -> Response | None:
        if request.method != "POST" or not request.path.endswith(START):
            return None
        try:
            check_form(environment)
            survey_host(environment)
        except SetupError as error:
            return jsonify({"success": False, "message": str(error), "host": environment.host})
        return None

    page.before_request(refuse_mistakes)


def survey_host(environment: Environment) -> None:
    """Learns what the CMS of this test is like; Locust takes the host over from the form only when the test starts."""
    runner = environment.runner
    if runner is not None and is_testing(runner):  # only the number of users changes
        return
    options = options_of(environment)
    settings = settings_of(environment)
    host = request.form.get("host") or settings.server.url
    settings = replace(settings, server=replace(settings.server, url=host.rstrip("/")))
    look = survey_alone if options.no_preflight else survey
    remember(options, look(settings, accounts_in(environment)))


def check_port(host: str, port: int) -> None:
    """Binds and does not listen: whoever waits for the page must not be let in, only to be cut off."""
    try:
        with socket.socket() as probe:
            if os.name == "posix":  # elsewhere it would let two listen on one port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as failure:
        why = failure.strerror if isinstance(failure, OSError) else "no such port"
        raise SetupError(
            f"the web UI cannot listen on port {port} of {host or 'this machine'}: {why}",
            "end what listens there, or take another one with --web-port",
        ) from None


def check_form(environment: Environment) -> None:
    """Raises SetupError for a host or a think time that cannot be used."""
    if "host" in request.form:
        checked_host(request.form["host"], options_of(environment).allow_host)
    if "think_time" in request.form:
        think_time(request.form["think_time"])
