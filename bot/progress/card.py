"""The card of a member's progress: how far they are in each show, and what changes it."""

from __future__ import annotations

import io
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import SelectOption, ui

from bot.options.parse import reader_of
from bot.progress.export_file import finished, write
from bot.progress.file_import import ImportForm
from bot.progress.how_far import ask_how_far, how_far
from bot.progress.trackers.formats import SERVICES, SHEET
from bot.ui.buttons import StatelessButton, StatelessSelect
from bot.ui.cards import Card, answer, answer_lines, notice
from bot.ui.errors import UserError, out_of_date
from bot.ui.responses import open_form, respond_with_file
from bot.ui.text import Markup, clip, say
from data.points import PREMISE, Slot
from data.story.show import Show

if TYPE_CHECKING:
    from bot.context import Bot

YOUR_PROGRESS = "### How far you have watched"
NO_PROGRESS = "You haven't told me how far you have watched anything."
PROGRESS_LINE, NOT_BEGUN_LINE = "- {show}: {label}", "- {show}: not begun"
FROM_FILE = " (imported from a file of {service}, <t:{at}:D>)"
FROM_LIST = " (imported from a list of your own, <t:{at}:D>)"
SET, ANOTHER_SHOW, FORGET, IMPORT, EXPORT = "Set", "Another show", "Forget", "Import", "Export"
HOW_FAR_IN = "How far have you watched {show}?"
WHICH_TO_SET, WHICH_TO_FORGET = "Which show have you watched?", "Which show shall I forget?"
LATER_SHOWS, EARLIER_SHOWS = "Later shows…", "Earlier shows…"
NO_STORY_HERE = "No show here has a story yet. A moderator brings one with `/show add`."
NOTHING_BEGUN = "There is nothing to forget: you haven't told me how far you are in any show."
PROGRESS_FORGOTTEN = "Forgotten. For {show} you are at the start again."
NOTHING_FINISHED = (
    "You haven't told me of any episode that you finished, so there is nothing to export. "
    "Try `/progress`."
)
HISTORY_EXPORTED = (
    "Here is every episode that you have told me you finished. "
    "`/progress file:` reads it, and so do spreadsheets."
)
HISTORY_FILE_NAME = "watched.csv"

SHOWS_ON_PAGE = 23  # shows on one page of a select of 25, beside the ways back and on
OPTION_LENGTH, PLACEHOLDER_LENGTH = 100, 150  # Discord's limits


class SetProgress(StatelessButton, code="hs"):
    """Ask which show it is, and how far one has watched it."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        shows = [*_told_here(interaction)]
        if not shows:
            raise UserError(NO_STORY_HERE)
        if len(shows) == 1:
            await answer(interaction, ask_how_far(reader_of(interaction, shows[0][0])))
        else:
            await answer(interaction, ChooseShow.question(shows))


class ForgetProgress(StatelessButton, code="hf"):
    """Ask of which show one's progress is to be forgotten."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        begun = [*_begun(interaction)]
        if not begun:
            raise UserError(NOTHING_BEGUN)
        await answer(interaction, ForgetShow.question(begun))


class ImportHistory(StatelessButton, code="hi"):
    """Open the form that takes a file."""

    opens_form = True

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        await open_form(interaction, ImportForm())


