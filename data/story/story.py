"""Stories: everything a show knows, and the part of it that a reader at a horizon may know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from weakref import ref

from data.packs.tables import Pack
from data.points import PREMISE, Order, Point
from data.story.model import Called, Character, Episode, Introduction, Note
from data.story.projection import Whole
from data.story.timelines import Lineup

LONG = 1000  # facts: from about so many on people would notice the wait for the first cut


@dataclass(frozen=True, slots=True)
class Show:
    """What everybody may know of a show."""

    slug: str
    title: str
    network: str | None
    premiered: date | None
    premise: str
    aliases: tuple[str, ...]
    has_story: bool
    tvmaze: int | None = None
    tmdb: int | None = None
    is_imported: bool = False  # as a catalogue lists it, reviewed by nobody
    thetvdb: int | None = None
    imdb: str | None = None

    @property
    def ids(self) -> Mapping[str, str]:
        """The show's id at each service that is known to list it, by the service's name."""
        listed = {
            "tvmaze": self.tvmaze,
            "tmdb": self.tmdb,
            "thetvdb": self.thetvdb,
            "imdb": self.imdb,
        }
        return {service: str(id) for service, id in listed.items() if id is not None}


@dataclass(frozen=True, slots=True)
class StorySoFar:
    """What a reader at `horizon` may know of a show, and nothing else."""

    show: Show
    order: Order
    horizon: Point
    episodes: Lineup[Episode]  # all of them, as in `order`
    characters: Lineup[Character]
    names: Lineup[Called]  # of each of the characters
    cast: Lineup[Introduction]  # each of the characters
    questions: tuple[Note, ...]
    theories: tuple[Note, ...]
    terms: tuple[Note, ...]

    @property
    def label(self) -> str:
        return self.order.label(self.horizon)

    @property
    def finished(self) -> tuple[Episode, ...]:
        return tuple(episode for episode in self.episodes if episode.finished)

    def episode(self, point: Point) -> Episode | None:
        """The announced episode that `point` lies in."""
        index = self.order.rank(point)[0]
        return self.episodes[index - 1] if index else None

    def character(self, id: str) -> Character | None:  # the pack's own word
        return next((c for c in self.characters if c.id == id), None)

    def is_new(self, known: Point, since: Point) -> bool:
        """Whether something known at `known` was learned after `since`."""
        return not self.order.reached(known, since)


class Story:
    """A whole show, spoilers and all. Never leaves `data/`; `so_far` is the only way out."""

    def __init__(self, pack: Pack, *, is_imported: bool = False, base: Story | None = None) -> None:
        """`base`: the story that this one was edited from, to share what it still has of it."""
        self._pack = pack
        self._base = base and ref(base)  # it may be replaced
        self.order = pack.order()
        self.show = Show(
            slug=pack.show.slug,
            title=pack.show.title,
            network=pack.show.network,
            premiered=pack.show.premiered,
            premise=pack.show.premise,
            aliases=pack.show.aliases,
            has_story=bool(pack.episode),
            is_imported=is_imported,
            tvmaze=pack.show.tvmaze,
            tmdb=pack.show.tmdb,
            thetvdb=pack.show.thetvdb,
            imdb=pack.show.imdb,
        )

    def edited(self, edits: Iterable[Callable[[Pack], Pack]]) -> Story:
        """The show as a server has it that edits it so."""
        pack = self._pack
        for edit in edits:
            pack = edit(pack)
        return Story(pack, is_imported=self.show.is_imported, base=self)

    def so_far(self, horizon: Point) -> StorySoFar:
        """The story cut at `horizon`: holds nothing whose `known` point lies beyond it."""
        # A point the show no longer has is no licence to know anything.
        horizon = horizon if horizon in self.order else PREMISE
        rank, whole = self.order.rank(horizon), self._whole
        return StorySoFar(
            show=self.show,
            order=self.order,
            horizon=horizon,
            episodes=whole.episodes.at(rank),
            characters=whole.characters.at(rank),
            names=whole.names.at(rank),
            cast=whole.cast.at(rank),
            questions=whole.questions.at(rank),
            theories=whole.theories.at(rank),
            terms=whole.terms.at(rank),
        )

    def prepare(self) -> None:
        """Work out what all cuts of a long show are made of, or the first has to wait for it."""
        if sum(len(character.fact) for character in self._pack.character) > LONG:
            _ = self._whole

    @cached_property
    def _whole(self) -> Whole:
        base = self._base and self._base()
        return Whole(self._pack, self.order, base._whole if base else None)  # noqa: SLF001


def seen_from(pack: Pack, typed: str, *, today: date) -> StorySoFar:
    """What a member at the point that was typed would see of this pack. Raises `PointError`."""
    story = Story(pack)
    return story.so_far(story.order.parse(typed, today=today))
