"""Look-ups: things people ask of a story, answered privately, turned over, shared and previewed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.extensions import Answer, Lookup, Sheet
from bot.options.parse import reader_of
from bot.readers.audience import Reader
from bot.sources.tvmaze import TVmaze
from bot.ui import cards
from bot.ui.buttons import StatelessButton
from bot.ui.cards import answer
from bot.ui.errors import NothingToShow
from data.points import Point
from data.story.show import Show
from data.story.story_so_far import StorySoFar

if TYPE_CHECKING:
    from bot.context import Bot


NO_PREVIEW = "-"  # in a custom_id: the reader's own view

PAGE = "-# Page {page} of {last}"
IMPORTED_FROM = TVmaze.credit
WRITTEN_HERE = "*written here*"  # by members of the reader's server, about what they are shown
EARLIER, LATER = "◀ Back", "More ▶"


async def present(
    interaction: discord.Interaction[Bot],
    lookup: Lookup,
    reader: Reader,
    parts: Sequence[str],
    page: int = 0,
) -> None:
    """Answer one person with what they may know of a subject. Raises `NothingToShow`."""
    sheet = lookup.sheets.of(reader.story, tuple(parts))
    body, page, last = page_of(sheet, page)
    body += imported_line(reader.show)
    buttons = list[ui.Item[Any]]()
    if page > 0:
        buttons.append(turn_to(lookup, reader, parts, label=EARLIER, page=page - 1))
    if page < last:
        buttons.append(turn_to(lookup, reader, parts, label=LATER, page=page + 1))
    buttons += [turn_to(lookup, reader, to.parts, label=to.label) for to in sheet.onward]
    selects = list[ui.Item[Any]]()
    if reader.preview is None:
        told = Answer(interaction, reader, lookup, parts, page, sheet)
        for offer in interaction.client.registry.offers:
            for item in offer(told):
                (buttons if item.type is discord.ComponentType.button else selects).append(item)
    await answer(
        interaction,
        cards.private(
            body,
            label=reader.story.label,
            preview=reader.preview is not None,
            rows=[buttons, *([select] for select in selects)],
        ),
    )


def imported_line(show: Show) -> str:
    """What stands below every answer about a show that nobody has reviewed."""
    return f"\n-# *imported, not reviewed* · {IMPORTED_FROM}" if show.is_imported else ""


def page_of(sheet: Sheet, page: int, *, for_room: bool = False) -> tuple[str, int, int]:
    """A page of a sheet, its number and the last page's, counted from 0."""
    last = len(sheet.pages) - 1
    page = min(page, last)
    told = [sheet.room_title if for_room and sheet.room_title else sheet.title, *sheet.pages[page]]
    if last:
        told.append(PAGE.format(page=page + 1, last=last + 1))
    return "\n".join(told), page, last


def marked(line: str, *, is_written: bool) -> str:
    """A line of markup, told apart where members of the server wrote it."""
    return f"{line} · {WRITTEN_HERE}" if is_written else line


def number(part: str) -> int:
    return int(part[:4]) if part.isascii() and part.isdecimal() else 0


class Turn(StatelessButton, code="t"):
    """Another page, or the next subject, at the presser's own progress."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        code, preview, slug, page, *parts = self.parts
        lookup = lookup_of(interaction, code)
        lens = None if preview == NO_PREVIEW else Point.from_token(preview)
        reader = reader_of(interaction, slug, lens)
        await present(interaction, lookup, reader, parts, number(page))

    def told(self, interaction: discord.Interaction[Bot], story: StorySoFar) -> str:
        """The page as a room would read it in that story. Raises `NothingToShow`."""
        code, _, _, page, *parts = self.parts
        sheet = lookup_of(interaction, code).sheets.of(story, tuple(parts))
        return page_of(sheet, number(page), for_room=True)[0]


def turn_to(
    lookup: Lookup, reader: Reader, parts: Sequence[str], *, label: str, page: int = 0
) -> Turn:
    """A button that shows the reader, as this kind of reader, another subject or page."""
    preview = NO_PREVIEW if reader.preview is None else reader.preview.token
    return Turn(lookup.code, preview, reader.show.slug, str(page), *parts, label=label)


def lookup_of(interaction: discord.Interaction[Bot], code: str) -> Lookup:
    lookup = interaction.client.registry.lookups.get(code)
    if lookup is None:
        raise NothingToShow
    return lookup
