"""`/progress`: how far a member has watched; only they move it, and a jump ahead asks first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import SelectOption, app_commands, ui
from discord.ext import commands

from bot.asking import ask_show, now, read_point, reader_of
from bot.audience import Reader
from bot.cards import Card, answer, answer_lines, notice, private
from bot.completing import complete_announced, complete_show
from bot.covering import say
from bot.errors import UserError
from bot.lookups import Lookup, Sheet, present, turn_to
from bot.presses import Pick, Press
from data.point import PREMISE, SPECIALS, Order, Point
from data.progress import Mark
from data.story import Show

if TYPE_CHECKING:
    from bot.client import Bot

NOT_OUT = "{label} is not out yet."
OLD_BUTTON = "That button is out of date. Use `/progress set` instead."
NOW_AT = "You are through **{label}** of {show}."
NOW_AT_START = "You have not begun {show}. I'll keep everything from you but how it starts."
SURE = "That opens everything through **{label}** of {show} for you. Have you watched that far?"
SURE_SPECIALS = (
    "That opens everything through **{label}** of {show} for you, {specials} included. "
    "Have you watched all of it?"
)
YES = "Yes, through {label}"
NO = "No, leave it"
LEFT = "Left as it was."
UNDONE = "Taken back. "
TOO_LATE_TO_UNDO = "Your progress has changed since, so there is nothing to take back here."
UNDO = "Undo"
RECAP_OF = "Recap of {label}"
WATCHED = "I've watched {label}"
HOW_FAR = "How far have you watched?"
SEASON = "Season {season}"
SPECIAL = "Specials"
NOT_BEGUN = "Nothing yet"
MORE, FEWER = "Later episodes…", "Earlier episodes…"
NOTHING_SAID = "You haven't told me how far you have watched anything. Try `/progress set`."
ONE = "- {show}: {label}"
YOUR_PROGRESS = "### How far you have watched"
FORGOTTEN = "Forgotten. For {show} you are at the start again."

PAGE = 23  # episodes on one page of a select of 25, beside the ways back and on
ANY_SEASON = "-"
RECAP = "recap"  # the look-up offered after a change


class Sure(Press, name="y"):
    """Yes, I have watched that far."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        slug, token = self.parts
        reader = reader_of(interaction, slug)
        await mark_and_say(interaction, reader, Point.from_token(token), is_sure=True)


class Leave(Press, name="n"):
    """No, leave my progress as it is."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, notice(LEFT))


class Undo(Press, name="u"):
    """Take back the last change, unless there was another one since."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        slug, revision = self.parts
        bot = interaction.client
        reader_of(interaction, slug)
        undone = revision.isdecimal() and await bot.progress.undo(
            interaction.user.id, slug, int(revision), now=now()
        )
        if not undone:
            raise UserError(TOO_LATE_TO_UNDO)
        reader = reader_of(interaction, slug)
        await answer(interaction, _settled(bot, reader, word=UNDONE))


class Watched(Press, name="w"):
    """I have watched the next episode; show me what I was looking at from there."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        slug, token, code, *parts = self.parts
        point, reader = Point.from_token(token), reader_of(interaction, slug)
        lookup = interaction.client.lookups.get(code)
        if lookup is None:
            raise UserError(OLD_BUTTON)
        # An old card must not take somebody back: only those who were not there yet are moved.
        if not reader.story.order.reached(point, reader.horizon):
            if await mark(interaction, reader, point) is None:
                return
            reader = reader_of(interaction, slug)
        await present(interaction, lookup, reader, parts)


class HowFar(Pick, name="h"):
    """How far have you watched? First the season, then the episode; numbers only."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        slug, season, _ = self.parts
        reader = reader_of(interaction, slug)
        kind, _, value = self.value(interaction).partition(":")
        if kind == "point":
            await mark_and_say(interaction, reader, Point.from_token(value))
        elif kind == "season":
            await answer(interaction, ask_how_far(reader, value))
        else:
            await answer(interaction, ask_how_far(reader, season, value))


def ask_how_far(reader: Reader, season: str = ANY_SEASON, page: str = "0") -> Card:
    return notice(HOW_FAR, rows=[[how_far(reader, season, page)]])


def how_far(reader: Reader, season: str = ANY_SEASON, page: str = "0") -> HowFar:
    """The select that asks for the season, or for the episode where the season is clear."""
    order = reader.story.order
    if season == ANY_SEASON and len(order.seasons) == 1:
        season = str(order.seasons[0])
    if season == ANY_SEASON:
        options = [_season_option(number) for number in order.seasons]
    else:
        options = [
            SelectOption(label=slot.label, value=f"point:{Point(slot.id).token}")
            for slot in order.slots
            if str(slot.season) == season
        ]
    shown = _page(options, int(page) if page.isdecimal() else 0)
    return HowFar(reader.show.slug, season, page, placeholder=HOW_FAR, options=shown)


def _season_option(season: int) -> SelectOption:
    label = SPECIAL if season == SPECIALS else SEASON.format(season=season)
    return SelectOption(label=label, value=f"season:{season}")


def _page(options: Sequence[SelectOption], page: int) -> list[SelectOption]:
    """One page of options, with the ways out of it."""
    before = SelectOption(label=FEWER, value=f"page:{page - 1}")
    if page == 0:
        before = SelectOption(label=NOT_BEGUN, value=f"point:{PREMISE.token}")
    shown = [before, *options[page * PAGE : (page + 1) * PAGE]]
    if len(options) > (page + 1) * PAGE:
        shown.append(SelectOption(label=MORE, value=f"page:{page + 1}"))
    return shown


