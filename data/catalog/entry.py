"""Entries: a whole show as a catalogue lists it, and how a newer listing is merged into it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from data.catalog.listing import ListedEpisode, Row, Stage
from data.catalog.numbering import Numbered, count_out, in_order

READER_VERSION = 3  # raised when more is read from answers; older entries are then fetched again

PLACE_FIELDS = ("season", "number", "is_special", "aired")  # they decide an episode's place


class Role(Row):
    """A character in a cast; `id` is the character's."""

    id: int
    name: str
    actor: str | None = None


class Entry(Row):
    """One whole show in plain text, as it was listed on the day `as_of`.

    `cast` is the main cast. `guests` are by the id of the episode; empty if they are not known.
    `settled` has the ids of the episodes that were out at the last merge, in the order in which
    people watched them. `late` has those among them that were listed only later: people past them
    may never have seen them, so their titles and summaries are not shown. `reading` is the
    `READER_VERSION` of the bot that read the catalogue's answer.
    """

    id: int
    title: str
    url: str
    as_of: date
    stage: Stage | None = None
    premiered: date | None = None
    network: str | None = None
    imdb: str | None = None
    thetvdb: int | None = None
    summary: str | None = None
    poster: str | None = None
    episodes: tuple[ListedEpisode, ...] = ()
    cast: tuple[Role, ...] = ()
    guests: Mapping[int, tuple[Role, ...]] = {}
    settled: tuple[int, ...] = ()
    late: frozenset[int] = frozenset()
    has_minor: bool = False  # whether moderators want minor specials to count as episodes
    reading: int = 1

    @property
    def slug(self) -> str:
        return slug_of(self.id)

    @property
    def is_over(self) -> bool:
        """Whether the show has ended, so that episodes without a date are out too."""
        return self.stage in ("ended", "cancelled")

    @property
    def count_out(self) -> int:
        """How many episodes, in watching order, people may have watched by `as_of`."""
        return count_out(self.numbered, self.as_of, is_over=self.is_over)

    @property
    def released(self) -> tuple[ListedEpisode, ...]:
        """The episodes that people may have watched by `as_of`, in watching order."""
        return tuple(episode for _, episode in self.numbered[: self.count_out])

    def counts(self, episode: ListedEpisode) -> bool:
        """Whether it counts as an episode."""
        return self.has_minor or not episode.is_minor or episode.id in self.settled

    @property
    def numbered(self) -> tuple[Numbered, ...]:
        """Every episode in watching order; `settled` ones keep their order.

        Minor specials are left out unless the moderators want them or somebody may be at one.
        """
        listed = in_order(tuple(filter(self.counts, self.episodes)))
        places = {id: place for place, id in enumerate(self.settled)}
        settled = [one for one in listed if one[1].id in places]
        settled.sort(key=lambda one: places[one[1].id])
        turns = iter(settled)
        return tuple(next(turns) if one[1].id in places else one for one in listed)


def slug_of(id: int) -> str:
    """The slug of an imported show, by its id at TVmaze."""
    return f"tv{id}"


def merged(before: Entry, listed: Entry) -> Entry:
    """The new listing, with what must stay from the entry `before`.

    An episode that was out stays, even if it is no longer listed. One that lost its number keeps
    its last number. If the episodes that were out are listed in another order, all of them keep
    their numbers and dates. Otherwise a stored point could become the premise, or a point that its
    owner has not reached.
    """
    entry = _with_what_was_out(before, listed)
    if is_reordered(before, listed):
        entry = _placed_as(before, entry)
    settled = tuple(one.id for one in _out(before, entry.as_of))
    ids = [one.id for _, one in entry.model_copy(update={"settled": settled}).numbered]
    last = ids.index(settled[-1]) if settled else 0
    late = before.late | ({*ids[:last]} - {*settled})
    return entry.model_copy(update={"settled": settled, "late": late})


def is_reordered(before: Entry, listed: Entry) -> bool:
    """Whether the episodes that were out are now listed in another order than people watched."""
    entry = _with_what_was_out(before, listed)
    out = [one.id for one in _out(before, entry.as_of)]
    return [one.id for _, one in in_order(entry.episodes) if one.id in {*out}] != out


def _out(before: Entry, as_of: date) -> tuple[ListedEpisode, ...]:
    """The episodes of it that people may have watched by that day."""
    return before.model_copy(update={"as_of": as_of}).released


def _placed_as(before: Entry, entry: Entry) -> Entry:
    """The entry, in which episodes that were out keep the places that they had before."""
    out = {one.id: one for one in _out(before, entry.as_of)}
    episodes = tuple(
        one.model_copy(update={name: getattr(out[one.id], name) for name in PLACE_FIELDS})
        if one.id in out
        else one
        for one in entry.episodes
    )
    return entry.model_copy(update={"episodes": episodes})


def _with_what_was_out(before: Entry, listed: Entry) -> Entry:
    known = {episode.id: episode for episode in before.episodes}
    numbered = [_numbered(episode, known.get(episode.id)) for episode in listed.episodes]
    as_of = max(before.as_of, listed.as_of)  # the clock may have been ahead
    out = _out(before, as_of)
    rest = known.keys() - {episode.id for episode in numbered}
    gone = [
        episode.model_copy(update={"is_gone": True})
        for episode in before.episodes
        if episode.id in rest and (episode.is_gone or episode in out)
    ]
    episodes, guests = (*numbered, *gone), listed.guests or before.guests
    kept = {"as_of": as_of, "episodes": episodes, "guests": guests}
    has_minor = before.has_minor or listed.has_minor
    return listed.model_copy(update=kept | {"has_minor": has_minor})


def _numbered(episode: ListedEpisode, before: ListedEpisode | None) -> ListedEpisode:
    if before is None or before.is_special or before.number is None:
        return episode
    if not episode.is_special and episode.number is not None:
        return episode
    kept = {"season": before.season, "number": before.number, "is_special": False}
    return episode.model_copy(update=kept)
