"""Uploads: files that are sent once, whose bytes are freed at once."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager

import discord


@contextmanager
def freed(uploads: Iterable[discord.File]) -> Generator[None]:
    """Free the bytes of uploads at the end, each of which was made from a buffer in memory.

    discord.py leaves a sent buffer in a cycle with itself, which the garbage collector would free
    after many objects, and not after many bytes.
    """
    try:
        yield
    finally:
        for upload in uploads:
            upload.close()  # gives the buffer its own `close` back, which discord.py had taken
            upload.fp.close()
