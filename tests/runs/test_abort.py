"""--abort-on-breach: a lost run ends early, as failed, and leaves the same files."""

import json
import re

SLO = "[everything]\np95 = 50\nfailure_ratio = 0.5\nmin_requests = 100000\n"
GRACE_SECONDS = 5


def test_a_lost_run_ends_after_the_grace_time(start_locust, tmp_path, processes):
    (tmp_path / "slo.toml").write_text(SLO)
    load = ("--headless", "-u", "6", "-r", "6", "-t", "120s", "--think-time", "0.1-0.3", "--read-only")
    abort = ("--abort-on-breach", "--abort-grace", str(GRACE_SECONDS), "--slo", str(tmp_path / "slo.toml"))
    locust = start_locust(*load, *abort, *processes, "--sandbox-args=--latency 80")
    assert locust.wait() == 1, locust.output
    (folder,) = (tmp_path / "results").iterdir()
    verdict = json.loads((folder / "verdict.json").read_text())
    assert verdict["verdict"] == "fail"
    aborted = re.match(r"aborted after (\d+) s of steady state", verdict["reasons"][0])
    assert GRACE_SECONDS <= int(aborted[1]) < 100
    assert verdict["reasons"][1].startswith("everything p95: ")
    assert {"verdict.md", "junit.xml", "report.html", "history.json"} <= {path.name for path in folder.iterdir()}


def test_a_good_run_is_left_alone(run, tmp_path):
    (tmp_path / "slo.toml").write_text("[everything]\np95 = 20000\nmin_requests = 1\n")
    result = run("--abort-on-breach", "--abort-grace", "1", "--slo", str(tmp_path / "slo.toml"), "--read-only")
    assert result.code == 0, result.output
