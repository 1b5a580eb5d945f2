"""A generator that loads otherwise than it says is found out, by a real run of it."""

from tests.processes import ROOT

FAULTY = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import time
from locustfile import *
from tasks.doctor import DoctorTasks
from tasks.patient import PatientTasks


def without_a_pause(self):
    self.thought.add(0.0)
    time.sleep(0.001)


def the_same_again(self):
    return self._begun(PatientTasks.see_who_i_am)


DoctorTasks.wait = without_a_pause
PatientTasks.get_next_task = the_same_again
"""


def test_lost_pauses_and_wrong_weights_make_a_run_invalid(run, tmp_path):
    locustfile = tmp_path / "faulty.py"
    locustfile.write_text(FAULTY)
    result = run("-f", str(locustfile), "--read-only", users=10, seconds=8, think="0.2-0.4")
    assert (result.code, result.verdict["verdict"]) == (3, "invalid"), result.output
    reasons = [told for told in result.verdict["reasons"] if told.startswith("the load was not the one asked for")]
    assert [told.split(": ")[1] for told in reasons][:2] == ["tasks of patient", "think time of doctor"], reasons
    assert all(check["ok"] for check in result.verdict["stimulus"] if check["what"].endswith("of admin"))
