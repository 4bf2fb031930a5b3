"""Standing: decides whether an ordinary word in a text is used as a name."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from data.packs.ordinary_words import DETERMINERS, GIVEN_NAMES, MODALS, PRONOUNS, VERBS, is_ordinary
from data.packs.word_forms import spans, visible

if TYPE_CHECKING:
    from data.packs.name_parts import Strength


_LONG_WORD = 4  # letters; shorter words may be in lower case in a title
_SENTENCE_ENDS = re.compile('[.!?\u2026:;\n"\u201c\u201d\u00ab\u00bb\u2014\u2013(]')
_POSSESSIVE = re.compile("['\u2019]$")


class WordContext:
    """A text, and the context of the words in it."""

    def __init__(self, text: str) -> None:
        self.text = visible(text)

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        return spans(self.text)

    @cached_property
    def is_title(self) -> bool:
        """Whether it is written like a title: longer words have capitals, no full stop at the end.

        In a title a capital does not show that a word is a name.
        """
        if self.text.rstrip().endswith("."):
            return False
        longer = [
            word for word in map(self.word, range(len(self.spans))) if len(word) >= _LONG_WORD
        ]
        return not any(word[0].islower() for word in longer)

    def word(self, place: int) -> str:
        """The word at that place; empty if there is none."""
        if not 0 <= place < len(self.spans):
            return ""
        start, end = self.spans[place]
        return self.text[start:end]

    def gap(self, place: int) -> str:
        """The text between that word and the one before it."""
        start = self.spans[place - 1][1] if place else 0
        return self.text[start : self.spans[place][0]] if place < len(self.spans) else ""

    def begins(self, place: int) -> bool:
        """Whether a sentence begins there, so that the capital does not show a name."""
        return place == 0 or _SENTENCE_ENDS.search(self.gap(place)) is not None

    def stands_as_name(self, start: int, end: int, strength: Strength) -> bool:
        """Whether these words name somebody; in doubt, they do."""
        if strength == "sure":
            return True
        if strength == "role":
            return not self.is_title and self._is_capitalized_within(start, end)
        before = self.word(start - 1).lower() if start and not self.begins(start) else ""
        if before in DETERMINERS:
            return self._is_title_or_family(start, strength)
        if self._is_described(start):
            return False
        return not self._continues_as_phrase(start, end)

    def _is_capitalized_within(self, start: int, end: int) -> bool:
        """Whether it is several words, or one inside a sentence without an article before it."""
        if end - start > 1:
            return True
        before = self.word(start - 1).lower()
        return not self.begins(start) and before not in DETERMINERS

    def _is_title_or_family(self, start: int, strength: Strength) -> bool:
        """Whether a word behind an article is a title (`the Bride`) or a family (`the Whites`)."""
        word = self.word(start)
        is_family = not self.is_title and word.endswith("s") and not word.isupper()
        return strength == "title" or is_family

    def _is_described(self, start: int) -> bool:
        """Whether, in a title, an article and an adjective stand before it: `A Golden Rose`."""
        if not self.is_title or start < 2 or self.begins(start) or self.begins(start - 1):  # noqa: PLR2004
            return False
        before, article = self.word(start - 1), self.word(start - 2)
        return (
            article.lower() in DETERMINERS
            and is_ordinary(before)
            and before.lower() not in GIVEN_NAMES
        )

    def _continues_as_phrase(self, start: int, end: int) -> bool:
        """Whether it is part of an ordinary phrase: `Mark of`, `Will they`, `Snow day`."""
        after = self.word(end)
        if not after or self.gap(end).strip():
            return False
        small = after.lower()
        if small == "of" and self.begins(start):
            return True
        if small in PRONOUNS and self.word(start).lower() in MODALS:
            return True
        # Behind a name comes a verb; behind an ordinary word comes a noun.
        is_noun = is_ordinary(small) and not small.endswith(("s", "ed")) and small not in VERBS
        if not is_noun or small in GIVEN_NAMES:
            return False
        return self.begins(start) or after[0].isupper()
