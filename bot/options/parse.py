"""Reads a command's options: which show, whose story, which point; or says what is wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.clock import now
from bot.readers.audience import Reader
from bot.readers.show_choice import NO_SUCH_SHOW, ShowUnclear
from bot.ui.errors import (
    NothingToShow,
    UserError,
    View,
    command_of,
    note_reader,
    out_of_date,
)
from bot.ui.responses import may_open_form, respond
from bot.ui.text import say
from data.points import Order, Point, PointError, SeasonNeededError
from data.story.show import Show
from data.story.story_so_far import StorySoFar

if TYPE_CHECKING:
    from bot.context import Bot


NO_SUCH_POINT = (
    "I can't read that as a place in {show}. Write it like `{example}`, "
    "`{example}@23` for minute 23, `nothing` or `all`."
)
WHICH_SEASON = "{show} has several seasons, so write the season too, like `{example}`."
NO_STORY = "I only follow the news about {show}: nobody has written its story for me yet."
NO_EPISODES = "TVmaze lists no episodes of {show} yet. I add them as soon as it does."
WHICH_SHOW = "Which show do you mean?"


def last_out(order: Order) -> Point:
    """The last episode that is surely out by now; the premise while none is."""
    return order.released(now())


def last_watchable(order: Order) -> Point:
    """The last episode that anybody's words can give away by now; the premise while none is."""
    return order.watchable(now())


def reader_of(
    interaction: discord.Interaction[Bot], slug: str, preview: Point | None = None
) -> Reader:
    """The person who asked, as a reader of a show that has a story. Raises `UserError`."""
    # Buttons stay when a show is removed from a server. In direct messages every show counts, so
    # that people can still correct their progress.
    here = interaction.guild_id
    if here is not None and not interaction.client.library.has(here, slug):
        raise UserError(NO_SUCH_SHOW)
    reader = interaction.client.audience.reader(interaction, slug, preview)
    note_reader(interaction, reader, reader.show.title)
    if not reader.show.has_story:
        sentence = NO_EPISODES if reader.show.is_imported else NO_STORY
        raise UserError(say(sentence, show=reader.show.title))
    return reader


def read_reached(story: StorySoFar, typed: str) -> Point:
    """A point somebody typed, if this story has reached it. Raises `NothingToShow`."""
    try:
        point = _parse(story, typed)
    except PointError:
        raise NothingToShow from None
    if not story.order.reached(point, story.horizon):
        raise NothingToShow
    return point


def read_point(reader: Reader, typed: str) -> Point:
    """The point somebody typed. Raises `UserError` with the reason: numbers are public."""
    order, show = reader.story.order, reader.show.title
    example = order.slots[min(2, len(order.slots) - 1)].label
    try:
        return _parse(reader.story, typed)
    except SeasonNeededError:
        raise UserError(say(WHICH_SEASON, show=show, example=example)) from None
    except PointError:
        raise UserError(say(NO_SUCH_POINT, show=show, example=example)) from None


def read_range(reader: Reader, typed: str) -> tuple[Point, Point]:
    """The first and the last of the episodes that somebody typed; of a single point, twice that."""
    order, here = reader.story.order, reader.story.order.slot(reader.horizon)
    try:
        return order.parse_range(typed, season=here.season if here else None)
    except SeasonNeededError:
        example = order.slots[min(2, len(order.slots) - 1)].label
        raise UserError(say(WHICH_SEASON, show=reader.show.title, example=example)) from None
    except PointError:
        point = read_point(reader, typed)
        return point, point


def _parse(story: StorySoFar, typed: str) -> Point:
    """Read a point; a bare number is in the reader's season. Raises `PointError`."""
    here = story.order.slot(story.horizon)
    season = here.season if here else None
    return story.order.parse(typed, finished=last_out(story.order), season=season)


async def ask_show(
    interaction: discord.Interaction[Bot],
    typed: str | None,
    then: Callable[[discord.Interaction[Bot], Show], Awaitable[None]],
) -> None:
    """Call `then` with the show somebody means; if that is unclear, they choose it first."""
    try:
        show = interaction.client.show_choice.show(interaction, typed)
    except ShowUnclear as unclear:
        view = _ShowChoice(unclear.shows, then, command_of(interaction))
        view.opens_form = may_open_form(interaction)
        await respond(interaction, view)
        return
    await then(interaction, show)


class _ShowChoice(View):
    """A choice of shows that goes on with the command; it is lost when the bot restarts."""

    def __init__(
        self,
        shows: Sequence[Show],
        then: Callable[[discord.Interaction[Bot], Show], Awaitable[None]],
        command: str,
    ) -> None:
        super().__init__(command=command, timeout=300)
        by_slug = {show.slug: show for show in shows}
        select = ui.Select[Any](
            placeholder=WHICH_SHOW,
            options=[discord.SelectOption(label=s.title, value=s.slug) for s in shows],
        )

        async def chosen(interaction: discord.Interaction[Any]) -> None:
            if (show := by_slug.get(select.values[0])) is None:  # forged
                raise out_of_date(interaction)
            await then(interaction, show)

        select.callback = chosen
        self.add_item(ui.TextDisplay(WHICH_SHOW))
        self.add_item(ui.ActionRow(select))
