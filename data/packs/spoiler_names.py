"""Names: the words in a text that give away somebody whom its readers do not know yet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.points import Rank

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


Words = tuple[str, ...]  # never empty where it stands for a name

# Scripts that put no space between words: every letter there counts as a word, so that a name is
# found inside a line. (Without the Japanese middle dot, which parts the names of foreigners.)
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff"
    "\u3400-\u9fff\uac00-\ud7a3"
)
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_PART = re.compile(rf"(?:[{_UNSPACED}]|[^\W_])+")
_OWNER = re.compile(r"^.*['\u2019]s\s+")

_JOINERS = re.compile("[\u200c\u200d]")  # they are not seen, and part no word

ARTICLES = frozenset({"the", "a", "an"})
# Capitalised in names, yet ordinary: alone they tell nobody who is meant.
ORDINARY = frozenset(
    {
        *("The", "And", "For", "From", "With", "Who", "III"),
        *("Miss", "Mrs", "Sir", "Madam", "Lord", "Lady"),
        *("Father", "Mother", "Brother", "Sister", "Uncle", "Aunt"),
        *("Agent", "Captain", "Colonel", "Detective", "Doctor", "General", "Inspector", "Judge"),
        *("Lieutenant", "Major", "Officer", "President", "Professor", "Sergeant"),
    }
)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who or what bears a name, and the rank of the point from which that name is known."""

    name: str
    rank: Rank
    place: str
    in_parts: bool = True  # whether each part alone tells who is meant


def words(text: str) -> Words:
    return tuple(_WORD.findall(_JOINERS.sub("", text)))


def parts(name: str) -> list[str]:
    """The parts of a name that give it away even alone: `Sophie` and `Dreyer`, never `the`."""
    return [part for part in _PART.findall(name) if _is_telling(part)]


class Names:
    """All names of a show, by the words that give them away. Case counts; only whole words do."""

    def __init__(self, bearers: Iterable[Bearer]) -> None:
        in_order = sorted(bearers, key=lambda bearer: bearer.rank)
        first: dict[Words, Bearer] = {}  # who makes these words known earliest
        for bearer in in_order:
            for form in _borne(bearer.name):
                first.setdefault(form, bearer)
        telling: set[Words] = set()
        for bearer in in_order:
            forms = _forms(bearer.name, in_parts=bearer.in_parts)
            telling |= forms
            for form in forms:
                first.setdefault(form, bearer)
        self._bearers = {form: first[form] for form in telling}
        # How many words the names have that begin with one, the longest first: texts are long, and
        # in a show of many seasons dozens of people share a first name.
        self._lengths: dict[str, list[int]] = {}
        for word, length in sorted({(form[0], len(form)) for form in telling}, reverse=True):
            self._lengths.setdefault(word, []).append(length)

    def unknown_in(self, text: str, rank: Rank) -> Iterator[tuple[Words, Bearer]]:
        """The names in `text` that nobody at `rank` can know, each in its longest form."""
        said = words(text)
        end = 0  # of the name found last
        for position, word in enumerate(said):
            if word in self._lengths and position >= end:
                found = self._at(said, position, rank)
                if found:
                    yield found
                    end = position + len(found[0])

    def _at(self, said: Words, position: int, rank: Rank) -> tuple[Words, Bearer] | None:
        for length in self._lengths[said[position]]:
            form = said[position : position + length]
            bearer = self._bearers.get(form)
            if bearer and bearer.rank > rank:
                return form, bearer
        return None


def _is_telling(part: str) -> bool:
    if not part[0].isalpha() or part[0].islower() or part in ORDINARY:
        return False
    # Shorter parts are ordinary words too often; scripts without capitals say more per letter.
    return len(part) > (2 if part[0].isupper() else 1)


def _forms(name: str, *, in_parts: bool) -> set[Words]:
    """The words that give a name away: as a whole, in parts, and as a family (`the Dreyers`)."""
    forms = {words(part) for part in parts(name)} if in_parts else set[Words]()
    if whole := list(words(name)):
        if len(whole) > 1 and whole[0].casefold() in ARTICLES:
            del whole[0]
        # A name written small begins with a capital where it begins a sentence.
        forms |= {tuple(whole), (whole[0][0].upper() + whole[0][1:], *whole[1:])}
    return forms | {(*form[:-1], form[-1] + "s") for form in forms}


def _borne(name: str) -> set[Words]:
    """Every run of words in a name, but for an owner: `Sophie's house` makes no Sophie known."""
    own = words(_OWNER.sub("", name))
    ends = range(1, len(own) + 1)
    return {own[start:end] for end in ends for start in range(end)}
