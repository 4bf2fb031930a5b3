"""`/progress`: how far a member has watched; only they move it, and a jump ahead asks first."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import discord
from discord import SelectOption, app_commands, ui
from discord.ext import commands

from bot.extensions import Answer
from bot.lookups.answer import present
from bot.options.autocomplete import CHOICES, Choices, choices, complete_announced, complete_show
from bot.options.parse import ask_show, last_out, read_point, reader_of
from bot.progress import personal_data
from bot.progress.export_file import finished, write
from bot.progress.history_import import offer
from bot.progress.import_steps import HistoryFile, read_file
from bot.progress.trackers.decoding import EXCEL, PACKED
from bot.progress.trackers.formats import SERVICES, SHEET
from bot.progress.update import PROGRESS_BUTTON_OUTDATED, arrived, mark, mark_and_say
from bot.readers.audience import Reader
from bot.ui.buttons import StatelessButton, StatelessSelect
from bot.ui.cards import SAFE_FOR_EVERYONE, Card, answer, answer_lines, notice, private
from bot.ui.errors import FAILED, UserError
from bot.ui.responses import defer, respond_with_file
from bot.ui.text import Markup, say
from data.points import PREMISE, SPECIALS, Point, Slot
from data.story.show import Show

if TYPE_CHECKING:
    from bot.context import Bot

WATCHED_LABEL = "I've watched {label}"
HOW_FAR = "How far have you watched?"
SEASON_OPTION = "Season {season}"
SPECIALS_OPTION = "Specials"
NOT_BEGUN_OPTION = "Nothing yet"
LATER_EPISODES, EARLIER_EPISODES = "Later episodes…", "Earlier episodes…"
NO_PROGRESS = "You haven't told me how far you have watched anything. Try `/progress set`."
PROGRESS_LINE = "- {show}: {label}"
YOUR_PROGRESS = "### How far you have watched"
PROGRESS_FORGOTTEN = "Forgotten. For {show} you are at the start again."

FROM_FILE = " (taken over from a file of {service}, <t:{at}:D>)"
FROM_LIST = " (taken over from a list of your own, <t:{at}:D>)"
FILE_TOO_LARGE = (
    "That file is larger than {most} MB, and I read no larger ones. Attach a part of the export: "
    "from TV Time only `tracking-prod-records-v2.csv`, from Trakt one `watched-history-1.json` "
    "after the other, beginning with the highest number."
)
FILE_NOT_FETCHED = "I could not fetch that file from Discord. Please attach it once more."
NOTHING_FINISHED = (
    "You haven't told me of any episode that you finished, so there is nothing to export. "
    "Try `/progress set`."
)
HISTORY_EXPORTED = (
    "Here is every episode that you have told me you finished. "
    "`/progress import` reads it, and so do spreadsheets.\n"
    f"{SAFE_FOR_EVERYONE}"
)
HISTORY_FILE_NAME = "watched.csv"
LARGEST_FILE_MB = 25  # MB
REFUSED_FORMATS = {".zip": PACKED, ".xlsx": EXCEL, ".xls": EXCEL}  # whatever size they are

EPISODES_ON_PAGE = 23  # episodes on one page of a select of 25, beside the ways back and on
ANY_SEASON = "-"
WATCHED_ORDER = 10  # among what is offered beside an answer


class MarkNextWatched(StatelessButton, code="w"):
    """Mark the next episode as watched, and show the same look-up from there."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        slug, token, code, *parts = self.parts
        point, reader = Point.from_token(token), reader_of(interaction, slug)
        lookup = interaction.client.registry.lookups.get(code)
        if lookup is None:
            raise UserError(PROGRESS_BUTTON_OUTDATED)
        # An old card must not move a member back, only forward.
        told = list[str]()
        if not reader.story.order.reached(point, reader.horizon):
            if await mark(interaction, reader, point) is None:
                return
            told = await arrived(interaction, reader)
            reader = reader_of(interaction, slug)
        await present(interaction, lookup, reader, parts)
        if told:
            await answer(interaction, private("\n".join(told), label=reader.story.label))


class ChooseProgress(StatelessSelect, code="h"):
    """Choose how far one has watched: first the season, then the episode; numbers only."""

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


def how_far(reader: Reader, season: str = ANY_SEASON, page: str = "0") -> ChooseProgress:
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
    return ChooseProgress(reader.show.slug, season, page, placeholder=HOW_FAR, options=shown)


def _season_option(season: int) -> SelectOption:
    label = SPECIALS_OPTION if season == SPECIALS else SEASON_OPTION.format(season=season)
    return SelectOption(label=label, value=f"season:{season}")


def _page(options: Sequence[SelectOption], page: int) -> list[SelectOption]:
    """One page of options, with the ways out of it."""
    before = SelectOption(label=EARLIER_EPISODES, value=f"page:{page - 1}")
    if page == 0:
        before = SelectOption(label=NOT_BEGUN_OPTION, value=f"point:{PREMISE.token}")
    shown = [before, *options[page * EPISODES_ON_PAGE : (page + 1) * EPISODES_ON_PAGE]]
    if len(options) > (page + 1) * EPISODES_ON_PAGE:
        shown.append(SelectOption(label=LATER_EPISODES, value=f"page:{page + 1}"))
    return shown


