"""Large blocks go back to the system once they are free, however they lie."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.allocator import give_back_large_blocks
from tests.support import ROOT

MB = 1024 * 1024
KEPT = """
from pathlib import Path
from bot.allocator import give_back_large_blocks

def resident():
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(fields["VmRSS"].removesuffix("kB")) * 1024

if {is_set}:
    give_back_large_blocks()
block = bytearray(20 * 2**20)
del block  # from it glibc would learn to keep what is as large
before = resident()
blocks = [bytearray(b"x" * 2**21) for _ in range(40)]
blocks[:-1] = []  # the last one is in the way of the others
print(resident() - before)
"""


def _kept(*, is_set: bool) -> int:
    """Bytes that are left of 80 MB once all of them but 2 MB are free."""
    command = [sys.executable, "-c", KEPT.format(is_set=is_set)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return int(told.stdout)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="not told by this system")
@pytest.mark.skipif(not give_back_large_blocks(), reason="another allocator than glibc's")
def test_what_is_free_goes_back_though_something_behind_it_is_in_use() -> None:
    assert _kept(is_set=True) < 10 * MB
    assert _kept(is_set=False) > 50 * MB  # else there would be nothing to set
