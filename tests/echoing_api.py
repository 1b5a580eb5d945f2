"""An API that lets people in and then throws back at them whatever they sent: secrets, and what terminals obey."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt

ROLES = {"admin": "Administrador", "doctor": "Médico", "patient": "Paciente"}
LIFE_SECONDS = 3600
KEY = "a key of the test, long enough for HS256"
NASTY = "\x1b[31m\x07\r\n\0<b>|&\u202e"


class EchoingApi(ThreadingHTTPServer):
    """Remembers the tokens that it made; `refused` are the user names whose sign-in it refuses."""

    daemon_threads = True

    def __init__(self, refused=()):
        super().__init__(("127.0.0.1", 0), Echo)
        self.refused = refused
        self.tokens = []
        self.url = f"http://127.0.0.1:{self.server_port}"


class Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/api/auth/login" and json.loads(sent)["username"] not in self.server.refused:
            return self.reply(200, self.signed_in(json.loads(sent)["username"]))
        told = f"{NASTY} {self.headers.get('Authorization')} {sent.decode()}"
        return self.reply(401 if self.path == "/api/auth/login" else 500, {"error": told})

    def signed_in(self, username):
        claims = {"id": 1, "role": ROLES[username.rstrip("0123456789")], "iat": 1, "exp": 1 + LIFE_SECONDS}
        self.server.tokens.append(token := jwt.encode(claims | {"n": len(self.server.tokens)}, KEY))
        user = {"id": 1, "username": username, "email": "a@b", "role": claims["role"]}
        return {"token": token, "user": user}

    def reply(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def log_message(self, *_):
        pass


@contextmanager
def echoing_api(**options):
    with EchoingApi(**options) as api:
        thread = threading.Thread(target=api.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield api
        finally:
            api.shutdown()
            thread.join()
