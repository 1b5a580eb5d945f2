"""setup-venv.sh in copies of its files: what it makes, mends and refuses. Nothing here needs the network."""

import os
import shlex
import shutil
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from tests.processes import PATIENCE, ROOT, Process, clean_environment

NOTHING = {"requirements-locust.lock": "# nothing\n", "requirements-dev.lock": "# nothing\n"}


def copy_to(folder):
    """The script with requirement files that name nothing, so that pip has nothing to fetch."""
    (folder / "internals").mkdir(parents=True)
    for part in ("setup-venv.sh", "internals/of_python.py"):
        shutil.copy(ROOT / part, folder / part)
    for name, text in NOTHING.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def copy(tmp_path):
    return copy_to(tmp_path / "a load suite")


def environment(**extra):
    env = clean_environment(extra)
    if "PYTHON" not in extra:
        env.pop("PYTHON", None)
    return env


def setup(copy, *args, cwd="/", **extra):
    return subprocess.run(
        [copy / "setup-venv.sh", *args],
        cwd=cwd,
        env=environment(**extra),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def stand_in(folder, name, body):
    """A program that is found as Python and is none, or not the right one."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    return program


def opened_by_a_reader(pipe):
    """Our end of a pipe that somebody has begun to read, and now waits for."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError):
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        time.sleep(0.02)
    raise AssertionError(f"nobody reads {pipe}")


def refused(done):
    """The one line on stderr that says why nothing was done."""
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    return line


@pytest.fixture(scope="module")
def made_once(tmp_path_factory):
    """A copy after its first run."""
    copy = copy_to(tmp_path_factory.mktemp("made") / "a load suite")
    done = setup(copy, PYTHON=sys.executable)
    assert done.returncode == 0, done.stderr
    first, *_, last = done.stdout.splitlines()
    assert first.startswith("setup-venv: making venv with Python 3.")
    assert last.startswith("setup-venv: done in ")
    return copy


@pytest.fixture
def made(made_once):
    """The same copy, brought back to that state after other tests had it."""
    for name, text in NOTHING.items():
        (made_once / name).write_text(text)
    assert setup(made_once, "--quiet").returncode == 0
    return made_once


class TestRefuses:
    def test_an_old_python_on_the_path(self, copy, tmp_path):
        old = stand_in(tmp_path / "bin", "python3", "echo Python 3.9.18")
        line = refused(setup(copy, PATH=f"{old.parent}:/usr/bin:/bin"))
        assert "'python3' is Python 3.9.18, too old; install Python 3.11 or newer" in line
        assert "PYTHON=" in line
        assert not (copy / "venv").exists()

    def test_an_old_python_that_was_chosen(self, copy, tmp_path):
        old = stand_in(tmp_path / "bin", "python3.9", "echo Python 3.9.18")
        assert "Python 3.9.18, too old" in refused(setup(copy, PYTHON="bin/python3.9", cwd=old.parent.parent))

    def test_an_old_python_although_the_venv_is_there(self, copy, tmp_path):
        (copy / "venv").mkdir()
        old = stand_in(tmp_path / "bin", "python", "echo Python 2.7.18 >&2")
        assert "Python 2.7.18, too old" in refused(setup(copy, "--quiet", PYTHON=str(old)))

    def test_a_missing_python(self, copy):
        line = refused(setup(copy, PYTHON="/no/such/python"))
        assert "no Python found as '/no/such/python'; install Python 3.11 or newer" in line

    def test_a_python_that_only_advertises_itself(self, copy, tmp_path):
        shop = stand_in(tmp_path / "bin", "python3", "echo 'Python was not found; run without arguments'; exit 49")
        assert "'python3' is not a working Python" in refused(setup(copy, PATH=f"{shop.parent}:/usr/bin:/bin"))

    def test_a_python_without_ensurepip(self, copy, tmp_path):
        body = 'case "$*" in --version) echo Python 3.12.1 ;; *_base_exec*) echo "$0" ;; *) exit 1 ;; esac'
        bare = stand_in(tmp_path / "bin", "python3", body)
        line = refused(setup(copy, PATH=f"{bare.parent}:/usr/bin:/bin"))
        assert "Python 3.12.1" in line
        assert "apt install python3-venv" in line
        assert not (copy / "venv").exists()

    def test_an_unknown_argument(self, copy):
        done = setup(copy, "--devel")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("setup-venv: unknown argument '--devel'\nusage: setup-venv.sh")


def built(folder, build):
    """A Python that works, and was built like this."""
    body = f"""case "$*" in
  internals/of_python.py) echo {build} ;;
  *_base_exec*) echo "$0" ;;
  *) exec {shlex.quote(sys.executable)} "$@" ;;
esac"""
    return stand_in(folder, "python3", body)


class TestTells:
    @pytest.mark.parametrize(
        ("build", "elsewhere", "told"),
        [
            ("not optimized", "optimized", True),
            ("not optimized", "not optimized", False),
            ("optimized", "optimized", False),
        ],
    )
    def test_of_a_python_that_is_better_built(self, copy, tmp_path, build, elsewhere, told):
        chosen, other = built(tmp_path / "chosen", build), built(tmp_path / "other", elsewhere)
        done = setup(copy, PYTHON=str(chosen), PATH=f"{other.parent}:/usr/bin:/bin")
        assert done.returncode == 0, done.stderr
        assert (f"optimization; {other} may be faster: PYTHON={other} " in done.stdout) == told, done.stdout


class TestMakes:
    def test_once_and_nothing_afterwards(self, made):
        assert (made / "venv/bin/python").exists()
        assert setup(made).stdout == "setup-venv: venv is up to date\n"
        quiet = setup(made, "--quiet")
        assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")
        assert setup(made, "--quiet", PYTHON=sys.executable).stdout == "", "the Python it was made with"

    def test_only_what_changed(self, made):
        def printed(*args):
            return setup(made, *args).stdout.splitlines()[:1]

        (made / "requirements-dev.lock").write_text("# first\n")
        assert printed("--dev") == ["setup-venv: installing requirements-dev.lock"]
        assert printed("--quiet") == []
        assert printed("--dev", "--quiet") == []
        (made / "requirements-dev.lock").write_text("# second\n")
        assert printed("--quiet") == []
        assert printed("--dev", "--quiet") == ["setup-venv: installing requirements-dev.lock"]
        (made / "requirements-locust.lock").write_text("# third\n")
        assert printed("--quiet") == ["setup-venv: installing requirements-locust.lock"]

    def test_a_failure_visible_and_recovers(self, made):
        (made / "requirements-locust.lock").write_text("./no-such-wheel.whl\n")
        failed = setup(made, "--quiet")
        assert failed.returncode == 1
        assert "no-such-wheel.whl" in failed.stderr
        assert failed.stderr.endswith("setup-venv: the installation failed, see above\n")
        (made / "requirements-locust.lock").write_text("# nothing\n")
        assert setup(made).stdout.startswith("setup-venv: installing")
        assert setup(made, "--quiet").stdout == ""

    def test_what_was_interrupted_anew(self, made):
        os.mkfifo(made / "slow.lock")
        (made / "requirements-locust.lock").write_text("-r slow.lock\n")
        with Process(["bash", str(made / "setup-venv.sh")], environment(), cwd=made):
            end = opened_by_a_reader(made / "slow.lock")
        os.close(end)
        (made / "slow.lock").unlink()
        (made / "requirements-locust.lock").write_text("# nothing\n")
        assert setup(made, "--quiet").stdout.startswith("setup-venv: making venv")
        assert setup(made, "--quiet").stdout == ""

    def test_what_was_copied_anew(self, made, tmp_path):
        moved = shutil.copytree(made, tmp_path / "elsewhere", symlinks=True)
        assert "making venv" in setup(moved, PYTHON=sys.executable).stdout

    def test_what_lost_its_python_anew(self, copy):
        (copy / "venv" / "bin").mkdir(parents=True)
        (copy / "venv" / "bin" / "python").symlink_to("/no/such/python")
        assert "making venv" in setup(copy, PYTHON=sys.executable).stdout

    def test_what_has_no_pip_anew(self, copy):
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", copy / "venv"], check=True, timeout=PATIENCE)
        assert "making venv" in setup(copy, PYTHON=sys.executable).stdout

    def test_good_use_of_a_venv_made_by_hand(self, copy):
        subprocess.run([sys.executable, "-m", "venv", copy / "venv"], check=True, timeout=PATIENCE)
        assert setup(copy).stdout.startswith("setup-venv: installing requirements-locust.lock\n")
