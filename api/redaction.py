"""What may be told of a failure: an API's text without the secrets that it repeats, and on one line."""

import json
import re
from collections.abc import Iterable, Iterator

MAX_CHARACTERS = 200
HIDDEN = "[hidden]"
PIECE = 8
"""So many characters in a row are a part of a token; words of people are no such part by chance."""

_bearer = re.compile(rb"\r\nAuthorization: Bearer ([^\r\n]+)")
_password = re.compile(rb'"\w*password\w*":("(?:[^"\\]|\\.)+")', re.IGNORECASE)
_any_token = re.compile(r"(?:\beyJ[\w-]{5,}|\[hidden\])(?:\.?[\w-]+)*")
"""Of another user, or this one's last; also what is left of one when all that it has in common with ours is hidden."""


def tellable(text: str, request: bytes, secrets: Iterable[str] = ()) -> str:
    """The text without any part of the request's token, its passwords and `secrets`, shortened, in visible characters.

    It is shortened last, or the beginning of a secret could stay at its end.
    """
    for token in _bearer.findall(request):
        text = _without_pieces(text, token.decode())
    text = _any_token.sub(HIDDEN, text)
    for secret in sorted({*secrets, *_passwords(request)}, key=len, reverse=True):
        text = text.replace(secret, HIDDEN) if secret else text
    text = visible(text)
    return text if len(text) <= MAX_CHARACTERS else f"{text[: MAX_CHARACTERS - 4]} ..."


def visible(text: str) -> str:
    """What a terminal would obey or cannot show (ESC, line breaks, half characters) as it is written in Python."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def _passwords(request: bytes) -> Iterator[str]:
    _, _, content = request.partition(b"\r\n\r\n")
    for found in _password.findall(content):
        yield json.loads(found)


def _without_pieces(text: str, secret: str) -> str:
    """The text without whatever it shares with the secret, be it cut off at either end."""
    length = min(PIECE, len(secret))
    kept, end = "", 0
    for at in range(len(text) - length + 1):
        if text[at : at + length] in secret:
            if at > end or not end:
                kept += text[end:at] + HIDDEN
            end = at + length
    return kept + text[end:]
