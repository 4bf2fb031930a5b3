"""Finding what somebody meant by a name, among the names they are allowed to know."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache, partial
from itertools import accumulate, islice
from typing import Generic, TypeVar

from rapidfuzz import fuzz, process

T = TypeVar("T")

# Below this a typo and a different name look alike (0 to 100, rapidfuzz).
_CUTOFF = 78
_ROUNDED = 0.01  # by how much a cutoff may be off
_KEPT = 16  # of what was typed and not spelt like any name
_TYPED = 100  # nobody's name is longer, and matching time grows with length


def fold(text: str) -> str:
    """Lower case, without accents, punctuation and repeated spaces."""
    bare = unicodedata.normalize("NFKD", text[:_TYPED]).casefold()
    letters = "".join(char for char in bare if not unicodedata.combining(char))
    return " ".join(re.findall(r"\w+", letters))


@lru_cache(maxsize=16384)  # the same names stand in the casts of one point after another
def _line(name: str) -> str:
    """A name in a line of its own, with a space on either side of every word."""
    return f"\n {fold(name)} "


class Names(Generic[T]):
    """Names and whom they belong to, ready to be searched. Holds only what its reader may know."""

    def __init__(self, named: Iterable[tuple[str, T]]) -> None:
        self._named = tuple(named)
        # To look through one long text takes less time than to make an index of the names, and
        # there are others at every point.
        self._lines = [_line(name) for name, _ in self._named]
        self._text = "".join((*self._lines, "\n"))
        self._starts = list(accumulate(map(len, self._lines), initial=0))
        # The show beside it is looked for again with every letter that is typed of a name.
        self._closest = lru_cache(maxsize=_KEPT)(self._closest_anew)

    def find(self, text: str) -> list[T]:
        """Whom a text names, best first: exactly, by a half name, or with typos; else nobody."""
        wanted = fold(text)
        if not wanted:
            return []
        words = wanted.split()
        found = (
            [*self._with(f"\n {wanted} \n")]
            or self._with_all([f" {word} " for word in words])
            or self._with_all([f" {word}" for word in words])
            or sorted(self._closest(wanted))
        )
        return list(dict.fromkeys(self._named[position][1] for position in found))

    def complete(self, text: str, limit: int) -> list[tuple[str, T]]:
        """The first names with a word that begins like the text, or of all for an empty one."""
        wanted = fold(text)
        if not wanted:
            return [*self._named[:limit]]
        return [self._named[position] for position in islice(self._with(f" {wanted}"), limit)]

    def _with(self, part: str) -> Iterator[int]:
        """Where the names stand whose lines have the part, in their order."""
        place = self._text.find(part)
        while place >= 0:
            following = bisect_right(self._starts, place)
            yield following - 1
            place = self._text.find(part, self._starts[following])

    def _with_all(self, parts: Sequence[str]) -> list[int]:
        # Thousands of titles have a word like "the", and none has one that is misspelt.
        rarest = min(parts, key=self._text.count)
        return [
            position
            for position in self._with(rarest)
            if all(part in self._lines[position] for part in parts)
        ]

    @cached_property
    def _spellings(self) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
        """Which names a text stands for, as a whole and as one of their words."""
        wholes, words = dict[str, set[int]](), dict[str, set[int]]()
        for position, line in enumerate(self._lines):
            wholes.setdefault(line.strip(), set()).add(position)
            for word in line.split():
                words.setdefault(word, set()).add(position)
        return wholes, words

    def _closest_anew(self, wanted: str) -> set[int]:
        """The names that come closest, if close enough; one word also by a part of one."""
        tables = self._spellings[:1] if " " in wanted else self._spellings
        close = partial(process.extractOne, wanted, scorer=fuzz.ratio, score_cutoff=_CUTOFF)
        best = [found[1] for table in tables if (found := close(table.keys()))]
        if not best:
            return set()
        # Where titles are alike thousands are close: those that are not closest are passed over.
        top = max(best)
        return {
            position
            for table in tables
            for text, score, _ in process.extract(
                wanted, table.keys(), scorer=fuzz.ratio, score_cutoff=top - _ROUNDED, limit=None
            )
            if score == top
            for position in table[text]
        }
