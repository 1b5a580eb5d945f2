"""A clinic that costs nothing: nginx on loopback, with one small fixed answer for each route a patient reads."""

import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from string import Template
from typing import Any

import jwt
import msgspec

from api import endpoints
from api.endpoint import Endpoint
from api.schemas import SignedIn
from benchmarks.ports import free_port

OWN_ID = 5
SEARCHED_TEXT = "$arg_search"
SEARCHES = (endpoints.LIST_PATIENTS, endpoints.LIST_POLICIES)
READINGS = (
    *SEARCHES,
    endpoints.HEALTH,
    endpoints.WHO_AM_I,
    endpoints.GET_PATIENT,
    endpoints.LIST_ADDRESSES,
    endpoints.LIST_APPOINTMENTS,
    endpoints.LIST_CONSULTATIONS,
    endpoints.LIST_EPISODES,
    endpoints.LIST_NOTIFICATIONS,
)
CONFIG = Template("""
worker_processes 1; daemon off; pid $folder/pid; error_log $folder/error.log; worker_rlimit_nofile 20000;
events { worker_connections 16000; }
http {
  access_log off; keepalive_requests 1000000000; default_type "application/json; charset=utf-8";
  client_body_temp_path $folder/body; proxy_temp_path $folder/proxy; fastcgi_temp_path $folder/fastcgi;
  uwsgi_temp_path $folder/uwsgi; scgi_temp_path $folder/scgi;
  server {
    listen 127.0.0.1:$port backlog=8192;
    add_header X-Powered-By Express; add_header ETag 'W/"12c-abc"';
    location = /count { stub_status; }
$locations
  }
}
""")


@dataclass(frozen=True)
class Clinic:
    """A running server: where it is, and how many requests it has answered."""

    url: str

    def answered(self) -> int:
        """All requests since the start, by the server's own count."""
        with urllib.request.urlopen(f"{self.url}/count", timeout=10) as page:
            return int(page.read().split()[9])


@contextmanager
def open_clinic(core: int) -> Iterator[Clinic]:
    """Starts nginx, pinned to `core`, on a free port; it ends with the block."""
    with tempfile.TemporaryDirectory(prefix="clinic-") as folder:
        port = free_port()
        config = Path(folder) / "nginx.conf"
        config.write_text(CONFIG.substitute(folder=folder, port=port, locations=_locations()), encoding="utf-8")
        command = ["taskset", "-c", str(core), nginx() or "nginx", "-e", f"{folder}/error.log", "-c", str(config)]
        server = subprocess.Popen(command)
        try:
            clinic = Clinic(f"http://127.0.0.1:{port}")
            _wait_for(clinic)
            yield clinic
        finally:
            server.terminate()
            server.wait()


def nginx() -> str | None:
    """Debian keeps it where only root looks."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def example(schema: Any, text: str, rows: int = 1) -> Any:
    """A value that the type accepts: `rows` in each list, OWN_ID for each number, `text` for each text."""
    known = msgspec.inspect.type_info(schema) if not isinstance(schema, msgspec.inspect.Type) else schema
    match known:
        case msgspec.inspect.StructType():
            return {field.encode_name: example(field.type, text, rows) for field in known.fields}
        case msgspec.inspect.ListType():
            return [example(known.item_type, text)] * rows
        case msgspec.inspect.DictType():
            return {}
        case msgspec.inspect.UnionType():
            return example(known.types[0], text, rows)
        case msgspec.inspect.IntType() | msgspec.inspect.FloatType():
            return OWN_ID
        case msgspec.inspect.DateTimeType():
            return datetime(2030, 1, 7, 9).isoformat() + "Z"
    return text


def path_of(route: Endpoint[Any]) -> str:
    """The route's path for the one record there is."""
    return route.path.format(id=OWN_ID, patient_id=OWN_ID)


def signed_in() -> Any:
    """The answer to every sign-in: a token of the patient with OWN_ID, good for a day."""
    now = int(time.time())
    claims = {"id": OWN_ID, "role": "Paciente", "iat": now, "exp": now + 86_400}
    return example(SignedIn, "clinic") | {"token": jwt.encode(claims, "a key of thirty-two bytes or more", "HS256")}


def _locations() -> str:
    answers = {path_of(route): example(route.returns, _text(route)) for route in READINGS}
    answers[endpoints.SIGN_IN.path] = signed_in()
    return "\n".join(
        f"    location = {path} {{ return 200 '{json.dumps(content, separators=(',', ':'))}'; }}"
        for path, content in answers.items()
    )


def _text(route: Endpoint[Any]) -> str:
    return SEARCHED_TEXT if route in SEARCHES else "clinic"


def _wait_for(clinic: Clinic) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with suppress(OSError):
            clinic.answered()
            return
        time.sleep(0.05)
    raise SystemExit("nginx did not start: see its message above")
