"""The image and the compose file: no root, no stored password, nothing published but the proxy."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((PROJECT / "docker-compose.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def dockerfile() -> str:
    return (PROJECT / "Dockerfile").read_text("utf-8")


def test_docker_accepts_the_compose_file():
    if not shutil.which("docker") or subprocess.run(["docker", "compose", "version"], capture_output=True).returncode:
        pytest.skip("docker compose is not installed")
    told = subprocess.run(["docker", "compose", "config", "--quiet"], cwd=PROJECT, capture_output=True, text=True)
    assert (told.returncode, told.stderr) == (0, "")


def test_a_plant_has_database_web_scheduler_and_proxy(compose):
    services = compose["services"]
    assert {"db", "web", "scheduler", "proxy"} <= set(services)
    assert services["db"]["image"] == "postgres:18"
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]


def test_the_database_is_reached_from_inside_only(compose):
    assert compose["services"]["db"]["networks"] == ["inside"]
    assert compose["networks"]["inside"]["internal"] is True


def test_every_named_volume_and_network_is_declared(compose):
    services = compose["services"].values()
    mounted = {volume.split(":")[0] for service in services for volume in service.get("volumes", [])}
    joined = {network for service in services for network in service.get("networks", [])}
    assert mounted == set(compose["volumes"])
    assert joined == set(compose["networks"])


def test_no_password_stands_in_the_compose_file(compose):
    values = [value for service in compose["services"].values() for value in service.get("environment", {}).items()]
    assert values
    assert [name for name, _ in values if re.search(r"PASSWORD$|SECRET", name)] == []
    assert [value for _, value in values if re.search(r"://[^/@]*:[^/@]+@", value)] == []


def test_the_image_does_not_run_as_root(dockerfile):
    last_stage = re.split(r"^FROM ", dockerfile, flags=re.M)[-1]
    assert re.findall(r"^USER (\S+)", last_stage, flags=re.M) == ["closeloop"]


def test_the_image_carries_hashed_packages_and_no_node(dockerfile):
    assert "--require-hashes" in dockerfile
    assert not re.split(r"^FROM ", dockerfile, flags=re.M)[-1].startswith("node")


def test_everything_the_image_copies_is_let_through_to_it(dockerfile):
    let_through = {
        line[1:] for line in (PROJECT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")
    }
    copied = [
        source for line in re.findall(r"^COPY (?!--from)(.+)$", dockerfile, flags=re.M) for source in line.split()[:-1]
    ]
    assert copied
    assert [source for source in copied if source not in let_through] == []
    assert [source for source in copied if not (PROJECT / source).exists()] == []
