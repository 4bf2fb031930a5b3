"""Measures how fast members' texts are covered, beside what encoding the same texts takes."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from bot.ui.text import hide, split

ENOUGH = 50  # goal, in MB of UTF-8 a second on one core

ENGLISH = "the they when killed episode season honestly I think was great lol ok it's, yes!"
FOREIGN = "“so” café — naïve 😂 конец серии 最終回"
LIMIT = 4000  # what one text of a card holds

Texts = Sequence[str]


@dataclass(frozen=True, slots=True)
class Case:
    """One thing done to texts; without a goal it is there to be known."""

    name: str
    run: Callable[[str], object]
    texts: Texts
    has_goal: bool = True


@dataclass(frozen=True, slots=True)
class Speed:
    """Medians: MB of UTF-8 a second, and how many times what encoding the same texts takes."""

    name: str
    megabytes: float
    ratio: float
    has_goal: bool


def measure_covering(number: int, rounds: int) -> list[Speed]:
    """Cover that many texts of every kind, each round beside encoding them, on this one core."""
    return [_measure(case, rounds) for case in _cases(number)]


def _cases(number: int) -> list[Case]:
    chat = _texts(number, ENGLISH.split(), " ")
    return [
        Case("chat in English", hide, chat),
        Case("chat in several languages", hide, _texts(number, FOREIGN.split(), " ")),
        Case("chat in several lines", hide, _texts(number, ENGLISH.split(), " \n")),
        Case("chat with spoilers inside", hide, [f"so ||{text}|| ok" for text in chat]),
        Case("nothing but pipes", hide, ["|" * len(text) for text in chat], has_goal=False),
        Case("split, where it fits", lambda text: split(text, LIMIT), chat, has_goal=False),
    ]


def _texts(number: int, words: Sequence[str], blanks: str) -> Texts:
    """Messages of 5 to 60 words, the same ones every time."""
    chance = random.Random(number)
    return [
        "".join(
            chance.choice(words) + chance.choice(blanks) for _ in range(chance.randint(5, 60))
        ).rstrip()
        for _ in range(number)
    ]


def _measure(case: Case, rounds: int) -> Speed:
    """The two take turns, so that a slow moment strikes both."""
    pairs = [
        (_seconds(case.run, case.texts), _seconds(str.encode, case.texts)) for _ in range(rounds)
    ]
    ours, encoding = (median(column) for column in zip(*pairs, strict=True))
    size = sum(len(text.encode()) for text in case.texts)
    return Speed(case.name, size / ours / 1e6, ours / encoding, case.has_goal)


def _seconds(run: Callable[[str], object], texts: Texts) -> float:
    begun = perf_counter()
    for text in texts:
        run(text)
    return perf_counter() - begun
