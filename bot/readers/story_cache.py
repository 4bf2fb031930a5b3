"""A cache of what was worked out from stories, for as long as people ask for it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from data.story.story_so_far import StorySoFar

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


class StoryCache(Generic[K, T]):
    """The results of `work` for stories and subjects: the `most` that were used last."""

    def __init__(self, work: Callable[[StorySoFar, K], T], most: int) -> None:
        self._work = work
        self._most = most
        # Keyed by identity, as hashing a story takes longer than most work. The story is stored
        # with the result, so that no other object gets its identity.
        self._kept: OrderedDict[tuple[int, K], tuple[StorySoFar, T]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def of(self, story: StorySoFar, subject: K) -> T:
        key = id(story), subject
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = story, self._work(story, subject)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return found[1]
