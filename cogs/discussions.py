"""`/rooms`: how far this room may talk, and the discussions that go no further than the reader."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord_api.permissions import is_archived, may_see
from bot.options.autocomplete import complete_show
from bot.readers.audience import Reader
from bot.rooms.settings import is_seen
from bot.ui.cards import PAGE, answer, notice, private
from bot.ui.mentions import mention
from bot.ui.text import pages, say
from data.parties.party import Party
from data.points import PREMISE, Order, Point

if TYPE_CHECKING:
    from bot.context import Bot

# The same sentence if there is none at all: hidden threads must not show.
THIS_ROOM = "### This room"
ROOM_THROUGH, ROOM_AT_START = "- **{show}**: through {label}", "- **{show}**: only how it starts"
NOTHING_SET = "No show is set for this room, so I tell it only how shows start."
NO_DISCUSSION = "There is no discussion here for where you are."
PLAN_A_PARTY = "`/party plan` plans a watch party."
DISCUSSIONS_ON_SERVERS = "Discussions are on servers: use `/rooms` in a channel of one."
DISCUSSIONS_HEADING = "### {show}: discussions that go no further than you"
DISCUSSION_LINE = "- {thread} · through {label}"
DISCUSSION_AT_PREMISE_LINE = "- {thread} · nothing watched yet"


@dataclass(frozen=True, slots=True)
class Discussion:
    """What a thread discusses, and how far; `room` is the id of its channel, if known."""

    show: str
    point: Point
    room: int | None = None


class Discussions(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    # All values are set: unset ones would be taken from the bot's defaults, which are wider.
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.guild_only()
    @app_commands.command(description="How far this room may talk, and where you can talk")
    @app_commands.describe(show="Only this show; all of them if you leave it out")
    @app_commands.autocomplete(show=complete_show)
    async def rooms(self, interaction: discord.Interaction[Bot], show: str | None = None) -> None:
        if interaction.guild_id is None:
            await answer(interaction, notice(DISCUSSIONS_ON_SERVERS))
            return
        chosen = self.bot.show_choice.show(interaction, show).slug if show else None
        found = defaultdict[str, dict[int, list[Point]]](dict)
        discussions = await self._talks(interaction.guild_id)
        await self.bot.learn(interaction.guild_id, discussions)
        for thread_id, talks in discussions.items():
            if self._is_open(interaction, thread_id, talks):
                for talk in talks:
                    found[talk.show].setdefault(thread_id, []).append(talk.point)
        slugs = sorted(found, key=self.bot.library.title)
        shown = [slug for slug in slugs if chosen is None or slug == chosen]
        here = [THIS_ROOM, *self._here(interaction, chosen)]
        if not shown:
            is_member = self.bot.get_guild(interaction.guild_id) is not None
            none = f"{NO_DISCUSSION} {PLAN_A_PARTY}" if is_member else NO_DISCUSSION
            await answer(interaction, notice("\n".join([*here, "", none])))
        for slug in shown:
            reader = self.bot.audience.reader(interaction, slug)
            await _tell(interaction, reader, found[slug], [*here, ""] if here else [])
            here = []

    def _here(self, interaction: discord.Interaction[Bot], chosen: str | None) -> list[str]:
        """A line for each show that this room may talk about, or for the one that was chosen."""
        default, lines = chosen or self.bot.show_choice.default(interaction), list[str]()
        for show in self.bot.library.list(interaction.guild_id):
            if not show.has_story or chosen not in (None, show.slug):
                continue
            point = self.bot.audience.scope(interaction.guild_id, interaction.channel, show.slug)
            label = self.bot.library.order(show.slug).label(point)
            if point != PREMISE:
                lines.append(say(ROOM_THROUGH, show=show.title, label=label))
            elif show.slug == default:
                lines.append(say(ROOM_AT_START, show=show.title))
        return lines or [NOTHING_SET]

    async def _talks(self, guild_id: int) -> dict[int, list[Discussion]]:
        """The discussions of each channel and thread of a server, from its scopes and parties."""
        talks = defaultdict[int, list[Discussion]](list)
        for scope in self.bot.rooms.list(guild_id):
            talks[scope.channel_id].append(Discussion(scope.show, scope.point))
        for party in await self.bot.parties.threads(guild_id):
            if party.thread_id is not None and self.bot.library.has(guild_id, party.show):
                point = _end(party, self.bot.library.order(party.show))
                talks[party.thread_id].append(Discussion(party.show, point, party.channel_id))
        return talks

    def _is_open(
        self, interaction: discord.Interaction[Bot], thread_id: int, talks: Sequence[Discussion]
    ) -> bool:
        """Whether the member can see a thread, and has reached everything that it discusses."""
        rooms = [talk.room for talk in talks if talk.room is not None]
        return _is_seen(interaction, thread_id, rooms) and all(
            self._is_reached(interaction, talk) for talk in talks
        )

    def _is_reached(self, interaction: discord.Interaction[Bot], talk: Discussion) -> bool:
        """Whether the member has reached a discussion; a removed episode counts as the end."""
        if not self.bot.library.has(interaction.guild_id, talk.show):
            return False
        reader = self.bot.audience.reader(interaction, talk.show)
        return reader.story.order.opens(talk.point, reader.horizon)


def _is_seen(interaction: discord.Interaction[Bot], thread_id: int, rooms: Sequence[int]) -> bool:
    """Whether the member can see a thread; an archived one of a party counts as its channel."""
    guild = interaction.guild
    found = guild.get_channel_or_thread(thread_id) if guild else None
    if isinstance(found, discord.Thread):
        # Without its channel the bot cannot know who may see it.
        return found.parent is not None and is_seen(interaction, thread_id)
    if found is None and is_archived(interaction, thread_id):
        return may_see(interaction, thread_id)
    return found is None and bool(rooms) and all(may_see(interaction, room) for room in rooms)


def _end(party: Party, order: Order) -> Point:
    """How far a party's thread goes: where the party ended, or where it is planned to end."""
    return party.reached(order) if party.is_over else Point(party.last)


async def _tell(
    interaction: discord.Interaction[Bot],
    reader: Reader,
    threads: dict[int, list[Point]],
    before: Sequence[str],
) -> None:
    """Answer with the threads about one show, the furthest last, on as many cards as needed.

    `before` are lines above them.
    """
    order = reader.story.order
    furthest = {thread_id: order.latest(*points) for thread_id, points in threads.items()}
    ordered = sorted(furthest, key=lambda id: (order.rank(furthest[id]), id))
    lines = [_line(order, id, furthest[id]) for id in ordered]
    for page in pages([*before, say(DISCUSSIONS_HEADING, show=reader.show.title), *lines], PAGE):
        await answer(interaction, private(page, label=reader.story.label))


def _line(order: Order, thread_id: int, point: Point) -> str:
    sentence = DISCUSSION_AT_PREMISE_LINE if point == PREMISE else DISCUSSION_LINE
    return say(sentence, thread=mention(thread_id), label=order.label(point))


async def setup(bot: Bot) -> None:
    await bot.add_cog(Discussions(bot))
