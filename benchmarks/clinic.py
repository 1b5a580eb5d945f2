"""A clinic that costs nothing: nginx on loopback, with one fixed answer for each route a patient reads."""

import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import msgspec

from api import endpoints
from benchmarks.ports import free_port
from benchmarks.recorded_answers import HEADERS, READINGS, SEARCHES, path_of, recorded_answer, signed_in

SEARCHED_TEXT = "$arg_search"
CONFIG = Template("""
worker_processes 1; daemon off; pid $folder/pid; error_log $folder/error.log; worker_rlimit_nofile 20000;
events { worker_connections 16000; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 3600 5; open_file_cache max=100;
  default_type "application/json; charset=utf-8"; types { } etag off; max_ranges 0;
  client_body_temp_path $folder/body; proxy_temp_path $folder/proxy; fastcgi_temp_path $folder/fastcgi;
  uwsgi_temp_path $folder/uwsgi; scgi_temp_path $folder/scgi;
  server {
    listen 127.0.0.1:$port backlog=8192;
    listen 127.0.0.1:$tls_port ssl backlog=8192;
    ssl_certificate $folder/certificate.pem; ssl_certificate_key $folder/key.pem;
    add_header Last-Modified "";
$headers
    location = /count { stub_status; }
$locations
  }
}
""")


@dataclass(frozen=True)
class Clinic:
    """A running server: where it is, without and with TLS, and how many requests it has answered."""

    url: str
    tls_url: str

    def answered(self) -> int:
        """All requests since the start, by the server's own count."""
        with urllib.request.urlopen(f"{self.url}/count", timeout=10) as page:
            return int(page.read().split()[9])


@contextmanager
def open_clinic(core: int, rows: int = 10) -> Iterator[Clinic]:
    """Starts nginx, pinned to `core`, on free ports, with pages of so many rows; it ends with the block."""
    with tempfile.TemporaryDirectory(prefix="clinic-") as name:
        folder, port, tls_port = Path(name), free_port(), free_port()
        folder.chmod(0o755)  # started by root, nginx works as somebody else
        _make_certificate(folder)
        (folder / "nginx.conf").write_text(_config(folder, rows, port, tls_port), encoding="utf-8")
        files = ("-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf")
        server = subprocess.Popen(["taskset", "-c", str(core), nginx() or "nginx", *files])
        try:
            clinic = Clinic(f"http://127.0.0.1:{port}", f"https://127.0.0.1:{tls_port}")
            _wait_for(clinic)
            yield clinic
        finally:
            server.terminate()
            server.wait()


def nginx() -> str | None:
    """Debian keeps it where only root looks."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def _config(folder: Path, rows: int, port: int, tls_port: int) -> str:
    headers = [(name, value.replace('"', r"\"")) for name, value in HEADERS]
    return CONFIG.substitute(
        folder=folder,
        port=port,
        tls_port=tls_port,
        headers="\n".join(f'    add_header {name} "{value}";' for name, value in headers),
        locations="\n".join(_locations(folder, rows)),
    )


def _locations(folder: Path, rows: int) -> Iterator[str]:
    """A page is a file, since nginx takes no long texts; a search is answered with what was searched for."""
    yield _text(endpoints.SIGN_IN.path, signed_in())
    for route in READINGS:
        path = path_of(route)
        if route in SEARCHES:
            yield _text(path, recorded_answer(route, username=SEARCHED_TEXT))
        else:
            file = folder / f"{path.strip('/').replace('/', '-')}.json"
            file.write_bytes(msgspec.json.encode(recorded_answer(route, rows)))
            yield f"    location = {path} {{ alias {file}; }}"


def _text(path: str, content: Any) -> str:
    return f"    location = {path} {{ return 200 '{msgspec.json.encode(content).decode()}'; }}"


def _make_certificate(folder: Path) -> None:
    files = ("-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem"))
    kind = ("-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost")
    subprocess.run(["openssl", "req", "-x509", *kind, *files], check=True, capture_output=True)


def _wait_for(clinic: Clinic) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with suppress(OSError):
            clinic.answered()
            return
        time.sleep(0.05)
    raise SystemExit("nginx did not start: see its message above")
