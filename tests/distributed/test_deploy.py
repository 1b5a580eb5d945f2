"""deploy/: valid by the tools that know the formats, and what they start really runs with what is in the image."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.processes import PATIENCE, ROOT, LocustProcess, clean_environment, free_port

DEPLOY = ROOT / "deploy"
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
SCENARIO_TIME = "10s"


def tool(*command):
    """Runs a tool that is installed beside this Python; returns what it had to say."""
    program = Path(sys.executable).with_name(command[0])
    done = subprocess.run([program, *command[1:]], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
    return "" if done.returncode == 0 else done.stdout + done.stderr or f"{command[0]} ended with {done.returncode}"


def test_the_dockerfile_is_sound():
    assert tool("hadolint", "deploy/Dockerfile") == ""


def test_the_compose_file_keeps_to_the_compose_specification():
    words = ("--builtin-schema", "vendor.compose-spec", "deploy/docker-compose.yml")
    assert tool("check-jsonschema", *words) == ""


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: path.stem)
def test_the_manifest_is_valid(manifest):
    assert tool("kubernetes-validate", "--strict", str(manifest)) == ""


def test_the_manifests_fit_together():
    service, job, _, workers = (part for path in MANIFESTS for part in yaml.safe_load_all(path.read_text("utf-8")))
    master, worker = (part["spec"]["template"] for part in (job, workers))
    assert service["spec"]["selector"].items() <= master["metadata"]["labels"].items()
    assert workers["spec"]["selector"]["matchLabels"].items() <= worker["metadata"]["labels"].items()
    asked, told = (template["spec"]["containers"][0]["args"] for template in (master, worker))
    assert value(asked, "--expect-workers") == str(workers["spec"]["replicas"])
    assert value(told, "--master-host") == service["metadata"]["name"]
    assert value(asked, "--config") == value(told, "--config")


def test_the_master_of_a_deployment_listens_to_other_machines():
    compose = yaml.safe_load((DEPLOY / "docker-compose.yml").read_text("utf-8"))["services"]["master"]["command"]
    _, job, *_ = (part for path in MANIFESTS for part in yaml.safe_load_all(path.read_text("utf-8")))
    for arguments in (compose, job["spec"]["template"]["spec"]["containers"][0]["args"]):
        assert "--master-bind-host=*" in arguments


def value(arguments, flag):
    return arguments[arguments.index(flag) + 1]


@pytest.fixture
def image(tmp_path):
    """The files that the Dockerfile's own list lets into the image."""
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    for pattern in (line[1:].rstrip("/") for line in lines if line.startswith("!")):
        for path in ROOT.glob(pattern):
            target = tmp_path / "image" / path.relative_to(ROOT)
            if path.is_dir():
                shutil.copytree(path, target, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)
    return tmp_path / "image"


@pytest.fixture
def service(image, sandbox, tmp_path):
    """`service(name)`: the command of a service of the compose file, run in the image's files on this machine."""
    port = str(free_port())
    given = {"SCENARIO": "light", "LOCUST_HOST": sandbox.url, "WORKERS": "2"}
    places = {"/suite/results": str(tmp_path / "results"), "master": "127.0.0.1"}
    run = ("-t", SCENARIO_TIME, "--think-time", "0.2-0.5")  # one administrator has to do something in that time
    ports = {"master": ("--master-bind-host", "127.0.0.1", "--master-bind-port", port, *run)}
    services = yaml.safe_load((DEPLOY / "docker-compose.yml").read_text("utf-8"))["services"]
    running = []

    def start(name):
        words = [re.sub(r"\$\{(\w+)[^}]*\}", lambda match: given[match[1]], word) for word in services[name]["command"]]
        words = [places.get(word, word) for word in words]
        command = [sys.executable, "-m", "locust", *words, *ports.get(name, ("--master-port", port))]
        running.append(LocustProcess(command, clean_environment(), cwd=image))
        return running[-1]

    yield start
    for process in running:
        process.close()


def test_every_scenario_finds_its_locustfiles_in_the_image(image):
    missing = []
    for scenario in (ROOT / "config" / "scenarios").glob("*.conf"):
        assert (image / scenario.relative_to(ROOT)).is_file()
        named = re.search(r"^locustfile = (.+)$", scenario.read_text("utf-8"), re.MULTILINE)
        files = named[1].split(",") if named else ["locustfile.py"]
        missing += [f"{scenario.stem}: {file}" for file in files if not (image / file.strip()).is_file()]
    assert missing == []


def test_accounts_named_in_the_settings_reach_the_master():
    master = yaml.safe_load((DEPLOY / "docker-compose.yml").read_text("utf-8"))["services"]["master"]
    (mount,) = [volume for volume in master["volumes"] if isinstance(volume, dict)]
    assert mount["source"].startswith("${CMS_ACCOUNTS:-")
    assert master["environment"]["CMS_ACCOUNTS"] == f"${{CMS_ACCOUNTS:+{mount['target']}}}"
    _, job, settings, _ = (part for path in MANIFESTS for part in yaml.safe_load_all(path.read_text("utf-8")))
    pod = job["spec"]["template"]["spec"]
    (folder,) = [mount["mountPath"] for mount in pod["containers"][0]["volumeMounts"] if mount["name"] == "accounts"]
    (volume,) = [volume["secret"] for volume in pod["volumes"] if volume["name"] == "accounts"]
    assert volume["optional"]
    assert f"# CMS_ACCOUNTS: {folder}/accounts.csv" in (DEPLOY / "kubernetes" / "settings.example.yaml").read_text(
        "utf-8"
    )
    assert "CMS_ACCOUNTS" not in settings["stringData"]


def test_the_services_run_with_what_is_in_the_image(service, tmp_path):
    master, *workers = (service(name) for name in ("master", "worker", "worker"))
    assert master.wait() == 0, master.output
    assert [worker.wait() for worker in workers] == [0, 0]
    assert "10 total users" in master.output
    assert list((tmp_path / "results").glob("light-*/verdict.json"))
