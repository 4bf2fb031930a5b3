"""Cards: how every answer looks and is sent; each ends with what it is safe through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.ui.command_names import Layout, Words, clickable
from bot.ui.responses import edit_private, respond
from bot.ui.text import PREMISE, hide, pages, without_blocks

SAFE_THROUGH = "-# Safe through {label}"
SAFE_FOR_EVERYONE = "-# Safe for everyone"
SAFE_AS = "-# Safe through {label}, as a member there would see it"
ROOM = "This room: through {label}"
ROOM_AT_PREMISE = "This room: nothing watched yet"
PAGE = 3400  # characters of body on one card; with title and lines it stays below Discord's 4000
ACCENT = discord.Colour(0xE4A11B)
REFUSED = discord.Colour(0x8A8178)  # the edge of what says no

Row = Sequence[ui.Item[Any]]


class Card(Layout):
    """One answer. Nothing of it stays in memory: a press is understood from its custom_id alone."""

    def __init__(self, *parts: ui.Item[Any], rows: Sequence[Row] = ()) -> None:
        super().__init__(timeout=None)
        for part in parts:
            self.add_item(part)
        for row in rows:
            if row:
                self.add_item(ui.ActionRow(*row))
        self.name_commands()
        # discord.py sends a stopped view without storing it; others it stores for 15 minutes.
        self.stop()


def safe_line(label: str, *, preview: bool = False) -> str:
    if label == PREMISE:
        return SAFE_FOR_EVERYONE
    return (SAFE_AS if preview else SAFE_THROUGH).format(label=label)


def private(
    body: str, *, label: str = PREMISE, preview: bool = False, rows: Sequence[Row] = ()
) -> Card:
    """An answer for one person, safe through the point called `label`."""
    text = ui.TextDisplay[Any](body)
    small = ui.TextDisplay[Any](safe_line(label, preview=preview))
    return Card(ui.Container(text, small, accent_colour=ACCENT), rows=rows)


def public(body: str, *, what: str, label: str, by: str) -> Card:
    """An answer for a room whose scope is called `label`; covered, as newcomers read rooms too.

    `what` stands outside of the cover, so it tells nothing but what kind of answer this is.
    """
    room = ROOM_AT_PREMISE if label == PREMISE else ROOM.format(label=label)
    covered = label != PREMISE
    return Card(
        ui.TextDisplay(f"{what}\n{room} · {by}"),
        ui.Container(
            ui.TextDisplay(hide(without_blocks(body)) if covered else body),
            accent_colour=ACCENT,
            spoiler=covered,
        ),
        ui.TextDisplay(safe_line(label)),
    )


def barred(heading: str, words: str, *, label: str, rows: Sequence[Row]) -> Card:
    """A member's words in a channel, behind bars and in a spoiler, safe through `label`."""
    return Card(
        ui.TextDisplay(heading),
        ui.Container(Words(hide(words)), accent_colour=ACCENT, spoiler=True),
        ui.TextDisplay(safe_line(label)),
        rows=rows,
    )


def quoted(
    heading: str, words: str, *, label: str, rows: Sequence[Row] = (), parts: Row = ()
) -> Card:
    """A member's words, as they wrote them, for one person; `parts` are files that go with them.

    The words stand in a block of their own, so that no markup in them reaches ours.
    """
    told = [ui.Separator[Any](), Words(words)] if words else []
    first, small = ui.TextDisplay[Any](heading), ui.TextDisplay[Any](safe_line(label))
    return Card(ui.Container(first, *told, *parts, small, accent_colour=ACCENT), rows=rows)


def notice(sentence: str, *, rows: Sequence[Row] = ()) -> Card:
    """A card, private or in a room, that tells nothing of any story: it needs no safe line."""
    return Card(ui.Container(ui.TextDisplay(sentence), accent_colour=ACCENT), rows=rows)


def about_show(body: str, *, rows: Sequence[Row] = ()) -> Card:
    """What everybody may know of a show, whether or not they have begun it."""
    return private(body, label=PREMISE, rows=rows)


def refusal(sentence: str, *, of_story: bool = False, rows: Sequence[Row] = ()) -> Card:
    """A notice that says no; `of_story` to a question about a story, which ends as its answers."""
    parts = [ui.TextDisplay[Any](sentence)]
    if of_story:
        parts.append(ui.TextDisplay[Any](SAFE_FOR_EVERYONE))
    return Card(ui.Container(*parts, accent_colour=REFUSED), rows=rows)


def pictured(body: str, picture: str, *, alt: str, rows: Sequence[Row] = ()) -> Card:
    """What everybody may know of a show, with a picture at whose address everybody may look.

    `alt` is read out in the picture's place, and tells of no story.
    """
    section = ui.Section[Any](body, accessory=ui.Thumbnail[Any](picture, description=alt))
    small = ui.TextDisplay[Any](SAFE_FOR_EVERYONE)
    return Card(ui.Container(section, small, accent_colour=ACCENT), rows=rows)


async def answer(interaction: discord.Interaction[Any], card: Card, *, edit: bool = True) -> None:
    """Answer privately: edit the private card that was pressed, else send a new one."""
    card.name_commands(interaction.guild_id)
    if edit:
        await edit_private(interaction, card)
    else:
        await respond(interaction, card)


async def answer_lines(
    interaction: discord.Interaction[Any], lines: Sequence[str], *, rows: Sequence[Row] = ()
) -> None:
    """Answer privately with a list that tells of no story, on as many cards as it needs.

    `rows` stand below the last one.
    """
    *most, last = pages([*map(clickable, lines)], PAGE)
    for page in most:
        await answer(interaction, notice(page))
    await answer(interaction, notice(last, rows=rows))
