"""One HTTP answer, put together as it arrives by geventhttpclient's parser, which is C and calls back."""

import zlib

from geventhttpclient._parser import HTTPResponseParser

from api.failures import NoAnswer

UNZIP_ANY = zlib.MAX_WBITS | 32


class Answer(HTTPResponseParser):
    """One HTTP answer while it arrives, and after: `status_code` and the unzipped `body`.

    `asked` and `arrived` are the moments between which the server, and the way to it, had it in hand.
    """

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.complete = False
        self.asked = self.arrived = 0.0
        self.keep_alive_seconds: float | None = None
        self._limit = limit
        self._size = 0
        self._chunks: list[bytes] = []
        self._field = ""
        self._encoding = ""

    @property
    def status_code(self) -> int:
        return int(self.get_code())

    @property
    def body(self) -> bytes:
        """The content, unzipped. Raises NoAnswer when it is broken or larger than the limit."""
        content = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        return self._unzipped(content) if self._encoding == "gzip" else content

    def _unzipped(self, content: bytes) -> bytes:
        unzip = zlib.decompressobj(UNZIP_ANY)
        try:
            plain = unzip.decompress(content, self._limit)
        except zlib.error:
            raise NoAnswer("the answer is not valid gzip") from None
        if unzip.unconsumed_tail:
            raise NoAnswer(f"the answer is larger than {self._limit} bytes")
        return plain

    def _on_header_field(self, part: str) -> None:
        self._field = part.lower()

    def _on_header_value(self, part: str) -> None:
        if self._field == "content-encoding":
            self._encoding = part.lower()
        elif self._field == "keep-alive":
            self.keep_alive_seconds = _seconds_of(part)

    def _on_body(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._limit:
            raise NoAnswer(f"the answer is larger than {self._limit} bytes")
        self._chunks.append(bytes(part))

    def _on_message_complete(self) -> None:
        self.complete = self.get_code() >= 200

    def _on_status(self, part: str) -> None: ...

    def _on_message_begin(self) -> None: ...

    def _on_headers_complete(self) -> bool:
        return False


def _seconds_of(keep_alive: str) -> float | None:
    """The `timeout` of a Keep-Alive header such as `timeout=5, max=100`, in seconds."""
    for item in keep_alive.split(","):
        key, _, value = item.strip().partition("=")
        if key.lower() == "timeout" and value.isdigit():
            return float(value)
    return None
