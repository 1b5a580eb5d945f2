"""The health routes: open to everyone, no token."""

import time
from typing import Any

import psutil
from flask import Blueprint, Response

from sandbox.answers import answer
from sandbox.db import clinic
from sandbox.server_times import now

blueprint = Blueprint("health", __name__)

_RELEASE = {"environment": "production", "version": "1.0.0"}
_TOPICS = (
    "auth",
    "dashboard",
    "users",
    "catalogs",
    "doctors",
    "patients",
    "geography",
    "clinics",
    "appointments",
    "files",
    "insurance",
    "notifications",
    "audit",
)


@blueprint.get("/health")
def get_health() -> Response:
    return answer({**_healthy(), "uptime": _uptime(), **_RELEASE, "services": _services("checking...")})


@blueprint.get("/health/database")
def get_database_health() -> Response:
    started = time.perf_counter()
    version = clinic().version()
    state = {
        "status": "connected",
        "responseTime": _milliseconds_since(started),
        "version": version,
        "currentTime": now(),
    }
    return answer({**_healthy(), "database": state})


@blueprint.get("/health/api")
def get_api_health() -> Response:
    endpoints = dict.fromkeys(_TOPICS, "available")
    return answer({**_healthy(), "api": {"status": "operational", "endpoints": endpoints}})


@blueprint.get("/health/system")
def get_system_health() -> Response:
    started = time.perf_counter()
    services = _services("healthy")
    timing = {"uptime": _uptime(), "responseTime": _milliseconds_since(started)}
    return answer({**_healthy(), **timing, **_RELEASE, "services": services, "errors": None})


def _healthy() -> dict[str, Any]:
    return {"status": "healthy", "timestamp": now()}


def _services(database: str) -> dict[str, Any]:
    memory = psutil.Process().memory_info()
    used, total = memory.rss // 2**20, memory.vms // 2**20
    return {
        "api": "operational",
        "database": database,
        "memory": {"used": used, "total": total, "unit": "MB"},
    }


def _uptime() -> float:
    """Seconds since the process started."""
    started: float = psutil.Process().create_time()
    return time.time() - started


def _milliseconds_since(started: float) -> str:
    return f"{(time.perf_counter() - started) * 1000:.0f}ms"
