"""The command line, run in a folder of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.support import ROOT

SHIPPED = ROOT / "data" / "shows"
SETTINGS = {
    line.split("=")[0]
    for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    if "=" in line and not line.startswith("#")
}
SPACED = "MTIzNDU2.not a token: it has spaces"


@dataclass
class Done:
    """What a command left behind: its exit code and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


Command = Callable[..., Done]


def program(
    folder: Path, *arguments: str, stdout: int = subprocess.PIPE, **settings: str
) -> subprocess.CompletedProcess[str]:
    """A Python of its own in `folder`, with no settings but these."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), **settings},
        stdout=stdout,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
