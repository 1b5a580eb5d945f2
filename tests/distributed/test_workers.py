"""Master and workers as real processes: no account in two places, right totals, a verdict that tells of losses."""

import re
import signal
import time

from tests.processes import spawned

PATIENTS = ("PatientUser", "--think-time", "0.05-0.2", "-r", "100")


def test_a_worker_that_dies_and_one_that_joins_share_no_account_with_anybody(cluster, witness):
    running = cluster(witness.url, *PATIENTS, "--read-only", "--no-preflight", "-u", "12", "-t", "14s")
    running.master.wait_for_line(spawned(12))
    running.workers[0].stop(signal.SIGKILL)
    running.master.wait_for_line("failed to send heartbeat, setting state to missing")
    late = running.join()
    code = running.master.wait()
    assert witness.shared_accounts() == []
    assert len(witness.uses) >= 12 + 4
    verdict = running.verdict()
    assert (code, verdict["verdict"]) == (3, "invalid")
    assert len(verdict["generator"]["lost_workers"]) == 1, running.master.output + late.output
    assert "was lost, and figures with it" in verdict["reasons"][0]
    assert 0 < verdict["requests"] <= len(witness.requests)
    for worker in (*running.workers[1:], late):
        assert worker.wait() == 0, worker.output
    assert "Traceback" not in running.master.output + late.output


def test_with_three_workers_and_a_late_one_every_request_is_counted_and_nothing_stays_behind(cluster, witness):
    running = cluster(witness.url, *PATIENTS, "-u", "9", "-t", "8s", "--seed", "7")
    running.master.wait_for_line(spawned(9))
    late = running.join()
    assert running.master.wait() == 0, running.master.output
    for worker in (*running.workers, late):
        assert worker.wait() == 0, worker.output
    assert witness.shared_accounts() == []
    assert len(witness.uses) > 9, "the late worker had nothing to do"
    verdict = running.verdict()
    assert verdict["verdict"] == "pass"
    assert verdict["generator"]["workers"] == 4
    assert verdict["users"]["reached"] == 9
    assert verdict["seed"] == "7"
    assert re.search(r"Clean-up of \S+: ", running.master.output)
    assert "Not removed" not in running.master.output
    told = running.master.wait_for_line(r"([\d,]+) requests in all").group(1)
    assert int(told.replace(",", "")) == verdict["requests"]


def test_when_the_master_dies_workers_end_by_themselves_and_leave_nothing_behind(cluster, sandbox):
    before = sandbox.rows()
    running = cluster(sandbox.url, "--think-time", "0.1-0.3", "-u", "20", "-r", "100", "-t", "10m", workers=2)
    running.master.wait_for_line(spawned(20))
    while sum(sandbox.rows().values()) < sum(before.values()) + 10:
        time.sleep(0.1)
    running.master.stop(signal.SIGKILL)
    for worker in running.workers:
        worker.wait()
        assert "Didn't get heartbeat from master in over 60s" in worker.output
        assert "Traceback" not in worker.output
    assert sandbox.rows() == before
