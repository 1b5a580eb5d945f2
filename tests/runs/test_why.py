"""A run in which the API has a slow route and is away for a while: the report says so, and one can ask again."""

import json
import subprocess
import sys

from tests.processes import PATIENCE, ROOT, clean_environment, own_workers

SLOW = "GET /api/appointments/citas"
TROUBLE = f"--sandbox-args=--fault 'delay=900,route={SLOW}' --fault away=1,after=30,for=5"
SLO = "[everything]\np95 = 300\nfailure_ratio = 0.5\n"


def test_what_was_wrong_is_told_and_can_be_asked_again(run, tmp_path):
    slo = tmp_path / "slo.toml"
    slo.write_text(SLO, "utf-8")
    result = run(*own_workers(), TROUBLE, "--slo", str(slo), "--trace", "1", users=12, seconds=42)
    assert result.code == 1, result.output
    verdict = result.verdict
    assert "away" in [incident["kind"] for incident in verdict["incidents"]], verdict["incidents"]
    assert "Incident: Since " in result.output
    assert verdict["fix_first"][0]["route"] == SLOW
    assert f"Fix first: 1. {SLOW}: " in result.output
    assert any(name.startswith("CPU of python") for name in verdict["watched"]["most"])
    slowest = verdict["outliers"][0]
    assert slowest["route"] == SLOW
    assert slowest["traceparent"].endswith("-01")
    (folder,) = (tmp_path / "results").iterdir()
    assert "incident" in (folder / "report.html").read_text("utf-8")
    assert "Bearer ey" not in (folder / "outliers.json").read_text("utf-8")
    assert {one["id"] for one in verdict["outliers"]} <= {
        one["id"] for one in json.loads((folder / "outliers.json").read_text("utf-8"))
    }
    words = [sys.executable, "-m", "commands.replay", str(folder), slowest["id"]]
    again = subprocess.run(words, cwd=ROOT, env=clean_environment(), capture_output=True, text=True, timeout=PATIENCE)
    assert again.returncode == 0, again.stderr
    assert f"then it was answered after {slowest['taken']:,} ms" in again.stdout
