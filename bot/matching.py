"""Finding what somebody meant by a name, among the names they are allowed to know."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from itertools import islice
from typing import Generic, TypeVar

from rapidfuzz import fuzz, process

T = TypeVar("T")

# Below this a typo and a different name look alike (0 to 100, rapidfuzz).
_CUTOFF = 78
_TYPED = 100  # nobody's name is longer, and matching time grows with length


def fold(text: str) -> str:
    """Lower case, without accents, punctuation and repeated spaces."""
    bare = unicodedata.normalize("NFKD", text[:_TYPED]).casefold()
    letters = "".join(char for char in bare if not unicodedata.combining(char))
    return " ".join(re.findall(r"\w+", letters))


class Names(Generic[T]):
    """Names and whom they belong to, ready to be searched. Holds only what its reader may know."""

    def __init__(self, named: Iterable[tuple[str, T]]) -> None:
        self._named = [(fold(name), name, owner) for name, owner in named]
        # Every tail of a name from a word's start, so that any word of it can be typed first.
        self._tails = sorted(
            (folded[start:], position)
            for position, (folded, _, _) in enumerate(self._named)
            for start in _word_starts(folded)
        )
        # Which names a text stands for, as a whole or as one of their words.
        self._wholes = dict[str, set[int]]()
        self._words = dict[str, set[int]]()
        for position, (folded, _, _) in enumerate(self._named):
            self._wholes.setdefault(folded, set()).add(position)
            for word in folded.split():
                self._words.setdefault(word, set()).add(position)

    def find(self, text: str) -> list[T]:
        """Whom a text names, best first: exactly, by a half name, or with typos; else nobody."""
        wanted = fold(text)
        if not wanted:
            return []
        words = wanted.split()
        found = (
            self._wholes.get(wanted)
            or _in_all(self._words.get(word, set()) for word in words)
            or _in_all(map(self._beginning, words))
            or self._closest(wanted)
        )
        return list(dict.fromkeys(self._named[position][2] for position in sorted(found)))

    def _beginning(self, part: str) -> set[int]:
        """The names with a word that begins like this."""
        found = set[int]()
        for tail, position in islice(self._tails, bisect_left(self._tails, (part, -1)), None):
            if not tail.startswith(part):
                break
            found.add(position)
        return found

    def _closest(self, wanted: str) -> set[int]:
        """The names that come closest, if close enough; one word also by a part of one."""
        tables = [self._wholes] if " " in wanted else [self._wholes, self._words]
        close = [
            (score, table[text])
            for table in tables
            for text, score, _ in process.extract(
                wanted, table.keys(), scorer=fuzz.ratio, score_cutoff=_CUTOFF, limit=None
            )
        ]
        top = max((score for score, _ in close), default=None)
        return set[int]().union(*(found for score, found in close if score == top))

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


def _word_starts(folded: str) -> list[int]:
    return [match.start() for match in re.finditer(r"\w+", folded)]


def _in_all(found: Iterable[set[int]]) -> set[int]:
    """What is in every one of the sets; looks no further once that is nothing."""
    sets = iter(found)
    left = set(next(sets, ()))
    for other in sets:
        left &= other
        if not left:
            break
    return left
