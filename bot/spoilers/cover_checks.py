"""Checks who may cover which message, and reads what is kept under the cover."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.discord_api.history import Place, items
from bot.discord_api.permissions import (
    check_not_timed_out,
    may_see,
    member_permissions_in,
    missing_to_post,
)
from bot.rooms.moderators import is_trusted
from bot.spoilers.uncover import words_put_back
from bot.ui.errors import FAILED, UserError, permission_names
from bot.ui.text import Markup, say
from data.spoilers.store import StubFile

if TYPE_CHECKING:
    from bot.context import Bot


CANNOT_COVER_HERE = "I can cover messages only in the channels of a server that I am on."
MAY_NOT_COVER = (
    "You can cover what you wrote yourself. To cover for others you need {permission} "
    "here, or the moderators' trust. They give it with `/room helpers`."
)
WRITTEN_BY_MODERATOR = "That was written by a moderator, so only another moderator can cover it."
AUTHOR_UNKNOWN = (
    "Discord does not say just now who wrote that, so I left it as it is. Try once more."
)
BOT_MAY_NOT_COVER = "I can't cover that: I need {permissions} in {channel}. It stands as it was."
WRITTEN_BY_THIS_BOT = "That is my own message, and nothing of it needs a cover."
WRITTEN_BY_DISCORD = "Discord wrote that one, not a person, so there is nothing to cover."
WRITTEN_BY_BOT = "A bot wrote that one. I only cover what people wrote; a moderator can delete it."
HAS_POLL = "I can't keep a poll under a cover, so I left it as it is. A moderator can delete it."
HAS_STICKERS = (
    "I can't keep stickers under a cover, so I left it as it is. A moderator can delete it."
)
IS_VOICE = "I can't keep a voice message under a cover, so I left it. A moderator can delete it."
IS_FORWARDED = "That was forwarded from elsewhere, which I can't keep under a cover, so I left it."
IS_EMPTY_MESSAGE = "There is nothing in that message that I could keep, so I left it as it is."
TOO_MANY_FILES = "I can keep {most} files under a cover, and there are {count}, so I left it."
FILES_TOO_LARGE = (
    "I can keep files of {most} MB together under a cover, and these are {size} MB, so I left it."
)
FILES_NOT_READ = "I could not fetch what is attached to it, so I left it as it is. Try once more."
PUT_BACK_FILES = (
    "I can't put those files back under a cover. *Delete*, on the message, takes it away."
)

MIB = 1024 * 1024
MOST_BYTES = 8 * MIB  # of all attachments together
MOST_FILES = 10  # what one of Discord's messages can hold
FILE_EXTENSION = re.compile(r"\.[a-z0-9]{1,5}")
COVERABLE_TYPES = {discord.MessageType.default, discord.MessageType.reply}


@dataclass(frozen=True, slots=True)
class CoverTarget:
    """A message to cover; `by_id` is the member who covers it, or the bot for several reports.

    Its files are not read yet, as they need memory: see `read_files`.
    """

    message_id: int
    author_id: int
    text: str
    files: tuple[discord.Attachment, ...]
    reply_to: int | None
    by_id: int
    edited_at: int | None = None  # UTC epoch seconds


def check_may_ask_to_cover(
    interaction: discord.Interaction[Bot], channel: Place, author_id: int
) -> None:
    """Raises `UserError` unless the member may cover an ordinary member's message there.

    `check_may_cover` also checks the author, which needs a request to Discord.
    """
    check_not_timed_out(interaction)
    if member_permissions_in(interaction, channel.id).manage_messages:
        return
    is_seen = channel.id == interaction.channel_id or may_see(interaction, channel.id)
    is_own = interaction.user.id == author_id
    if not is_seen or not (is_own or is_trusted(interaction.client, interaction.user)):
        raise UserError(MAY_NOT_COVER.format(permission=permission_names(["manage_messages"])))


async def check_may_cover(
    interaction: discord.Interaction[Bot], channel: Place, author_id: int
) -> None:
    """Raises `UserError` unless the member may cover this author's message in the channel.

    The author may, members with Manage Messages, and trusted helpers if no moderator wrote it.
    """
    check_may_ask_to_cover(interaction, channel, author_id)
    is_own = interaction.user.id == author_id
    if is_own or member_permissions_in(interaction, channel.id).manage_messages:
        return
    if await moderates(channel, author_id):
        raise UserError(WRITTEN_BY_MODERATOR)


async def moderates(channel: Place, user_id: int) -> bool:
    """Whether a user has Manage Messages in a channel; False for one who left the server.

    Raises `UserError` if Discord does not answer.
    """
    try:
        member = await channel.guild.fetch_member(user_id)
    except discord.NotFound:
        return False
    except FAILED:
        raise UserError(AUTHOR_UNKNOWN) from None
    return channel.permissions_for(member).manage_messages


def check_bot_may_cover(interaction: discord.Interaction[Bot], channel: Place) -> None:
    """Raises `UserError` unless the bot may post in the channel and delete messages there."""
    is_here = channel.id == interaction.channel_id
    rights = interaction.app_permissions if is_here else channel.permissions_for(channel.guild.me)
    if missing := missing_to_post(channel, rights, "manage_messages"):
        named = {"permissions": permission_names(missing), "channel": Markup(channel.mention)}
        raise UserError(say(BOT_MAY_NOT_COVER, **named))


def check_coverable(interaction: discord.Interaction[Bot], message: discord.Message) -> None:
    """Raises `UserError` unless a cover can keep the whole message, so that nothing is lost."""
    if is_by_bot(interaction, message):
        _check_put_back(message)
        return
    refusals: tuple[tuple[object, str], ...] = (
        (message.webhook_id or message.author.bot, WRITTEN_BY_BOT),
        (message.type not in COVERABLE_TYPES, WRITTEN_BY_DISCORD),
        (message.poll, HAS_POLL),
        (message.stickers, HAS_STICKERS),
        (message.flags.voice, IS_VOICE),
        (message.message_snapshots or message.flags.forwarded, IS_FORWARDED),
        (not message.content and not message.attachments, IS_EMPTY_MESSAGE),
    )
    for is_so, sentence in refusals:
        if is_so:
            raise UserError(sentence)
    _check_files(message.attachments)


def is_by_bot(interaction: discord.Interaction[Bot], message: discord.Message) -> bool:
    """Whether this bot sent the message."""
    return message.author.id == interaction.client.own_id


def original_author(interaction: discord.Interaction[Bot], message: discord.Message) -> int:
    """The id of the author of a message's words, also if the bot put them back."""
    found = words_put_back(message) if is_by_bot(interaction, message) else None
    return found[0] if found else message.author.id


