"""One HTTP answer, put together as it arrives by geventhttpclient's parser, which is C and calls back."""

from api.failures import NoAnswer
from api.transport.encodings import decoded
from internals.of_geventhttpclient import HTTPResponseParser

ENCODING, KEEP_ALIVE, RETRY_AFTER = "content-encoding", "keep-alive", "retry-after"
LENGTHS = frozenset(map(len, (ENCODING, KEEP_ALIVE, RETRY_AFTER)))
"""What most headers are passed over by: they are many, and nothing else looks at them."""

_parse = HTTPResponseParser.feed


class Answer(HTTPResponseParser):
    """One HTTP answer while it arrives, and after: `status_code` and the plain `body`.

    `asked` and `arrived` are the moments between which the server, and the way to it, had it in hand. The parser calls
    back once for each piece in which a name or a value came, so that what is looked at is put together here.
    """

    complete = False
    asked = arrived = 0.0
    _size = 0
    _name = ""
    _naming = _head_is_whole = False
    _encoding = _keep_alive = _retry_after = ""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit
        self._chunks: list[bytes] = []

    def feed(self, data: str | bytes, /) -> None:
        """Takes the next bytes. Raises NoAnswer when they are more than the limit, head and framing included."""
        self._size += len(data)
        if self._size > self._limit:
            raise NoAnswer(f"the answer is larger than {self._limit} bytes")
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

    def _on_header_field(self, part: str) -> None:
        if self._naming:
            self._name += part
        else:
            self._naming = True
            self._name = part

    def _on_header_value(self, part: str) -> None:
        if len(self._name) in LENGTHS:
            self._note(self._name.lower(), part, ", " if self._naming else "")
        self._naming = False

    def _note(self, name: str, part: str, between: str) -> None:
        """Takes a part of a value. What stands in a trailer comes too late to count."""
        if self._head_is_whole:
            return
        if name == ENCODING:
            self._encoding = f"{self._encoding}{between if self._encoding else ''}{part}"
        elif name == KEEP_ALIVE:
            self._keep_alive += part
        elif name == RETRY_AFTER:
            self._retry_after += part

    def _on_body(self, part: bytes) -> None:
        self._chunks.append(bytes(part))

    def _on_message_begin(self) -> None:
        """An interim answer may have come before, and its headers are not this one's."""
        if self.complete:
            raise NoAnswer("more came than the answer to this request")
        if self._head_is_whole:
            self._head_is_whole = False
            self._encoding = self._keep_alive = self._retry_after = ""

    def _on_headers_complete(self) -> bool:
        self._head_is_whole = True
        return False

    def _on_message_complete(self) -> None:
        self.complete = self.get_code() >= 200

    def _on_status(self, part: str) -> None: ...


def _seconds_of(keep_alive: str) -> float | None:
    """The `timeout` of a Keep-Alive header such as `timeout=5, max=100`, in seconds."""
    for item in keep_alive.split(","):
        key, _, value = item.strip().partition("=")
        if key.lower() == "timeout" and value.isascii() and value.isdigit():
            return float(value)
    return None
