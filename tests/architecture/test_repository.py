"""What is committed runs anywhere: no machine's paths, no registry's addresses, nothing built."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[2]
MACHINE_PATHS = re.compile(r"(?<![\w.\-/])/(?:work|root|home|opt|Users|mnt)/[\w.]")


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [path for name in listed.stdout.split("\0") if name and (path := PROJECT / name).is_file()]


def test_no_file_names_a_path_of_one_machine(tracked):
    found = []
    for path in tracked:
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(PROJECT)}: {match.group()}" for match in MACHINE_PATHS.finditer(text)]
    assert found == []


def test_nothing_built_is_committed(tracked):
    built = [
        path
        for path in tracked
        if "dist" in path.parts or "node_modules" in path.parts or path.suffix in (".mo", ".pyc", ".sqlite")
    ]
    assert built == []


@pytest.mark.parametrize("name", ["run", "dev", "bench", "node"])
def test_a_python_lock_has_a_hash_for_each_package_and_no_address(name):
    text = (PROJECT / f"requirements/{name}.txt").read_text("utf-8")
    assert not re.search(r"https?://|file:|--(extra-)?index-url|--find-links|--trusted-host", text)
    pins = re.split(r"\n(?=[a-zA-Z])", text.strip())
    assert pins
    assert [pin.split()[0] for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []


def test_the_npm_lock_has_a_hash_for_each_package_and_no_address():
    packages = json.loads((PROJECT / "package-lock.json").read_text("utf-8"))["packages"]
    installed = {name: package for name, package in packages.items() if name and not package.get("inBundle")}
    assert len(installed) > 50
    assert [name for name, package in installed.items() if "resolved" in package] == []
    assert [name for name, package in installed.items() if "integrity" not in package] == []


def test_the_lock_satisfies_what_the_project_asks_for():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
    asked = {
        "run": project["project"]["dependencies"],
        "dev": project["dependency-groups"]["dev"],
        "bench": project["dependency-groups"]["bench"],
        "node": project["dependency-groups"]["node"],
    }
    wrong = []
    for lock, requirements in asked.items():
        pins = _pins(PROJECT / f"requirements/{lock}.txt")
        for requirement in map(Requirement, requirements):
            versions = pins.get(canonicalize_name(requirement.name), [])
            if not versions or not all(
                requirement.specifier.contains(version, prereleases=True) for version in versions
            ):
                wrong.append(f"{lock}: {requirement}, locked {versions}")
    assert wrong == []


def test_the_locks_agree_with_each_other():
    run, dev, bench = (_pins(PROJECT / f"requirements/{name}.txt") for name in ("run", "dev", "bench"))
    assert {name for name in run if dev.get(name) != run[name]} == set()
    assert {name for name in dev if bench.get(name) != dev[name]} == set()


def _pins(path: Path) -> dict[str, list[str]]:
    pins: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([\w.\-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", path.read_text("utf-8"), flags=re.M):
        pins.setdefault(canonicalize_name(name), []).append(version)
    return pins
