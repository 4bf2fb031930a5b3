"""Uploads: files that are sent once, whose bytes are freed at once."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager

import discord


@contextmanager
def freed(uploads: Iterable[discord.File]) -> Generator[None]:
    """Free the bytes of uploads at the end: requests are in cycles, and would hold them for long.

    Each was made from a buffer in memory.
    """
    try:
        yield
    finally:
        for upload in uploads:
            upload.close()  # gives the buffer its own `close` back, which discord.py had taken
            upload.fp.close()
