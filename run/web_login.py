"""Who may use the web UI: this machine alone, or other machines after a sign-in, unless it is opened by name."""

from locust.env import Environment

import hmac
import ipaddress
import secrets
from argparse import Namespace

from flask import Flask, Response, redirect, request, session, url_for
from flask_login import current_user, login_user
from werkzeug.wrappers import Response as AnyResponse

from config.errors import SetupError
from config.options import options_of

SIGN_IN, SIGN_IN_PAGE, FILES = "sign_in", "locust.login", "send_assets"
SIGN_IN_PATH = "/sign-in"
PASSWORD_SETTING = "CMS_WEB_PASSWORD"


class Visitor:
    """Somebody who knows the password; nobody is told from another."""

    is_authenticated = is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return "visitor"


def guard_the_page(environment: Environment) -> None:
    """Puts the sign-in before every page, the suite's own and /metrics among them, where --web-login asks for it.

    Raises SetupError when other machines could start loads without it.
    """
    options, page = options_of(environment), environment.web_ui
    if page is None or page.app is None:
        return
    check_who_may_come(options)
    if options.web_login:
        page.login_manager.user_loader(lambda _: Visitor())
        page.auth_args = {"username_password_callback": SIGN_IN_PATH}
        _ask_for_the_password(page.app, options.web_password)


def check_who_may_come(options: Namespace) -> None:
    """Raises SetupError for an open door, and for a sign-in without a password."""
    if options.web_login and not options.web_password:
        raise SetupError("--web-login without a password", f"set {PASSWORD_SETTING} in .env")
    if not (options.web_login or options.open_web_ui or _is_this_machine(options.web_host)):
        raise SetupError(
            f"--web-host {options.web_host} lets other machines start loads",
            f"add --web-login, with {PASSWORD_SETTING} in .env; or --open-web-ui, where all of them are trusted",
        )


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _ask_for_the_password(app: Flask, password: str) -> None:
    def knows_it(given: str | None) -> bool:
        return hmac.compare_digest((given or "").encode(), password.encode())

    def guard() -> AnyResponse | None:
        asked_for = (request.endpoint or "").rpartition(".")[2]
        if request.endpoint == SIGN_IN_PAGE or asked_for in (SIGN_IN, FILES) or current_user.is_authenticated:
            return None
        if request.authorization and knows_it(request.authorization.password):
            login_user(Visitor())
            return None
        if request.method == "GET" and "html" in request.headers.get("Accept", ""):
            return redirect(url_for(SIGN_IN_PAGE))
        return Response("sign in first\n", 401, {"WWW-Authenticate": 'Basic realm="load test"'})

    def sign_in() -> AnyResponse:
        if not knows_it(request.form.get("password")):
            session["auth_error"] = "The password is wrong."
            return redirect(url_for(SIGN_IN_PAGE))
        login_user(Visitor())
        return redirect(url_for("locust.index"))

    app.secret_key = secrets.token_bytes(32)
    app.add_url_rule(SIGN_IN_PATH, SIGN_IN, sign_in, methods=["POST"])
    app.before_request(guard)