async def mark(
    interaction: discord.Interaction[Bot], reader: Reader, point: Point, *, is_sure: bool = False
) -> Mark | None:
    """Move the presser's own progress; a jump is asked about first, and None is returned."""
    order = reader.story.order
    if point not in order:
        raise UserError(OLD_BUTTON)
    if not _is_out(order, point):
        raise UserError(NOT_OUT.format(label=order.label(point)))
    if not is_sure and _is_jump(order, reader.horizon, point):
        await answer(interaction, _question(reader, point))
        return None
    progress = interaction.client.progress
    return await progress.save(interaction.user.id, reader.show.slug, point, now=now())


async def mark_and_say(
    interaction: discord.Interaction[Bot], reader: Reader, point: Point, *, is_sure: bool = False
) -> None:
    """Move the presser's own progress and tell them where they are now."""
    saved = await mark(interaction, reader, point, is_sure=is_sure)
    if saved is not None:
        slug = reader.show.slug
        undo = Undo(slug, str(saved.revision), label=UNDO)
        await answer(interaction, _settled(interaction.client, reader_of(interaction, slug), undo))


def _is_out(order: Order, point: Point) -> bool:
    """Whether anybody can have watched that far; its order says when undated episodes are out."""
    today = discord.utils.utcnow().date()
    slot = order.slot(point)
    if slot is not None and slot.aired is not None and slot.aired > today:
        return False
    return order.reached(point, order.released(today))


def _is_jump(order: Order, now: Point, point: Point) -> bool:
    """Past the next episode, or past a special that nobody said was watched."""
    following = order.after(now)
    return following is not None and not order.reached(point, following)


def _question(reader: Reader, point: Point) -> Card:
    order, slug = reader.story.order, reader.show.slug
    label = order.label(point)
    passed = [
        slot.label for slot in order.between(reader.horizon, point) if slot.season == SPECIALS
    ]
    sentence = SURE_SPECIALS if passed else SURE
    body = say(sentence, label=label, show=reader.show.title, specials=", ".join(passed))
    yes = Sure(slug, point.token, label=YES.format(label=label), style=discord.ButtonStyle.primary)
    return private(body, label=reader.story.label, rows=[[yes, Leave(label=NO)]])


def _settled(bot: Bot, reader: Reader, *buttons: ui.Item[Any], word: str = "") -> Card:
    """Where somebody is now, with the recap of it."""
    show, label = reader.show, reader.story.label
    row = list(buttons)
    recap = bot.lookups.get(RECAP)
    if recap and reader.story.finished:
        here = RECAP_OF.format(label=reader.story.finished[-1].label)
        row.insert(0, turn_to(recap, reader, recap.find(reader.story, None), label=here))
    at = NOW_AT if reader.horizon != PREMISE else NOW_AT_START
    return private(word + say(at, label=label, show=show.title), label=label, rows=[row])


class Progress(commands.GroupCog, name="progress", description="How far you have watched"):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        bot.lookups.offers.append(self.offer)

    def offer(
        self, reader: Reader, lookup: Lookup, sheet: Sheet, parts: Sequence[str]
    ) -> Sequence[ui.Item[Any]]:
        """What stands beside every look-up: the next episode, and the question to a newcomer."""
        offered = list[ui.Item[Any]]()
        if sheet.watched and _is_out(reader.story.order, sheet.watched[0]):
            point, then = sheet.watched
            label = WATCHED.format(label=reader.story.order.label(point))
            offered.append(Watched(reader.show.slug, point.token, lookup.code, *then, label=label))
        if not reader.has_said:
            offered.append(how_far(reader))
        return offered

    @app_commands.command(name="set", description="Tell me how far you have watched")
    @app_commands.describe(
        point="The last episode you finished, like S1E3; or nothing, or all",
        show="The show; most rooms have only one",
    )
    @app_commands.autocomplete(point=complete_announced, show=complete_show)
    async def set_(
        self,
        interaction: discord.Interaction[Bot],
        point: str | None = None,
        show: str | None = None,
    ) -> None:
        async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
            reader = reader_of(interaction, show.slug)
            if point is None:
                await answer(interaction, ask_how_far(reader))
            else:
                await mark_and_say(interaction, reader, read_point(reader, point))

        await ask_show(interaction, show, then)

    @app_commands.command(description="How far you have told me you are")
    async def show(self, interaction: discord.Interaction[Bot]) -> None:
        lines = list_progress(self.bot, interaction.user.id)
        await answer_lines(interaction, [YOUR_PROGRESS, *lines] if lines else [NOTHING_SAID])

    @app_commands.command(description="Forget how far you have watched a show")
    @app_commands.describe(show="The show; most rooms have only one")
    @app_commands.autocomplete(show=complete_show)
    async def forget(self, interaction: discord.Interaction[Bot], show: str | None = None) -> None:
        async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
            await self.bot.progress.remove(interaction.user.id, show.slug)
            await answer(interaction, notice(say(FORGOTTEN, show=show.title)))

        await ask_show(interaction, show, then)


def list_progress(bot: Bot, user_id: int) -> list[str]:
    """A line for each show somebody has told their progress of."""
    lines = list[str]()
    for kept in bot.progress.list(user_id):
        title, label = bot.library.in_words(kept.show, kept.point)
        lines.append(say(ONE, show=title, label=label))
    return lines


async def setup(bot: Bot) -> None:
    await bot.add_cog(Progress(bot))
