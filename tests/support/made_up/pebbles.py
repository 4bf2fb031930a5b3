"""Pebbles, thrown into still water."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import now
from bot.delivery.topic import Topic
from bot.extensions import Arrived, Lookup, Sheet
from bot.loops import guarded_loop
from bot.personal_data import ExportEntry, PersonalData, RetentionRow, line_of
from bot.ui.buttons import StatelessButton
from bot.ui.cards import answer, notice
from data.outbox import Post
from data.storage.erasure import Erasure

if TYPE_CHECKING:
    from bot.context import Bot
    from bot.extensions import Answer
    from bot.readers.audience import Reader
    from data.outbox import Announcement
    from data.points import Point
    from data.spoilers.store import Stub
    from data.story.story_so_far import StorySoFar

TOPIC = "pebble"
THROWN, RIPPLES = "Thrown.", "There are ripples."
LINE = "- {n}"
WAITED = "A pebble waited for you here."


class Ripple(StatelessButton, code="zz"):
    """See the ripples."""

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        await answer(interaction, notice(RIPPLES))


class PebbleLookup(Lookup):
    name, code = "pebble", "z"

    def find(self, story: StorySoFar, typed: str | None) -> tuple[str, ...]:
        return ("all",)

    def sheet(self, story: StorySoFar, parts: tuple[str, ...]) -> Sheet:
        return Sheet("### Pebbles", ["They are round."])

    def suggest(self, story: StorySoFar, typed: str) -> list[tuple[str, str]]:
        return []


class Splashes(Topic):
    """Has nothing to tell, and remembers that it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def payload(self, row: Announcement) -> None:
        self.asked.append(row.subject)

    async def failed(self, row: Announcement, reason: str, *, role_id: int | None = None) -> None:
        raise AssertionError(reason)


class Pebbles(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.splashes = Splashes()
        self.rounds = 0

    async def cog_load(self) -> None:
        registry = self.bot.registry
        registry.lookups.add(PebbleLookup(), owner=self)
        registry.offers.add(self.offer, owner=self, order=950)
        registry.stub_buttons.add(self.stub_buttons, owner=self, order=1)
        registry.stub_menus.add(self.stub_menu, owner=self, order=1)
        registry.arrivals.add(self.arrived, owner=self)
        registry.topics.add(self.splashes, TOPIC, owner=self)
        registry.add_personal_data(self.personal_data(), owner=self)
        registry.workers.start(self.skim, owner=self)

    def offer(self, answered: Answer) -> Sequence[Ripple]:
        return (Ripple("1", label="Ripples"),)

    def stub_buttons(self, stub: Stub) -> Sequence[Ripple]:
        return (Ripple("2", label="Skim"),)

    def stub_menu(self, interaction: discord.Interaction[Any], stub: Stub) -> Sequence[Ripple]:
        return (Ripple("3", label="Sink"),)

    async def arrived(
        self, interaction: discord.Interaction[Any], reader: Reader, before: Point
    ) -> Arrived:
        return Arrived([WAITED])

    @guarded_loop("skim a pebble", minutes=1)
    async def skim(self) -> None:
        self.rounds += 1
        raise RuntimeError

    def personal_data(self) -> PersonalData:
        return PersonalData(
            key="pebbles",
            order=500,
            retention=RetentionRow("the pebbles that members threw", "until *Forget*"),
            entries=self.entries,
            line=line_of(LINE),
            erasure=lambda: Erasure(("pebble.user_id",), _forget),
        )

    async def entries(self, interaction: discord.Interaction[Any]) -> list[ExportEntry]:
        query, values = "SELECT thrown FROM pebble WHERE user_id = ?", (interaction.user.id,)
        rows = await self.bot.db.run(lambda tx: tx.execute(query, values).fetchall())
        return [{"n": thrown} for (thrown,) in rows]

    @app_commands.command(description="Throw a pebble")
    async def pebble(self, interaction: discord.Interaction[Any]) -> None:
        query = "INSERT INTO pebble (user_id, thrown) VALUES (?, 7)"
        await self.bot.db.run(lambda tx: tx.execute(query, (interaction.user.id,)))
        place = interaction.guild_id or 0, interaction.channel_id or 0
        await self.bot.outbox.post(Post(TOPIC, "7", *place, due_at=0), now=now())
        self.bot.announcer.wake()
        await answer(interaction, notice(THROWN))


def _forget(tx: sqlite3.Connection, user_id: int) -> None:
    tx.execute("DELETE FROM pebble WHERE user_id = ?", (user_id,))


async def setup(bot: Bot) -> None:
    await bot.add_cog(Pebbles(bot))
