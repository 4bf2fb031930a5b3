"""Splits what pip-compile says into the files of pins that the Makefile installs from."""

# ruff: noqa: INP001, T201  # a script that says what it wrote
# To renew the pins, with Python 3.13 or newer in an environment of its own:
#   pip install -e .[dev] colorama pip-tools
#   make test's tools run green there
#   pip freeze --all --exclude-editable | grep -v -e '^pip' | pip-compile --generate-hashes \
#     --allow-unsafe --no-header --no-annotate --no-emit-options -o hashed.txt -
#   python .ci/pins.py hashed.txt

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
# Each file begins with another one; pip checks every hash, and that nothing is missing.
FILES = {"bot": "", "demo": "bot", "dev": "demo"}
HEADING = """\
# Written by .ci/pins.py: what the bot is tested with, down to the last package, with the hashes of
# all its files. One set for all Pythons from 3.11 on and all systems.
"""
# The environments that need packages more, by the marker that says so.
FLOOR = {"python_version": "3.11", "python_full_version": "3.11.0", "sys_platform": "linux"}
MARKERS = {
    "": FLOOR,
    'python_version >= "3.13"': FLOOR | {"python_version": "3.13", "python_full_version": "3.13.0"},
    'sys_platform == "win32"': FLOOR | {"sys_platform": "win32", "platform_system": "Windows"},
}


def main(hashed: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    pins = {
        canonicalize_name(pin.split("==")[0]): pin.strip()
        for pin in re.split(r"\n(?=\w)", hashed.read_text(encoding="utf-8"))
        if "==" in pin
    }
    wanted = {
        "bot": project["project"]["dependencies"] + project["build-system"]["requires"],
        "demo": extras["demo"],
        "dev": extras["dev"],
    }
    written = set[str]()
    for name, base in FILES.items():
        needed = dict[str, str]()
        for marker, environment in MARKERS.items():
            for package in sorted(closure(wanted[name], environment)):
                needed.setdefault(package, marker)
        lines = [
            with_marker(pins[one], needed[one]) for one in sorted(needed) if one not in written
        ]
        above = f"-r {base}.txt\n" if base else ""
        path = ROOT / ".ci" / f"{name}.txt"
        path.write_text(HEADING + above + "\n".join(lines) + "\n", encoding="utf-8")
        written |= set(needed)
        print(path.name, len(lines))
    if left := sorted(set(pins) - written):
        print("not needed:", *left)


def closure(lines: list[str], environment: dict[str, str]) -> set[str]:
    """The names of all packages that these need in an environment."""
    found = set[tuple[str, str]]()
    ahead = [(Requirement(line), "") for line in lines]
    while ahead:
        requirement, extra = ahead.pop()
        marker = requirement.marker
        if marker is not None and not marker.evaluate(environment | {"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        for own in ("", *requirement.extras):
            if (name, own) not in found:
                found.add((name, own))
                ahead += [(Requirement(line), own) for line in requires(name)]
    return {name for name, _ in found}


def requires(name: str) -> list[str]:
    try:
        return distribution(name).requires or []
    except PackageNotFoundError:  # not for this system
        return []


def with_marker(pin: str, marker: str) -> str:
    version, rest = pin.split(" ", maxsplit=1)
    return f"{version} ; {marker} {rest}" if marker else pin


main(Path(sys.argv[1]))
