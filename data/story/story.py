"""Stories: a whole show with its spoilers, and its projection at a horizon."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from weakref import ref

from data.packs.tables import Pack
from data.points import PREMISE, Point
from data.story.projection import Projection
from data.story.show import Show
from data.story.story_so_far import StorySoFar
from data.story.titles import EpisodeTitles

LAST_MINUTES = 10  # of an episode
LONG_STORY = 1000  # facts; from about this number on people would notice a slow first answer


class Story:
    """A whole show with its spoilers. It never leaves `data/`; readers get `so_far` only."""

    def __init__(self, pack: Pack, *, is_imported: bool = False, base: Story | None = None) -> None:
        """`base` is the story that this one was edited from; the unchanged parts are shared."""
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
        """The story with a server's edits."""
        pack = self._pack
        for edit in edits:
            pack = edit(pack)
        return Story(pack, is_imported=self.show.is_imported, base=self)

    def so_far(self, horizon: Point) -> StorySoFar:
        """The story up to `horizon`; it holds nothing whose `known` point is past the horizon."""
        # With a point that the show no longer has, a reader may know nothing.
        horizon = horizon if horizon in self.order else PREMISE
        rank, projection = self.order.rank(horizon), self._projection
        return StorySoFar(
            show=self.show,
            order=self.order,
            horizon=horizon,
            episodes=projection.episodes.at(rank),
            characters=projection.characters.at(rank),
            names=projection.names.at(rank),
            cast=projection.cast.at(rank),
            questions=projection.questions.at(rank),
            theories=projection.theories.at(rank),
            terms=projection.terms.at(rank),
        )

    @cached_property
    def titles(self) -> EpisodeTitles:
        """The titles of all episodes, to compare with; they cannot be read from it."""
        return EpisodeTitles((episode.id, episode.title) for episode in self._pack.episode)

    def is_ending(self, episode: str, seconds: int) -> bool:
        """Whether an episode is in its last minutes; False if its length is unknown."""
        runtime = next((one.runtime for one in self._pack.episode if one.id == episode), None)
        return runtime is not None and seconds >= (runtime - LAST_MINUTES) * 60

    def prepare(self) -> None:
        """Compute the projection of a long show in advance, so that the first answer is fast."""
        if sum(len(character.fact) for character in self._pack.character) > LONG_STORY:
            _ = self._projection

    @cached_property
    def _projection(self) -> Projection:
        base = self._base and self._base()
        return Projection(self._pack, self.order, base._projection if base else None)  # noqa: SLF001
