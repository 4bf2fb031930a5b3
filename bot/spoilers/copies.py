"""What Discord copied of a message and its cover does not reach: whoever covers it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.clock import now
from bot.discord_api.history import Place
from bot.spoilers.cover_checks import CANNOT_COVER_HERE, check_may_cover
from bot.spoilers.reveal import STUB_GONE, find_stub
from bot.ui.buttons import StatelessButton
from bot.ui.cards import Card, answer, notice
from bot.ui.errors import FAILED, UserError, permission_names
from bot.ui.mentions import mention
from bot.ui.responses import defer
from bot.ui.text import say
from data.spoilers.store import COVER, Stub

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.context import Bot

THREAD_LEFT = "A thread was started from it. Its name may still repeat the words: {thread}"
THREAD_NOT_MINE = "A moderator can rename it. I can't, without {permission} here."
PUBLISHED = (
    "It was published, so channels elsewhere that follow this one may still show a copy. "
    "I can't reach those."
)
FORWARDED = (
    "It stood here for a while. If somebody forwarded it, that copy stays, and I can't see where."
)
RENAME_LABEL, THREAD_NAME = "Rename the thread", "Covered as spoiler"
THREAD_RENAMED = "Renamed: {thread}"
THREAD_GONE = "That thread is gone already."
NOT_RENAMED = "Discord did not let me rename it. Try once more, or ask a moderator to."
LONG_THERE = 10 * 60  # seconds after which a message may well have been forwarded


def covered_card(
    interaction: discord.Interaction[Bot], stub: Stub, message: discord.Message, body: str
) -> Card:
    """`body`, and below it what outlives the cover of that message, with what can be done."""
    lines = "\n".join([body, *_copies(interaction, message)])
    is_offered = _has_thread(message) and _may_rename(interaction)
    return notice(
        lines, rows=[[RenameThread(str(stub.id), label=RENAME_LABEL)]] if is_offered else ()
    )


def _copies(interaction: discord.Interaction[Bot], message: discord.Message) -> Iterator[str]:
    if _has_thread(message):
        yield say(THREAD_LEFT, thread=mention(message.id))
        if not _may_rename(interaction):
            yield say(THREAD_NOT_MINE, permission=permission_names(["manage_threads"]))
    if message.flags.crossposted:
        yield PUBLISHED
    if now() - message.created_at.timestamp() >= LONG_THERE:
        yield FORWARDED


def _has_thread(message: discord.Message) -> bool:
    """Whether a thread was begun from it, which has its id; an archived one is in no cache."""
    return message.flags.has_thread or message.thread is not None


def _may_rename(interaction: discord.Interaction[Bot]) -> bool:
    return interaction.app_permissions.manage_threads


class RenameThread(StatelessButton, code="cf"):
    """Give the thread begun from a covered message a name that says nothing of it."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (part,) = self.parts
        stub, _ = await find_stub(interaction, part)
        channel = interaction.channel
        if stub.kind != COVER or stub.source_id is None:
            raise UserError(STUB_GONE)
        if not isinstance(channel, Place):
            raise UserError(CANNOT_COVER_HERE)
        await defer(interaction)
        await check_may_cover(interaction, channel, stub.author_id)
        if not _may_rename(interaction):
            raise UserError(THREAD_NOT_MINE.format(permission=permission_names(["manage_threads"])))
        await _rename(interaction.client, channel, stub.source_id)
        await answer(interaction, notice(say(THREAD_RENAMED, thread=mention(stub.source_id))))


async def _rename(bot: Bot, channel: Place, id: int) -> None:
    """Renames a thread of that channel. Raises `UserError` if it is gone or Discord refuses."""
    try:
        thread = await bot.fetch_channel(id)
        if not isinstance(thread, discord.Thread) or thread.parent_id != channel.id:
            raise UserError(THREAD_GONE)
        was_archived = thread.archived  # nothing else of an archived one can be changed
        await thread.edit(name=THREAD_NAME, archived=False)
        if was_archived:
            await thread.edit(archived=True)
    except discord.NotFound:
        raise UserError(THREAD_GONE) from None
    except FAILED:
        raise UserError(NOT_RENAMED) from None