def _check_put_back(message: discord.Message) -> None:
    """Raises `UserError` for a message of the bot, unless it is words that it put back."""
    if words_put_back(message) is None:
        raise UserError(WRITTEN_BY_THIS_BOT)
    if any(isinstance(item, (ui.File, ui.MediaGallery)) for item in items(message)):
        raise UserError(PUT_BACK_FILES)


def _check_files(attachments: Sequence[discord.Attachment]) -> None:
    if len(attachments) > MOST_FILES:
        raise UserError(TOO_MANY_FILES.format(most=MOST_FILES, count=len(attachments)))
    size = size_of(attachments)
    if size > MOST_BYTES:
        # Rounded up, so that a file that is one byte too large does not show the allowed size.
        tenths = -(-size * 10 // MIB)
        raise UserError(FILES_TOO_LARGE.format(most=MOST_BYTES // MIB, size=f"{tenths / 10:.1f}"))


def target_of(
    interaction: discord.Interaction[Bot], message: discord.Message, by_id: int
) -> CoverTarget:
    """A message as something to cover. Raises `UserError` if a cover cannot keep all of it."""
    check_coverable(interaction, message)
    author_id, text = (is_by_bot(interaction, message) and words_put_back(message)) or (
        message.author.id,
        message.content,
    )
    return CoverTarget(
        message_id=message.id,
        author_id=author_id,
        text=text,
        files=tuple(message.attachments),
        reply_to=answered_message_id(message),
        by_id=by_id,
        edited_at=edited_at(message),
    )


def edited_at(message: discord.Message) -> int | None:
    """When a message was last edited, in UTC epoch seconds; None if never."""
    return int(message.edited_at.timestamp()) if message.edited_at else None


def answered_message_id(message: discord.Message) -> int | None:
    """The id of the message in the same channel that this one replies to, or None."""
    answered = message.reference
    is_here = answered is not None and answered.channel_id == message.channel.id
    return answered.message_id if answered and is_here else None


def size_of(files: Sequence[discord.Attachment]) -> int:
    """How many bytes the files have together."""
    return sum(file.size for file in files)


async def read_files(files: Sequence[discord.Attachment]) -> tuple[StubFile, ...]:
    """Reads files; the caller has a share of memory for them. Raises `UserError` if that fails."""
    try:
        return tuple([await _read(at, file) for at, file in enumerate(files, start=1)])
    except FAILED:
        raise UserError(FILES_NOT_READ) from None


async def _read(position: int, attachment: discord.Attachment) -> StubFile:
    """Reads a file and gives it a neutral name: the original name may be a spoiler."""
    _, dot, ending = attachment.filename.lower().rpartition(".")
    extension = f"{dot}{ending}" if FILE_EXTENSION.fullmatch(f"{dot}{ending}") else ""
    return StubFile(
        name=f"spoiler-{position}{extension}",
        type=attachment.content_type,
        description=attachment.description,
        is_spoiler=attachment.is_spoiler(),
        content=await attachment.read(),
    )
