"""The session: when a token is renewed, and which tokens are of no use."""

import base64
import time

import jwt
import pytest

from api.endpoints import SIGN_IN
from api.failures import UnexpectedAnswer
from api.schemas import SignedIn, SignedInUser
from users.accounts import Account
from users.session import Session, Token, renewal_margin

ACCOUNT = Account("ana", "geheim", "patient")
KEY = "the server's own key, which the suite does not know"


def token(life=3600, **claims):
    now = int(time.time())
    return jwt.encode({"id": 7, "username": "ana", "role": "Paciente", "iat": now, "exp": now + life, **claims}, KEY)


class Api:
    """Answers sign-ins with the tokens it is given."""

    def __init__(self, *tokens):
        self.tokens = list(tokens)
        self.bodies = []

    def call(self, endpoint, body, accept):
        assert endpoint is SIGN_IN
        self.bodies.append(body)
        return accept(SignedIn(self.tokens.pop(0), SignedInUser(7, "ana", "a@b", "Paciente")))


def test_a_session_signs_in_when_its_token_is_first_needed_and_keeps_it():
    api = Api(token())
    session = Session(api, ACCOUNT, ("Paciente",))
    assert session.token() == session.token()
    assert session.user_id == 7
    assert api.bodies == [{"username": "ana", "password": "geheim"}]


def test_a_token_is_renewed_before_it_ends(monkeypatch):
    first, second = token(life=100, id=1), token(life=100, id=2)
    session = Session(Api(first, second), ACCOUNT, ("Paciente",))
    start = time.monotonic()
    assert session.token() == first
    monkeypatch.setattr(time, "monotonic", lambda: start + 89)
    assert session.token() == first
    monkeypatch.setattr(time, "monotonic", lambda: start + 91)
    assert session.token() == second


@pytest.mark.parametrize(("life", "margin"), [(1, 0.5), (3, 1.5), (5, 2), (20, 2), (100, 10), (3600, 60), (86400, 60)])
def test_the_margin_grows_with_the_life_within_bounds(life, margin):
    assert renewal_margin(life) == margin


def test_the_life_counts_on_our_own_clock_whatever_the_servers_says():
    skewed = jwt.encode({"id": 1, "role": "r", "iat": 1000, "exp": 1100}, KEY)
    assert Token.read(skewed, asked_at=50.0).renew_at == 50.0 + 90


def test_a_token_of_another_role_names_both():
    session = Session(Api(token(role="Administrador")), ACCOUNT, ("Paciente", "patient"))
    with pytest.raises(UnexpectedAnswer, match="expected a token for Paciente or patient, got one for Administrador"):
        session.token()


def test_a_token_that_changes_its_role_when_it_is_renewed_is_not_used():
    session = Session(Api(token(), token(role="Administrador")), ACCOUNT, ("Paciente",))
    first = session.token()
    with pytest.raises(UnexpectedAnswer, match="expected a token for Paciente, got one for Administrador"):
        session.renew()
    assert session.token() == first


def test_an_end_in_milliseconds_is_a_long_life_and_the_api_has_the_word():
    now = int(time.time())
    session = Session(Api(token(exp=(now + 3600) * 1000), token(id=2)), ACCOUNT, ("Paciente",))
    assert session.user_id == 7
    session.renew()
    assert session.user_id == 2


def claiming(payload):
    """A token with this payload, as a server might write it that does not care for JSON's limits."""
    parts = [base64.urlsafe_b64encode(part.encode()).rstrip(b"=") for part in ('{"alg":"HS256"}', payload)]
    return b".".join([*parts, b"eA"]).decode()


@pytest.mark.parametrize(
    "text",
    [
        *("", "abc.def.ghi", jwt.encode({"id": 1}, KEY), jwt.encode({"exp": "x"}, KEY)),
        claiming('{"id":1,"role":"r","iat":1,"exp":null}'),
        claiming('{"id":1,"role":"r","iat":1,"exp":[]}'),
        claiming('{"id":1e999,"role":"r","iat":1,"exp":9}'),
        claiming(f'{{"id":1,"role":"r","iat":1,"exp":1{"0" * 400}}}'),
        claiming("[" * 100_000),
        claiming("7"),
    ],
)
def test_what_is_no_jwt_is_refused_without_showing_it(text):
    with pytest.raises(UnexpectedAnswer) as failure:
        Token.read(text, asked_at=0.0)
    assert str(failure.value) == "expected a JWT with id, role, iat and exp, got something else"
    assert failure.value.__cause__ is None


@pytest.mark.parametrize("exp", ["1000", "999", "-1e300", "1e999", "NaN", "-1e999"])
def test_a_token_that_has_ended_when_it_comes_is_told(exp):
    text = claiming('{"id":1,"role":"r","iat":1000,"exp":' + exp + "}")
    with pytest.raises(UnexpectedAnswer, match="got one that had ended when it came"):
        Token.read(text, asked_at=0.0)
