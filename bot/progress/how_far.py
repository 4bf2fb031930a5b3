"""How far a member has watched: asked by season and episode, in numbers only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord
from discord import SelectOption

from bot.options.parse import reader_of
from bot.progress.update import mark_and_say
from bot.readers.audience import Reader
from bot.ui.buttons import StatelessSelect, item_from
from bot.ui.cards import Card, answer, notice
from data.points import PREMISE, SPECIALS, Point

if TYPE_CHECKING:
    from bot.context import Bot

HOW_FAR = "How far have you watched?"
SEASON_OPTION = "Season {season}"
SPECIALS_OPTION = "Specials"
NOT_BEGUN_OPTION = "Nothing yet"
LATER_EPISODES, EARLIER_EPISODES = "Later episodes…", "Earlier episodes…"

EPISODES_ON_PAGE = 23  # episodes on one page of a select of 25, beside the ways back and on
ANY_SEASON = "-"


class ChooseProgress(StatelessSelect, code="h"):
    """Choose how far one has watched: first the season, then the episode; numbers only."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        slug, season, _, *then = self.parts
        reader = reader_of(interaction, slug)
        kind, _, value = self.value(interaction).partition(":")
        if kind == "point":
            next_ = item_from(then) if then else None
            await mark_and_say(interaction, reader, Point.from_token(value), then=next_)
        elif kind == "season":
            await answer(interaction, ask_how_far(reader, value, then=then))
        else:
            await answer(interaction, ask_how_far(reader, season, value, then=then))


def ask_how_far(
    reader: Reader, season: str = ANY_SEASON, page: str = "0", then: Sequence[str] = ()
) -> Card:
    return notice(HOW_FAR, rows=[[how_far(reader, season, page, then)]])


def how_far(
    reader: Reader, season: str = ANY_SEASON, page: str = "0", then: Sequence[str] = ()
) -> ChooseProgress:
    """The select that asks for the season, or for the episode where the season is clear.

    `then` is the button, as its code and parts, that is pressed once they have answered.
    """
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
    parts = (reader.show.slug, season, page, *then)
    return ChooseProgress(*parts, placeholder=HOW_FAR, options=shown)


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
