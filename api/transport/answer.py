"""One HTTP answer, put together as it arrives by geventhttpclient's parser, which is C and calls back."""

import re
from functools import lru_cache

from api.failures import NoAnswer
from api.transport.encodings import decoded
from internals.of_geventhttpclient import HTTPResponseParser

NOTED = re.compile(rb"(?i)\n(content-encoding|keep-alive|retry-after)[ \t]*:([^\r\n]*)")
"""The headers that are looked at, and their values; the parser refuses one that goes on in the next line."""
ATTRIBUTES = {b"content-encoding": "_encoding", b"keep-alive": "_keep_alive", b"retry-after": "_retry_after"}
START_OF_HEAD = b"HTTP/"
END_OF_HEAD = re.compile(rb"\n\r?\n")

_parse = HTTPResponseParser.feed


class Answer(HTTPResponseParser):
    """One HTTP answer while it arrives, and after: `status_code` and the plain `body`.

    `asked` and `arrived` are the moments between which the server, and the way to it, had it in hand. Of some twenty
    headers three are looked at. They are searched for in the head once it is whole: the parser's two calls for each
    header cost a fifth of a request (`docs/performance.md`).
    """

    complete = False
    asked = arrived = 0.0
    _size = 0
    _head = b""
    _interims = 0
    _head_is_whole = _is_read = False
    _encoding = _keep_alive = _retry_after = ""
    _on_status = _on_header_field = _on_header_value = set[str]().discard
    """The parser insists on calling somebody; of an empty set there is nothing to discard."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit
        self._chunks: list[bytes] = []

    def feed(self, data: str | bytes, /) -> None:
        """Takes the next bytes. Raises NoAnswer when they are more than the limit, head and framing included."""
        self._size += len(data)
        if self._size > self._limit:
            raise NoAnswer(f"the answer is larger than {self._limit} bytes")
        if not self._is_read:
            self._head += data if isinstance(data, bytes) else data.encode("latin-1")
        _parse(self, data)

    @property
    def status_code(self) -> int:
        return int(self.get_code())

    @property
    def body(self) -> bytes:
        """The content, decoded. Raises NoAnswer when it is broken, larger than the limit, or in an unknown encoding."""
        content = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        return decoded(content, self._encoding, self._limit) if self._encoding else content

    @property
    def keep_alive_seconds(self) -> float | None:
        """For how long the server keeps an idle connection open, if it says so."""
        return _seconds_of(self._keep_alive) if self._keep_alive else None

    @property
    def retry_after_seconds(self) -> float | None:
        """For how long the server asks to be left alone, if it says so in seconds (and not by a date)."""
        seconds = self._retry_after.strip()
        return float(seconds) if seconds.isascii() and seconds.isdigit() else None

    def _on_body(self, part: bytes) -> None:
        self._chunks.append(bytes(part))

    def _on_message_begin(self) -> None:
        """An interim answer may have come before."""
        if self.complete:
            raise NoAnswer("more came than the answer to this request")
        self._interims += self._head_is_whole
        self._head_is_whole = False

    def _on_headers_complete(self) -> bool:
        self._head_is_whole = True
        if self.get_code() >= 200:
            self._read_head()
            self._head, self._is_read = b"", True
        return False

    def _read_head(self) -> None:
        """The answer's own head is the last: it stands behind those of interim answers, which are not looked at."""
        start = self._head.find(START_OF_HEAD)
        for _ in range(self._interims):
            start = self._head.find(START_OF_HEAD, _end_of_head(self._head, start))
        for name, value in NOTED.findall(self._head, start, _end_of_head(self._head, start)):
            attribute = ATTRIBUTES[name.lower()]
            text = value.strip().decode("latin-1")
            before = getattr(self, attribute)
            setattr(self, attribute, f"{before}, {text}" if before else text)

    def _on_message_complete(self) -> None:
        self.complete = self.get_code() >= 200


def _end_of_head(content: bytes, start: int) -> int:
    found = END_OF_HEAD.search(content, start)
    return found.start() + 1 if found else len(content)


@lru_cache
def _seconds_of(keep_alive: str) -> float | None:
    """The `timeout` of a Keep-Alive header such as `timeout=5, max=100`, in seconds."""
    for item in keep_alive.split(","):
        key, _, value = item.strip().partition("=")
        if key.lower() == "timeout" and value.isascii() and value.isdigit():
            return float(value)
    return None
