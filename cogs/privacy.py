"""`/privacy`: what is stored about a person, to see, to take along and to erase."""

from __future__ import annotations

import io
import json
import logging
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands, tasks

from bot.clock import now
from bot.contributions.access import words_of
from bot.extensions import Kept
from bot.rooms.pulse import oldest_day
from bot.spoilers.reconcile import delete_again
from bot.ui.buttons import StatelessButton
from bot.ui.cards import SAFE_FOR_EVERYONE, answer, answer_lines, notice
from bot.ui.text import Markup, say, spoken
from data.spoilers.store import BARS, COVER, DRAFT, SHARE

if TYPE_CHECKING:
    from bot.context import Bot
    from data.contributions.contribution import Writing
    from data.news.store import Version
    from data.points import Point
    from data.spoilers.reports import Report
    from data.spoilers.store import Content, Stub

log = logging.getLogger(__name__)

STORED = (
    "### What I keep about you\n"
    "How far you have watched each show, what you said before that (for *Undo*), and when; "
    "what you sealed or covered, encrypted, until it is taken down or expires; what waits for you "
    "in `/spoiler inbox`; which shows' news you want to be reminded of; what you wrote or reviewed "
    "of a server's shows, your words encrypted; and for 30 days what you reported, or others of "
    "yours, as a spoiler. "
    "It is the same on every server, and nobody else can ask me for it. "
    "If you enter news, I keep which ones, and the others who enter news see it."
)
NO_MORE = "I keep no other messages, and no list of what you looked up."
STORED_NOTHING = "Right now that is nothing at all."
WATCHED = "- {show} · through {through} · said <t:{at}:D>"
SEALED = "- {what}: {show} · through {through} · <t:{at}:D>{link}"
WAITING = "- Waiting for you: {show} · through {through}{link}"
REPORTED = "- {what}: {show} · through {through} · <t:{at}:D>"
TRUSTED = (
    "- You are trusted to cover spoilers, and to write and review shows, on a server: {server}"
)
REMINDED = "- You are reminded of news: {show}{begun} · since <t:{at}:D>"
EDITING = "- You may enter news, since <t:{at}:D>"
ENTERED = "- You {did} news: {show} · {news} · <t:{at}:D>"
AUTHORED = "- You {did}: {show} · <t:{at}:D> · {state}"
DID_WRITE, DID_REVIEW = "wrote of a show", "decided on what somebody wrote of a show"
EVERY_SHOW, ONCE_BEGUN = "every show", ", once you have begun it"
DID_ENTER, DID_CORRECT, DID_RETRACT = "entered", "corrected", "took back"
WRITTEN, DRAFTED, SHARED = "You sealed", "You wrote, and did not post", "You shared, sealed"
COVERED, COVERED_OWN = "You covered what somebody wrote", "You covered what you wrote"
WAS_COVERED = "Something of yours was covered"
YOU_REPORTED, WAS_REPORTED = "You reported", "Something of yours was reported"
LINK = " · [go there](<https://discord.com/channels/{guild}/{channel}/{message}>)"

NOT_YOURS = "somebody else's words"
NOT_THERE_YET = "sealed past how far you have watched"
NO_SHOW = "sealed for a show that I do not have any more"
NO_KEY = "the key it was sealed with is gone"
EXPORTED = (
    "Here is everything I keep about you. What you sealed is in it as far as you have watched.\n"
    f"{SAFE_FOR_EVERYONE}"
)
FILE = "cliffhanger-about-me.json"
REALLY = (
    "Shall I forget how far you have watched every show, everything that you sealed, kept or "
    "reported, what you wrote of shows, what you want to be reminded of, your part in watch "
    "parties, and that you entered news? What you sealed then opens for nobody, what you wrote "
    "behind bars is deleted, what you wrote of shows is told no more, and news that you entered "
    "stay. This can't be taken back."
)
YES, NO = "Yes, forget it all", "No, keep it"
FORGOTTEN = "Forgotten. The copies I keep for emergencies will have forgotten it within a week."
KEPT = "Kept as it was."

LINES = {
    "progress": WATCHED,
    "sealed": SEALED,
    "waiting": WAITING,
    "reported": REPORTED,
    "trusted": TRUSTED,
    "reminders": REMINDED,
    "editing": EDITING,
    "entered": ENTERED,
    "written": AUTHORED,
}
AFTER_LEAVING = 30 * 24 * 60 * 60  # seconds a server's settings outlive the bot's removal


