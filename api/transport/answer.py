"""One HTTP answer, put together as it arrives by httptools' parser, which is C and calls back."""

import re
from functools import lru_cache

from httptools import HttpParserCallbackError, HttpParserError, HttpParserUpgrade, HttpResponseParser

from api.failures import NoAnswer
from api.transport.encodings import decoded

START_OF_HEAD = b"HTTP/"
END_OF_HEAD = b"\r\n\r\n"
"""The parser takes no other line ends."""


class InvalidHttp(Exception):
    """What came is no HTTP answer."""


class Answer:
    """One HTTP answer while it arrives, and after: `status_code` and the plain `body`.

    `asked` and `arrived` are the moments between which the server, and the way to it, had it in hand; `leaves_open`
    says whether the connection can be used again. Of some twenty headers three are looked at: they are searched for in
    the head, since the parser would call for each of them (`docs/performance.md` has both measured).
    """

    complete = leaves_open = False
    status_code = 0
    asked = arrived = 0.0
    _head = b""
    _is_read = False
    _interims = _size = 0

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._chunks: list[bytes] = []
        self._parser = HttpResponseParser(self)

    def close(self) -> None:
        """No more bytes will come. The parser holds on to its answer, so that the two would wait for a collection."""
        del self._parser

    def feed(self, data: bytes) -> None:
        """Takes the next bytes; none when the server has closed the connection.

        Raises NoAnswer when they are more than the limit, head and framing included, and InvalidHttp.
        """
        self._size += len(data)
        if self._size > self._limit:
            raise NoAnswer(f"the answer is larger than {self._limit} bytes")
        if not self._is_read:
            self._head += data
        try:
            self._parser.feed_data(data)
        except HttpParserCallbackError as wrapped:
            raise wrapped.__context__ or InvalidHttp from None
        except (HttpParserError, HttpParserUpgrade):
            raise InvalidHttp from None
        if not data and self._is_read and self._ends_with_the_connection():
            self.complete, self.leaves_open = True, False

    @property
    def body(self) -> bytes:
        """The content, decoded. Raises NoAnswer when it is broken, larger than the limit, or in an unknown encoding."""
        content = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        encoding = self._header(b"content-encoding")
        return decoded(content, encoding, self._limit) if encoding else content

    @property
    def keep_alive_seconds(self) -> float | None:
        """For how long the server keeps an idle connection open, if it says so."""
        said = self._header(b"keep-alive")
        return _seconds_of(said) if said else None

    @property
    def retry_after_seconds(self) -> float | None:
        """For how long the server asks to be left alone, if it says so in seconds (and not by a date)."""
        seconds = self._header(b"retry-after")
        return float(seconds) if seconds.isascii() and seconds.isdigit() else None

    def on_message_begin(self) -> None:
        """An interim answer may have come before."""
        if self.complete:
            raise NoAnswer("more came than the answer to this request")
        self._interims += self.status_code != 0

    def on_headers_complete(self) -> None:
        self.status_code = self._parser.get_status_code()
        if self.status_code >= 200:
            self._head, self._is_read = self._own_head(), True

    def on_body(self, part: bytes) -> None:
        self._chunks.append(part)

    def on_message_complete(self) -> None:
        self.complete = self.status_code >= 200
        self.leaves_open = self._parser.should_keep_alive()

    def _own_head(self) -> bytes:
        """The answer's own head, in lower case: the last one, behind those of interim answers."""
        start = self._head.find(START_OF_HEAD)
        for _ in range(self._interims):
            start = self._head.find(START_OF_HEAD, _end_of_head(self._head, start))
        return self._head[start : _end_of_head(self._head, start)].lower()

    def _header(self, name: bytes) -> str:
        """What all headers of that name say, as one list; the parser refuses one that goes on in the next line."""
        if name not in self._head:
            return ""
        values = re.findall(rb"\n%b[ \t]*:([^\r\n]*)" % name, self._head)
        return ", ".join(text for value in values if (text := value.strip().decode("latin-1")))

    def _ends_with_the_connection(self) -> bool:
        last_coding = self._header(b"transfer-encoding").rpartition(",")[2].strip()
        return not self._header(b"content-length") and last_coding != "chunked"


def _end_of_head(content: bytes, start: int) -> int:
    return content.find(END_OF_HEAD, start)


@lru_cache
def _seconds_of(keep_alive: str) -> float | None:
    """The `timeout` of a Keep-Alive header such as `timeout=5, max=100`, in seconds."""
    for item in keep_alive.split(","):
        key, _, value = item.strip().partition("=")
        if key.lower() == "timeout" and value.isascii() and value.isdigit():
            return float(value)
    return None
