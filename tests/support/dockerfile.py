"""A Dockerfile as its steps, and a folder in which they are run without a container."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

# Stands in for what an image has: it notes how it was called, and does what takes no network.
STAND_IN = """\
#!{python}
import json, os, re, sys, zipfile
from pathlib import Path
name, said = Path(sys.argv[0]).name, sys.argv[1:]
with open({log!r}, "a") as log:
    log.write(json.dumps([name, *said]) + "\\n")
if name == "install":
    Path(said[-1]).mkdir(parents=True)
elif said[:2] == ["-m", "venv"]:
    place = Path(said[2], "bin")
    place.mkdir(parents=True)
    (place / "python").symlink_to(sys.argv[0])
elif said[:3] == ["-m", "pip", "install"] and "-r" in said:
    pins = Path(said[said.index("-r") + 1]).read_text().replace("\\\\\\n", "")
    assert "--require-hashes" in said and re.search("--hash=sha256:", pins)
elif said[:3] == ["-m", "pip", "install"]:
    from setuptools import build_meta
    assert said[-1] == "." and "--no-deps" in said and "--no-build-isolation" in said
    made = Path(build_meta.build_wheel(os.curdir))
    zipfile.ZipFile(made).extractall(Path(sys.argv[0]).parent.parent / "lib")
"""
STANDING_IN = ("python", "apt-get", "groupadd", "useradd", "install")


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction, its lines joined; `stage` counts the images from 0."""

    stage: int
    word: str
    rest: str


def steps(text: str) -> Iterator[Step]:
    stage, kept = -1, ""
    for line in text.splitlines():
        if line.lstrip().startswith("#") or not line.strip():
            continue
        if line.endswith("\\"):
            kept += line[:-1]
            continue
        word, _, rest = (kept + line).strip().partition(" ")
        kept = ""
        stage += word == "FROM"
        yield Step(stage, word, " ".join(rest.split()))


def is_sent(path: str, rules: str) -> bool:
    """Whether a `.dockerignore` lets a file go into the build; the last rule that fits decides."""
    sent = True
    for rule in filter(None, (line.partition("#")[0].strip() for line in rules.splitlines())):
        pattern = rule.removeprefix("!")
        parents = [path, *(str(one) for one in Path(path).parents)]
        ends = [Path(one).name for one in parents]
        fits = any(fnmatch(one, pattern) for one in parents)
        if pattern.startswith("**/"):
            fits = any(fnmatch(one, pattern.removeprefix("**/")) for one in ends)
        if fits:
            sent = rule.startswith("!")
    return sent


class Room:
    """A clean folder that stands for the root of the images; both share it."""

    def __init__(self, folder: Path, context: Path) -> None:
        self.root, self._context, self._cwd = folder / "root", context, folder / "root"
        self.log = folder / "calls"
        self._tools = folder / "tools"
        for place in (self.root, self._tools):
            place.mkdir()
        for name in STANDING_IN:
            tool = self._tools / name
            tool.write_text(STAND_IN.format(python=sys.executable, log=str(self.log)))
            tool.chmod(0o755)

    def place(self, path: str) -> Path:
        return self.root / path.lstrip("/") if path.startswith("/") else self._cwd / path

    def do(self, step: Step) -> None:
        """Raises where a step asks for what is not there, or fails."""
        if step.word == "WORKDIR":
            self._cwd = self.place(step.rest)
            self._cwd.mkdir(parents=True, exist_ok=True)
        elif step.word == "COPY" and not step.rest.startswith("--from"):
            *sources, to = step.rest.split()
            for source in sources:
                self._copy(self._context / source, self.place(to))
        elif step.word == "RUN":
            command = step.rest
            for place in ("/opt/bot", "/data", "/var/lib/apt"):
                command = command.replace(place, f"{self.root}{place}")
            path = f"{self._tools}{os.pathsep}{os.defpath}"
            subprocess.run(["sh", "-euc", command], cwd=self._cwd, env={"PATH": path}, check=True)

    def _copy(self, source: Path, to: Path) -> None:
        if source.is_dir():
            shutil.copytree(source, to)
        else:
            shutil.copy(source, to)


def context_of(root: Path, paths: list[str], folder: Path) -> Path:
    """A folder with the files of the repository that a build is sent."""
    rules = (root / ".dockerignore").read_text("utf-8")
    for path in paths:
        if is_sent(path, rules):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / path, folder / path)
    return folder
