"""The verdict in the web UI: a banner on its page when a test has ended, a badge for the sandbox, and the report."""

from locust.web import WebUI

from pathlib import Path
from typing import Any

from flask import Response, abort, jsonify, request, send_from_directory
from markupsafe import Markup

from reporting.verdict.one_sentence import answer
from reporting.verdict.remedies import remedies
from reporting.verdict.wording import MARKS
from reporting.views.watched_run import WatchedRun
from users.run_context import run_context

HERE = Path(__file__).resolve().parent
STATE, REPORT = "/cms/verdict", "/cms/report"
END_OF_PAGE = "</body>"


def add_banner(web_ui: WebUI, monitor: WatchedRun) -> None:
    """Adds three routes' worth of page: the banner itself, what it shows, and the files of the run it links to."""
    app = web_ui.app
    assert app is not None
    options = web_ui.environment.parsed_options
    base = (options.web_base_path or "") if options else ""
    state = web_ui.auth_required_if_enabled(lambda: jsonify(state_of(monitor)))
    app.add_url_rule(f"{base}{STATE}", "cms_verdict", state)
    report = web_ui.auth_required_if_enabled(lambda name: _file_of(monitor, name))
    app.add_url_rule(f"{base}{REPORT}/<path:name>", "cms_report", report)
    script = Markup((HERE / "banner.html").read_text("utf-8")).replace("BASE", base)

    @app.after_request
    def put_it_on_the_page(response: Response) -> Response:
        if request.path in (base or "/", f"{base}/") and response.mimetype == "text/html":
            response.set_data(response.get_data(as_text=True).replace(END_OF_PAGE, f"{script}{END_OF_PAGE}"))
        return response


def state_of(monitor: WatchedRun) -> dict[str, Any]:
    """What the banner shows; of the verdict, only once the test has ended."""
    context, verdict = run_context(monitor.environment), monitor.verdict
    state: dict[str, Any] = {"sandbox": context.is_sandbox(monitor.environment.host)}
    if verdict is None:
        return state
    steps = remedies(verdict)
    reasons = [{"reason": reason, "step": steps.get(reason, "")} for reason in verdict.reasons]
    report = bool(monitor.folder and (monitor.folder / "report.html").is_file())
    return state | {"verdict": MARKS[verdict.verdict], "answer": answer(verdict), "reasons": reasons, "report": report}


def _file_of(monitor: WatchedRun, name: str) -> Response:
    if monitor.folder is None:
        abort(404)
    return send_from_directory(monitor.folder.absolute(), name)
