"""Workers with addresses of their own: two network namespaces, joined to the master's by a bridge."""

import os
import shutil
import subprocess
from contextlib import ExitStack

import pytest

from tests.distributed.witness import Witness

NETWORK = "10.203.77"
MASTER = f"{NETWORK}.1"


def ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


def namespaces_are_allowed():
    name = f"probe-{os.getpid()}"
    try:
        ip("netns", "add", name)
        ip("netns", "delete", name)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


@pytest.fixture
def machines():
    """The words that start a program on either of two machines; what was made for them is gone after the test."""
    if shutil.which("ip") is None or not namespaces_are_allowed():
        pytest.skip("network namespaces need iproute2 and root")
    bridge = f"br{os.getpid()}"
    names = [f"worker{number}-{os.getpid()}" for number in (1, 2)]
    with ExitStack() as stack:
        ip("link", "add", bridge, "type", "bridge")
        stack.callback(ip, "link", "delete", bridge)
        ip("address", "add", f"{MASTER}/24", "dev", bridge)
        ip("link", "set", bridge, "up")
        for number, name in enumerate(names, 2):
            ip("netns", "add", name)
            stack.callback(ip, "netns", "delete", name)
            plug_in(bridge, name, f"{NETWORK}.{number}/24")
        yield [("ip", "netns", "exec", name) for name in names]


def plug_in(bridge, name, address):
    """A cable from the bridge into the namespace; it goes when the namespace goes."""
    end = f"v{name[6:]}"
    ip("link", "add", end, "type", "veth", "peer", "name", "eth0", "netns", name)
    ip("link", "set", end, "master", bridge, "up")
    ip("-n", name, "address", "add", address, "dev", "eth0")
    ip("-n", name, "link", "set", "eth0", "up")


def test_machines_share_the_users_and_no_account(cluster, machines, sandbox):
    witness = Witness(int(sandbox.url.rsplit(":", 1)[1]), MASTER)
    running = cluster(
        witness.url,
        *(
            "PatientUser",
            "--read-only",
            "--no-preflight",
            "--think-time",
            "0.05-0.2",
            "-u",
            "8",
            "-r",
            "100",
            "-t",
            "5s",
        ),
        workers=2,
        address=MASTER,
        machines=machines,
    )
    assert running.master.wait() == 0, running.master.output
    used = [places - {MASTER} for places in witness.addresses().values()]  # the master signs in before the load
    assert sorted(map(sorted, used)) == [[f"{NETWORK}.2"]] * 4 + [[f"{NETWORK}.3"]] * 4
    assert witness.shared_accounts() == []
    witness.close()
