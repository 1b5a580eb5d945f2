"""A proxy between a run and its sandbox that does, when a test says so, what networks and servers do on a bad day."""

import re
import socket
import struct
import threading
import time
from contextlib import suppress

HEAD_END = b"\r\n\r\n"
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class FaultyProxy:
    """Passes requests on to `port`. `misbehave(action, route)` changes what happens to those that match `route`.

    `route` is a regular expression for `METHOD /path?query`. An action takes the connection to the client, the
    request and `ask` (which gets the server's answer), and does what it likes; `seen` are the requests it was given.
    """

    def __init__(self, port):
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.seen = []
        self.healed = threading.Event()
        self._rule = (None, None, None)
        threading.Thread(target=self._accept, daemon=True).start()

    def misbehave(self, action, route=".", body="", share=1.0):
        """From now on one request in `1 / share` that matches `route` and `body` meets `action`."""
        self._every, self._matched = round(1 / share), 0
        self._rule = (action, re.compile(route), re.compile(body.encode()))

    def heal(self):
        """From now on everything is passed on; what hangs is let go."""
        self._rule = (None, None, None)
        self.healed.set()

    def close(self):
        self.heal()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client, suppress(OSError), socket.create_connection(("127.0.0.1", self._port)) as server:
            while request := message_from(client):

                def ask(request=request):
                    server.sendall(request)
                    return message_from(server)

                action = self._action_for(request)
                if action is None:
                    client.sendall(ask())
                elif action(self, client, ask) is False:
                    return

    def _action_for(self, request):
        action, route, body = self._rule
        line = request.split(b"\r\n", 1)[0].decode("latin-1").removesuffix(" HTTP/1.1")
        if action is None or not (route.search(line) and body.search(request.partition(HEAD_END)[2])):
            return None
        self._matched += 1
        if self._matched % self._every:
            return None
        self.seen.append(line)
        return action


def message_from(connection):
    """One whole request or answer; empty when the peer has closed."""
    content = b""
    while HEAD_END not in content:
        part = connection.recv(65536)
        if not part:
            return b""
        content += part
    head, _, _ = content.partition(HEAD_END)
    length = LENGTH.search(head)
    wanted = len(head) + len(HEAD_END) + (int(length.group(1)) if length else 0)
    while len(content) < wanted:
        part = connection.recv(65536)
        if not part:
            return b""
        content += part
    return content


def hang(proxy, client, ask):
    """No answer until the proxy is healed, and none then either."""
    proxy.healed.wait()
    return False


def drip(proxy, client, ask):
    """A good answer, a byte every second: no single wait for it is long, and it does not come to its end."""
    head, _, body = ask().partition(HEAD_END)
    client.sendall(head + HEAD_END)
    for at in range(len(body)):
        if proxy.healed.wait(1):
            return False
        client.sendall(body[at : at + 1])
    return True


def drop(proxy, client, ask):
    """The connection is closed without an answer."""
    return False


def reset_midway(proxy, client, ask):
    """Half of a good answer, then a reset."""
    answer = ask()
    head, _, body = answer.partition(HEAD_END)
    client.sendall(head + HEAD_END + body[: len(body) // 2])
    time.sleep(0.05)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def answering(status=200, body=b"{}", headers=b""):
    """An action: this answer instead of the server's."""
    head = b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%b\r\n"
    content = head % (status, len(body), headers) + body

    def act(proxy, client, ask):
        client.sendall(content)
        return True

    return act
