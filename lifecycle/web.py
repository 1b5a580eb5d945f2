"""The web UI's start form: the same mistakes get the same line as on the command line, before any load."""

from locust.env import Environment

from flask import Response, jsonify, request

from config.errors import SetupError
from config.options import options_of
from config.values import think_time
from lifecycle.host import checked_host

START = "/swarm"


def check_what_the_page_sends(environment: Environment) -> None:
    """Puts the check before Locust's own handling of a start; without a web UI there is nothing to check."""
    page = environment.web_ui.app if environment.web_ui else None
    if page is None:
        return

    def refuse_mistakes() -> Response | None:
        if request.method != "POST" or not request.path.endswith(START):
            return None
        try:
            check_form(environment)
        except SetupError as error:
            return jsonify({"success": False, "message": str(error), "host": environment.host})
        return None

    page.before_request(refuse_mistakes)


def check_form(environment: Environment) -> None:
    """Raises SetupError for a host or a think time that cannot be used."""
    if "host" in request.form:
        checked_host(request.form["host"], options_of(environment).allow_host)
    if "think_time" in request.form:
        think_time(request.form["think_time"])
