"""The card of `/setup`: a line and a button for each part of a server's set-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.discord_api.permissions import require_server_manager
from bot.extensions import SetupPart, Standing
from bot.ui.buttons import StatelessButton, id_of
from bot.ui.cards import ACCENT, Card, Row, answer, notice
from bot.ui.errors import UserError
from bot.ui.text import say

if TYPE_CHECKING:
    from bot.context import Bot


SETUP_HEADING = "### How I am set up here"
NOT_ON_SERVER = "I am not on this server myself yet. Invite me again, as a bot."
STILL_OPEN = "**Still open:** {names}."
ALL_DONE = "**Everything is done.**"
CAN_WAIT = "This can wait, or stay as it is: {names}."
MARKS = {"open": "☐", "can wait": "▫", "done": "✓"}
PART_LINE = "{mark} **{name}** · {said}"
BACK, MORE, FIRST = "Back to the set-up", "More", "Back to the top"

FROM_SETUP = "s"  # in a custom_id: the answer goes back to the card
MOST_COMPONENTS = 40  # of one message, by Discord
BESIDE_LINES = 4  # components: the container, its first and last text, what was just done
TURNING = 2  # components of the row that leads to another page
COMPONENTS_OF_LINE, COMPONENTS_WITH_BUTTON = 1, 3


@dataclass(frozen=True, slots=True)
class _Line:
    """One part, and how it stands at this moment."""

    part: SetupPart
    standing: Standing

    @property
    def size(self) -> int:
        """How many components it takes."""
        return COMPONENTS_WITH_BUTTON if self.standing.button else COMPONENTS_OF_LINE

    def item(self) -> ui.Item[Any]:
        told = self.standing
        mark = MARKS[told.state]
        text = ui.TextDisplay[Any](PART_LINE.format(mark=mark, name=self.part.name, said=told.said))
        if not told.button:
            return text
        if told.url is not None:
            return ui.Section(text, accessory=ui.Button(label=told.button, url=told.url))
        is_open = told.state == "open"
        style = discord.ButtonStyle.primary if is_open else discord.ButtonStyle.secondary
        return ui.Section(text, accessory=ChangePart(self.part.key, label=told.button, style=style))


class ShowSetup(StatelessButton, code="ya"):
    """Show the card of the set-up as things stand now, from one of its pages on."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        page, *_ = self.parts  # behind it, a hello has what it is found by
        await tell_setup(interaction, page=id_of(page))


class ChangePart(StatelessButton, code="yb"):
    """Change one part of the set-up, for those who may."""

    opens_form = True

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (key,) = self.parts
        for part in interaction.client.registry.setup_parts:
            if part.key == key:
                await part.change(interaction)
                return
        raise ValueError(key)


async def tell_setup(
    interaction: discord.Interaction[Bot], said: str = "", *, row: Row = (), page: int = 0
) -> None:
    """Answer privately with the card, below what was just done and its buttons.

    Raises `UserError` for members who may not manage the server, and where the bot is not on it.
    """
    guild_id = require_server_manager(interaction)
    if interaction.client.get_guild(guild_id) is None:
        raise UserError(NOT_ON_SERVER)
    parts = [*interaction.client.registry.setup_parts]
    lines = [_Line(part, await part.standing(interaction)) for part in parts]
    pages = _pages(lines, MOST_COMPONENTS - BESIDE_LINES - (len(row) + 1 if row else 0))
    shown = pages[page] if page < len(pages) else pages[0]
    items: list[ui.Item[Any]] = [ui.TextDisplay(f"{SETUP_HEADING}\n{_summary(lines)}")]
    items += [line.item() for line in shown]
    before: list[ui.Item[Any]] = [ui.TextDisplay(said)] if said else []
    if row:
        before.append(ui.ActionRow(*row))
    container = ui.Container[Any](*items, accent_colour=ACCENT)
    await answer(interaction, Card(*before, container, rows=[_onward(page, len(pages))]))


async def told(
    interaction: discord.Interaction[Bot], said: str, *, row: Row = (), from_setup: bool
) -> None:
    """Answer privately with what was done: above the card if that is where it was pressed."""
    if from_setup:
        await tell_setup(interaction, said, row=row)
    else:
        await answer(interaction, notice(said, rows=[row]))


def part_card(said: str, *rows: Row) -> Card:
    """A card with what one part can be set to, and a way back."""
    return notice(said, rows=[*rows, [back()]])


def back() -> ShowSetup:
    """The button that leads back to the card."""
    return ShowSetup("0", label=BACK)


def _summary(lines: Sequence[_Line]) -> str:
    still_open = _names(lines, "open")
    waiting = _names(lines, "can wait")
    told = [say(STILL_OPEN, names=still_open) if still_open else ALL_DONE]
    if waiting:
        told.append(say(CAN_WAIT, names=waiting))
    return "\n".join(told)


def _names(lines: Sequence[_Line], state: str) -> str:
    return ", ".join(line.part.name.lower() for line in lines if line.standing.state == state)


def _pages(lines: Sequence[_Line], room: int) -> list[list[_Line]]:
    """The lines on as few pages as `room` for so many components allows; one page at least."""
    if sum(line.size for line in lines) <= room:
        return [[*lines]]
    pages, left = [list[_Line]()], room - TURNING
    for line in lines:
        if sum(one.size for one in pages[-1]) + line.size > left:
            pages.append([])
        pages[-1].append(line)
    return pages


def _onward(page: int, count: int) -> Row:
    if count == 1:
        return []
    following = page + 1 if page + 1 < count else 0
    return [ShowSetup(str(following), label=MORE if following else FIRST)]
