"""Look-ups: questions about a story, answered privately, with buttons to more and to share."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.extensions import ROOM_SOURCES, Answer, Lookup, Onward, Sheet
from bot.options.parse import reader_of
from bot.readers.audience import Reader
from bot.sources.tvmaze import TVmaze
from bot.ui import cards
from bot.ui.buttons import StatelessButton, StatelessSelect
from bot.ui.cards import answer
from bot.ui.citations import AND_MORE, sources
from bot.ui.errors import NothingToShow
from bot.ui.text import clip
from data.points import Point
from data.story.show import Show
from data.story.story_so_far import StorySoFar

if TYPE_CHECKING:
    from bot.context import Bot


NO_PREVIEW = "-"  # in a custom_id: the reader's own view

PAGE_NUMBER = "-# Page {page} of {last}"
IMPORTED_FROM = TVmaze.credit
WRITTEN_HERE = "*written here*"  # marks what members of the reader's server wrote
PREVIOUS_PAGE, NEXT_PAGE = "◀ Back", "More ▶"
SOURCES, BACK_FROM_SOURCES = "Sources", "Back to the answer"
SOURCES_TITLE = "{title}\n**Where I know this from**"
ROOM_SOURCES_BUT_WRITTEN = f"\n-# All but what is {WRITTEN_HERE}:"
OPEN_SUBJECT = "Read more about…"
PART_SEPARATOR = "|"  # between parts in the value of a select
LABEL = 100  # characters of an option's label, by Discord's limit


async def present(
    interaction: discord.Interaction[Bot],
    lookup: Lookup,
    reader: Reader,
    parts: Sequence[str],
    page: int = 0,
) -> None:
    """Answer privately with a page of what the reader may know of a subject.

    `parts` name the subject (see `Lookup`); pages count from 0. Raises `NothingToShow`.
    """
    sheet = lookup.sheets.of(reader.story, tuple(parts))
    body, page, last = page_of(sheet, page)
    body += imported_line(reader.show)
    buttons = list[ui.Item[Any]]()
    if page > 0:
        buttons.append(lookup_button(lookup, reader, parts, label=PREVIOUS_PAGE, page=page - 1))
    if page < last:
        buttons.append(lookup_button(lookup, reader, parts, label=NEXT_PAGE, page=page + 1))
    buttons += [lookup_button(lookup, reader, to.parts, label=to.label) for to in sheet.onward]
    if sheet.is_cited:
        buttons.append(SourcesButton(*_address(lookup, reader, parts, 0), label=SOURCES))
    selects = list[ui.Item[Any]]()
    if sheet.opens:
        selects.append(_subjects(lookup, reader, sheet.subjects(page)))
    if reader.preview is None:
        told = Answer(interaction, reader, lookup, parts, page, sheet)
        for offer in interaction.client.registry.offers:
            for item in offer(told):
                (buttons if item.type is discord.ComponentType.button else selects).append(item)
    await answer(interaction, _private(body, reader, [buttons, *([one] for one in selects)]))


def _private(body: str, reader: Reader, rows: Sequence[cards.Row]) -> cards.Card:
    label, preview = reader.story.label, reader.preview is not None
    return cards.private(body, label=label, preview=preview, rows=rows)


def imported_line(show: Show) -> str:
    """The line below every answer about an imported show; empty for others."""
    return f"\n-# *imported, not reviewed* · {IMPORTED_FROM}" if show.is_imported else ""


def page_of(sheet: Sheet, page: int, *, for_room: bool = False) -> tuple[str, int, int]:
    """The text of a page of a sheet, its number and the last page's number, counted from 0.

    A number beyond the last page gives the last page. `for_room` uses the heading for a room.
    """
    last = len(sheet.pages) - 1
    page = min(page, last)
    told = [sheet.room_title if for_room and sheet.room_title else sheet.title, *sheet.pages[page]]
    if for_room:
        told += _room_sources(sheet, told)
    if last:
        told.append(PAGE_NUMBER.format(page=page + 1, last=last + 1))
    return "\n".join(told), page, last


def _room_sources(sheet: Sheet, told: Sequence[str]) -> list[str]:
    """The line that names the sources to a room, which has no button for them."""
    cited = [citation for each in sheet.cited for citation in each.citations]
    line = sources(cited, ROOM_SOURCES - len(ROOM_SOURCES_BUT_WRITTEN) - len(AND_MORE))
    is_mixed = bool(line) and any(WRITTEN_HERE in text for text in told)
    return [ROOM_SOURCES_BUT_WRITTEN, *line] if is_mixed else line


def mark_written(line: str, *, is_written: bool) -> str:
    """A line of markup, marked if members of the server wrote it."""
    return f"{line} · {WRITTEN_HERE}" if is_written else line


def page_number(part: str) -> int:
    """The page that a part of a custom_id names; 0 if it is no number, since it may be forged."""
    return int(part[:4]) if part.isascii() and part.isdecimal() else 0


class LookupButton(StatelessButton, code="t"):
    """Show another page or subject, at the progress of the person who presses."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        lookup, reader, page, parts = _addressed(interaction, self.parts)
        await present(interaction, lookup, reader, parts, page)

    def told(self, interaction: discord.Interaction[Bot], story: StorySoFar) -> str:
        """The text of the page as a room with that story would read it. Raises `NothingToShow`."""
        code, _, _, page, *parts = self.parts
        sheet = lookup_of(interaction, code).sheets.of(story, tuple(parts))
        return page_of(sheet, page_number(page), for_room=True)[0]


