"""Import steps: where a file takes a member in each show, computed in a thread."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from bot.options.parse import last_out, reader_of
from bot.progress.trackers.formats import Format
from bot.progress.trackers.landing import land
from bot.progress.trackers.numbering import Conflict, Paired
from bot.progress.trackers.proposal import Proposal, propose
from bot.progress.trackers.reading import History, read
from bot.progress.trackers.record import Left, Said, UnreadableError, Work
from bot.progress.trackers.shows import Matches, Shows
from bot.progress.update import is_out
from bot.readers.audience import Reader
from bot.ui.errors import UserError
from data.points import PREMISE, Point
from data.story.show import Show

if TYPE_CHECKING:
    from bot.context import Bot

NOTHING_WATCHED_YET = "nothing yet"


@dataclass(frozen=True, slots=True)
class HistoryFile:
    """What a file says, for each person in it.

    `has_lists`: they are told apart by the names of their lists alone. `asks_all`: nothing in it
    says that its episodes were watched; `asks_marks`: it names the last episodes of shows alone.
    """

    format: Format
    people: Mapping[str, Proposal]
    has_lists: bool
    asks_all: bool
    asks_marks: bool
    unlisted: tuple[Work, ...]
    left: Counter[Left]
    unclear: tuple[str, str] | None  # a column and what it says there, not understood


@dataclass(frozen=True, slots=True)
class ImportStep:
    """Where a file takes somebody in one show; `before` and `after` are one if it does not.

    `specials` are passed without being in the file; at `gap`, the first episode that is missing
    although later ones are not, it stops, or before a season that the file counts otherwise.
    """

    show: Show
    before: Point
    after: Point
    labels: tuple[str, str]
    specials: tuple[str, ...] = ()
    gap: str | None = None
    conflict: Conflict | None = None
    left_specials: int = 0
    left_titles: int = 0

    @property
    def is_further(self) -> bool:
        return self.after != self.before


async def read_file(interaction: discord.Interaction[Bot], data: bytes, name: str) -> HistoryFile:
    """Read a file for the member who attached it. Raises `UserError`."""
    library = interaction.client.library
    shows = Shows(library.list(interaction.guild_id))
    # In threads, because a large file would keep everybody else waiting.
    try:
        history, matched = await asyncio.to_thread(_matched, data, name, shows)
    except UnreadableError as error:
        raise UserError(str(error)) from None
    found = {show.slug for one in matched.values() for show in one.found.values()}
    ours = {
        slug: (library.order(slug), library.episode_titles(slug))
        for slug in found
        if library.get(slug) is not None
    }
    people = await asyncio.to_thread(
        lambda: {
            who: propose(matched[who], listed, ours, counts=history.counts)
            for who, listed in history.people.items()
        }
    )
    return HistoryFile(
        history.format,
        people,
        history.has_lists,
        history.asks_all,
        history.says(Said.MARK),
        tuple(history.unlisted),
        history.left,
        history.unclear,
    )


def _matched(data: bytes, name: str, shows: Shows) -> tuple[History, Mapping[str, Matches]]:
    history = read(data, name, shows.has_titled)
    return history, {who: shows.match([*listed]) for who, listed in history.people.items()}


def steps_of(interaction: discord.Interaction[Bot], proposal: Proposal) -> list[ImportStep]:
    """Where it takes the member from where they are now."""
    return [step(reader_of(interaction, show.slug), paired) for show, paired in proposal.shows]


def step(reader: Reader, paired: Paired) -> ImportStep:
    """The step of one show; stored progress counts as watched, episodes that are not out do not."""
    order = reader.story.order
    seen = {id for id in paired.seen if is_out(order, Point(id))}
    landing = land(order, reader.horizon, last_out(order), seen)
    before = NOTHING_WATCHED_YET if reader.horizon == PREMISE else order.label(reader.horizon)
    stopped = [
        one
        for one in paired.conflicts
        if any(slot.season == one.season for slot in order.between(reader.horizon, last_out(order)))
    ]
    return ImportStep(
        reader.show,
        reader.horizon,
        landing.point,
        (before, order.label(landing.point)),
        landing.specials,
        landing.gap,
        stopped[0] if stopped else None,
        paired.specials,
        paired.untold,
    )
