"""Comparing runs: what became worse, which runs are alike, and what cannot be read."""

import json
import re

import msgspec
import pytest

from reporting.compare import main
from reporting.past_runs import read_run
from reporting.trend import main as trend
from reporting.verdict.alike import differences
from reporting.verdict.model import Settings, Users
from tests.written_runs import written_run


def test_what_became_slower_is_named(tmp_path, capsys):
    before = written_run(tmp_path / "light-1")
    after = written_run(tmp_path / "light-2", slower=1.4, seed=2)
    assert main([str(before), str(after)]) == 1
    written = (after / "compared-with-light-1.md").read_text()
    (changed,) = re.findall(r"\| GET /a \|.*", written)
    (same,) = re.findall(r"\| GET /b \|.*", written)
    assert changed.count("worse") >= 2
    assert "worse" not in same
    assert "Beyond the noise: " in capsys.readouterr().out


def test_equal_runs_show_no_change(tmp_path, capsys):
    before, after = written_run(tmp_path / "a-1"), written_run(tmp_path / "a-2", seed=2)
    assert main([str(before), str(after)]) == 0
    assert "Nothing changed beyond the noise" in capsys.readouterr().out


def test_what_came_and_went_is_listed(tmp_path, capsys):
    before = written_run(tmp_path / "a-1", routes=("/a", "/b"))
    after = written_run(tmp_path / "a-2", routes=("/a", "/c"), seed=2)
    main([str(before), str(after)])
    written = (after / "compared-with-a-1.md").read_text()
    assert "Added: GET /c" in written
    assert "Gone: GET /b" in written


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"scenario": "heavy"}, "scenario light and heavy"),
        ({"host": "http://other"}, "host http://cms.local and http://other"),
        ({"sandbox": True}, "host http://cms.local and the sandbox"),
        ({"users": Users(20, 20, {"admin": 1, "doctor": 3, "patient": 6})}, "users 10 and 20"),
        ({"settings": Settings("0.1-0.2")}, "think time 1-3 and 0.1-0.2"),
        ({"settings": Settings("1-3", read_only=True)}, "read only no and yes"),
        ({"users": Users(10, 10, {"patient": 10})}, "mix 1 admin, 3 doctor, 6 patient and 10 patient"),
    ],
)
def test_runs_that_are_not_alike_are_refused_unless_told(tmp_path, capsys, told, words):
    before, after = written_run(tmp_path / "a-1"), written_run(tmp_path / "a-2", **told)
    kept = sorted(after.iterdir())
    assert main([str(before), str(after)]) == 2
    assert f"not alike ({words}" in capsys.readouterr().err
    assert sorted(after.iterdir()) == kept
    assert main([str(before), str(after), "--anyway"]) == 0


def damage_missing(folder):
    (folder / "verdict.json").unlink()


def damage_cut(folder):
    path = folder / "verdict.json"
    path.write_bytes(path.read_bytes()[:500])


def damage_no_history(folder):
    (folder / "history.json").unlink()


def damage_cut_history(folder):
    path = folder / "history.json"
    path.write_bytes(path.read_bytes()[:500])


def damage_schema(folder):
    path = folder / "verdict.json"
    told = json.loads(path.read_text())
    path.write_text(json.dumps(told | {"schema": 0}))


def damage_field(folder):
    path = folder / "verdict.json"
    told = json.loads(path.read_text())
    path.write_text(json.dumps(told | {"users": 5}))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (damage_missing, "verdict.json: No such file or directory"),
        (damage_cut, "verdict.json is cut off or no verdict"),
        (damage_no_history, "history.json: No such file or directory"),
        (damage_cut_history, "history.json is cut off or damaged"),
        (damage_schema, "verdict.json has schema 0, not 1"),
        (damage_field, "verdict.json is damaged: Expected `object`, got `int` - at `$.users`"),
    ],
)
def test_a_damaged_folder_is_one_clear_line(tmp_path, capsys, damage, words):
    before, after = written_run(tmp_path / "a-1"), written_run(tmp_path / "a-2")
    damage(before)
    kept = {path: path.read_bytes() for path in after.iterdir()}
    assert main([str(before), str(after)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")
    assert words in line
    assert {path: path.read_bytes() for path in after.iterdir()} == kept


def test_the_trend_shows_the_last_runs(tmp_path, capsys):
    for number in range(1, 5):
        written_run(tmp_path / f"light-2026010{number}T000000Z", seed=number, slower=number)
    damage_cut(tmp_path / "light-20260102T000000Z")
    assert trend([str(tmp_path), "-n", "2"]) == 0
    said = capsys.readouterr()
    text = (tmp_path / "trend.html").read_text()
    assert re.findall(r"\d\. (light-\S+?)<", text) == ["light-20260103T000000Z", "light-20260104T000000Z"]
    assert text.count("<svg") == 3
    assert "left out: " not in said.err
    assert trend([str(tmp_path)]) == 0
    assert "left out: " in capsys.readouterr().err


def test_a_trend_of_nothing_is_refused(tmp_path, capsys):
    assert trend([str(tmp_path)]) == 2
    assert "has no run with a verdict" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_runs_with_other_pauses_of_a_role_are_not_alike(tmp_path):
    verdict = read_run(written_run(tmp_path / "a-1")).verdict
    then, now = (
        msgspec.structs.replace(
            verdict, settings=msgspec.structs.replace(verdict.settings, wait_times={"doctor": wait, **more})
        )
        for wait, more in (("between(1, 3)", {"admin": "1-3 s"}), ("constant(2)", {}))
    )
    assert list(differences(then, now)) == ["wait time of doctor between(1, 3) and constant(2)"]
    assert list(differences(verdict, now)) == []
