"""The story so far: what a reader at a horizon may know about a show, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from data.points import Order, Point
from data.story.model import Character, CharacterNames, Episode, Introduction, Note
from data.story.show import Show
from data.story.timelines import Row


@dataclass(frozen=True, slots=True)
class StorySoFar:
    """What a reader at `horizon` may know about a show, and nothing else."""

    show: Show
    order: Order
    horizon: Point
    episodes: Row[Episode]  # all of them, as in `order`
    characters: Row[Character]
    names: Row[CharacterNames]  # one for each character
    cast: Row[Introduction]  # one for each character
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
        """The announced episode at `point`."""
        index = self.order.rank(point)[0]
        return self.episodes[index - 1] if index else None

    def character(self, id: str) -> Character | None:  # the pack's own word
        return next((c for c in self.characters if c.id == id), None)

    def is_new(self, known: Point, since: Point) -> bool:
        """Whether something with this `known` point became known after `since`."""
        return not self.order.reached(known, since)
