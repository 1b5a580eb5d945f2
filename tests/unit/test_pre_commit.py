"""What is looked through before a commit: the hooks' tools are there, and the repository itself passes."""

import re
import subprocess

import pytest

from tests.processes import ROOT

TEXT = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
ENTRIES = dict(re.findall(r"- id: ([\w-]+)\n +name: .*\n +entry: (.*)\n", TEXT))
SECRET = re.compile(ENTRIES["secrets"].encode(), re.MULTILINE)
EXCLUDED = re.compile(re.search(r"exclude: (.*)", TEXT).group(1))


def test_each_tool_comes_with_the_set_up():
    assert set(ENTRIES) == {"ruff", "ruff-format", "mypy", "secrets"}
    pinned = (ROOT / "requirements-dev.txt").read_text("utf-8")
    for tool in (entry.split()[0].rpartition("/")[2] for name, entry in ENTRIES.items() if name != "secrets"):
        assert re.search(rf"^{tool}==", pinned, re.MULTILINE)


@pytest.mark.parametrize(
    "secret",
    [
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "token = " + ".".join(("eyJhbGciOiJIUzI1NiJ9", "eyJpZCI6MSwicm9sZSI6IlAifQ", "c2ln")),
        "AKIA" + "ABCDEFGHIJKLMNOP",
        "CMS_ADMIN_PASSWORD=" + "geheim",
    ],
)
def test_a_secret_is_found(secret):
    assert SECRET.search(secret.encode())


def test_none_is_committed():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is no clone")
    found = [
        name
        for name in listed.stdout.splitlines()
        if not EXCLUDED.search(name) and (ROOT / name).is_file() and SECRET.search((ROOT / name).read_bytes())
    ]
    assert found == []
