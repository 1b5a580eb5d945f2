"""The progress of a run: one line that renews itself in a terminal, a few plain lines in a log."""

import os
import pty
import re
import subprocess
import sys

from tests.processes import ROOT, clean_environment

RUN = ("--headless", "-u", "5", "-r", "5", "--think-time", "0.1-0.3")
LINE = r"(\d+:\d\d) left \| 5 users \| \d+ req/s \| p95 [\d.,]+ ms \| 0 failed \| everything \w+ [\d.,]+ %? ?of at most"


def test_a_log_gets_a_plain_line_every_ten_seconds(start_locust):
    locust = start_locust(*RUN, "-t", "12s")
    assert locust.wait() == 0, locust.output
    assert len(re.findall(LINE, locust.output)) == 1
    assert "\r" not in locust.output
    assert locust.output.count("Aggregated") == 2, "Locust's table comes at the end only"


def test_a_terminal_shows_one_line_that_renews_itself(tmp_path):
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "locust", *RUN, "-t", "5s", "--results", str(tmp_path)]
    env = clean_environment({"COLUMNS": "200"})
    run = subprocess.Popen(command, cwd=ROOT, env=env, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    try:
        while chunk := _read(ours):
            shown += chunk
    finally:
        run.kill()
        run.wait()
        os.close(ours)
    lines = re.findall(r"\r\x1b\[K" + LINE, shown.decode())
    assert len(lines) >= 2, shown.decode()
    assert lines == sorted(lines, reverse=True)


def _read(terminal):
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux says so when the other end has been closed
        return b""
