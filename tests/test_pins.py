"""What .ci promises: all that is installed is pinned, with hashes, and looked after."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
RUN = PROJECT["project"]["dependencies"] + PROJECT["build-system"]["requires"]
# What is installed from each file, with those that it begins with.
SETS = {
    "bot": (["bot"], RUN),
    "demo": (["bot", "demo"], RUN + EXTRAS["demo"]),
    "dev": (["bot", "demo", "dev"], RUN + EXTRAS["dev"]),
}


def pins(name: str) -> dict[str, tuple[str, int]]:
    """The packages of a file: the version and how many hashes."""
    text = (ROOT / ".ci" / f"{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith(("#", "-r "))]
    found = dict[str, tuple[str, int]]()
    for line in lines:
        package, version = re.split(r"==| ", line)[:2]
        found[canonicalize_name(package)] = (
            version,
            len(re.findall(r"--hash=sha256:\w{64}\b", line)),
        )
    assert len(found) == len(lines)
    return found


@pytest.mark.parametrize("name", SETS)
def test_every_pin_has_the_hashes_of_its_files(name: str) -> None:
    assert [package for package, (_, hashes) in pins(name).items() if not hashes] == []


@pytest.mark.parametrize("name", SETS)
def test_all_that_is_needed_is_pinned_down_to_the_last_package(name: str) -> None:
    files, wanted = SETS[name]
    versions = {package: version for file in files for package, (version, _) in pins(file).items()}
    ahead, seen = [Requirement(line) for line in wanted], set[str]()
    while ahead:
        requirement = ahead.pop()
        package = canonicalize_name(requirement.name)
        assert requirement.specifier.contains(versions[package]), requirement
        key = f"{package}{sorted(requirement.extras)}"
        if key not in seen:
            seen.add(key)
            ahead += needs(package, requirement.extras)
    assert len(seen) >= len(wanted)


def needs(package: str, extras: set[str]) -> list[Requirement]:
    """What a package needs on this system; nothing where it is not installed."""
    try:
        lines = distribution(package).requires or []
    except PackageNotFoundError:
        return []
    found = [Requirement(line) for line in lines]
    return [
        one
        for one in found
        if one.marker is None or any(one.marker.evaluate({"extra": own}) for own in {"", *extras})
    ]


@pytest.mark.parametrize("name", SETS)
def test_a_file_begins_with_those_that_it_needs_and_repeats_none(name: str) -> None:
    above = SETS[name][0][:-1]
    text = (ROOT / ".ci" / f"{name}.txt").read_text(encoding="utf-8")
    assert re.findall(r"^-r (\w+)\.txt$", text, re.MULTILINE) == above[-1:]
    assert not pins(name).keys() & {package for other in above for package in pins(other)}


def test_every_file_is_asked_about_for_known_faults() -> None:
    workflow = (ROOT / ".github/workflows/audit.yml").read_text(encoding="utf-8")
    assert re.findall(r"-r \.ci/(\w+)\.txt", workflow) == [*SETS]
