"""The files of a stub: opened only while there is memory for them, and the parts that show them."""

from __future__ import annotations

import io
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.ui.errors import UserError
from bot.ui.uploads import freed
from data.spoilers.store import Stub, StubFile
from data.storage.encryption import DecryptionError

if TYPE_CHECKING:
    from bot.context import Bot

STUB_KEY_LOST = (
    "I can't open this one any more: the key it was sealed with is gone. "
    "Only its author can say it again."
)
MEDIA_TYPES = ("image/", "video/")


@dataclass(frozen=True, slots=True)
class Attached:
    """Opened files as they are sent: the parts of a card that show them, and what is uploaded."""

    parts: Sequence[ui.Item[Any]] = ()
    uploads: Sequence[discord.File] = ()


@asynccontextmanager
async def attached_to(bot: Bot, stub: Stub) -> AsyncGenerator[Attached]:
    """The files of a stub, as soon as there is memory for them, and until the block ends.

    It may wait, so the caller has answered or deferred. Raises `UserError` if the key is gone.
    """
    size = await bot.stubs.size_of_files(stub.id)
    async with bot.file_memory.share(size):
        attached = await _opened(bot, stub)
        with freed(attached.uploads):
            yield attached


async def _opened(bot: Bot, stub: Stub) -> Attached:
    try:
        files = await bot.stubs.files(stub.id)
    except DecryptionError:
        raise UserError(STUB_KEY_LOST) from None
    uploads = [discord.File(io.BytesIO(file.content), file.name) for file in files]
    return Attached(list(map(_part, files, uploads)), uploads)


def _part(file: StubFile, upload: discord.File) -> ui.Item[Any]:
    if not (file.type or "").startswith(MEDIA_TYPES):
        return ui.File(upload.uri, spoiler=file.is_spoiler)
    item = discord.MediaGalleryItem(
        upload.uri, description=file.description, spoiler=file.is_spoiler
    )
    return ui.MediaGallery(item)
