"""What is told of a failure: no part of a secret, in characters that a terminal shows and does not obey."""

import pytest

from api.redaction import MAX_CHARACTERS, tellable, visible

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJpZCI6MX0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
REQUEST = (
    f"PUT /x HTTP/1.1\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode() + rb'{"password":"open \"sesame\"","x":"y"}'
)


@pytest.mark.parametrize("start", range(0, len(TOKEN) - 12, 3))
@pytest.mark.parametrize("length", [12, 40, 200])
def test_no_part_of_the_token_is_told(start, length):
    part = TOKEN[start : start + length]
    told = tellable(f"who sent <{part}>, please?", REQUEST)
    assert told == "who sent <[hidden]>, please?"


@pytest.mark.parametrize("secret", ['open "sesame"', "the account's own", "eyJhbGciOiJIUzI1NiJ9.another.token"])
def test_no_password_and_no_other_token_is_told(secret):
    assert tellable(f"got {secret}!", REQUEST, ["the account's own", ""]) == "got [hidden]!"


def test_a_secret_at_the_place_of_the_cut_is_hidden_whole():
    for before in range(MAX_CHARACTERS - 30, MAX_CHARACTERS):
        told = tellable("x" * before + "the account's own" + "y" * 300, b"", ["the account's own"])
        assert "the" not in told
        assert len(told) <= MAX_CHARACTERS


@pytest.mark.parametrize(
    "text", ["expected status 200, got 404 (Médico no encontrado)", "Invalid or expired token", ""]
)
def test_other_words_stay_as_they_are(text):
    assert tellable(text, REQUEST, ["pw"]) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", r"\x1b[2J"),
        ("a\r\nb\tc\0", r"a\r\nb\tc\x00"),
        ("\x9b31m", r"\x9b31m"),
        ("\ud800", r"\ud800"),
        ("\u202egnp.exe\u2028", r"\u202egnp.exe\u2028"),
        ("naïve 漢字 🩺", "naïve 漢字 🩺"),
    ],
)
def test_what_cannot_be_shown_is_spelled_out(text, shown):
    assert visible(text) == shown
    assert tellable(text, b"") == shown