class ExportHistory(StatelessButton, code="he"):
    """Every episode that the person who presses has finished, as a CSV file."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        watched = list(list_watched(interaction.client, interaction.user.id))
        if not watched:
            raise UserError(NOTHING_FINISHED)
        file = discord.File(io.BytesIO(write(watched)), HISTORY_FILE_NAME)
        await respond_with_file(interaction, HISTORY_EXPORTED, file)


class _ShowSelect(StatelessSelect):
    """A choice among shows, on as many pages as it takes."""

    asks: str

    @classmethod
    def question(cls, shows: Sequence[tuple[str, str]], page: int = 0) -> Card:
        """The question, with one page of the shows: slugs and titles."""
        return notice(cls.asks, rows=[[cls._of_page(shows, page)]])

    @classmethod
    def _of_page(cls, shows: Sequence[tuple[str, str]], page: int) -> Self:
        end = (page + 1) * SHOWS_ON_PAGE
        options = [
            SelectOption(label=clip(title, OPTION_LENGTH), value=f"show:{slug}")
            for slug, title in shows[page * SHOWS_ON_PAGE : end]
        ]
        if page:
            options.insert(0, SelectOption(label=EARLIER_SHOWS, value=f"page:{page - 1}"))
        if end < len(shows):
            options.append(SelectOption(label=LATER_SHOWS, value=f"page:{page + 1}"))
        return cls(placeholder=cls.asks, options=options)

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        kind, _, value = self.value(interaction).partition(":")
        if kind != "page":
            await self.take(interaction, value)
            return
        shows = [*self.shows(interaction)]
        if not shows:  # forgotten since the question was asked
            raise out_of_date(interaction)
        last = (len(shows) - 1) // SHOWS_ON_PAGE
        await answer(interaction, self.question(shows, min(max(int(value), 0), last)))

    @abstractmethod
    def shows(self, interaction: discord.Interaction[Bot]) -> Iterator[tuple[str, str]]:
        """The slugs and titles of the shows that can be chosen."""

    @abstractmethod
    async def take(self, interaction: discord.Interaction[Bot], slug: str) -> None:
        """Go on with a show; its slug may be forged."""


class ChooseShow(_ShowSelect, code="hw"):
    """Choose the show of which one says how far one has watched it."""

    asks = WHICH_TO_SET

    def shows(self, interaction: discord.Interaction[Bot]) -> Iterator[tuple[str, str]]:
        return _told_here(interaction)

    async def take(self, interaction: discord.Interaction[Bot], slug: str) -> None:
        await answer(interaction, ask_how_far(reader_of(interaction, slug)))


class ForgetShow(_ShowSelect, code="hg"):
    """Forget how far one has watched the show that is chosen."""

    asks = WHICH_TO_FORGET

    def shows(self, interaction: discord.Interaction[Bot]) -> Iterator[tuple[str, str]]:
        return _begun(interaction)

    async def take(self, interaction: discord.Interaction[Bot], slug: str) -> None:
        title = dict(_begun(interaction)).get(slug)
        if title is None:  # forged, or forgotten already
            raise UserError(NOTHING_BEGUN)
        await interaction.client.progress.remove(interaction.user.id, slug)
        await answer(interaction, notice(say(PROGRESS_FORGOTTEN, show=title)))


async def show_progress(interaction: discord.Interaction[Bot]) -> None:
    """Answer with the card; where it is clear which show is meant, the question is on it."""
    lines = list_progress(interaction.client, interaction.user.id)
    told = [YOUR_PROGRESS, *lines] if lines else [NO_PROGRESS]
    asked, buttons = [*ask_here(interaction)], list[ui.Item[Any]]()
    if len([*_told_here(interaction)]) > len(asked):
        buttons.append(SetProgress(label=ANOTHER_SHOW if asked else SET))
    buttons.append(ImportHistory(label=IMPORT))
    if lines:
        buttons += [ExportHistory(label=EXPORT), ForgetProgress(label=FORGET)]
    await answer_lines(interaction, told, rows=[asked, buttons])


def ask_here(interaction: discord.Interaction[Bot]) -> Iterator[ui.Item[Any]]:
    """The question how far the member has watched the show that is meant in this room."""
    slug = interaction.client.show_choice.default(interaction)
    show = interaction.client.library.get(slug) if slug else None
    if show is not None and show.has_story:
        question = how_far(reader_of(interaction, show.slug))
        question.placeholder = clip(HOW_FAR_IN.format(show=show.title), PLACEHOLDER_LENGTH)
        yield question


def _told_here(interaction: discord.Interaction[Bot]) -> Iterator[tuple[str, str]]:
    """The shows with a story here; the one that is meant in this room comes first."""
    default = interaction.client.show_choice.default(interaction)
    shows = interaction.client.library.list(interaction.guild_id)
    for show in sorted(shows, key=lambda one: one.slug != default):
        if show.has_story:
            yield show.slug, show.title


def _begun(interaction: discord.Interaction[Bot]) -> Iterator[tuple[str, str]]:
    """Every show in which the member has progress, also one that is not here, or no more."""
    bot = interaction.client
    for kept in bot.progress.list(interaction.user.id):
        yield kept.show, bot.library.title(kept.show)


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
        line = NOT_BEGUN_LINE if kept.point == PREMISE else PROGRESS_LINE
        lines.append(say(line, show=title, label=label) + origin)
    return lines
