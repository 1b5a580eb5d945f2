"""The commands of the CI examples do what they are there for; here on the sandbox, and shortened."""

import re
import shlex

import pytest

from tests.unit.test_ci import EXAMPLES

SHORTENED = {
    "smoke": (),
    "medium": ("--users", "10", "--spawn-rate", "10", "--run-time", "8s", "--think-time", "0.1-0.3"),
}
LOOSE = "[everything]\np95 = 20000\nfailure_ratio = 0.9\n"


def options_of(example, scenario):
    (words,) = re.findall(rf"scenarios/{scenario}\.sh (.*)", EXAMPLES[example])
    return shlex.split(words)


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_commands_of_an_example_leave_what_it_keeps(start_locust, tmp_path, example):
    summary, slo = tmp_path / "summary.md", tmp_path / "slo.toml"
    slo.write_text(LOOSE)
    for scenario, shorter in SHORTENED.items():
        options = [word.replace("$CI_PROJECT_DIR", str(tmp_path)) for word in options_of(example, scenario)]
        config = ("--config", f"config/scenarios/{scenario}.conf")
        words = [str(tmp_path / word) if word == "smoke" else word for word in options]
        run = start_locust(*config, *words, "--slo", str(slo), *shorter, env={"GITHUB_STEP_SUMMARY": str(summary)})
        assert run.wait() == 0, run.output
    assert len(list(tmp_path.glob("smoke/*/junit.xml"))) == len(list(tmp_path.glob("results/*/junit.xml"))) == 1
    assert re.findall(r"^# \w+ \w+", summary.read_text("utf-8"), re.MULTILINE) == ["# PASS smoke", "# PASS medium"]


def test_a_summary_that_cannot_be_written_costs_a_warning_only(run, tmp_path):
    done = run("--job-summary", str(tmp_path), seconds=4, users=3)
    assert "could not be written (Is a directory): see verdict.md instead" in done.output
    assert done.code == 0
