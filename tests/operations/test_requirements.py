"""Every package is pinned, and nothing drags in a second database driver."""

import importlib.metadata as metadata
import importlib.util
import json
import re
import subprocess
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
FILES = ["requirements.txt", "requirements-dev.txt", "requirements-node.txt"]
# In two pieces, so that this file does not hold what it forbids.
REGISTRIES = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "npmjs" + ".org",
    "npmjs" + ".com",
    "deb.debian" + ".org",
    "golang" + ".org",
    "yarnpkg" + ".com",
]


def lines(name: str) -> list[str]:
    text = (ROOT / name).read_text()
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def pins() -> dict[str, str]:
    parts = (line.split("==") for line in lines("constraints.txt"))
    return {canonicalize_name(name): version for name, version in parts}


@pytest.mark.parametrize("name", FILES)
def test_direct_requirements_are_pinned_as_in_the_constraints(name):
    for line in lines(name):
        found = re.fullmatch(r"([A-Za-z0-9._-]+)==([0-9][A-Za-z0-9.]*)", line)
        assert found, f"{name} does not pin exactly: {line}"
        assert pins().get(canonicalize_name(found[1])) == found[2], f"{name}: {line}"


def needed(start: list[str]) -> set[str]:
    """Names of all installed packages that ``start`` lead to."""
    seen: set[str] = set()
    waiting = [(canonicalize_name(Requirement(line).name), "") for line in start]
    while waiting:
        name, _ = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for text in metadata.requires(name) or []:
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append((canonicalize_name(requirement.name), ""))
    return seen


def test_packages_that_others_bring_are_pinned_to_what_is_installed():
    loose = {
        name: metadata.version(name)
        for name in needed(lines("requirements.txt") + lines("requirements-dev.txt"))
        if pins().get(name) != metadata.version(name)
    }
    assert not loose, "Run script/pin, then script/bootstrap"


def test_psycopg_3_is_nowhere():
    assert importlib.util.find_spec("psycopg") is None
    assert not {name for name in pins() if name == "psycopg" or name.startswith("psycopg-")}


def test_front_end_packages_are_pinned_with_checksum_and_without_registry():
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert "node_modules/leaflet" in lock
    for name, package in lock.items():
        assert "resolved" not in package, name
        assert not name or package.get("integrity") or package.get("optional"), name


def test_no_registry_is_named_anywhere():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    found = []
    for name in filter(None, listed.split("\0")):
        file = ROOT / name
        if not file.is_file():
            continue
        content = file.read_bytes()
        found += [f"{name}: {host}" for host in REGISTRIES if host.encode() in content]
    assert not found
