"""Who will read an answer, and so how much it may hold: decided here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord

from bot.errors import UserError
from bot.matching import Names
from data.point import PREMISE, Point
from data.story import Show, StorySoFar

if TYPE_CHECKING:
    from collections.abc import Callable

    from data.library import Library
    from data.progress import Progress
    from data.rooms import Rooms

NO_SUCH_SHOW = "I don't have that show. Start typing in `show:` and I'll offer the ones I know."
TOO_MANY_SHOWS = "Which show? Say so with `show:`; it completes as you type."
SELECT = 25  # options in one of Discord's selects


class ShowUnclear(Exception):  # noqa: N818  # a question to the person, not a failure
    """No show was named, and several could be meant."""

    def __init__(self, shows: tuple[Show, ...]) -> None:
        super().__init__()
        self.shows = shows


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is about to read a private answer, with the story cut for them."""

    story: StorySoFar
    has_said: bool = True  # whether they ever said how far they have watched
    preview: Point | None = None  # a moderator reading as a member at this point

    @property
    def show(self) -> Show:
        return self.story.show

    @property
    def horizon(self) -> Point:
        return self.story.horizon


@dataclass(frozen=True, slots=True)
class Room:
    """Everybody who may read a channel, with the story cut for all of them."""

    story: StorySoFar
    scope: Point

    @property
    def label(self) -> str:
        return self.story.order.label(self.scope)


class Audience:
    """Decides which show is meant and how far its readers are."""

    def __init__(self, library: Library, progress: Progress, rooms: Rooms) -> None:
        self._library = library
        self._progress = progress
        self._rooms = rooms
        shows = library.list()
        # Show titles are public, so one index serves everybody.
        self._titles = Names(
            [(show.title, show) for show in shows]
            + [(alias, show) for show in shows for alias in show.aliases]
        )
        self._told = [show.slug for show in shows if show.has_story]

    def reader(
        self, interaction: discord.Interaction[Any], slug: str, preview: Point | None = None
    ) -> Reader:
        """The person who asked, at their own progress: never further, whatever they preview.

        Raises `UserError` for a show that is not here any more, as an old button may name one.
        """
        if self._library.get(slug) is None:
            raise UserError(NO_SUCH_SHOW)
        mark = self._progress.get(interaction.user.id, slug)
        horizon = mark.point if mark else PREMISE
        if preview is not None:
            horizon = self._library.order(slug).earliest(horizon, preview)
        return Reader(self._library.so_far(slug, horizon), mark is not None, preview)

    def room(self, interaction: discord.Interaction[Any], slug: str) -> Room:
        """The channel's readers, for an answer by this person: min(asker, scope)."""
        scope = self.scope(interaction.guild_id, interaction.channel, slug)
        horizon = self._library.order(slug).earliest(self.reader(interaction, slug).horizon, scope)
        return Room(self._library.so_far(slug, horizon), scope)

    def scope(self, guild_id: int | None, channel: object, slug: str) -> Point:
        """How far a channel may talk; a thread without a scope of its own has its parent's."""
        for place in _places(channel):
            if guild_id is not None and (found := self._rooms.scope(guild_id, place, slug)):
                return found
        return PREMISE

    def may_bar(self, guild_id: int, channel: object, slug: str, point: Point) -> bool:
        """Whether words through this point may stand in a channel at all, be it behind bars.

        Anybody can click on bars, so what goes beyond the channel's scope never enters it.
        """
        if self._library.get(slug) is None:
            return False
        return self._library.order(slug).opens(point, self.scope(guild_id, channel, slug))

    def style(self, guild_id: int, channel: object) -> str | None:
        """How spoilers are hidden in a channel, if its moderators have fixed it."""
        found = (self._rooms.style(guild_id, place) for place in _places(channel))
        return next(filter(None, found), None)

    def opening(
        self, reader: Reader, after: Point, finds: Callable[[StorySoFar], bool]
    ) -> StorySoFar:
        """The story where its viewers first find something, at an episode's end `after` a point.

        No further than the end of the episode that the reader, who has found it, is in: at that
        minute it would tell everybody where they are.
        """
        order, slug = reader.story.order, reader.show.slug
        here = Point(reader.horizon.episode)
        ends = [Point(slot.id) for slot in order.between(after, here)]
        stories = (self._library.so_far(slug, point) for point in ends)
        return next(filter(finds, stories), self._library.so_far(slug, here))

    def show(self, interaction: discord.Interaction[Any], typed: str | None) -> Show:
        """The show somebody means. Raises `UserError`, or `ShowUnclear` with a choice."""
        if typed:
            show = self._library.get(typed) or next(iter(self._titles.find(typed)), None)
            if show is None:
                raise UserError(NO_SUCH_SHOW)
            return show
        slug = self.default(interaction)
        show = self._library.get(slug) if slug else None
        if show is None:
            shows = tuple(show for show in self._library.list() if show.has_story)
            if len(shows) > SELECT or not shows:
                raise UserError(TOO_MANY_SHOWS)
            raise ShowUnclear(shows)
        return show

    def default(self, interaction: discord.Interaction[Any]) -> str | None:
        """The show that is meant where none is named, in the channel where somebody is."""
        return self.default_in(interaction.guild_id, interaction.channel)

    def default_in(self, guild_id: int | None, channel: object) -> str | None:
        """The channel's only show, the server's default, or the only show with a story."""
        if guild_id is not None:
            for place in _places(channel):
                shows = self._rooms.shows(guild_id, place)
                if len(shows) == 1 and self._library.get(shows[0]):
                    return shows[0]
            chosen = self._rooms.default_show(guild_id)
            if chosen and self._library.get(chosen):
                return chosen
        return self._told[0] if len(self._told) == 1 else None

    def complete_show(self, typed: str, limit: int = 25) -> list[Show]:
        """Shows whose title or other title begins like the text."""
        return list(dict.fromkeys(show for _, show in self._titles.complete(typed, limit)))


def _places(channel: object) -> list[int]:
    """The ids under which a channel's settings are looked up: its own, then its parent's."""
    ids = [getattr(channel, "id", None), getattr(channel, "parent_id", None)]
    return [id for id in ids if isinstance(id, int)]
