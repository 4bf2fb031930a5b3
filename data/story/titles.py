"""Titles: which episodes bear a title that somebody brings, without telling any title."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

LONGEST = 200


@lru_cache(maxsize=8192)
def folded(title: str) -> str:
    """Its letters and digits alone: accents, marks and the spelling of "and" differ."""
    plain = unicodedata.normalize("NFKD", title[:LONGEST].casefold().replace("&", "and"))
    return "".join(filter(str.isalnum, plain))


class EpisodeTitles:
    """The titles of all episodes of a show, to compare with; none of them can be read from it."""

    def __init__(self, titled: Iterable[tuple[str, str | None]]) -> None:
        """`titled`: the permanent id and the title of each episode."""
        self._called = dict[str, tuple[str, ...]]()
        for id, title in titled:
            if title and (name := folded(title)):
                self._called[name] = (*self._called.get(name, ()), id)

    def called(self, title: str) -> tuple[str, ...]:
        """The ids of the episodes that bear this title."""
        return self._called.get(folded(title), ())
