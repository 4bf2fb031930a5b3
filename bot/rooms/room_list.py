"""The rooms of a server: which may talk about what, and how spoilers are hidden in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.extensions import SetupPart, Standing
from bot.rooms.default_show import THE_DEFAULT, default_show
from bot.rooms.settings import (
    CHANNEL_PERMISSION_NEEDED,
    LOG_CHANNEL_SET,
    MANAGE_CHANNELS,
    fixed_styles,
    list_mark,
)
from bot.setup.card import FROM_SETUP, back
from bot.ui.buttons import StatelessButton
from bot.ui.cards import PAGE, answer, notice
from bot.ui.errors import UserError
from bot.ui.mentions import mention
from bot.ui.text import Markup, pages, say
from data.points import PREMISE
from data.rooms.scopes import Scope

if TYPE_CHECKING:
    from bot.context import Bot


NOTHING_SET = "No channel is set yet. `/room scope` sets the one you are in."
SCOPES_HEADING = "### What the channels here may talk about"
SCOPE_LINE = "- {channel} · {show} through {label}"
SCOPE_AT_START = "- {channel} · {show}: only how it starts"

NO_ROOM = "No room is set yet."
ROOMS_SET, AND_MORE = "{names}{more} are set.", " and others"
ONE_ROOM_SET = "{names} is set."
ALL_ROOMS = "All rooms"
NAMED_IN_LINE = 4


class ShowRooms(StatelessButton, code="yj"):
    """List what the channels here may talk about, for those who manage them."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        await tell_rooms(interaction, from_setup=self.parts == (FROM_SETUP,))


class RoomsPart(SetupPart):
    """Which rooms of the server have a scope."""

    key, name = "rooms", "Rooms"

    async def standing(self, interaction: discord.Interaction[Bot]) -> Standing:
        bot, guild_id = interaction.client, interaction.guild_id or 0
        scopes = bot.rooms.list(guild_id)
        await bot.learn(guild_id, [scope.channel_id for scope in scopes])
        rooms = dict.fromkeys(scope.channel_id for scope in scopes)
        seen = [room for room in rooms if list_mark(interaction, room) is not None]
        if not seen:
            return Standing("done", NO_ROOM, ALL_ROOMS)
        names = Markup(", ".join(map(mention, seen[:NAMED_IN_LINE])))
        more = AND_MORE if len(seen) > NAMED_IN_LINE else ""
        sentence = ONE_ROOM_SET if len(seen) == 1 else ROOMS_SET
        return Standing("done", say(sentence, names=names, more=more), ALL_ROOMS)

    async def change(self, interaction: discord.Interaction[Bot]) -> None:
        await tell_rooms(interaction, from_setup=True)


async def tell_rooms(interaction: discord.Interaction[Bot], *, from_setup: bool) -> None:
    """Answer privately with every room that this moderator may know of, and what is set there.

    Raises `UserError` for members who manage neither this channel nor the server.
    """
    rights = interaction.permissions
    if interaction.guild_id is None or not (rights.manage_channels or rights.manage_guild):
        here = mention(interaction.channel_id or 0)
        raise UserError(say(CHANNEL_PERMISSION_NEEDED, permission=MANAGE_CHANNELS, channel=here))
    texts = pages(await _lines(interaction, interaction.guild_id), PAGE)
    row: list[discord.ui.Item[Any]] = [back()] if from_setup else []
    for text in texts[:-1]:
        await answer(interaction, notice(text))
    await answer(interaction, notice(texts[-1], rows=[row]))


async def _lines(interaction: discord.Interaction[Bot], guild_id: int) -> list[str]:
    bot = interaction.client
    stored = [*bot.rooms.styles(guild_id)]
    stored += [scope.channel_id for scope in bot.rooms.list(guild_id)]
    await bot.learn(guild_id, stored)
    lines = [
        _line(bot, scope) + mark
        for scope in bot.rooms.list(guild_id)
        if (mark := list_mark(interaction, scope.channel_id)) is not None
    ]
    default, log = default_show(bot, guild_id), bot.rooms.server(guild_id).log_channel
    told = [say(THE_DEFAULT, show=default.title)] if default else []
    mark = None if log is None else list_mark(interaction, log)
    if log is not None and mark is not None:
        told.append(say(LOG_CHANNEL_SET, channel=mention(log)) + mark)
    rooms = [SCOPES_HEADING, *lines] if lines else [NOTHING_SET]
    return rooms + fixed_styles(interaction) + told


def _line(bot: Bot, scope: Scope) -> str:
    title, label = bot.library.in_words(scope.show, scope.point)
    sentence = SCOPE_AT_START if scope.point == PREMISE else SCOPE_LINE
    return say(sentence, channel=mention(scope.channel_id), show=title, label=label)
