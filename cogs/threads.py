"""`/threads`: the discussions that go no further than the asker has watched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord_api.permissions import may_see
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

# The same whether there is none, or none that they have got to.
NONE = "There is no discussion here for where you are. `/party plan` plans a watch party."
ON_SERVERS = "Discussions are on servers: use `/threads` in a channel of one."
HEADING = "### {show}: discussions that go no further than you"
ONE = "- {thread} · through {label}"
ONE_AT_PREMISE = "- {thread} · nothing watched yet"


@dataclass(frozen=True, slots=True)
class Talk:
    """What one thread talks about, and how far; `room` is the channel it is in, where known."""

    show: str
    point: Point
    room: int | None = None


class Threads(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    @app_commands.command(description="Discussions that go no further than you have watched")
    @app_commands.describe(show="Only this show; all of them if you leave it out")
    @app_commands.autocomplete(show=complete_show)
    async def threads(self, interaction: discord.Interaction[Bot], show: str | None = None) -> None:
        if interaction.guild_id is None:
            await answer(interaction, notice(ON_SERVERS))
            return
        chosen = self.bot.show_choice.show(interaction, show).slug if show else None
        found = defaultdict[str, dict[int, list[Point]]](dict)
        for thread_id, talks in (await self._talks(interaction.guild_id)).items():
            if self._is_open(interaction, thread_id, talks):
                for talk in talks:
                    found[talk.show].setdefault(thread_id, []).append(talk.point)
        slugs = sorted(found, key=self.bot.library.title)
        shown = [slug for slug in slugs if chosen is None or slug == chosen]
        if not shown:
            await answer(interaction, notice(NONE))
        for slug in shown:
            await _tell(interaction, self.bot.audience.reader(interaction, slug), found[slug])

    async def _talks(self, guild_id: int) -> dict[int, list[Talk]]:
        """What each thread of a server talks about: by its own scopes, and by its parties."""
        talks = defaultdict[int, list[Talk]](list)
        for scope in self.bot.rooms.list(guild_id):
            talks[scope.channel_id].append(Talk(scope.show, scope.point))
        for party in await self.bot.parties.threads(guild_id):
            if party.thread_id is not None and self.bot.library.has(guild_id, party.show):
                point = _end(party, self.bot.library.order(party.show))
                talks[party.thread_id].append(Talk(party.show, point, party.channel_id))
        return talks

    def _is_open(
        self, interaction: discord.Interaction[Bot], thread_id: int, talks: Sequence[Talk]
    ) -> bool:
        """Whether the member can see a thread, and is as far as everything it talks about."""
        rooms = [talk.room for talk in talks if talk.room is not None]
        return _is_seen(interaction, thread_id, rooms) and all(
            self._is_reached(interaction, talk) for talk in talks
        )

    def _is_reached(self, interaction: discord.Interaction[Bot], talk: Talk) -> bool:
        """Not `reached`: of an episode that is no more nobody knows how early it was."""
        if not self.bot.library.has(interaction.guild_id, talk.show):
            return False
        reader = self.bot.audience.reader(interaction, talk.show)
        return reader.story.order.opens(talk.point, reader.horizon)


def _is_seen(interaction: discord.Interaction[Bot], thread_id: int, rooms: Sequence[int]) -> bool:
    """A thread that sleeps is not known any more: one of a party is as open as its room."""
    guild = interaction.guild
    found = guild.get_channel_or_thread(thread_id) if guild else None
    if isinstance(found, discord.Thread):
        # Without its channel nobody can say who may see it.
        return found.parent is not None and is_seen(interaction, thread_id)
    return found is None and bool(rooms) and all(may_see(interaction, room) for room in rooms)


def _end(party: Party, order: Order) -> Point:
    """How far a party's thread goes: while it is on, to where it will be at its end."""
    return party.reached(order) if party.is_over else Point(party.last)


async def _tell(
    interaction: discord.Interaction[Bot], reader: Reader, threads: dict[int, list[Point]]
) -> None:
    """The threads about one show, the furthest last, on as many cards as they need."""
    order = reader.story.order
    furthest = {thread_id: order.latest(*points) for thread_id, points in threads.items()}
    ordered = sorted(furthest, key=lambda id: (order.rank(furthest[id]), id))
    lines = [_line(order, id, furthest[id]) for id in ordered]
    for page in pages([say(HEADING, show=reader.show.title), *lines], PAGE):
        await answer(interaction, private(page, label=reader.story.label))


def _line(order: Order, thread_id: int, point: Point) -> str:
    sentence = ONE_AT_PREMISE if point == PREMISE else ONE
    return say(sentence, thread=mention(thread_id), label=order.label(point))


async def setup(bot: Bot) -> None:
    await bot.add_cog(Threads(bot))
