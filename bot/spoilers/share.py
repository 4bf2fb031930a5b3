"""Shares an answer with everybody in the channel, sealed if it goes past the room's scope."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui
from discord.ext import commands

from bot.clock import exactly_now
from bot.discord_api.permissions import check_may_post
from bot.extensions import Answer, Cooldowns, Lookup
from bot.lookups.answer import (
    NO_PREVIEW,
    LookupButton,
    imported_line,
    lookup_of,
    page_number,
    page_of,
)
from bot.options.parse import reader_of
from bot.readers.audience import Reader, Room
from bot.spoilers.posts import Place, post_new
from bot.ui import cards
from bot.ui.buttons import StatelessButton
from bot.ui.cards import answer, notice
from bot.ui.errors import NothingToShow, UserError
from bot.ui.responses import defer
from bot.ui.text import say
from data.spoilers.store import SHARE, Content, HourlyLimitError, Stub
from data.story.story_so_far import StorySoFar

if TYPE_CHECKING:
    from bot.context import Bot


SHARE_LABEL = "Share here"
SHARED_HERE = "Shared, as far as this room has watched."
SHARED_BEHIND = (
    "Shared as far as you have watched. This room goes further, so people may guess where you are."
)
SHARED_SEALED = (
    "That goes further than this room, so I sealed it through **{label}**. It opens for "
    "whoever has watched that far."
)
SHARE_TAKEN_DOWN = "This room, or your progress, went back while I was sharing, so I took it down."
SHARE_TOO_FAST = "One at a time: you can share here again in {seconds} seconds."
TOO_MANY_SHARES = "That is a lot for one hour. Try again in {minutes} minutes."
SHARE_PAUSE = 10.0  # seconds
SHARE_COOLDOWNS = "share"  # the key of these cooldowns
SHARED_WHAT = "**{show}** · {kind}"
SHARED_BY = "shared by {who}"
CANNOT_SHARE = "I can't share that: {who} {permissions} in this channel."


class ShareHere(StatelessButton, code="s"):
    """Share the answer with everybody in the channel, as far as the room has watched."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        check_may_post(interaction, CANNOT_SHARE)
        _check_cooldown(interaction)
        await defer(interaction)
        # Raises for a subject that the member may not see, so that it is never sealed for the room.
        code, slug, page, *parts = self.parts
        reader, lookup = reader_of(interaction, slug), lookup_of(interaction, code)
        lookup.sheets.of(reader.story, tuple(parts))
        # Nothing is awaited from here to the sending, as the scope could be lowered meanwhile.
        room = interaction.client.audience.room(interaction, slug)
        try:
            sheet = lookup.sheets.of(room.story, tuple(parts))
        except NothingToShow:
            await _cipher(interaction, reader, room, lookup, (page, *parts))
            return
        body, _, _ = page_of(sheet, page_number(page), for_room=True)
        body += imported_line(room.story.show)
        by = SHARED_BY.format(who=interaction.user.mention)
        what = say(SHARED_WHAT, show=room.story.show.title, kind=sheet.kind)
        await _send(interaction, room, cards.public(body, what=what, label=room.label, by=by))


async def _send(interaction: discord.Interaction[Bot], room: Room, card: cards.Card) -> None:
    channel = interaction.channel
    assert isinstance(channel, discord.abc.Messageable)  # noqa: S101  # what a button sits in
    sent = await channel.send(view=card)
    after = interaction.client.audience.room(interaction, room.story.show.slug)
    if after.story.is_new(room.story.horizon, after.story.horizon):
        await sent.delete()
        raise UserError(SHARE_TAKEN_DOWN)
    is_behind = room.story.is_new(room.scope, room.story.horizon)
    await answer(interaction, notice(SHARED_BEHIND if is_behind else SHARED_HERE))


async def _cipher(
    interaction: discord.Interaction[Bot],
    reader: Reader,
    room: Room,
    lookup: Lookup,
    parts: tuple[str, ...],
) -> None:
    """Posts a stub that opens at the point where viewers first learn of the subject.

    Raises `UserError` if the member has shared too much in the last hour.
    """
    channel, bot = interaction.channel, interaction.client
    assert isinstance(channel, Place)  # noqa: S101  # what a button sits in
    page, *subject = parts

    def finds(story: StorySoFar) -> bool:
        try:
            lookup.sheets.of(story, tuple(subject))
        except NothingToShow:
            return False
        return True

    first = bot.audience.opening(reader, room.story.horizon, finds)
    body, _, _ = page_of(lookup.sheets.of(first, tuple(subject)), page_number(page), for_room=True)
    user_id, slug = interaction.user.id, reader.show.slug
    again = (LookupButton.code, lookup.code, NO_PREVIEW, slug, page, *subject)
    stub = Stub(channel.guild.id, channel.id, SHARE, user_id, user_id, slug, first.horizon)
    try:
        await post_new(bot, channel, stub, Content(body, lookup=again))
    except HourlyLimitError as error:
        raise UserError(TOO_MANY_SHARES.format(minutes=error.minutes)) from None
    label = reader.story.order.label(first.horizon)
    await answer(interaction, notice(SHARED_SEALED.format(label=label)))


def share_offer(answered: Answer) -> Sequence[ui.Item[Any]]:
    """The button that shares an answer, on servers where the bot can post."""
    # A user-installed bot answers on servers that it is not a member of, but cannot post there.
    if answered.interaction.client.get_guild(answered.interaction.guild_id or 0) is None:
        return ()
    slug, page = answered.reader.show.slug, str(answered.page)
    return (ShareHere(answered.lookup.code, slug, page, *answered.parts, label=SHARE_LABEL),)


def share_cooldowns() -> Cooldowns:
    """How often a member may share in a channel."""
    return commands.DynamicCooldownMapping(
        _pause, lambda interaction: (interaction.user.id, interaction.channel_id)
    )


def _check_cooldown(interaction: discord.Interaction[Bot]) -> None:
    """Raises `UserError` for a member who shares too fast, or faster than the room's slow mode."""
    cooldowns = interaction.client.registry.cooldowns[SHARE_COOLDOWNS]
    wait = cooldowns.update_rate_limit(interaction, exactly_now())
    if wait:
        raise UserError(SHARE_TOO_FAST.format(seconds=round(wait) or 1))


def _pause(interaction: discord.Interaction[Bot]) -> commands.Cooldown:
    slow = getattr(interaction.channel, "slowmode_delay", 0)
    held = interaction.permissions
    is_free = held.manage_messages or held.manage_channels
    return commands.Cooldown(1, SHARE_PAUSE if is_free else max(SHARE_PAUSE, slow))
