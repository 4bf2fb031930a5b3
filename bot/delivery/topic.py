"""Topics: what the outbox can announce, how it looks, and how it is sent, edited and published."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from io import BytesIO

import discord
from discord import ui

from data.outbox import Announcement

ALREADY_PUBLISHED = 40033
PICTURE = "picture.png"
SHOWN_AS = f"attachment://{PICTURE}"  # what a view that is sent with a picture shows it by


@dataclass(frozen=True, slots=True)
class Telling:
    """What is sent: a card, or for channels that others follow words and a plain view.

    A button in it has the announcement's nonce as a part of its custom_id: that is how it is found.
    """

    view: ui.LayoutView | ui.View
    content: str | None = None
    pings: int | None = None  # the id of a role
    picture: bytes | None = None  # a PNG that the view shows by `SHOWN_AS`


class Topic(ABC):
    """One kind of announcement: how it looks, and what becomes of those that failed."""

    @abstractmethod
    async def telling(self, row: Announcement) -> Telling | None:
        """How it looks now; None: there is nothing to tell any more."""

    @abstractmethod
    async def failed(self, row: Announcement, reason: str, *, role_id: int | None = None) -> None:
        """It was not told, or nobody knows, as the row says by now; or not as it should be."""

    def in_use(self) -> Collection[str]:
        """What of the topic is not over, as the part of its subjects before the first slash.

        The outbox keeps these rows, however old they are.
        """
        return ()


def in_use(topics: Mapping[str, Topic]) -> dict[str, Collection[str]]:
    """What is not over, by topic; a topic whose feature is not loaded has no entry."""
    return {name: topic.in_use() for name, topic in topics.items()}


async def post(
    channel: discord.PartialMessageable,
    telling: Telling,
    nonce: str,
    mentions: discord.AllowedMentions,
) -> discord.Message:
    if isinstance(telling.view, ui.LayoutView) and telling.picture is not None:
        file = _file(telling.picture)
        return await channel.send(
            view=telling.view, file=file, nonce=nonce, allowed_mentions=mentions
        )
    if isinstance(telling.view, ui.LayoutView):
        return await channel.send(view=telling.view, nonce=nonce, allowed_mentions=mentions)
    return await channel.send(
        telling.content,
        view=telling.view,
        nonce=nonce,
        allowed_mentions=mentions,
        suppress_embeds=True,
    )


async def edit(message: discord.PartialMessage, telling: Telling) -> None:
    """Nobody is pinged by an edit; a picture is sent again, in the place of the one there."""
    nobody = discord.AllowedMentions.none()
    if isinstance(telling.view, ui.LayoutView):
        picture = telling.picture
        files = discord.utils.MISSING if picture is None else [_file(picture)]
        await message.edit(view=telling.view, attachments=files, allowed_mentions=nobody)
    else:
        await message.edit(content=telling.content, view=telling.view, allowed_mentions=nobody)


def _file(picture: bytes) -> discord.File:
    """New for each request: it is read once."""
    return discord.File(BytesIO(picture), PICTURE)


async def publish(message: discord.PartialMessage) -> None:
    try:
        await message.publish()
    except discord.HTTPException as error:
        if error.code != ALREADY_PUBLISHED:
            raise
