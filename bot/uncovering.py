"""Uncovering: what was under a cover put back into its channel, and then the stub taken down."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.asking import now
from bot.cards import Card
from bot.channels import held_in, is_thread, mention_of
from bot.covering import say, split
from bot.errors import FAILED, UserError, permission_names
from bot.posting import FROM, Place, reference_to, take_down
from bot.revealing import GONE, LOST, PIECE, attached, reader_of_stub
from data.sealing import SealError
from data.stubs import COVER, POSTED, UNDOING, Content, File, Stub

if TYPE_CHECKING:
    from bot.client import Bot

NOT_UNDONE = (
    "Discord did not take it, so the cover stays as it was. Try once more; if it happens again, "
    "a moderator should look at my permissions here."
)
IS_REWRITTEN = "Its author has written it anew since, so it stays sealed."
BUSY = "Something else is being done with this one right now. Try again in a minute."
NOT_YOUR_COVER = "Only those who covered it and moderators ({permission}) can undo a cover."
NOT_THERE = (
    "To undo it you would show its words to everybody here, so you need to have watched through "
    "**{label}** of {show} yourself."
)
I_NEED = "I can't put that back: I need {permissions} in this channel. The cover stays as it was."


def check_may_undo(interaction: discord.Interaction[Bot], stub: Stub) -> None:
    """Who covered it has read it; any other moderator must be where it opens. Else `UserError`."""
    is_own = stub.kind == COVER and stub.by_id == interaction.user.id
    if stub.kind != COVER or not (is_own or _moderates(interaction, stub)):
        names = permission_names(["manage_messages"])
        raise UserError(NOT_YOUR_COVER.format(permission=names))
    if stub.is_rewritten:
        raise UserError(IS_REWRITTEN)
    if not is_own and not reader_of_stub(interaction, stub)[1]:
        title, label = interaction.client.library.in_words(stub.show, stub.point)
        raise UserError(say(NOT_THERE, label=label, show=title))


def _moderates(interaction: discord.Interaction[Bot], stub: Stub) -> bool:
    return held_in(interaction, stub.channel_id).manage_messages


def check_bot_may_post(interaction: discord.Interaction[Bot], *, has_files: bool) -> None:
    """The bot may put the words, and files if there are any, back where it is. Else `UserError`."""
    send = "send_messages_in_threads" if is_thread(interaction.channel) else "send_messages"
    needed = ["view_channel", send, *(["attach_files"] if has_files else [])]
    missing = [name for name in needed if not getattr(interaction.app_permissions, name)]
    if missing:
        raise UserError(I_NEED.format(permissions=permission_names(missing)))


async def put_back(bot: Bot, channel: Place, stub: Stub) -> None:
    """Post the words openly, and only then take the stub down. Raises `UserError`: then it stays.

    While it is claimed its author cannot rewrite it, and nobody else undoes it a second time.
    """
    claimed = await bot.stubs.claim(stub.id, POSTED, UNDOING, now=now())
    if claimed is None:
        raise UserError(BUSY)
    try:
        await _post_openly(bot, channel, claimed)
    except BaseException:
        await bot.stubs.claim(stub.id, UNDOING, POSTED, now=now())
        raise
    await take_down(bot, channel, claimed)


async def _post_openly(bot: Bot, channel: Place, stub: Stub) -> None:
    """Post a cover's words and files; of what Discord takes only in part nothing stays."""
    if stub.is_rewritten:
        raise UserError(IS_REWRITTEN)
    content = await _content(bot, stub)
    pieces, sent = split(content.text, PIECE), list[discord.Message]()
    try:
        for number, piece in enumerate(pieces, start=1):
            is_last = number == len(pieces)
            sent.append(await _send(channel, stub, number, piece, content.files if is_last else ()))
    except FAILED:
        for message in sent:
            with contextlib.suppress(*FAILED):
                await message.delete()
        raise UserError(NOT_UNDONE) from None


async def _send(
    channel: Place, stub: Stub, number: int, words: str, files: Sequence[File]
) -> discord.Message:
    parts, uploads = attached(files)
    heading = ui.TextDisplay[Any](say(FROM, who=mention_of(stub.author_id)))
    told = [ui.TextDisplay[Any](words)] if words else []
    card = Card(heading, *told, *parts)
    nonce = f"{stub.id}-{number}"  # a repetition within minutes is the same message
    reference = reference_to(channel, stub)
    if reference is None:
        return await channel.send(view=card, files=uploads, nonce=nonce)
    return await channel.send(view=card, files=uploads, nonce=nonce, reference=reference)


async def _content(bot: Bot, stub: Stub) -> Content:
    """All that is under a cover, files too."""
    found = await bot.stubs.read(stub.id)
    if found is None:
        raise UserError(GONE)
    if found[1] is None:
        raise UserError(LOST)
    try:
        files = await bot.stubs.files(stub.id) if found[1].files else ()
    except SealError:
        raise UserError(LOST) from None
    return replace(found[1], files=files)
