"""Entries: a whole show as a catalogue lists it, and what stays of that when it lists another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pydantic import BaseModel, ConfigDict

from data.hints import Stage
from data.numbering import in_order, order_of


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True)


class ListedEpisode(_Row):
    """Without a season or a number, and where it `is_special`, its date says where it belongs.

    `is_gone`: the catalogue lists it no more, but it was out, so somebody may be there.
    """

    id: int
    season: int | None = None
    number: int | None = None
    is_special: bool = False
    title: str | None = None
    aired: date | None = None
    runtime: int | None = None  # minutes
    summary: str | None = None
    is_gone: bool = False

    @property
    def key(self) -> str:
        """Its permanent id in our packs."""
        return f"e{self.id}"


class Role(_Row):
    """Somebody in a cast; `id` is the character's."""

    id: int
    name: str
    actor: str | None = None


class Entry(_Row):
    """One show, whole and in plain text, as it was listed on the day `as_of`.

    `cast` is the main one. `guests` are by the ids of their episodes; empty: they are not known.
    """

    id: int
    title: str
    url: str
    as_of: date
    stage: Stage | None = None
    premiered: date | None = None
    network: str | None = None
    imdb: str | None = None
    summary: str | None = None
    poster: str | None = None
    episodes: tuple[ListedEpisode, ...] = ()
    cast: tuple[Role, ...] = ()
    guests: Mapping[int, tuple[Role, ...]] = {}

    @property
    def slug(self) -> str:
        return slug_of(self.id)

    @property
    def released(self) -> tuple[ListedEpisode, ...]:
        """What was out on that day, in watching order."""
        numbered = in_order(self.episodes)
        order = order_of(numbered)
        count, _ = order.rank(order.released(self.as_of))
        return tuple(episode for _, episode in numbered[:count])


def slug_of(id: int) -> str:
    """Under which slug we have a show of TVmaze's."""
    return f"tv{id}"


def merged(before: Entry, listed: Entry) -> Entry:
    """What is listed now, with what people may rely on of what was listed `before`.

    An episode that was out stays, though it is listed no more; one that lost its number keeps the
    last it had. Otherwise a point there would fall to the premise, or run ahead of its owner.
    """
    known = {episode.id: episode for episode in before.episodes}
    numbered = [_numbered(episode, known.get(episode.id)) for episode in listed.episodes]
    as_of = max(before.as_of, listed.as_of)  # the clock may have been ahead
    out = before.model_copy(update={"as_of": as_of}).released
    rest = known.keys() - {episode.id for episode in numbered}
    gone = [
        episode.model_copy(update={"is_gone": True})
        for episode in before.episodes
        if episode.id in rest and (episode.is_gone or episode in out)
    ]
    episodes, guests = (*numbered, *gone), listed.guests or before.guests
    return listed.model_copy(update={"as_of": as_of, "episodes": episodes, "guests": guests})


def _numbered(episode: ListedEpisode, before: ListedEpisode | None) -> ListedEpisode:
    if before is None or before.is_special or before.number is None:
        return episode
    if not episode.is_special and episode.number is not None:
        return episode
    kept = {"season": before.season, "number": before.number, "is_special": False}
    return episode.model_copy(update=kept)
