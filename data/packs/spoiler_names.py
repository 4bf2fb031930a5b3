"""Spoiler names: the words in a text that give away a name its readers do not know yet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

from data.packs.name_parts import STRENGTHS, Strength, borne, forms, forms_of_term, run_together
from data.packs.ordinary_words import is_ordinary
from data.packs.standing import WordContext
from data.packs.word_forms import Words, form_of, spelt, visible, words
from data.points import Rank

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


# Whose somebody is, before or after what they are: `Sophie's mother`, `mother of Sophie`.
_OWNER = re.compile(r"^.*['\u2019]s\s+|\s+(?:of|to)\s+.*$")
# Words in which a name may be joined with something: @sophie, anti-sophie, SophieDreyer.
_LINKED = regex.compile(r"[@#]?[^\W_]+(?:[-\u2010\u2011._][^\W_]+)*")
_LINK = regex.compile(r"[@#\-\u2010\u2011]\w|\p{Ll}\p{M}*\p{Lu}")
_ASCII_LINK = re.compile("[@#-][A-Za-z0-9]|[a-z][A-Z]")
_CAMEL = regex.compile(r"\p{Lu}?[\p{Ll}\p{M}]+|\p{Lu}+(?!\p{Ll})")
# Hebrew and Arabic write `and`, `to`, `from`, `the` … as a prefix of the next word.
_PREFIXES = regex.compile(r"[והבלמשכ]{1,4}|[وفبكلسا]{1,4}")
_SHORTEST = 2  # letters of a name behind a prefix

Found = tuple[Words, "Bearer"]


@dataclass(frozen=True, slots=True)
class Bearer:
    """The bearer of a name: a character, a term or a title, and the rank from which it is known."""

    name: str
    rank: Rank
    place: str
    is_term: bool = False  # a special word of the show, not the name of a character


class Names:
    """All names of a show, by the words that give them away; parts of words do not count.

    Capitals matter: a lower-case word is not a name, a word in capitals may be one.
    """

    def __init__(self, bearers: Iterable[Bearer]) -> None:
        in_order = sorted(bearers, key=lambda bearer: bearer.rank)
        first: dict[Words, Bearer] = {}  # the bearer who makes each form known first
        for bearer in in_order:
            # `Sophie's mother` does not make the name Sophie known.
            for form in borne(_OWNER.sub("", bearer.name)):
                first.setdefault(form, bearer)
        self._strengths = dict[Words, Strength]()
        self._together = dict[str, Bearer]()
        for bearer in in_order:
            found_forms = forms_of_term(bearer.name) if bearer.is_term else forms(bearer.name)
            for form, strength in found_forms:
                both: tuple[Strength, ...] = (self._strengths.get(form, strength), strength)
                self._strengths[form] = min(both, key=STRENGTHS.index)
                first.setdefault(form, bearer)
            if together := run_together(bearer.name):
                self._together.setdefault(together, bearer)
        self._bearers = {form: first[form] for form in self._strengths}
        self._known = first
        # For each first word the lengths of the names that begin with it, the longest first. This
        # is fast for long texts and for shows in which dozens of people share a first name.
        self._lengths: dict[str, list[int]] = {}
        for word, length in sorted(
            {(form[0], len(form)) for form in self._strengths}, reverse=True
        ):
            self._lengths.setdefault(word, []).append(length)

    def unknown_in(self, text: str, rank: Rank) -> Iterator[Found]:
        """The names in `text` that readers at `rank` cannot know, each in its longest form."""
        said = words(text)
        found = self._in_words(said, form_of(said), rank, text)
        is_plain = text.isascii()
        is_linked = (_ASCII_LINK if is_plain else _LINK).search(text) is not None
        return found if is_plain and not is_linked else self._as_written(text, said, found, rank)

    def _as_written(
        self, text: str, said: Words, found: Iterator[Found], rank: Rank
    ) -> Iterator[Found]:
        """The names in `found`, and then those that are joined with something into one word."""
        reported = set[Words]()
        for one in found:
            reported.add(one[0])
            yield one
        for one in (*self._run_together_in(visible(text), rank), *self._prefixed_in(said, rank)):
            if one[0] not in reported:
                reported.add(one[0])
                yield one

    def _in_words(
        self, said: Sequence[str], form: Words, rank: Rank, text: str | None
    ) -> Iterator[Found]:
        lengths, end = self._lengths, 0  # of the name found last
        for position, word in enumerate(form):
            if word in lengths and position >= end:
                found = self._at(form, position, rank, text)
                if found:
                    length, bearer = found
                    end = position + length
                    yield tuple(said[position:end]), bearer

    def _at(
        self, said: Words, position: int, rank: Rank, text: str | None
    ) -> tuple[int, Bearer] | None:
        """The longest name at `position`, and its bearer; without a `text` context is ignored."""
        for length in self._lengths[said[position]]:
            form = said[position : position + length]
            bearer = self._bearers.get(form)
            if bearer and bearer.rank > rank:
                strength = self._strengths[form]
                if strength == "sure" or text is None:
                    return length, bearer
                if WordContext(text).stands_as_name(position, position + length, strength):
                    return length, bearer
        return None

    def _run_together_in(self, text: str, rank: Rank) -> Iterator[Found]:
        for linked in _LINKED.findall(text):
            is_handle = linked[0] in "@#"
            own = words(linked)
            parted = [_CAMEL.findall(word) or [word] for word in own]
            if not is_handle and len(own) == 1 and len(parted[0]) == 1:
                continue
            if self._is_known(own, rank):
                continue
            yield from self._as_one(own, rank)
            if any(len(pieces) > 1 for pieces in parted):
                split = [piece for pieces in parted for piece in pieces]
                yield from self._in_words(split, form_of(tuple(split)), rank, None)
            # Behind @ or # a name may be in lower case; behind a hyphen, if it is not ordinary.
            raised = tuple(
                spelt(word[0].upper() + word[1:]) if is_handle or not is_ordinary(word) else word
                for word in own
            )
            if raised != form_of(own):
                yield from self._in_words(own, raised, rank, None)

    def _as_one(self, own: Words, rank: Rank) -> Iterator[Found]:
        plain = [word.lower() for word in form_of(own)]
        for start in range(len(plain)):
            for end in range(len(plain), start, -1):
                bearer = self._together.get("".join(plain[start:end]))
                if bearer and bearer.rank > rank and form_of(own[start:end]) not in self._bearers:
                    yield own[start:end], bearer

    def _is_known(self, said: Words, rank: Rank) -> bool:
        bearer = self._known.get(form_of(said))
        return bearer is not None and bearer.rank <= rank

    def _prefixed_in(self, said: Words, rank: Rank) -> Iterator[Found]:
        form = form_of(said)
        for position, word in enumerate(form):
            prefix = _PREFIXES.match(word)
            if prefix is None or self._is_known((word,), rank):
                continue
            for cut in range(1, min(len(prefix[0]), len(word) - _SHORTEST) + 1):
                rest = (word[cut:], *form[position + 1 :])
                if rest[0] in self._lengths and (found := self._at(rest, 0, rank, None)):
                    yield said[position : position + found[0]], found[1]
                    break
