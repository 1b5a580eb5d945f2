"""Content encodings undone: what a server may have done to a body so that it is shorter on the way."""

import zlib

from api.failures import NoAnswer

ZLIB_OR_GZIP = zlib.MAX_WBITS | 32
RAW = -zlib.MAX_WBITS
WINDOWS = {"gzip": (ZLIB_OR_GZIP,), "x-gzip": (ZLIB_OR_GZIP,), "deflate": (ZLIB_OR_GZIP, RAW)}
"""The forms that are tried, in order: `deflate` means zlib's, and some servers send it without its frame."""
MAX_MEMBERS = 100
"""zlib copies what follows a member, so each costs time however little it holds: half a million fit into 10 MB."""
NAME_LENGTH = 40


def decoded(content: bytes, encoding: str, limit: int) -> bytes:
    """The plain content, `limit` bytes at most.

    Raises NoAnswer when it is broken, larger, or encoded in a way that nobody asked for.
    """
    name = encoding.strip().lower()
    if not content or name in ("", "identity"):
        return content
    if name not in WINDOWS:
        raise NoAnswer(f"the answer is encoded as {name[:NAME_LENGTH]!r}, which was not asked for")
    for window in WINDOWS[name]:
        try:
            return _unzipped(content, window, limit)
        except zlib.error:
            continue
    raise NoAnswer(f"the answer is not valid {name}")


def _unzipped(content: bytes, window: int, limit: int) -> bytes:
    """One stream, or several that follow each other. Raises zlib.error for what is none, or ends too early."""
    plain = b""
    for _ in range(MAX_MEMBERS):
        unzip = zlib.decompressobj(window)
        plain += unzip.decompress(content, limit - len(plain) + 1)
        if len(plain) > limit:
            raise NoAnswer(f"the answer is larger than {limit} bytes")
        if not unzip.eof:
            raise zlib.error("it ends too early")
        content = unzip.unused_data.lstrip(b"\0")  # tapes were filled up with zeros, and some servers still do
        if not content:
            return plain
    raise NoAnswer(f"the answer has more than {MAX_MEMBERS} zipped parts")