class Erase(StatelessButton, code="e"):
    """Yes, forget everything about me."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        bot, user_id = interaction.client, interaction.user.id
        barred = [
            stub
            for stub, _ in await bot.stubs.list(user_id)
            if stub.author_id == user_id and stub.style == BARS
        ]
        await bot.progress.remove(user_id)
        await bot.stubs.forget(user_id, heir=bot.own_id, now=now())
        await bot.reports.forget(user_id, heir=bot.own_id)
        await bot.rooms.forget_member(user_id)
        await bot.reminders.remove(user_id)
        await bot.newsroom.forget(user_id)
        await bot.writings.forget(user_id)
        for personal in bot.personal:
            await personal.forget(user_id)
        await answer(interaction, notice(FORGOTTEN))
        for stub in barred:  # Discord may let us delete a few at a time only
            await delete_again(bot, stub)


class Keep(StatelessButton, code="k"):
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
        told = LINES | {personal.name: personal.line for personal in self.bot.personal}
        lines = [say(line, **_told(one)) for name, line in told.items() for one in kept[name]]
        stored = " ".join([STORED, *(personal.stored for personal in self.bot.personal), NO_MORE])
        await answer_lines(interaction, [stored, *(lines or [STORED_NOTHING])])

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
                self._stub(stub)
                | {"kind": stub.kind, "what": _what(stub, user_id)}
                | self._words(interaction, stub, content)
                for stub, content in await bot.stubs.list(user_id)
            ],
            "waiting": [self._stub(stub) for stub in await bot.stubs.waiting(user_id)],
            "reported": [
                self._named(report.show, report.point, report.created_at)
                | _place(report)
                | {"what": WAS_REPORTED if report.author_id == user_id else YOU_REPORTED}
                for report in await bot.reports.list(user_id)
            ],
            "trusted": [
                {
                    "guild": str(id),
                    "server": guild.name if (guild := bot.get_guild(id)) else str(id),
                }
                for id in bot.rooms.trusting(user_id)
            ],
            "reminders": [
                {
                    "show": self._title(one.show) if one.show else EVERY_SHOW,
                    "only_begun": one.only_begun,
                    "at": one.since,
                    "told_at": one.told_at,
                }
                for one in bot.reminders.list(user_id)
            ],
            "editing": [
                {"at": since}
                for id, since in (await bot.newsroom.editors()).items()
                if id == user_id
            ],
            "entered": [
                {"show": self._title(version.show), "at": version.recorded_at} | _said(version)
                for version in bot.newsroom.entered(user_id)
            ],
            "written": [
                await self._written(interaction, writing)
                for writing in await bot.writings.of(user_id)
            ],
        } | {personal.name: list(await personal.kept(user_id)) for personal in bot.personal}

    async def _written(self, interaction: discord.Interaction[Bot], writing: Writing) -> Kept:
        """What they wrote, or decided on; words only of their own, as far as they have watched."""
        is_own = writing.author_id == interaction.user.id
        moment = writing.created_at if is_own else writing.decided_at
        kept: Kept = {
            "did": DID_WRITE if is_own else DID_REVIEW,
            "show": self._title(writing.show),
            "guild": str(writing.guild_id),
            "at": moment,
            "state": writing.state,
        }
        if not is_own:
            return kept | {"text": None, "why": NOT_YOURS}
        library = self.bot.library
        if library.get(writing.show) is None:
            return kept | {"text": None, "why": NO_SHOW}
        reader = self.bot.audience.reader(interaction, writing.show)
        order = reader.story.order
        if not all(order.opens(at, reader.horizon) for at in (writing.known, writing.author_at)):
            return kept | {"text": None, "why": NOT_THERE_YET}
        found = await self.bot.writings.read(writing.id)
        words = found and found[1]
        return kept | ({"text": words_of(words)} if words else {"text": None, "why": NO_KEY})

    def _title(self, slug: str) -> str:
        show = self.bot.library.get(slug)
        return slug if show is None else show.title

    def _stub(self, stub: Stub) -> Kept:
        return self._named(stub.show, stub.point, stub.created_at) | _place(stub)

    def _named(self, show: str, point: Point, at: int) -> Kept:
        title, label = self.bot.library.in_words(show, point)
        return {"show": title, "through": spoken(label), "at": at}

    def _words(
        self, interaction: discord.Interaction[Bot], stub: Stub, content: Content | None
    ) -> Kept:
        """Their own words, if they have watched that far (authors are readers too), or why not."""
        if stub.author_id != interaction.user.id:
            return {"text": None, "why": NOT_YOURS}
        if self.bot.library.get(stub.show) is None:
            return {"text": None, "why": NO_SHOW}
        story = self.bot.audience.reader(interaction, stub.show).story
        if not story.order.opens(stub.point, story.horizon):
            return {"text": None, "why": NOT_THERE_YET}
        return {"text": content.text} if content else {"text": None, "why": NO_KEY}

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
            await self.bot.regulars.prune(before=oldest_day())
        except Exception:  # a loop ends for good at its first uncaught error
            log.exception("could not erase the settings of servers that I left")
        else:
            if erased:
                log.info("erased %d settings of servers that I left", erased)

    @erase_left.before_loop
    async def _wait(self) -> None:
        """Until then nobody knows on which servers the bot is."""
        await self.bot.wait_until_ready()


def _place(kept: Stub | Report) -> Kept:
    """Where it stands. As text: numbers this long lose their end where a program reads them."""
    message = None if kept.message_id is None else str(kept.message_id)
    return {"guild": str(kept.guild_id), "channel": str(kept.channel_id), "message": message}


def _what(stub: Stub, user_id: int) -> str:
    if stub.kind == COVER and stub.by_id != user_id:
        return WAS_COVERED
    if stub.kind == COVER:
        return COVERED_OWN if stub.author_id == user_id else COVERED
    if stub.kind == SHARE:
        return SHARED
    return DRAFTED if stub.state == DRAFT else WRITTEN


def _said(version: Version) -> Kept:
    """What somebody did to some news, and what these said then."""
    news = version.news
    mended = DID_ENTER if version.revision == 1 else DID_CORRECT
    return {
        "did": DID_RETRACT if version.is_retracted else mended,
        "news": news.id,
        "date": news.date.isoformat(),
        "kind": news.kind,
        "season": news.season,
        "confidence": news.confidence,
        "headline": news.headline,
        "sources": [citation.url or citation.site for citation in news.citations],
    }


def _told(one: Kept) -> Kept:
    """What is exported, with a link to where it stands."""
    return one | {
        "link": Markup(LINK.format(**one) if one.get("message") else ""),
        "begun": ONCE_BEGUN if one.get("only_begun") else "",
    }


async def setup(bot: Bot) -> None:
    await bot.add_cog(Privacy(bot))
