"""One kind of announcement, and the requests that post, edit and publish its messages."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import discord
from discord import ui

from bot.ui.uploads import freed
from data.outbox import Announcement

ALREADY_PUBLISHED = 40033
PICTURE = "picture.png"
SHOWN_AS = f"attachment://{PICTURE}"  # the address by which a view shows the picture sent with it


@dataclass(frozen=True, slots=True)
class MessagePayload:
    """What is sent: a card; in channels that others follow, text with a plain view.

    A button in it has the announcement's nonce as a part of its custom_id, so that the message can
    be found again.
    """

    view: ui.LayoutView | ui.View
    content: str | None = None
    pings: int | None = None  # the id of a role
    picture: bytes | None = None  # a PNG that the view shows by `SHOWN_AS`


class Topic(ABC):
    """One kind of announcement: how it looks, and what becomes of those that failed."""

    @abstractmethod
    async def payload(self, row: Announcement) -> MessagePayload | None:
        """What is to be posted now; None if there is nothing to announce any more."""

    @abstractmethod
    async def failed(self, row: Announcement, reason: str, *, role_id: int | None = None) -> None:
        """Called when a row was not posted, perhaps not posted, or posted otherwise than wanted."""

    def in_use(self) -> Collection[str]:
        """What is not over, named by the part of its subjects before the first slash.

        The outbox keeps these rows, however old they are.
        """
        return ()


def in_use(topics: Mapping[str, Topic]) -> dict[str, Collection[str]]:
    """What is not over, by topic; a topic whose feature is not loaded has no entry."""
    return {name: topic.in_use() for name, topic in topics.items()}


async def post(
    channel: discord.PartialMessageable,
    payload: MessagePayload,
    nonce: str,
    mentions: discord.AllowedMentions,
) -> discord.Message:
    if isinstance(payload.view, ui.LayoutView) and payload.picture is not None:
        file = _file(payload.picture)
        with freed([file]):
            return await channel.send(
                view=payload.view, file=file, nonce=nonce, allowed_mentions=mentions
            )
    if isinstance(payload.view, ui.LayoutView):
        return await channel.send(view=payload.view, nonce=nonce, allowed_mentions=mentions)
    return await channel.send(
        payload.content,
        view=payload.view,
        nonce=nonce,
        allowed_mentions=mentions,
        suppress_embeds=True,
    )


async def edit(message: discord.PartialMessage, payload: MessagePayload) -> None:
    """Edit without pinging anybody; a picture replaces the one that is there."""
    nobody = discord.AllowedMentions.none()
    if isinstance(payload.view, ui.LayoutView):
        picture = payload.picture
        files = [] if picture is None else [_file(picture)]
        with freed(files):
            attached: Any = files or discord.utils.MISSING
            await message.edit(view=payload.view, attachments=attached, allowed_mentions=nobody)
    else:
        await message.edit(content=payload.content, view=payload.view, allowed_mentions=nobody)


def _file(picture: bytes) -> discord.File:
    """A new file for each request, as a file can be read only once."""
    return discord.File(BytesIO(picture), PICTURE)


async def publish(message: discord.PartialMessage) -> None:
    try:
        await message.publish()
    except discord.HTTPException as error:
        if error.code != ALREADY_PUBLISHED:
            raise
