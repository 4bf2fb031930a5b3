"""The card after a party, on which guests update their progress and moderators the room."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.delivery.topic import SHOWN_AS, MessagePayload
from bot.discord_api.permissions import member_permissions_in, require_bot_view
from bot.options.parse import reader_of
from bot.parties.ratings import (
    HOW_RATED_LABEL,
    RATE_LABEL,
    RateParty,
    ShowRatings,
    find_past_party,
    finished_episodes,
)
from bot.parties.reaction_chart import ReactionCount, alt_text, draw_chart, reactions_of
from bot.parties.wording import party_name
from bot.progress.update import mark_and_say
from bot.rooms.scope_change import Move, move_scope
from bot.rooms.settings import CHANNEL_PERMISSION_NEEDED, MANAGE_CHANNELS
from bot.ui.buttons import StatelessButton
from bot.ui.cards import ACCENT, SAFE_FOR_EVERYONE, Card, answer, notice
from bot.ui.errors import UserError
from bot.ui.mentions import mention
from bot.ui.text import say
from data.parties.party import ENDED_FINISHED, ENDED_STOPPED, Party
from data.points import PREMISE, Order, Point

if TYPE_CHECKING:
    from bot.context import Bot


log = logging.getLogger(__name__)

WRAP_UP_HEADING = "### That was {name}"
WATCHED_EXPLAINED = "*I watched it* moves your own progress through **{label}**, and nobody else's."
THREAD_STAYS_OPEN = "This thread stays open to talk about it, through **{label}**."
CLOSED_WHILE_AWAY = (
    "Nobody had touched the clock for hours, or I was away, so I closed it. "
    "If you have watched it, say so here."
)
WATCHED_LABEL, MOVE_ROOM_LABEL = "I watched it", "Move the room"
ALREADY_THROUGH = "You are through {label} already."
ROOM_MOVED = "{channel} talks about {show} through **{label}** now. `/room scope` changes that."
ROOM_ALREADY_THERE = "{room} talks about {show} that far already, so I left it as it is."
ROOM_HAS_OTHER_PARTY = "Another party is on in {room}. Move the room when that is over."


class WatchedParty(StatelessButton, code="pw"):
    """Set this member's own progress to the end of the party."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, *_ = self.parts
        bot, party = interaction.client, await find_past_party(interaction, id)
        reader = reader_of(interaction, party.show)
        order = reader.story.order
        point, own = party.reached(order), bot.progress.get(interaction.user.id, party.show)
        # Not the reader's horizon: the clock of another running party may be further.
        if own is not None and point in order and order.reached(point, own.point):
            raise UserError(say(ALREADY_THROUGH, label=order.label(point)))
        is_sure = await _was_there(bot, party, interaction.user.id)
        await mark_and_say(interaction, reader, point, is_sure=is_sure)


async def _was_there(bot: Bot, party: Party, user_id: int) -> bool:
    """Whether a member surely watched all of it, so that they are not asked again.

    They had watched what comes before and checked in without a lag, and somebody ended the party.
    """
    guest = await bot.parties.guest(party.id, user_id)
    is_ended_by_hand = party.ended in {ENDED_FINISHED, ENDED_STOPPED}
    is_ready = guest is not None and guest.is_ready and not guest.lag
    return is_ended_by_hand and is_ready and bot.audience.is_ready_for(user_id, party)


