"""Credits: a made-up cast of 500 as catalogues list one, and titles and summaries of its show."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PEOPLE, TEXTS = 500, 70
EARLY, AT, LATE = 3, 30, 60  # episodes: names are known after the first or the last, texts at AT
SHORT_NAME = 3  # letters; of a longer name each part is planted alone, too

_LIST = re.compile(r"^\[(.+)\]\n((?:[^\[#\n].*\n?)*)", re.MULTILINE)
_LISTS = dict(_LIST.findall(Path(__file__).with_suffix(".txt").read_text("utf-8")))
FIRST, LAST = _LISTS["first"].split(), _LISTS["last"].split()
WORDS_FIRST, WORDS_LAST = _LISTS["first words"].split(), _LISTS["last words"].split()
EPITHETS = _LISTS["epithets"].splitlines()
INNOCENT = [*_LISTS["titles"].splitlines(), *_LISTS["summaries"].splitlines()]
PLANTED = _LISTS["planted"].splitlines()


@dataclass(frozen=True, slots=True)
class Credited:
    """Somebody in the cast; the name is known after so many episodes."""

    name: str
    known: int


@dataclass(frozen=True, slots=True)
class Told:
    """A title or a summary, read after `AT` episodes; `planted`: whom it names too early."""

    text: str
    planted: str | None = None


def credited(seed: int) -> tuple[Credited, ...]:
    """A cast, in which nobody who is known early shares a part of the name with one known late."""
    chance = random.Random(seed)
    first, last = chance.sample(FIRST, len(FIRST)), chance.sample(LAST, len(LAST))
    late = [f"{one} {word}" for one, word in zip(first[::2], WORDS_LAST, strict=False)]
    late += [f"{word} {one}" for word, one in zip(WORDS_FIRST, last[::2], strict=False)]
    late += EPITHETS
    room = (PEOPLE - len(late)) // 2
    late += _named(chance, first[::2], last[::2], room)
    early = _named(chance, first[1::2], last[1::2], PEOPLE - len(late))
    cast = [*(Credited(name, LATE) for name in late), *(Credited(name, EARLY) for name in early)]
    return tuple(chance.sample(cast, PEOPLE))


def _named(chance: random.Random, first: list[str], last: list[str], count: int) -> list[str]:
    pairs = [f"{one} {other}" for one in first for other in last]
    return chance.sample(pairs, count)


def told(seed: int, cast: Sequence[Credited]) -> Iterator[Told]:
    """Titles and summaries, half of which name somebody who is known only later."""
    chance = random.Random(seed)
    early = [one.name for one in cast if one.known == EARLY]
    late = [one.name for one in cast if one.known == LATE and one.name not in EPITHETS]
    for text in chance.sample(INNOCENT, TEXTS // 2):
        yield Told(text.format(early=chance.choice(early)))
    for _ in range(TEXTS - TEXTS // 2):
        name = chance.choice(late)
        shape = chance.choice(PLANTED)
        yield Told(_filled(shape, chance.choice(_ways(name))), name)


def _ways(name: str) -> list[str]:
    """The whole name and its parts, as texts use them."""
    return [name, *(part for part in name.split() if len(part) >= SHORT_NAME)]


def _filled(shape: str, name: str) -> str:
    marks = unicodedata.normalize("NFKD", name)
    bare = "".join(char for char in marks if not unicodedata.combining(char))
    handle = "".join(filter(str.isalnum, name)).lower()
    return shape.format(name=name, caps=name.upper(), bare=bare, handle=handle)
