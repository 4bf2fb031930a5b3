"""Finding what somebody meant by a name, among the names they are allowed to know."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import chain, islice
from typing import Generic, TypeVar

import regex
from rapidfuzz import fuzz, process

from data.packs.letters import without_accents

T = TypeVar("T")

# Below this score (0 to 100, rapidfuzz) a typo cannot be told from a different name.
_CUTOFF = 78
_ROUNDED = 0.01  # rounding error of a cutoff
_LAST = "\U0010ffff"  # comes after every letter
_KEPT = 16  # results of fuzzy searches in memory
_FOLDED = 16384
_TYPED = 100  # letters; no name is longer, and matching time grows with length
# Unlike `re`'s, these words keep their vowel signs: without them `किरण` and `करण` are one name.
_WORD = regex.compile(r"\w+")


def fold(text: str) -> str:
    """Lower case, in plain letters (`ø` as `o`), without punctuation and repeated spaces."""
    # Accents first: one of them (U+0345) has a letter as its small form. Then again, as some small
    # letters bring one along.
    small = without_accents(without_accents(text[:_TYPED]).casefold())
    return " ".join(_WORD.findall(small))


# The same names stand in the casts of one point after another.
_folded = lru_cache(maxsize=_FOLDED)(fold)


class Part(Generic[T]):
    """Some names and their owners, which several `Names` can share.

    A position is the place of a name in `named`. Each index is built when it is first used.
    """

    def __init__(self, named: Iterable[tuple[str, T]]) -> None:
        self.named = [(_folded(name), name, owner) for name, owner in named]

    def owners(self, positions: Iterable[int]) -> Iterator[T]:
        """The owners of the names at these positions, in order."""
        return (self.named[position][2] for position in sorted(positions))

    @cached_property
    def wholes(self) -> dict[str, set[int]]:
        """The positions of the names that are, as a whole, this text."""
        return _holders([folded] for folded, _, _ in self.named)

    @cached_property
    def words(self) -> dict[str, set[int]]:
        """The positions of the names that have this word."""
        return _holders(folded.split() for folded, _, _ in self.named)

    @cached_property
    def _tails(self) -> tuple[list[str], list[int]]:
        """Every tail of a name from a word's start, so that any word of it can be typed first.

        Sorted, with the positions of the names that they come from.
        """
        tails = [
            (tail, position)
            for position, (folded, _, _) in enumerate(self.named)
            for tail in _tails_of(folded)
        ]
        tails.sort()
        return [tail for tail, _ in tails], [position for _, position in tails]

    def tables(self, wanted: str) -> list[dict[str, set[int]]]:
        """The indexes for a fuzzy search: one word is compared with single words, too."""
        return [self.wholes] if " " in wanted else [self.wholes, self.words]

    def with_words(self, words: Iterable[str]) -> set[int]:
        """The names that have all of these words."""
        rarest, *others = sorted((self.words.get(word, set[int]()) for word in words), key=len)
        return rarest.intersection(*others)

    def with_halves(self, halves: Iterable[str]) -> set[int]:
        """The names that have, for every half, a word that begins like it."""
        # Thousands of titles have a word like "the", and none has one that is misspelt.
        rarest, *others = sorted(halves, key=lambda half: len(self._tails_like(half)))
        found = {self._tails[1][place] for place in self._tails_like(rarest)}
        return {
            position
            for position in found
            if all(f" {half}" in f" {self.named[position][0]}" for half in others)
        }

    def _tails_like(self, half: str) -> range:
        """Where the tails stand that begin like this."""
        tails, _ = self._tails
        first = bisect_left(tails, half)
        return range(first, bisect_left(tails, half + _LAST, first))

    def begun(self, wanted: str, limit: int) -> dict[int, str]:
        """The first names with a tail that begins like this: position and tail."""
        tails, positions = self._tails
        found = dict[int, str]()
        for place in self._tails_like(wanted):
            if len(found) == limit:
                break
            found.setdefault(positions[place], tails[place])
        return found


class Names(Generic[T]):
    """Names and their owners, ready to be searched; only names that the reader may know."""

    def __init__(self, parts: Iterable[Part[T]]) -> None:
        self._parts = [*parts]
        # Every letter typed of a name searches the show in the other option again.
        self._closest = lru_cache(maxsize=_KEPT)(self._closest_anew)

    def find(self, text: str) -> list[T]:
        """The owners of a name, best first: by the whole name, by parts of it, or with typos."""
        wanted = fold(text)
        return self.spelt(text) or (self._closest(wanted) if wanted else [])

    def spelt(self, text: str) -> list[T]:
        """As `find`, but without typos."""
        wanted = fold(text)
        if not wanted:
            return []
        words = wanted.split()
        return (
            self._found(lambda part: part.wholes.get(wanted, ()))
            or self._found(lambda part: part.with_words(words))
            or self._found(lambda part: part.with_halves(words))
        )

    def _found(self, look: Callable[[Part[T]], Iterable[int]]) -> list[T]:
        """The owners of all names found in the parts, each once."""
        return [*dict.fromkeys(owner for part in self._parts for owner in part.owners(look(part)))]

    def _closest_anew(self, wanted: str) -> list[T]:
        """The owners of the names that come closest, if close enough."""
        texts = [text for part in self._parts for table in part.tables(wanted) for text in table]
        best = process.extractOne(wanted, texts, scorer=fuzz.ratio, score_cutoff=_CUTOFF)
        if best is None:
            return []
        # Where titles are alike thousands are close: those that are not closest are passed over.
        near = process.extract(
            wanted, texts, scorer=fuzz.ratio, score_cutoff=best[1] - _ROUNDED, limit=None
        )
        closest = [text for text, score, _ in near if score == best[1]]
        return self._found(
            lambda part: {
                position
                for table in part.tables(wanted)
                for text in closest
                for position in table.get(text, ())
            }
        )

    def complete(self, text: str, limit: int) -> list[tuple[str, T]]:
        """Names with a word that begins like the text, in their order; all for an empty one."""
        wanted = fold(text)
        if not wanted:
            named = chain.from_iterable(part.named for part in self._parts)
            return [(name, owner) for _, name, owner in islice(named, limit)]
        found = list[tuple[str, int, int]]()
        for place, part in enumerate(self._parts):
            if begun := part.begun(wanted, limit):
                found += [(tail, place, position) for position, tail in begun.items()]
        found.sort()
        named = [self._parts[place].named[i] for place, i in sorted(p[1:] for p in found[:limit])]
        return [(name, owner) for _, name, owner in named]


@lru_cache(maxsize=_FOLDED)
def _tails_of(folded: str) -> tuple[str, ...]:
    return tuple(folded[match.start() :] for match in _WORD.finditer(folded))


def _holders(texts: Iterable[Iterable[str]]) -> dict[str, set[int]]:
    """The positions of those that have each text."""
    found = dict[str, set[int]]()
    for position, own in enumerate(texts):
        for text in own:
            found.setdefault(text, set()).add(position)
    return found
