"""Word forms: splits a text of any script into words, and brings words to one form."""

from __future__ import annotations

import re
import unicodedata

import regex

from data.packs.letters import without_accents

Words = tuple[str, ...]  # never empty if it is a name

# Scripts without spaces between words: each letter counts as a word, so that a name is found inside
# a line. The Japanese middle dot is left out, as it separates the parts of foreign names.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u3096\u3099\u309a\u30a1-\u30fa\u30fc-\u30ff"
    "\u3400-\u9fff\uac00-\ud7a3"
)
# `regex`, because `\w` in `re` has no marks: a name in Devanagari would end at each vowel sign.
_WORD = regex.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_PART = regex.compile(rf"(?:[{_UNSPACED}]|[^\W_])+")
_ASCII = re.compile("[A-Za-z0-9]+")
_IS_UNSPACED = regex.compile(rf"[{_UNSPACED}]")
# Joiners and variation selectors are invisible and do not separate words.
_UNSEEN = re.compile("[\u200c\u200d\ufe00-\ufe0f]")
_REMEMBERED = 65536


def words(text: str) -> Words:
    """The words of a text as they are written."""
    if text.isascii():
        return tuple(_ASCII.findall(text))
    return tuple(_WORD.findall(visible(text)))


def spans(text: str) -> list[tuple[int, int]]:
    """The start and end of each word in a text from `visible`."""
    found = _ASCII.finditer(text) if text.isascii() else _WORD.finditer(text)
    return [one.span() for one in found]


def pieces(name: str) -> list[str]:
    """The words of a name; in a script without spaces, the text between two spaces is one."""
    return _PART.findall(visible(name))


def visible(text: str) -> str:
    """The text in NFKC without invisible characters: wide, bold and joined letters become plain."""
    return text if text.isascii() else unicodedata.normalize("NFKC", _UNSEEN.sub("", text))


def is_unspaced(text: str) -> bool:
    return _IS_UNSPACED.search(text) is not None


class _Spellings(dict[str, str]):
    """A cache of word forms; a dict, because a function call for each word would be too slow."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        plain = without_accents(word) or word
        self[word] = found = plain[0] + plain[1:].lower() if plain[0].isupper() else plain.lower()
        return found


# A word without accents, in lower case except for a capital at its start.
spelt = _Spellings().__getitem__


def form_of(said: Words) -> Words:
    return tuple(map(spelt, said))
