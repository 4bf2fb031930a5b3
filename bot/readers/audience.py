"""Decides who will read an answer, and so how far it may tell the story; nothing else does."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import discord

from bot.clock import now
from bot.readers.places import places
from bot.readers.show_choice import NO_SUCH_SHOW
from bot.ui.errors import UserError
from data.parties.party import Party
from data.points import PREMISE, Point
from data.story.show import Show
from data.story.story_so_far import StorySoFar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from data.library import Library
    from data.parties.store import Parties
    from data.progress import Progress
    from data.rooms.store import Rooms


@dataclass(frozen=True, slots=True)
class Reader:
    """The reader of a private answer, with the story up to their horizon."""

    story: StorySoFar
    has_said: bool = True  # whether they ever said how far they have watched
    preview: Point | None = None  # a moderator reading as a member at this point
    guild_id: int | None = None  # the server whose edition of the story it is

    @property
    def show(self) -> Show:
        return self.story.show

    @property
    def horizon(self) -> Point:
        return self.story.horizon


@dataclass(frozen=True, slots=True)
class Room:
    """All who may read a channel, with the story up to their common horizon."""

    story: StorySoFar
    scope: Point

    @property
    def label(self) -> str:
        return self.story.order.label(self.scope)


class Audience:
    """Finds how far the readers of a show may be told it."""

    def __init__(
        self, library: Library, progress: Progress, rooms: Rooms, parties: Parties
    ) -> None:
        self._library = library
        self._progress = progress
        self._rooms = rooms
        self._parties = parties

    def reader(
        self, interaction: discord.Interaction[Any], slug: str, preview: Point | None = None
    ) -> Reader:
        """The person who asked, at their own progress: never further, whatever they preview.

        Raises `UserError` for a show that is not here any more, as an old button may name one.
        """
        if self._library.get(slug) is None:
            raise UserError(NO_SUCH_SHOW)
        user_id, party = interaction.user.id, self._watched(interaction.channel, slug)
        horizon = self._horizon(user_id, slug, party)
        if preview is not None:
            horizon = self._library.order(slug).earliest(horizon, preview)
        story = self._library.so_far(slug, horizon, interaction.guild_id)
        has_said = self._progress.get(user_id, slug) is not None
        return Reader(story, has_said or horizon != PREMISE, preview, interaction.guild_id)

    def room(self, interaction: discord.Interaction[Any], slug: str) -> Room:
        """The channel's readers, for an answer by this person: min(asker, scope)."""
        scope = self.scope(interaction.guild_id, interaction.channel, slug)
        horizon = self._library.order(slug).earliest(self.reader(interaction, slug).horizon, scope)
        return Room(self._library.so_far(slug, horizon, interaction.guild_id), scope)

    def scope(self, guild_id: int | None, channel: object, slug: str) -> Point:
        """How far a channel may talk; a thread without a scope of its own has its parent's.

        Where a party is watched, that is no further than its clock, nor than any guest present.
        Its thread may go further than its room if a moderator of that has agreed.
        """
        party = self._watched(channel, slug)
        if party is None:
            return self.set_scope(guild_id, channel, slug)
        order, live = self._library.order(slug), self._live(party)
        is_own = getattr(channel, "id", None) == party.thread_id
        if not (is_own and party.agreed_by):
            live = order.earliest(live, self.set_scope(guild_id, channel, slug))
        return order.earliest(live, *self._present_at(party))

    def _present_at(self, party: Party) -> Iterator[Point]:
        """Where the guests of a party are; the one furthest behind counts for a point."""
        lags = dict[tuple[str | None, int | None], int]()  # a point itself takes long to hash
        for guest in self._parties.present(party.id):
            own = self._own(guest.user_id, party.show)
            place = own.episode, own.minute
            if guest.lag >= lags.get(place, 0):
                lags[place] = guest.lag
        for place, lag in lags.items():
            yield self._carried(party, Point(*place), lag)

    def set_scope(self, guild_id: int | None, channel: object, slug: str) -> Point:
        """The scope that moderators have set, in the channel or its parent."""
        for place in places(channel):
            if guild_id is not None and (found := self._rooms.scope(guild_id, place, slug)):
                return found
        return PREMISE

    def gathering(self, party: Party, channel: object) -> Room | None:
        """A party's room before it begins, no further than the least advanced of those who come.

        None for a show that is not here any more.
        """
        if self._library.get(party.show) is None:
            return None
        order = self._library.order(party.show)
        start = order.before(Point(party.first))
        coming = (guest.user_id for guest in self._parties.coming(party.id))
        scope = self.scope(party.guild_id, channel, party.show)
        own = (self._horizon(id, party.show, None) for id in coming)
        least = order.earliest(start, scope, *own)
        return Room(self._library.so_far(party.show, least, party.guild_id), least)

    def is_ready_for(self, user_id: int, party: Party, episode: str | None = None) -> bool:
        """Whether somebody has watched everything before a party's first, or that, episode.

        Nobody has for an episode that the show no longer has.
        """
        order = self._library.order(party.show)
        first, own = Point(episode or party.first), self._own(user_id, party.show)
        return first in order and order.reached(order.before(first), own)

    def _watched(self, channel: object, slug: str) -> Party | None:
        """The party with this show that is being watched in exactly this channel."""
        party = self._parties.running_in(getattr(channel, "id", None) or 0)
        is_meant = party is not None and party.show == slug and self._library.get(slug) is not None
        return party if is_meant else None

    def _live(self, party: Party, lag: int = 0) -> Point:
        order = self._library.order(party.show)
        assert party.clock is not None  # noqa: S101  # it is running
        return party.clock.point(order, now(), lag)

    def _horizon(self, user_id: int, slug: str, party: Party | None) -> Point:
        """How far somebody has watched: what they said, and the clock of the party they watch with.

        A guest who was let in though they had not watched what comes before is not carried on.
        """
        own = self._own(user_id, slug)
        guest = None if party is None else self._parties.guests(party.id).get(user_id)
        if party is None or guest is None or not guest.is_present:
            return own
        return self._carried(party, own, guest.lag)

    def _own(self, user_id: int, slug: str) -> Point:
        """How far somebody has watched, by what they said."""
        mark = self._progress.get(user_id, slug)
        return mark.point if mark else PREMISE

    def _carried(self, party: Party, own: Point, lag: int) -> Point:
        """How far the clock has brought somebody who is at their own point, and here."""
        # The clock went on to another episode, and they have not said that they did.
        is_left = lag and not (party.clock and party.clock.is_reached(now(), lag))
        order, first = self._library.order(party.show), Point(party.first)
        if is_left or first not in order or not order.reached(order.before(first), own):
            return own
        return order.latest(own, self._live(party, lag))

    def is_beyond(self, party: Party, channel: object) -> bool:
        """Whether a party goes further than its room talks by what its moderators have set.

        Not by the party that is watched there just now, which is over by then.
        """
        if self._library.get(party.show) is None:
            return True
        scope = self.set_scope(party.guild_id, channel, party.show)
        return not self._library.order(party.show).opens(Point(party.last), scope)

    def may_bar(self, guild_id: int, channel: object, slug: str, point: Point) -> bool:
        """Whether text through this point may be posted in a channel behind spoiler bars.

        Anybody can open bars, so nothing beyond the channel's scope may be posted that way.
        """
        if self._library.get(slug) is None:
            return False
        return self._library.order(slug).opens(point, self.scope(guild_id, channel, slug))

    def style(self, guild_id: int, channel: object) -> str | None:
        """How spoilers are hidden in a channel, if its moderators have fixed it."""
        found = (self._rooms.style(guild_id, place) for place in places(channel))
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
        so_far = partial(self._library.so_far, slug, guild_id=reader.guild_id)
        return next(filter(finds, map(so_far, ends)), so_far(here))

    def peeking(self, reader: Reader, point: Point) -> StorySoFar:
        """The story at a point that the reader has asked to see once, wherever they are."""
        return self._library.so_far(reader.show.slug, point, reader.guild_id)

    def knows_all(self, reader: Reader) -> bool:
        """Whether the show, as their server has it, tells nothing that this reader may not know.

        Even whoever has watched all that is out may not: there may be words on what is not.
        """
        slots = reader.story.order.slots
        end = Point(slots[-1].id) if slots else PREMISE
        whole = self._library.so_far(reader.show.slug, end, reader.guild_id)
        return _content(whole) == _content(reader.story)


def _content(story: StorySoFar) -> tuple[object, ...]:
    """All that a story tells, without its reader's horizon."""
    episodes = [(e.title, e.teaser, e.recap, e.beats, e.citations) for e in story.episodes]
    return episodes, story.characters, story.questions, story.theories, story.terms
