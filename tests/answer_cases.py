"""Answers that no API should give, made by chance: case N of a seed is always the same bytes, in the same pieces."""

import copy
import gzip
import json
import random
import zlib

CLAIMS = "eyJhbGciOiJIUzI1NiJ9.eyJpZCI6MSwicm9sZSI6IlBhY2llbnRlIiwiaWF0IjoxLCJleHAiOjM2MDF9.c2ln"
APPOINTMENT = {
    **{"id": 1, "fecha_inicio": "2026-11-23T10:00:00.000Z", "fecha_fin": None, "estado": "Programada", "tipo": None},
    **{"paciente_id": 5, "paciente": "P", "medico_id": 7, "medico": "D", "id_estado_cita": 1, "id_tipo_cita": None},
}
CONTENTS = [
    {"data": [APPOINTMENT, APPOINTMENT], "pagination": {"total": 2, "limit": 10, "offset": 0}},
    {"token": CLAIMS, "user": {"id": 1, "username": "ana", "email": "a@b", "role": "Paciente"}},
    {
        **{"status": "ok", "timestamp": "2026-11-23T10:00:00.000Z", "uptime": 1.0, "environment": "test"},
        **{
            "version": "1",
            "services": {"database": "ok", "api": "ok", "memory": {"used": 1, "total": 2, "unit": "MB"}},
        },
    },
    {"error": "Invalid or expired token"},
    {"error": f"who is {CLAIMS}?\x1b[2J"},
]
STRANGE = [
    *(None, True, -1, 0, 1e308, 10**40, "", "x" * 5000, [], {}, [None], {"data": None}, {"data": [None]}),
    *("2026-11-23T10:00:00", "0000-00-00", "9999-12-31T23:59:59.999999Z", "\x00\x1b\u202e", CLAIMS, "a.b.c"),
]
ENCODINGS = ["gzip", "x-gzip", "deflate", "br", "zstd", "gzip, gzip", "GZIP", "", "identity", "\xff", "g" * 3000]
STATUSES = [*[200] * 80, 201, 204, 301, 304, 400, 401, 403, 404, 418, 429, 500, 503, 999, 100, 0, 99999]
HEADERS = [
    b"Connection: close\r\n",
    b"Keep-Alive: timeout=99999999999999999999\r\n",
    b"Keep-Alive: timeout=-1, max\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: gzip, chunked\r\n",
    b"Content-Length: 5\r\n",
    b"Content-Length: 18446744073709551616\r\n",
    b"Content-Encoding: gzip\r\n",
    b"X: \r\n folded\r\n",
    b"X" * 3000 + b": y\r\n",
    b"Upgrade: websocket\r\nConnection: upgrade\r\n",
    b": \r\n",
    b"\x00: \xff\r\n",
]


def answer(seed: int, number: int) -> list[bytes]:
    """The pieces in which the answer comes; an empty list is a connection that is closed at once."""
    rng = random.Random(f"{seed}/{number}")
    raw = _message(rng, _content(rng, number))
    for _ in range(rng.choice((0, 0, 0, 0, 1, 1, 2, 5))):
        raw = rng.choice(DAMAGES)(rng, raw)
    return _pieces(rng, raw)


def _content(rng: random.Random, number: int) -> bytes:
    kind = rng.random()
    if kind < 0.05:
        return rng.randbytes(rng.randrange(200))
    if kind < 0.08:
        sign = rng.choice((b"[", b'{"a":', b"[{", b'{"data":['))
        return sign * rng.choice((50, 1000, 9000))
    likely = CONTENTS[number % len(CONTENTS)] if rng.random() < 0.8 else rng.choice(CONTENTS)
    content = json.loads(json.dumps(likely))
    for _ in range(rng.choice((0, 0, 1, 2))):
        _spoil(rng, content)
    text = json.dumps(content, ensure_ascii=rng.random() < 0.8)
    return text.encode("utf-8", "surrogatepass")