def lookup_button(
    lookup: Lookup, reader: Reader, parts: Sequence[str], *, label: str, page: int = 0
) -> LookupButton:
    """A button to another subject or page; for a reader with a preview it shows that preview."""
    return LookupButton(*_address(lookup, reader, parts, page), label=label)


def _address(lookup: Lookup, reader: Reader, parts: Sequence[str], page: int) -> tuple[str, ...]:
    """The parts of a custom_id from which a page of an answer is found again."""
    preview = NO_PREVIEW if reader.preview is None else reader.preview.token
    return (lookup.code, preview, reader.show.slug, str(page), *parts)


class SourcesButton(StatelessButton, code="i"):
    """Show where an answer is known from, each thing in it with its own sources."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        lookup, reader, page, parts = _addressed(interaction, self.parts)
        sheet = lookup.sheets.of(reader.story, tuple(parts))
        if not sheet.is_cited:
            raise NothingToShow
        last = len(sheet.source_pages) - 1
        page = min(page, last)
        told = [SOURCES_TITLE.format(title=sheet.title), *sheet.source_pages[page]]
        if last:
            told.append(PAGE_NUMBER.format(page=page + 1, last=last + 1))
        address = partial(_address, lookup, reader, parts)
        buttons = list[ui.Item[Any]]()
        if page > 0:
            buttons.append(SourcesButton(*address(page - 1), label=PREVIOUS_PAGE))
        if page < last:
            buttons.append(SourcesButton(*address(page + 1), label=NEXT_PAGE))
        buttons.append(LookupButton(*address(0), label=BACK_FROM_SOURCES))
        await answer(interaction, _private("\n".join(told), reader, [buttons]))


class OpenSubject(StatelessSelect, code="l"):
    """Open one of those whom an answer lists, at the progress of the person who presses."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        lookup, reader, _, _ = _addressed(interaction, self.parts)
        await present(interaction, lookup, reader, self.value(interaction).split(PART_SEPARATOR))


def _subjects(lookup: Lookup, reader: Reader, subjects: Sequence[Onward]) -> OpenSubject:
    options = [
        discord.SelectOption(label=clip(to.label, LABEL), value=PART_SEPARATOR.join(to.parts))
        for to in subjects
    ]
    return OpenSubject(*_address(lookup, reader, (), 0), placeholder=OPEN_SUBJECT, options=options)


def _addressed(
    interaction: discord.Interaction[Bot], address: Sequence[str]
) -> tuple[Lookup, Reader, int, list[str]]:
    """The look-up, the reader who pressed, the page and the subject. Raises `UserError`."""
    code, preview, slug, page, *parts = address
    lookup = lookup_of(interaction, code)
    lens = None if preview == NO_PREVIEW else Point.from_token(preview)
    return lookup, reader_of(interaction, slug, lens), page_number(page), parts


def lookup_of(interaction: discord.Interaction[Bot], code: str) -> Lookup:
    """The look-up with this code. Raises `NothingToShow`."""
    lookup = interaction.client.registry.lookups.get(code)
    if lookup is None:
        raise NothingToShow
    return lookup
