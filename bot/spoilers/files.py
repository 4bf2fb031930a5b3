"""The files of a stub: opened only while there is memory for them, and the parts that show them."""

from __future__ import annotations

import io
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.ui.errors import UserError
from data.spoilers.store import Stub, StubFile
from data.storage.encryption import DecryptionError

if TYPE_CHECKING:
    from bot.context import Bot

STUB_KEY_LOST = (
    "I can't open this one any more: the key it was sealed with is gone. "
    "Only its author can say it again."
)
MEDIA_TYPES = ("image/", "video/")


@asynccontextmanager
async def files_of(bot: Bot, stub: Stub) -> AsyncGenerator[tuple[StubFile, ...]]:
    """The files of a stub, as soon as there is memory for them, and until the block ends.

    It may wait, so the caller has answered or deferred. Raises `UserError` if the key is gone.
    """
    size = await bot.stubs.size_of_files(stub.id)
    async with bot.file_memory.share(size):
        try:
            files = await bot.stubs.files(stub.id)
        except DecryptionError:
            raise UserError(STUB_KEY_LOST) from None
        yield files


def file_parts(files: Sequence[StubFile]) -> tuple[list[ui.Item[Any]], list[discord.File]]:
    """The parts of a card for stored files, and the files to send with it."""
    sent = [discord.File(io.BytesIO(file.content), file.name) for file in files]
    parts = list[ui.Item[Any]]()
    for file, upload in zip(files, sent, strict=True):
        if (file.type or "").startswith(MEDIA_TYPES):
            item = discord.MediaGalleryItem(
                upload.uri, description=file.description, spoiler=file.is_spoiler
            )
            parts.append(ui.MediaGallery(item))
        else:
            parts.append(ui.File(upload.uri, spoiler=file.is_spoiler))
    return parts, sent
