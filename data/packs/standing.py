"""Standing: whether an ordinary word stands as a name where it is in a text."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from data.packs.ordinary_words import DETERMINERS, GIVEN, MODALS, PRONOUNS, VERBS, is_ordinary
from data.packs.word_forms import spans, visible

if TYPE_CHECKING:
    from data.packs.name_parts import Strength


_LONG = 4  # letters; shorter words may be small in a title
_SENTENCE_ENDS = re.compile('[.!?\u2026:;\n"\u201c\u201d\u00ab\u00bb\u2014\u2013(]')
_POSSESSIVE = re.compile("['\u2019]$")


class Text:
    """A text, and how its words stand in it."""

    def __init__(self, text: str) -> None:
        self.text = visible(text)

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        return spans(self.text)

    @cached_property
    def is_title(self) -> bool:
        """Whether all its longer words are written with capitals, so that they tell nothing.

        Titles do not end in a full stop.
        """
        if self.text.rstrip().endswith("."):
            return False
        longer = [word for word in map(self.word, range(len(self.spans))) if len(word) >= _LONG]
        return not any(word[0].islower() for word in longer)

    def word(self, place: int) -> str:
        """The word there; empty where there is none."""
        if not 0 <= place < len(self.spans):
            return ""
        start, end = self.spans[place]
        return self.text[start:end]

    def gap(self, place: int) -> str:
        """What stands before the word there."""
        start = self.spans[place - 1][1] if place else 0
        return self.text[start : self.spans[place][0]] if place < len(self.spans) else ""

    def begins(self, place: int) -> bool:
        """Whether a sentence begins with the word there, so that its capital tells nothing."""
        return place == 0 or _SENTENCE_ENDS.search(self.gap(place)) is not None

    def stands_as_name(self, start: int, end: int, strength: Strength) -> bool:
        """Whether the words there name somebody, as far as can be told: in doubt they do."""
        if strength == "sure":
            return True
        if strength == "role":
            return not self.is_title and self._is_raised(start, end)
        before = self.word(start - 1).lower() if start and not self.begins(start) else ""
        if before in DETERMINERS:
            return self._is_called_so(start, strength)
        if self._is_described(start):
            return False
        return not self._goes_on_as_a_word(start, end)

    def _is_raised(self, start: int, end: int) -> bool:
        """Whether a capital stands where no sentence begins, and no article before a single one."""
        if end - start > 1:
            return True
        before = self.word(start - 1).lower()
        return not self.begins(start) and before not in DETERMINERS

    def _is_called_so(self, start: int, strength: Strength) -> bool:
        """Behind an article: who is called so with it, and families (`the Whites`)."""
        word = self.word(start)
        is_family = not self.is_title and word.endswith("s") and not word.isupper()
        return strength == "title" or is_family

    def _is_described(self, start: int) -> bool:
        """In a title, behind an article and what describes it: `A Golden Rose`."""
        if not self.is_title or start < 2 or self.begins(start) or self.begins(start - 1):  # noqa: PLR2004
            return False
        before, article = self.word(start - 1), self.word(start - 2)
        return (
            article.lower() in DETERMINERS and is_ordinary(before) and before.lower() not in GIVEN
        )

    def _goes_on_as_a_word(self, start: int, end: int) -> bool:
        """`Mark of`, `Will they`, `Snow day`, on `Black Friday`."""
        after = self.word(end)
        if not after or self.gap(end).strip():
            return False
        small = after.lower()
        if small == "of" and self.begins(start):
            return True
        if small in PRONOUNS and self.word(start).lower() in MODALS:
            return True
        # A name goes on with what somebody does, or is.
        is_noun = is_ordinary(small) and not small.endswith(("s", "ed")) and small not in VERBS
        if not is_noun or small in GIVEN:
            return False
        return self.begins(start) or after[0].isupper()
