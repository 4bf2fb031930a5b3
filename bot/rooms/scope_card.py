"""The card of one room's scopes, where they are set and cleared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord

from bot.discord_api.permissions import is_thread
from bot.extensions import SetupPart, Standing
from bot.readers.places import places
from bot.readers.show_choice import SELECT
from bot.rooms.room_list import ALL_ROOMS, ShowRooms
from bot.rooms.scope_change import check_may_move
from bot.rooms.scope_form import ask_scope
from bot.rooms.settings import list_mark, require_channel_manager
from bot.setup.card import FROM_SETUP, back, tell_setup
from bot.ui.buttons import StatelessButton, StatelessSelect, id_of
from bot.ui.cards import answer, notice
from bot.ui.mentions import mention
from bot.ui.text import clean, clip, say
from data.points import PREMISE

if TYPE_CHECKING:
    from bot.context import Bot


SCOPE_CLEARED = "{channel} is no longer set for {show}. Only how it starts is shared there."
SCOPES_CLEARED = "{channel} is no longer set for any show. Only how a show starts is shared there."
THREAD_SHOW_CLEARED = (
    "{channel} is no longer set for {show}. For that show it follows the channel it is in."
)
THREAD_SCOPE_CLEARED = (
    "{channel} has nothing of its own set any more. It follows the channel it is in."
)

ROOM_HEADING = "### How far {channel} may talk"
ROOM_LINE = "- {show} through {label}"
ROOM_AT_START = "- {show}: only how it starts"
ROOM_UNSET = "Nothing is set, so only how a show starts is shared there."
THREAD_UNSET = "Nothing of its own is set. It follows the channel it is in."
SET_SCOPE, CHANGE_SCOPE = "Set this room", "Change this room"
CLEAR_WHAT, ALL_SHOWS = "Take back …", "All shows"
EVERY = "-"  # the value of the option for all shows

HERE_UNSET = "Nothing is set, so only how a show starts is shared in this room."
HERE_UNSET_ELSE = "Nothing is set in this room, but other rooms are set."
HERE_SET = "{shows}."
HERE_SHOW = "{show} through **{label}**"
HERE_AT_START = "{show}, only how it starts"
AT_START = {ROOM_LINE: ROOM_AT_START, HERE_SHOW: HERE_AT_START}
LONGEST_OPTION = 100  # characters


class SetScope(StatelessButton, code="yk"):
    """Open the form that sets how far a room may talk."""

    opens_form = True

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        place, *origin = self.parts
        await ask_scope(interaction, id_of(place), from_setup=bool(origin))


class ClearScope(StatelessSelect, code="yi"):
    """Take back what a room may talk about: one show, or all of them."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        place, *origin = self.parts
        slug, room = self.value(interaction), id_of(place)
        check_may_move(interaction, room)
        said = await clear_scope(interaction, room, None if slug == EVERY else slug)
        if origin:
            await tell_setup(interaction, said)
        else:
            await tell_scopes(interaction, room, said)


class RoomPart(SetupPart):
    """How far the room may talk in which `/setup` is used."""

    key, name = "room", "This room"

    async def standing(self, interaction: discord.Interaction[Bot]) -> Standing:
        bot, guild_id = interaction.client, interaction.guild_id or 0
        for place in places(interaction.channel):
            shows = bot.rooms.shows(guild_id, place)
            lines = [_in_words(interaction, place, slug, HERE_SHOW) for slug in shows]
            if lines:
                return Standing("done", HERE_SET.format(shows=", ".join(lines)), CHANGE_SCOPE)
        elsewhere = (list_mark(interaction, one.channel_id) for one in bot.rooms.list(guild_id))
        if any(mark is not None for mark in elsewhere):
            return Standing("can wait", HERE_UNSET_ELSE, SET_SCOPE)
        return Standing("open", HERE_UNSET, SET_SCOPE)

    async def change(self, interaction: discord.Interaction[Bot]) -> None:
        guild_id, place = require_channel_manager(interaction, None)
        if interaction.client.rooms.shows(guild_id, place):
            await tell_scopes(interaction, place, origin=[FROM_SETUP])
        else:
            await ask_scope(interaction, place, from_setup=True)


async def tell_scopes(
    interaction: discord.Interaction[Bot],
    place: int,
    said: str = "",
    *,
    origin: Sequence[str] = (),
) -> None:
    """Answer privately with a room's own scopes, and what sets and clears them.

    Whether the member may do that is checked before, and by each button.
    """
    shows = interaction.client.rooms.shows(interaction.guild_id or 0, place)
    lines = [_in_words(interaction, place, slug, ROOM_LINE) for slug in shows]
    is_of_thread = is_thread(_channel(interaction, place))
    unset = THREAD_UNSET if is_of_thread else ROOM_UNSET
    heading = say(ROOM_HEADING, channel=mention(place))
    parts = [str(place), *origin]
    buttons: list[discord.ui.Item[Any]] = [
        SetScope(*parts, label=CHANGE_SCOPE if shows else SET_SCOPE),
        back() if origin else ShowRooms(label=ALL_ROOMS),
    ]
    rows = [buttons]
    if shows:
        options = _options(interaction, shows)
        rows.insert(0, [ClearScope(*parts, placeholder=CLEAR_WHAT, options=options)])
    body = "\n".join([*([said] if said else []), heading, *(lines or [unset])])
    await answer(interaction, notice(body, rows=rows))


async def clear_scope(interaction: discord.Interaction[Bot], place: int, slug: str | None) -> str:
    """Take back a room's scope for a show, or all of its scopes, and say so."""
    client = interaction.client
    await client.rooms.remove(interaction.guild_id or 0, place, slug)
    title = client.library.title(slug) if slug else ""
    sentence = SCOPE_CLEARED if slug else SCOPES_CLEARED
    if is_thread(_channel(interaction, place)):
        others = client.rooms.shows(interaction.guild_id or 0, place)
        sentence = THREAD_SHOW_CLEARED if slug and others else THREAD_SCOPE_CLEARED
    return say(sentence, channel=mention(place), show=title)


def _channel(interaction: discord.Interaction[Bot], place: int) -> object:
    if place == interaction.channel_id:
        return interaction.channel
    guild = interaction.guild
    return guild.get_channel_or_thread(place) if guild else None


def _in_words(interaction: discord.Interaction[Bot], place: int, slug: str, sentence: str) -> str:
    client = interaction.client
    point = client.rooms.scope(interaction.guild_id or 0, place, slug)
    if point is None:  # cleared in this moment
        return ""
    title, label = client.library.in_words(slug, point)
    told = AT_START[sentence] if point == PREMISE else sentence
    return say(told, show=title, label=label)


def _options(
    interaction: discord.Interaction[Bot], shows: Sequence[str]
) -> list[discord.SelectOption]:
    """The shows that can be cleared, and all at once if there are several."""
    title = interaction.client.library.title
    options = [
        discord.SelectOption(label=clip(clean(title(slug)), LONGEST_OPTION), value=slug)
        for slug in shows[: SELECT - 1]
    ]
    every = discord.SelectOption(label=ALL_SHOWS, value=EVERY)
    return [*options, every] if len(shows) > 1 else options
