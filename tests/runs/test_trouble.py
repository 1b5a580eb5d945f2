"""When the system gives no more: one line, no traceback, the verdict where it can be told, and never a *fail*."""

import json
import resource
import sys

import psutil
import pytest

from api.transport.descriptors import RESERVED
from tests.processes import SPAWNED, Process, clean_environment

RUN = ("--config", "config/scenarios/light.conf", "--users", "10", "--spawn-rate", "10", "--run-time", "5s")
QUICK = ("--think-time", "0.1-0.3")


@pytest.fixture
def run_in_shell(tmp_path, sandbox):
    """`run_in_shell(script)`: a shell in which "$@" is a run that passes, when nothing is in its way."""
    running = []

    def start(script):
        budgets = tmp_path / "slo.toml"
        budgets.write_text("[everything]\nfailure_ratio = 0.01\n")
        locust = (sys.executable, "-m", "locust", *RUN, *QUICK, "--host", sandbox.url, "--slo", str(budgets))
        env = clean_environment({"CMS_RESULTS": str(tmp_path / "results")})
        running.append(Process(["bash", "-c", script, "bash", *locust], env))
        return running[-1]

    yield start
    for process in running:
        process.close()


def lines_of_trouble(output):
    assert "Traceback" not in output, output
    return [line for line in output.splitlines() if "could not be written" in line or line.startswith("error: ")]


@pytest.mark.parametrize("kilobytes", [0, 100], ids=["nothing fits", "all but the reports fits"])
def test_a_full_disk_costs_one_line_and_not_the_verdict(run_in_shell, tmp_path, kilobytes):
    locust = run_in_shell(f'ulimit -f {kilobytes}; exec "$@"')
    assert locust.wait() == 3, locust.output
    assert len(lines_of_trouble(locust.output)) == 1, locust.output
    assert "PASS light: every budget was kept" in locust.output
    left = {path.name for path in (tmp_path / "results").rglob("*") if path.is_file()}
    whole = {"verdict.json", "verdict.md", "junit.xml"}
    assert left & {*whole, "report.html", "locust.html"} == (whole if kilobytes else set())
    assert [name for name in left if name.startswith(".")] == []


def test_a_folder_that_is_gone_at_the_end_costs_one_line_and_not_the_verdict(run_in_shell, tmp_path):
    locust = run_in_shell('exec "$@"')
    locust.wait_for_line(SPAWNED)
    (folder,) = (tmp_path / "results").iterdir()
    folder.rename(tmp_path / "elsewhere")
    folder.write_text("a file in its place")
    assert locust.wait() == 3, locust.output
    (line,) = lines_of_trouble(locust.output)
    assert f"{folder.name}" in line
    assert "PASS light: every budget was kept" in locust.output


def test_too_few_open_files_are_told_before_the_load(run_in_shell, tmp_path):
    locust = run_in_shell('ulimit -n 30; exec "$@"')
    assert locust.wait() == 3, locust.output
    assert lines_of_trouble(locust.output) == [
        "error: 30 open files are too few for this run: allow 58 with ulimit -n 58"
    ]
    assert not (tmp_path / "results").exists()


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux limits a process that runs")
def test_open_files_that_run_out_during_the_load_are_the_generators_fault(run_in_shell, tmp_path):
    """Half of the users find no file for their connection; the run goes on to its end, and its files are whole."""
    locust = run_in_shell('exec "$@" --users 20 --spawn-rate 2 --run-time 15s')
    locust.wait_for_line("Ramping to 20 users")
    allowed = psutil.Process(locust.pid).num_fds() + RESERVED + 5
    resource.prlimit(locust.pid, resource.RLIMIT_NOFILE, (allowed, allowed))
    assert locust.wait() == 3, locust.output
    assert lines_of_trouble(locust.output) == []
    assert "- the load generator ran out of means: Too many open files" in locust.output
    (verdict,) = (tmp_path / "results").glob("*/verdict.json")
    errors = json.loads(verdict.read_text("utf-8"))["errors"]
    assert {error["error"] for error in errors} == {"could not connect: Too many open files"}
    assert (verdict.parent / "report.html").exists()


@pytest.mark.parametrize(
    "script",
    [
        '"$@" 2>stderr | head -1; code=${PIPESTATUS[0]}',
        '"$@" 2>&1 | head -1; code=${PIPESTATUS[0]}',
        '"$@" >&-; code=$?',
        '"$@" >&- 2>&-; code=$?',
    ],
    ids=["stdout", "both", "stdout closed", "both closed"],
)
def test_an_output_that_nobody_reads_leaves_the_verdict_as_it_is(run_in_shell, tmp_path, script):
    locust = run_in_shell(script.replace("stderr", str(tmp_path / "stderr")) + "; echo code $code")
    locust.wait()
    assert locust.output.splitlines()[-1] == "code 0", locust.output
    told = (tmp_path / "stderr").read_text() if (tmp_path / "stderr").exists() else ""
    assert lines_of_trouble(locust.output + told) == []
    assert "Exception" not in told + locust.output
    assert len(list((tmp_path / "results").glob("*/report.html"))) == 1
