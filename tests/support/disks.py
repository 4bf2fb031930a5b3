"""Disks that are full, folders that may not be written, and what files hold before and after."""

from __future__ import annotations

import os
import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65_534


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let no file grow beyond `size` bytes: what is written meanwhile finds the disk full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def unprivileged() -> Iterator[Path]:
    """A folder of our own, and no superuser's right to write what may not be written."""
    with tempfile.TemporaryDirectory() as name:
        is_superuser = os.geteuid() == 0
        if is_superuser:
            os.chown(name, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        try:
            yield Path(name).resolve()
        finally:
            if is_superuser:
                os.seteuid(0)


def contents(folder: Path) -> dict[str, bytes]:
    """What every file holds, but for those that only say who is using the others."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and not file.name.endswith((".lock", "-shm"))
    }
