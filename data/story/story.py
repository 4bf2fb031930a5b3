"""Stories: everything a show knows, spoilers and all, and the cut of it at a horizon."""

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
LONG = 1000  # facts: from about so many on people would notice the wait for the first cut


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
        """What titles can be compared with; none can be read from it."""
        return EpisodeTitles((episode.id, episode.title) for episode in self._pack.episode)

    def is_ending(self, episode: str, seconds: int) -> bool:
        """Whether the last minutes of an episode are on; not where its length is unknown."""
        runtime = next((one.runtime for one in self._pack.episode if one.id == episode), None)
        return runtime is not None and seconds >= (runtime - LAST_MINUTES) * 60

    def prepare(self) -> None:
        """Work out what all cuts of a long show are made of, or the first has to wait for it."""
        if sum(len(character.fact) for character in self._pack.character) > LONG:
            _ = self._projection

    @cached_property
    def _projection(self) -> Projection:
        base = self._base and self._base()
        return Projection(self._pack, self.order, base._projection if base else None)  # noqa: SLF001
