"""Finding what somebody meant by a name, among the names they are allowed to know."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property, lru_cache, partial
from typing import Generic, TypeVar

from rapidfuzz import fuzz, process

T = TypeVar("T")

# Below this a typo and a different name look alike (0 to 100, rapidfuzz).
_CUTOFF = 78
_ROUNDED = 0.01  # by how much a cutoff may be off
_LAST = "\U0010ffff"  # comes after every letter
_KEPT = 16  # of what was typed and not spelt like any name
_FOLDED = 16384
_TYPED = 100  # nobody's name is longer, and matching time grows with length


def fold(text: str) -> str:
    """Lower case, without accents, punctuation and repeated spaces."""
    bare = unicodedata.normalize("NFKD", text[:_TYPED]).casefold()
    letters = "".join(char for char in bare if not unicodedata.combining(char))
    return " ".join(re.findall(r"\w+", letters))


# The same names stand in the casts of one point after another.
_folded = lru_cache(maxsize=_FOLDED)(fold)


class Names(Generic[T]):
    """Names and whom they belong to, ready to be searched. Holds only what its reader may know."""

    def __init__(self, named: Iterable[tuple[str, T]]) -> None:
        self._named = [(_folded(name), name, owner) for name, owner in named]
        # The show beside it is looked for again with every letter that is typed of a name.
        self._closest = lru_cache(maxsize=_KEPT)(self._closest_anew)

    # What is searched is made when it is first asked for: most casts are only ever completed.

    @cached_property
    def _tails(self) -> list[tuple[str, int]]:
        """Every tail of a name from a word's start, so that any word of it can be typed first."""
        return sorted(
            (tail, position)
            for position, (folded, _, _) in enumerate(self._named)
            for tail in _tails_of(folded)
        )

    @cached_property
    def _wholes(self) -> dict[str, set[int]]:
        """Which names a text stands for."""
        return _holders([folded] for folded, _, _ in self._named)

    @cached_property
    def _words(self) -> dict[str, set[int]]:
        """Which names have a word."""
        return _holders(folded.split() for folded, _, _ in self._named)

    def find(self, text: str) -> list[T]:
        """Whom a text names, best first: exactly, by a half name, or with typos; else nobody."""
        wanted = fold(text)
        if not wanted:
            return []
        words = wanted.split()
        found = (
            self._wholes.get(wanted)
            or _in_all([self._words.get(word, set()) for word in words])
            or self._begun(words)
            or self._closest(wanted)
        )
        return list(dict.fromkeys(self._named[position][2] for position in sorted(found)))

    def _begun(self, parts: Iterable[str]) -> set[int]:
        """The names that have, for every part, a word that begins like it."""
        # Thousands of titles have a word like "the", and none has one that is misspelt.
        rarest, *others = sorted(parts, key=lambda part: len(self._tails_like(part)))
        found = {self._tails[place][1] for place in self._tails_like(rarest)}
        return {
            position
            for position in found
            if all(f" {part}" in f" {self._named[position][0]}" for part in others)
        }

    def _tails_like(self, part: str) -> range:
        """Where the tails stand that begin like this."""
        first = bisect_left(self._tails, (part, -1))
        return range(first, bisect_left(self._tails, (part + _LAST, -1), first))

    def _closest_anew(self, wanted: str) -> set[int]:
        """The names that come closest, if close enough; one word also by a part of one."""
        tables = [self._wholes] if " " in wanted else [self._wholes, self._words]
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

    def complete(self, text: str, limit: int) -> list[tuple[str, T]]:
        """Names with a word that begins like the text, in their order; all for an empty one."""
        wanted = fold(text)
        if not wanted:
            return [(name, owner) for _, name, owner in self._named[:limit]]
        found = set[int]()
        for i in range(bisect_left(self._tails, (wanted, -1)), len(self._tails)):
            tail, position = self._tails[i]
            if not tail.startswith(wanted) or len(found) == limit:
                break
            found.add(position)
        return [(self._named[i][1], self._named[i][2]) for i in sorted(found)]


@lru_cache(maxsize=_FOLDED)
def _tails_of(folded: str) -> tuple[str, ...]:
    return tuple(folded[match.start() :] for match in re.finditer(r"\w+", folded))


def _in_all(sets: Iterable[set[int]]) -> set[int]:
    """What is in every one of the sets."""
    rarest, *others = sorted(sets, key=len)
    return rarest.intersection(*others)


def _holders(texts: Iterable[Iterable[str]]) -> dict[str, set[int]]:
    """The positions of those that have each text."""
    found = dict[str, set[int]]()
    for position, own in enumerate(texts):
        for text in own:
            found.setdefault(text, set()).add(position)
    return found
