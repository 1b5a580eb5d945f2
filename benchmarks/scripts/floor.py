"""The floor of Python on gevent: nothing but send, wait and receive the same bytes; no task, parser, check or count."""

import argparse
import json
import random
from pathlib import Path
from urllib.parse import urlsplit

import gevent
import gevent.socket
import gevent.ssl

ROOM = 65536


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mix", type=Path, required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("--users", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    options = parser.parse_args()
    visits = json.loads(options.mix.read_text("utf-8"))["visits"]
    targets = [visit["target"] for visit in visits for _ in range(visit["weight"])]
    sizes = {target: len(_first_answer(_connect(options.url), _request(target))) for target in set(targets)}
    work = [(_request(target), sizes[target]) for target in targets]
    users = [gevent.spawn(_repeat, _connect(options.url), random.sample(work, len(work))) for _ in range(options.users)]
    gevent.joinall(users, timeout=options.seconds)
    gevent.killall(users)


def _repeat(connection: gevent.socket.socket, work: list[tuple[bytes, int]]) -> None:
    send, receive = connection.send, connection.recv
    while True:
        for request, size in work:
            send(request)
            while size > 0:
                size -= len(receive(ROOM))


def _connect(url: str) -> gevent.socket.socket:
    parts = urlsplit(url)
    opened = gevent.socket.create_connection((parts.hostname, parts.port))
    opened.setsockopt(gevent.socket.IPPROTO_TCP, gevent.socket.TCP_NODELAY, 1)
    if parts.scheme == "https":
        context = gevent.ssl.SSLContext(gevent.ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, gevent.ssl.CERT_NONE
        return context.wrap_socket(opened)
    return opened


def _request(target: str) -> bytes:
    return f"GET {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {'x' * 200}\r\n\r\n".encode()


def _first_answer(connection: gevent.socket.socket, request: bytes) -> bytes:
    connection.send(request)
    content = b""
    while b"\r\n\r\n" not in content:
        content += connection.recv(ROOM)
    head, _, _ = content.partition(b"\r\n\r\n")
    (length,) = (line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    while len(content) < len(head) + 4 + int(length):
        content += connection.recv(ROOM)
    connection.close()
    return content


if __name__ == "__main__":
    main()