class MoveRoomScope(StatelessButton, code="pz"):
    """Set the scope of the room, as a moderator, to what the party watched."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, *_ = self.parts
        bot, party = interaction.client, await find_past_party(interaction, id)
        room_id, show = party.channel_id, party.show
        require_bot_view(interaction, room_id)
        if not member_permissions_in(interaction, room_id).manage_channels:
            raise UserError(
                say(CHANNEL_PERMISSION_NEEDED, permission=MANAGE_CHANNELS, channel=mention(room_id))
            )
        if bot.parties.running_in(room_id) is not None:
            raise UserError(say(ROOM_HAS_OTHER_PARTY, room=mention(room_id)))
        order = reader_of(interaction, show).story.order
        point, scope = party.reached(order), _scope(bot, party)
        if point in order and not order.reached(point, scope):
            await move_scope(interaction, Move(room_id, show, point, said=ROOM_MOVED))
            return
        told = say(ROOM_ALREADY_THERE, room=mention(room_id), show=bot.library.title(show))
        await answer(interaction, notice(told))


async def end_payload(bot: Bot, party: Party, nonce: str) -> MessagePayload | None:
    """The card of a party that is over, with its chart; None if the show is gone."""
    if bot.library.get(party.show) is None:
        return None
    order, drawn = bot.library.order(party.show), None
    reactions = reactions_of(order, await bot.parties.reactions(party.id))
    if reactions and _may_show(bot, party, order):
        drawn = await _drawn(reactions)
    card = end_card(bot, party, nonce, None if drawn is None else alt_text(reactions))
    return None if card is None else MessagePayload(card, picture=drawn)


async def _drawn(reactions: tuple[ReactionCount, ...]) -> bytes | None:
    try:
        return await asyncio.to_thread(draw_chart, reactions)
    except Exception:  # the card is posted without its chart
        log.exception("could not draw the picture of a party")
        return None


def _scope(bot: Bot, party: Party) -> Point:
    return bot.audience.scope(party.guild_id, bot.get_channel(party.channel_id), party.show)


def place_scope(bot: Bot, party: Party, order: Order) -> Point:
    """How far the card's readers may talk: the room's scope, or all of it in an agreed thread."""
    point = party.reached(order)
    if party.thread_id is not None and party.agreed_by:
        return point
    return order.earliest(point, _scope(bot, party))


def _may_show(bot: Bot, party: Party, order: Order) -> bool:
    """Whether the place may see the chart, as a spoiler, and the bot may attach it."""
    place = bot.get_channel(party.place)
    if not isinstance(place, discord.abc.GuildChannel | discord.Thread):
        return False
    may_attach = place.permissions_for(place.guild.me).attach_files
    return may_attach and order.reached(party.reached(order), place_scope(bot, party, order))


def end_card(bot: Bot, party: Party, nonce: str, alt: str | None = None) -> Card | None:
    """The card; with `alt`, the alt text, it has the chart too. None if the show is gone."""
    if bot.library.get(party.show) is None or party.clock is None:
        return None
    order = bot.library.order(party.show)
    lines, is_begun = [say(WRAP_UP_HEADING, name=party_name(bot, party))], _is_begun(order, party)
    through = place_scope(bot, party, order)
    if party.ended == "away":
        lines.append(CLOSED_WHILE_AWAY)
    elif party.thread_id is not None and is_begun and through != PREMISE:
        lines.append(say(THREAD_STAYS_OPEN, label=order.label(through)))
    if is_begun:
        lines.append(say(WATCHED_EXPLAINED, label=order.label(party.reached(order))))
    parts: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(lines))]
    if alt is not None:
        # The chart is a spoiler: the minutes with most reactions tell something of the plot.
        item = discord.MediaGalleryItem(SHOWN_AS, description=alt, spoiler=True)
        parts.append(ui.MediaGallery(item))
    parts.append(ui.TextDisplay(SAFE_FOR_EVERYONE))
    row = _buttons(order, party, nonce, is_begun=is_begun)
    return Card(ui.Container(*parts, accent_colour=ACCENT), rows=[row])


def _is_begun(order: Order, party: Party) -> bool:
    """Whether anything was watched before the party ended."""
    return not order.reached(party.reached(order), order.before(Point(party.first)))


def _buttons(order: Order, party: Party, nonce: str, *, is_begun: bool) -> list[ui.Item[Any]]:
    id, buttons = str(party.id), list[ui.Item[Any]]()
    if is_begun:
        style = discord.ButtonStyle.primary
        buttons.append(WatchedParty(id, nonce, label=WATCHED_LABEL, style=style))
    if finished_episodes(order, party):
        buttons += [
            RateParty(id, nonce, label=RATE_LABEL),
            ShowRatings(id, nonce, label=HOW_RATED_LABEL),
        ]
    return [*buttons, MoveRoomScope(id, nonce, label=MOVE_ROOM_LABEL)]