def _spoil(rng: random.Random, content: object) -> None:
    """One value, anywhere, becomes a strange one, or is gone."""
    while isinstance(content, dict | list) and content:
        key = rng.choice(list(content) if isinstance(content, dict) else range(len(content)))
        if not isinstance(content[key], dict | list) or rng.random() < 0.3:
            if rng.random() < 0.2:
                del content[key]
            else:
                content[key] = copy.deepcopy(rng.choice(STRANGE))
            return
        content = content[key]


def _message(rng: random.Random, content: bytes) -> bytes:
    head = f"HTTP/1.{rng.choice('11110')} {rng.choice(STATUSES)} {rng.choice(('OK', '', 'x' * 300))}\r\n".encode()
    if rng.random() < 0.4:
        name = rng.choice(ENCODINGS)
        content = _encoded(rng, name, content)
        head += f"Content-Encoding: {name}\r\n".encode("latin-1")
    for _ in range(rng.choice((0, 0, 0, 0, 0, 0, 0, 1, 2))):
        head += rng.choice(HEADERS)
    if rng.random() < 0.3:
        return head + b"Transfer-Encoding: chunked\r\n\r\n" + _chunked(rng, content)
    length = b"Content-Length: %d\r\n" % len(content) if rng.random() < 0.9 else b""
    return head + length + b"\r\n" + content


def _encoded(rng: random.Random, name: str, content: bytes) -> bytes:
    if rng.random() < 0.1:
        content = b"\0" * rng.choice((10_000, 150_000))
    if "gzip" in name.lower():
        content *= rng.choice((1, 1, 1, 1, 100))
        return gzip.compress(content, 1, mtime=0) * rng.choice((1, 1, 1, 2, 150))
    if name != "deflate":
        return content
    squeeze = zlib.compressobj(wbits=rng.choice((15, -15)))
    return squeeze.compress(content) + squeeze.flush()


def _chunked(rng: random.Random, content: bytes) -> bytes:
    size = rng.choice((1, 7, 1000, 100_000))
    if len(content) > 2000 * size:
        size = len(content)
    chunks = [content[at : at + size] for at in range(0, len(content), size)]
    framed = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    return framed + rng.choice((b"0\r\n\r\n", b"0\r\nContent-Encoding: br\r\n\r\n", b""))


def _cut_off(rng: random.Random, raw: bytes) -> bytes:
    return raw[: rng.randrange(len(raw) + 1)]


def _another_byte(rng: random.Random, raw: bytes) -> bytes:
    at = rng.randrange(len(raw) + 1)
    return raw[:at] + rng.randbytes(1) + raw[at + 1 :]


def _something_between(rng: random.Random, raw: bytes) -> bytes:
    at = rng.randrange(len(raw) + 1)
    return raw[:at] + rng.choice((b"\r\n", b"\0", b"\x1b[2J", raw[:300], rng.randbytes(9))) + raw[at:]


def _something_missing(rng: random.Random, raw: bytes) -> bytes:
    at = rng.randrange(len(raw) + 1)
    return raw[:at] + raw[at + rng.randrange(40) :]


def _something_before(rng: random.Random, raw: bytes) -> bytes:
    return (
        rng.choice((b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 x\r\nContent-Encoding: br\r\n\r\n", b"\r\n")) + raw
    )


def _twice(rng: random.Random, raw: bytes) -> bytes:
    return raw + raw[:10_000]


DAMAGES = (_cut_off, _another_byte, _something_between, _something_missing, _something_before, _twice)


def _pieces(rng: random.Random, raw: bytes) -> list[bytes]:
    cuts = sorted(rng.randrange(len(raw) + 1) for _ in range(rng.choice((0, 0, 1, 1, 2, 8))))
    if rng.random() < 0.02 and len(raw) < 2000:
        cuts = list(range(len(raw)))
    return [raw[start:end] for start, end in zip([0, *cuts], [*cuts, len(raw)], strict=True) if start < end]
