"""Changes of a room's scope: confirmed before a jump, announced in the room, and undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord

from bot.clock import now
from bot.discord_api.permissions import (
    member_permissions_in,
    missing_to_post,
    require_bot_view,
)
from bot.options.parse import reader_of
from bot.rooms.settings import CHANNEL_PERMISSION_NEEDED, MANAGE_CHANNELS
from bot.rooms.spoiler_channels import SPOILER_CHANNEL_OFFER, button, can_be_spoiler_channel
from bot.setup.card import FROM_SETUP, told
from bot.ui.buttons import StatelessButton
from bot.ui.cards import answer, notice, private
from bot.ui.confirm import yes_or_no
from bot.ui.errors import FAILED, UserError
from bot.ui.mentions import mention
from bot.ui.text import PREMISE as SAFE_LABEL
from bot.ui.text import Markup, say
from data.points import PREMISE, Order, Point
from data.rooms.scopes import Scope

if TYPE_CHECKING:
    from bot.context import Bot


SCOPE_SET = "{channel} is set to {show} through **{label}**. What is shared there stops at it."
SCOPE_SET_PREMISE = "{channel} now talks only about how {show} starts."
SCOPE_QUESTION = (
    "That lets {channel} talk about {show} through **{label}**; now it is {before}. Has "
    "everybody who reads there watched that far?"
)
THROUGH, ONLY_THE_START = "through **{label}**", "only how it starts"
SCOPE_YES = "Yes, through {label}"
SCOPE_UNDO = "Undo"
SCOPE_UNDONE = "Taken back. For {show}, {channel} is where it was: {before}."
SCOPE_CHANGED_SINCE = (
    "What that room may talk about has changed since, so this can't be taken back here."
)
SCOPE_BUTTON_OLD = "That button is out of date. Use `/room scope` instead."
ROOM_TOLD = "From now on this room may talk about {show} through **{label}**."
ROOM_TOLD_START = "From now on this room may talk only about how {show} starts."
NO_SCOPE = "-"  # in a custom_id: no scope was set before


class MoveSure(StatelessButton, code="fa"):
    """Set the scope, once the moderator has confirmed the jump."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        place, slug, token, *origin = self.parts
        check_may_move(interaction, int(place))
        point = _point(interaction, slug, token)
        await _move(interaction, Move(int(place), slug, point, from_setup=bool(origin)))


class UndoMove(StatelessButton, code="fb"):
    """Set the scope back to what it was, unless it was changed again in the meantime."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        place, slug, moved, before, *origin = self.parts
        check_may_move(interaction, int(place))
        bot, room = interaction.client, int(place)
        point, at = _point(interaction, slug, moved), now()
        scope = Scope(interaction.guild_id or 0, room, slug, point, at)
        earlier = None if before == NO_SCOPE else _point(interaction, slug, before)
        if not await bot.rooms.take_back(scope, earlier, now=at):
            raise UserError(SCOPE_CHANGED_SINCE)
        title, order = bot.library.title(slug), bot.library.order(slug)
        through = _through(order, _set(interaction, room, slug))
        undone = say(SCOPE_UNDONE, channel=mention(room), show=title, before=through)
        await told(interaction, undone, from_setup=bool(origin))
        await _tell_room(interaction, room, slug, point)


@dataclass(frozen=True, slots=True)
class Move:
    """Where a room's scope is to go; `said` is the sentence that tells the moderator of it."""

    place: int
    show: str
    point: Point
    from_setup: bool = False
    said: str = SCOPE_SET


async def move_scope(interaction: discord.Interaction[Bot], move: Move) -> None:
    """Set the scope of a channel; a jump past its next episode has to be confirmed first."""
    place, slug, point = move.place, move.show, move.point
    order, before = interaction.client.library.order(slug), _set(interaction, place, slug)
    following = order.after(before)
    if following is None or order.reached(point, following):
        await _move(interaction, move)
        return
    body = say(
        SCOPE_QUESTION,
        channel=mention(place),
        show=interaction.client.library.title(slug),
        label=order.label(point),
        before=_through(order, before),
    )
    parts = [str(place), slug, point.token, *_origin(from_setup=move.from_setup)]
    yes = MoveSure(*parts, label=SCOPE_YES.format(label=order.label(point)))
    await answer(interaction, private(body, label=SAFE_LABEL, rows=yes_or_no(yes)))


async def _move(interaction: discord.Interaction[Bot], move: Move) -> None:
    place, slug, point = move.place, move.show, move.point
    bot, guild_id = interaction.client, interaction.guild_id or 0
    before = _set(interaction, place, slug)
    own = await bot.rooms.move(Scope(guild_id, place, slug, point, now()))
    order = bot.library.order(slug)
    body = say(
        SCOPE_SET_PREMISE if point == PREMISE else move.said,
        channel=mention(place),
        show=bot.library.title(slug),
        label=order.label(point),
    )
    row = list[discord.ui.Item[Any]]()
    if point != PREMISE and can_be_spoiler_channel(bot.get_channel(place)):
        body = f"{body}\n{SPOILER_CHANNEL_OFFER}"
        row.append(button(place))
    if own != point:
        back = NO_SCOPE if own is None else own.token
        parts = [str(place), slug, point.token, back, *_origin(from_setup=move.from_setup)]
        row.append(UndoMove(*parts, label=SCOPE_UNDO))
    await told(interaction, body, row=row, from_setup=move.from_setup)
    await _tell_room(interaction, place, slug, before)


async def _tell_room(
    interaction: discord.Interaction[Bot], place: int, slug: str, before: Point
) -> None:
    """Announce the new scope in the room, if it changed and the bot may write there."""
    bot, guild = interaction.client, interaction.guild
    point, channel = _set(interaction, place, slug), bot.get_channel(place)
    if point == before or guild is None or not isinstance(channel, discord.abc.Messageable):
        return
    if missing_to_post(channel, channel.permissions_for(guild.me)):
        return
    title, label = bot.library.in_words(slug, point)
    news = say(ROOM_TOLD_START if point == PREMISE else ROOM_TOLD, show=title, label=label)
    answered = await bot.announcer.turn()
    try:
        await channel.send(view=notice(news), silent=True)
    except (discord.HTTPException, *FAILED):
        return  # it is set all the same, and the moderator was told
    finally:
        answered()


def _set(interaction: discord.Interaction[Bot], place: int, slug: str) -> Point:
    bot = interaction.client
    return bot.audience.set_scope(interaction.guild_id, bot.get_channel(place), slug)


def _through(order: Order, point: Point) -> Markup:
    return Markup(say(THROUGH, label=order.label(point)) if point != PREMISE else ONLY_THE_START)


def _point(interaction: discord.Interaction[Bot], slug: str, token: str) -> Point:
    """The point in a button. Raises `UserError` if the show no longer has that point."""
    order, point = reader_of(interaction, slug).story.order, Point.from_token(token)
    if point not in order:
        raise UserError(SCOPE_BUTTON_OLD)
    return point


def _origin(*, from_setup: bool) -> list[str]:
    """The last part of a custom_id: whether the answer goes back to the card of `/setup`."""
    return [FROM_SETUP] if from_setup else []


def check_may_move(interaction: discord.Interaction[Bot], place: int) -> None:
    """Raises `UserError` for members who may not set what a channel may talk about."""
    require_bot_view(interaction, place)
    if not member_permissions_in(interaction, place).manage_channels:
        raise UserError(
            say(CHANNEL_PERMISSION_NEEDED, permission=MANAGE_CHANNELS, channel=mention(place))
        )
