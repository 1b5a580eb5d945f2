"""Which web UIs may be opened, and what without a sign-in is refused."""

from locust.env import Environment

import re
from argparse import Namespace

import pytest

from config.errors import SetupError
from run.web_login import check_who_may_come, guard_the_page

PASSWORD = "open sesame"
SHUT = {
    "web_login": False,
    "web_password": None,
    "open_web_ui": False,
    "num_users": 1,
    "spawn_rate": 1,
    "run_time": None,
}


def options(host="127.0.0.1", **given):
    return Namespace(**SHUT | {"web_host": host} | given)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_this_machine_needs_no_sign_in(host):
    check_who_may_come(options(host))


@pytest.mark.parametrize("host", ["*", "", "0.0.0.0", "::", "192.168.1.7", "load.example.org"])
def test_an_open_door_is_refused_unless_it_is_asked_for_by_name(host):
    with pytest.raises(SetupError, match="lets other machines start loads: add --web-login, with CMS_WEB_PASSWORD"):
        check_who_may_come(options(host))
    check_who_may_come(options(host, open_web_ui=True))
    check_who_may_come(options(host, web_login=True, web_password=PASSWORD))


def test_a_sign_in_needs_a_password():
    with pytest.raises(SetupError, match=r"--web-login without a password: set CMS_WEB_PASSWORD in \.env"):
        check_who_may_come(options(web_login=True))


@pytest.fixture
def client(monkeypatch):
    """A visitor of a web UI with --web-login, which nobody serves, and a page of the suite's own in it."""
    monkeypatch.setattr("sys.argv", ["locust"])  # which Locust reads for its page
    environment = Environment()
    environment.create_local_runner()
    page = environment.create_web_ui(web_login=True, delayed_start=True)
    environment.parsed_options = options(web_login=True, web_password=PASSWORD)
    page.app.add_url_rule("/metrics", view_func=lambda: "figures", endpoint="metrics")
    guard_the_page(environment)
    yield page.app.test_client()
    environment.runner.quit()


@pytest.mark.parametrize("path", ["/metrics", "/stats/requests", "/no-such-page"])
def test_nothing_is_shown_to_strangers(client, path):
    assert client.get(path).status_code == 401
    assert client.post("/swarm", data={"user_count": 1, "spawn_rate": 1}).status_code == 401
    assert client.get("/", headers={"Accept": "text/html"}).headers["Location"] == "/login"
    page = client.get("/login")
    assert page.status_code == 200
    for path in re.findall(r'(?:src|href)="\.(/assets/[^"]+)"', page.text):
        with client.get(path) as file:
            assert file.status_code == 200, "the page needs its own files"


def test_a_wrong_password_leads_back_and_the_right_one_in(client):
    assert client.post("/sign-in", data={"password": "guess"}).headers["Location"] == "/login"
    assert b"The password is wrong." in client.get("/login").data
    assert client.get("/metrics").status_code == 401
    assert client.post("/sign-in", data={"username": "me", "password": PASSWORD}).headers["Location"] == "/"
    assert client.get("/metrics").data == b"figures"


def test_programs_sign_in_by_basic_authentication(client):
    assert client.get("/metrics", auth=("prometheus", "guess")).status_code == 401
    assert client.get("/metrics", auth=("prometheus", PASSWORD)).data == b"figures"
