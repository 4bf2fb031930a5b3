"""`/privacy`: what is stored about a person, to see, to take along and to erase."""

from __future__ import annotations

import io
import json
import logging
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands, tasks

from bot.asking import now
from bot.cards import SAFE_FOR_EVERYONE, answer, answer_lines, notice
from bot.covering import say
from bot.presses import Press

if TYPE_CHECKING:
    from bot.client import Bot
    from data.point import Point
    from data.stubs import Content, Stub

log = logging.getLogger(__name__)

Kept = dict[str, Any]  # one thing that is stored, as it is exported

STORED = (
    "### What I keep about you\n"
    "How far you have watched each show, what you said before that (for *Undo*), and when; "
    "what you sealed, encrypted, until it is taken down or expires; what waits for you in "
    "`/spoiler inbox`; and for 30 days what you reported, or others of yours, as a spoiler. "
    "It is the same on every server, and nobody else can ask me for it. "
    "I keep no other messages, and no list of what you looked up."
)
STORED_NOTHING = "Right now that is nothing at all."
WATCHED = "- {show} · through {through} · said <t:{at}:D>"
SEALED = "- Sealed: {show} · through {through} · <t:{at}:D>"
WAITING = "- Waiting for you: {show} · through {through}"
REPORTED = "- Reported: {show} · through {through} · <t:{at}:D>"
TRUSTED = "- You are trusted to cover spoilers on a server: {guild}"
EXPORTED = (
    "Here is everything I keep about you. What you sealed is in it as far as you have watched.\n"
    f"{SAFE_FOR_EVERYONE}"
)
FILE = "cliffhanger-about-me.json"
REALLY = (
    "Shall I forget how far you have watched every show, and everything that you sealed, kept or "
    "reported? What stands of it in channels then opens for nobody. This can't be taken back."
)
YES, NO = "Yes, forget it all", "No, keep it"
FORGOTTEN = "Forgotten. The copies I keep for emergencies have forgotten it in a week, too."
KEPT = "Kept as it was."

LINES = {
    "progress": WATCHED,
    "sealed": SEALED,
    "waiting": WAITING,
    "reported": REPORTED,
    "trusted": TRUSTED,
}
AFTER_LEAVING = 30 * 24 * 60 * 60  # seconds a server's settings outlive the bot's removal


class Erase(Press, name="e"):
    """Yes, forget everything about me."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        bot, user_id = interaction.client, interaction.user.id
        await bot.progress.remove(user_id)
        for store in (bot.stubs, bot.reports):
            await store.forget(user_id)
        await bot.rooms.forget_member(user_id)
        await answer(interaction, notice(FORGOTTEN))


class Keep(Press, name="k"):
    """No, keep it."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, notice(KEPT))


class Privacy(commands.GroupCog, name="privacy", description="What I keep about you"):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        self.erase_left.start()

    async def cog_unload(self) -> None:
        self.erase_left.cancel()

    @app_commands.command(description="What I keep about you")
    async def show(self, interaction: discord.Interaction[Bot]) -> None:
        kept = await self._kept(interaction)
        lines = [say(line, **one) for name, line in LINES.items() for one in kept[name]]
        await answer_lines(interaction, [STORED, *(lines or [STORED_NOTHING])])

    @app_commands.command(description="Everything I keep about you, as a file")
    async def export(self, interaction: discord.Interaction[Bot]) -> None:
        kept = {"user_id": str(interaction.user.id), **await self._kept(interaction)}
        text = json.dumps(kept, ensure_ascii=False, indent=2)
        file = discord.File(io.BytesIO(text.encode(errors="replace")), FILE)
        await interaction.response.send_message(EXPORTED, file=file, ephemeral=True)

    @app_commands.command(description="Erase everything I keep about you")
    async def forget(self, interaction: discord.Interaction[Bot]) -> None:
        yes = Erase(label=YES, style=discord.ButtonStyle.danger)
        await answer(interaction, notice(REALLY, rows=[[yes, Keep(label=NO)]]))

    async def _kept(self, interaction: discord.Interaction[Bot]) -> dict[str, list[Kept]]:
        """Everything stored of a person, in words: the shows that are loaded by their titles."""
        bot, user_id = self.bot, interaction.user.id
        return {
            "progress": [
                self._named(mark.show, mark.point, mark.updated_at)
                | {"before": mark.before and bot.library.in_words(mark.show, mark.before)[1]}
                for mark in bot.progress.list(user_id)
            ],
            "sealed": [
                self._named(stub.show, stub.point, stub.created_at)
                | {"kind": stub.kind, "text": self._words(interaction, stub, content)}
                for stub, content in await bot.stubs.list(user_id)
            ],
            "waiting": [
                self._named(stub.show, stub.point, stub.created_at)
                for stub in await bot.stubs.waiting(user_id)
            ],
            "reported": [
                self._named(report.show, report.point, report.created_at)
                for report in await bot.reports.list(user_id)
            ],
            "trusted": [{"guild": str(guild)} for guild in bot.rooms.trusting(user_id)],
        }

    def _named(self, show: str, point: Point, at: int) -> Kept:
        title, label = self.bot.library.in_words(show, point)
        return {"show": title, "through": label, "at": at}

    def _words(
        self, interaction: discord.Interaction[Bot], stub: Stub, content: Content | None
    ) -> str | None:
        """Their own words, if they have watched that far: authors are readers too."""
        is_theirs = stub.author_id == interaction.user.id
        if content is None or not is_theirs or self.bot.library.get(stub.show) is None:
            return None
        story = self.bot.audience.reader(interaction, stub.show).story
        return content.text if story.order.opens(stub.point, story.horizon) else None

    # A server that is only unavailable was not left; discord.py keeps the two apart.
    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self.bot.rooms.left(guild.id, now=now())

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self.bot.rooms.returned(guild.id)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        await self._reconcile()

    async def _reconcile(self) -> None:
        """Notice the servers that removed the bot, or took it back, while it was not running."""
        left = self.bot.rooms.gone(before=now() + 1)
        for guild_id in self.bot.rooms.guilds():
            is_here = self.bot.get_guild(guild_id) is not None
            if is_here and guild_id in left:
                await self.bot.rooms.returned(guild_id)
            elif not is_here and guild_id not in left:
                await self.bot.rooms.left(guild_id, now=now())

    @tasks.loop(hours=24)
    async def erase_left(self) -> None:
        try:
            await self._reconcile()  # or one that came back meanwhile would be erased
            erased = await self.bot.rooms.erase_left(before=now() - AFTER_LEAVING)
            self.bot.stubs.forget_pressed()
        except Exception:  # a loop ends for good at its first uncaught error
            log.exception("could not erase the settings of servers that I left")
        else:
            if erased:
                log.info("erased %d settings of servers that I left", erased)

    @erase_left.before_loop
    async def _wait(self) -> None:
        """Until then nobody knows on which servers the bot is."""
        await self.bot.wait_until_ready()


async def setup(bot: Bot) -> None:
    await bot.add_cog(Privacy(bot))
