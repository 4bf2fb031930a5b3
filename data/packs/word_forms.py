"""Words: a text in words, whatever its script, and the form in which two of them are compared."""

from __future__ import annotations

import re
import unicodedata

import regex

from data.packs.letters import without_accents

Words = tuple[str, ...]  # never empty where it stands for a name

# Scripts that put no space between words: every letter there counts as a word, so that a name is
# found inside a line. (Without the Japanese middle dot, which parts the names of foreigners.)
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u3096\u3099\u309a\u30a1-\u30fa\u30fc-\u30ff"
    "\u3400-\u9fff\uac00-\ud7a3"
)
# The library, as `re` has no marks in `\w`: a name in Devanagari would end at each vowel sign.
_WORD = regex.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_PART = regex.compile(rf"(?:[{_UNSPACED}]|[^\W_])+")
_ASCII = re.compile("[A-Za-z0-9]+")
_IS_UNSPACED = regex.compile(rf"[{_UNSPACED}]")
# The joiners and the selectors of a variant: they are not seen, and part no word.
_UNSEEN = re.compile("[\u200c\u200d\ufe00-\ufe0f]")
_REMEMBERED = 65536


def words(text: str) -> Words:
    """The words of a text as they are written."""
    if text.isascii():
        return tuple(_ASCII.findall(text))
    return tuple(_WORD.findall(visible(text)))


def spans(text: str) -> list[tuple[int, int]]:
    """Where the words of a text stand, which is `visible`."""
    found = _ASCII.finditer(text) if text.isascii() else _WORD.finditer(text)
    return [one.span() for one in found]


def pieces(name: str) -> list[str]:
    """The words of a name, where a script without spaces has one from space to space."""
    return _PART.findall(visible(name))


def visible(text: str) -> str:
    """The text, each letter in one way (NFKC: also wide, bold and joined ones)."""
    return text if text.isascii() else unicodedata.normalize("NFKC", _UNSEEN.sub("", text))


def is_unspaced(text: str) -> bool:
    return _IS_UNSPACED.search(text) is not None


class _Spelt(dict[str, str]):
    """How words are spelt that were met before; asked of without a call, as texts have millions."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        plain = without_accents(word) or word
        self[word] = found = plain[0] + plain[1:].lower() if plain[0].isupper() else plain.lower()
        return found


# A word without accents, and of its capitals only whether it begins with one.
spelt = _Spelt().__getitem__


def form_of(said: Words) -> Words:
    return tuple(map(spelt, said))
