"""Parts of names: the words of a name that identify its bearer, by their place in the name."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from data.packs.ordinary_words import (
    EPITHETS,
    GIVEN_NAMES,
    SHORT_WORDS,
    TITLES,
    is_ordinary,
    is_role,
)
from data.packs.word_forms import Words, form_of, is_unspaced, pieces, spelt, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


# How surely a form names somebody. `sure`: everywhere. `word`, an ordinary word: only where it is
# used as a name. `title` (The Bride): also behind an article. `role` (Old Woman): hardly ever.
Strength = Literal["sure", "title", "word", "role"]
STRENGTHS: tuple[Strength, ...] = ("sure", "title", "word", "role")

ARTICLES = frozenset({"the", "a", "an"})
_AND_SON = frozenset({"jr", "sr", "ii", "iii", "iv"})
_PARTICLES = frozenset({"the", "of", "in", "from", "and", "with", "at", "on", "for"})
_NOT_REVEALING = frozenset(word.capitalize() for word in TITLES | _PARTICLES | {"who", "iii"})
_CHUNK = re.compile(r"\S+")
_MOST_INITIALS = 3


def parts(name: str) -> list[str]:
    """The parts that identify a name even alone: `Sophie` and `Dreyer`, never `the`."""
    own = pieces(name)
    return [piece for place, piece in enumerate(own) if strength_of(own, place)]


def revealing_words(name: str) -> list[str]:
    """The words of a name or title that reveal something everywhere, also inside an id."""
    return [
        piece
        for piece in pieces(name)
        if _can_identify(piece) and spelt(piece) not in _NOT_REVEALING
    ]


def strength_of(own: list[str], place: int) -> Strength | None:
    """How surely a part of a name identifies its bearer; None if it does not."""
    piece = own[place]
    if not _can_identify(piece) or spelt(piece).lower() in _AND_SON:
        return None
    if not is_ordinary(spelt(piece)):
        return "sure"
    if len(own) == 1 or _is_given(piece) or _is_first(own, place) or _is_surname(own, place):
        return "word"
    return None  # an epithet, as in `Young Ada`, or one of several, as in `Old Woman`


def forms(name: str) -> Iterator[tuple[Words, Strength]]:
    """The word forms that give a name away: the whole, its parts, the family (`the Dreyers`)."""
    return _with_plurals((*_wholes(name, _whole_strength(name)), *_parts(name)))


def forms_of_term(term: str) -> Iterator[tuple[Words, Strength]]:
    """The word forms that give away a special term of the show, also if its words are ordinary."""
    whole, own = [*_wholes(term, "sure")], revealing_words(term)
    parts_: list[tuple[Words, Strength]] = [(form_of(words(piece)), "sure") for piece in own]
    # Each part identifies `Operation Chronos`; the parts of `Prison yard` are ordinary words.
    return _with_plurals((*whole, *parts_) if len(own) > 1 else whole)


def _with_plurals(
    found: Iterable[tuple[Words, Strength]],
) -> Iterator[tuple[Words, Strength]]:
    for form, strength in found:
        yield form, strength
        yield (*form[:-1], form[-1] + "s"), strength


def borne(name: str) -> Iterator[Words]:
    """Every run of words in a name."""
    for own in _readings(name):
        ends = range(1, len(own) + 1)
        yield from (own[start:end] for end in ends for start in range(end))


def whole(name: str) -> Words:
    """The whole name without its article."""
    return form_of(_without_article(words(name)))


def run_together(name: str) -> str | None:
    """A name of several words as one lower-case word, as in `@sophiedreyer`; else None."""
    own = _without_article(words(name))
    if len(own) == 1 or is_unspaced(name):
        return None
    return "".join(form_of(own)).lower()


def _wholes(name: str, strength: Strength) -> Iterator[tuple[Words, Strength]]:
    for reading in _readings(name):
        whole = _without_article(reading)
        yield whole, strength
        # A lower-case name gets a capital at the start of a sentence, and in a title each of its
        # words does.
        raised = tuple(word[0].upper() + word[1:] for word in whole)
        yield (raised[0], *whole[1:]), strength
        yield raised, strength


def _whole_strength(name: str) -> Strength:
    said = words(name)
    own = _without_article(said)
    plain = [spelt(word).lower() for word in own]
    if not own or not all(map(is_ordinary, plain)):
        return "sure"
    if len(own) == 1:
        if len(own) < len(said):
            return "title"
        return "role" if is_role(plain[0]) and not _is_given(plain[0]) else "word"
    return "role" if is_role(plain[-1]) else "sure"


def _parts(name: str) -> Iterator[tuple[Words, Strength]]:
    own = pieces(name)
    for place, piece in enumerate(own):
        if strength := strength_of(own, place):
            yield form_of(words(piece)), strength
    for chunk in _CHUNK.findall(name):
        if joined := _joined(chunk):
            yield joined, "sure"
    for initials in _initials(words(name)):
        yield initials, "sure"
        yield (_joined_initials(initials),), "sure"


def _readings(name: str) -> Iterator[Words]:
    """The spellings of a name as word forms: `O'Brien` is also OBrien, `J.R.` is also JR."""
    own = form_of(words(name))
    if not own:
        return
    yield own
    joined = form_of(words(" ".join(_CHUNK.sub(lambda one: _joined_chunk(one[0]), name).split())))
    if joined and joined != own:
        yield joined
    for initials in _initials(words(name)):
        for there, instead in (
            (initials, (_joined_initials(initials),)),
            ((_joined_initials(initials),), initials),
        ):
            for at in range(len(own)):
                if own[at : at + len(there)] == there:
                    yield (*own[:at], *instead, *own[at + len(there) :])


def _initials(own: Words) -> Iterator[Words]:
    """The initials in a name in each spelling: `J.R.`, `J. R.`, `JR`."""
    for is_one, run in groupby(own, key=lambda word: len(word) == 1 and word.isupper()):
        letters = tuple(run)
        if is_one and 1 < len(letters) <= _MOST_INITIALS:
            yield letters
    longer = [word for word in own if len(word) > 1]
    # If every word is in capitals, they do not mean initials; `JR` at the end means the son.
    if not all(map(str.isupper, longer)):
        yield from (
            tuple(word)
            for place, word in enumerate(own)
            if word in longer
            and word.isupper()
            and word.isascii()
            and len(word) <= _MOST_INITIALS
            and not (place and word.lower() in _AND_SON)
        )


def _joined_initials(initials: Words) -> str:
    return spelt("".join(initials))


def _joined_chunk(chunk: str) -> str:
    joined = _joined(chunk)
    return joined[0] if joined else chunk


def _joined(chunk: str) -> Words | None:
    """The text between two spaces as one word, if a sign divides it: `Jean-Luc`, `O'Brien`."""
    own = words(chunk)
    # Possessives (`Ada's`) and numbers are left out.
    if len(own) < 2 or own[-1] in ("s", "S") or is_unspaced(chunk):  # noqa: PLR2004
        return None
    if not any(word[0].isupper() for word in own) or not all(map(str.isalpha, own)):
        return None
    joined = "".join(own)  # it gets a capital, also if the name begins in lower case: d'Angelo
    return (spelt(joined[0].upper() + joined[1:]),)


def _without_article(own: Words) -> Words:
    return own[1:] if len(own) > 1 and own[0].casefold() in ARTICLES else own


def _can_identify(piece: str) -> bool:
    """Whether a part is long enough to identify a name alone, and is not in lower case."""
    if not piece[0].isalpha() or piece[0].islower():
        return False
    # Shorter parts are too often ordinary words, except in scripts without capital letters.
    longest = len(piece)
    if piece[0].isupper() and longest == 2:  # noqa: PLR2004  # Jo, Bo
        return piece.isalpha() and spelt(piece).lower() not in SHORT_WORDS
    return longest > 1


def _is_given(piece: str) -> bool:
    return spelt(piece).lower() in GIVEN_NAMES


def _is_first(own: list[str], place: int) -> bool:
    """Whether an ordinary word is the first name before a word that is not: `River Tam`."""
    if place or spelt(own[0]).lower() in EPITHETS or is_role(spelt(own[-1])):
        return False
    return len(own) > 1 and own[1][0].isupper() and not is_ordinary(spelt(own[1]))


def _is_surname(own: list[str], place: int) -> bool:
    """Whether an ordinary word is a surname behind a given name or a title: `Walter White`."""
    after = [piece for piece in own[place + 1 :] if spelt(piece).lower() not in _AND_SON]
    if after or not place:
        return False
    before = own[place - 1]
    plain = spelt(before).lower()
    if plain in TITLES or _is_given(before):
        return True
    is_initial = len(before) == 1 and before.isupper()
    return before[0].isupper() and (is_initial or not is_ordinary(plain))