def _begun(bot: Bot, user_id: int) -> Iterator[tuple[str, str]]:
    """The slug and title of every show in which a member has progress."""
    for kept in bot.progress.list(user_id):
        yield kept.show, bot.library.title(kept.show)


def _meant(begun: Mapping[str, str], typed: str) -> str | None:
    """The slug of the show whose slug or whole title was typed."""
    if typed in begun:
        return typed
    titles = {title.casefold(): slug for slug, title in begun.items()}
    return titles.get(typed.casefold())


async def _complete_begun(interaction: discord.Interaction[Bot], current: str) -> Choices:
    begun = _begun(interaction.client, interaction.user.id)
    found = [(title, slug) for slug, title in begun if current.casefold() in title.casefold()]
    return choices(found[:CHOICES])


class Progress(commands.GroupCog, name="progress", description="How far you have watched"):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        self.bot.registry.offers.add(self.offer, owner=self, order=WATCHED_ORDER)
        self.bot.registry.add_personal_data(personal_data.progress(self.bot), owner=self)

    def offer(self, told: Answer) -> Sequence[ui.Item[Any]]:
        """The buttons beside a look-up: the next episode, or the question to a newcomer."""
        offered, reader = list[ui.Item[Any]](), told.reader
        order = reader.story.order
        if told.sheet.watched and order.reached(told.sheet.watched[0], last_out(order)):
            point, then = told.sheet.watched
            label = WATCHED_LABEL.format(label=reader.story.order.label(point))
            code, slug = told.lookup.code, reader.show.slug
            offered.append(MarkNextWatched(slug, point.token, code, *then, label=label))
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
        await answer_lines(interaction, [YOUR_PROGRESS, *lines] if lines else [NO_PROGRESS])

    @app_commands.command(description="Forget how far you have watched a show")
    @app_commands.describe(show="The show; most rooms have only one")
    @app_commands.autocomplete(show=_complete_begun)
    async def forget(self, interaction: discord.Interaction[Bot], show: str | None = None) -> None:
        async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
            await self._forget(interaction, show.slug)

        # Also a show that this server does not have, or that no longer exists.
        begun = dict(_begun(self.bot, interaction.user.id))
        slug = _meant(begun, show) if show is not None else None
        if slug is not None:
            await self._forget(interaction, slug)
        else:
            await ask_show(interaction, show, then)

    async def _forget(self, interaction: discord.Interaction[Bot], slug: str) -> None:
        await self.bot.progress.remove(interaction.user.id, slug)
        await answer(
            interaction, notice(say(PROGRESS_FORGOTTEN, show=self.bot.library.title(slug)))
        )

    @app_commands.command(name="import", description="Take over what you watched from a file")
    @app_commands.describe(
        file="A CSV or JSON file of TV Time, Trakt, Simkl, Netflix and others, or my own"
    )
    async def import_(
        self, interaction: discord.Interaction[Bot], file: discord.Attachment
    ) -> None:
        if sentence := REFUSED_FORMATS.get(PurePath(file.filename).suffix.casefold()):
            raise UserError(sentence)
        if file.size > LARGEST_FILE_MB * 2**20:
            raise UserError(FILE_TOO_LARGE.format(most=LARGEST_FILE_MB))
        await defer(interaction)
        await offer(interaction, await self._read(interaction, file))

    async def _read(
        self, interaction: discord.Interaction[Bot], file: discord.Attachment
    ) -> HistoryFile:
        """Fetch and read a file as soon as there is memory for it. Raises `UserError`."""
        async with self.bot.file_memory.share(file.size):
            try:
                data = await file.read()
            except FAILED:
                raise UserError(FILE_NOT_FETCHED) from None
            return await read_file(interaction, data, file.filename)

    @app_commands.command(description="Every episode you told me you finished, as a CSV file")
    async def export(self, interaction: discord.Interaction[Bot]) -> None:
        watched = list(list_watched(self.bot, interaction.user.id))
        if not watched:
            raise UserError(NOTHING_FINISHED)
        file = discord.File(io.BytesIO(write(watched)), HISTORY_FILE_NAME)
        await respond_with_file(interaction, HISTORY_EXPORTED, file)


def list_watched(bot: Bot, user_id: int) -> Iterator[tuple[Show, Sequence[Slot]]]:
    """The episodes of each show that a member has finished."""
    for kept in bot.progress.list(user_id):
        show = bot.library.get(kept.show)
        if show is not None and (slots := finished(bot.library.order(show.slug), kept.point)):
            yield show, slots


def list_progress(bot: Bot, user_id: int) -> list[str]:
    """A line for each show in which a member has progress, with the file that it came from."""
    lines = list[str]()
    for kept in bot.progress.list(user_id):
        title, label = bot.library.in_words(kept.show, kept.point)
        origin = ""
        if kept.origin is not None:
            service = SERVICES.get(kept.origin.file, kept.origin.file)
            sentence = FROM_LIST if kept.origin.file == SHEET.key else FROM_FILE
            origin = say(sentence, service=service, at=Markup(kept.origin.at))
        lines.append(say(PROGRESS_LINE, show=title, label=label) + origin)
    return lines


async def setup(bot: Bot) -> None:
    await bot.add_cog(Progress(bot))
