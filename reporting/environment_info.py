"""Where and with what a run is made: versions, the suite's commit, the machine."""

from locust import __version__ as locust_version

import os
import platform
import subprocess
from pathlib import Path

import psutil

from reporting.verdict.model import EnvironmentInfo

ROOT = Path(__file__).resolve().parent.parent


def environment_info() -> EnvironmentInfo:
    return EnvironmentInfo(
        suite=_commit(),
        locust=locust_version,
        python=platform.python_version(),
        platform=platform.platform(terse=True),
        machine=platform.node(),
        cpus=os.cpu_count() or 0,
        memory_mb=psutil.virtual_memory().total // 2**20,
    )


def _commit() -> str:
    """The suite's git commit, with + when files were changed since; "unknown" without git."""
    commit = _git("rev-parse", "--short=12", "HEAD")
    return commit + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "") if commit else "unknown"


def _git(*args: str) -> str:
    try:
        done = subprocess.run(["git", "-C", str(ROOT), *args], capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
