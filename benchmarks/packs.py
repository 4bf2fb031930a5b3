"""Generated packs: shows of one size, alike but for their titles and names, the same every time."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

EPISODES = 10
BEATS = 9  # in an episode, as many as a well-told episode of Hit & Run has
CHARACTERS = 20
FACTS = 6  # of a character
SOURCES = 2  # of each episode

WORDS = (
    *(
        "the",
        "a",
        "to",
        "of",
        "and",
        "before",
        "after",
        "under",
        "while",
        "nobody",
        "old",
        "secret",
    ),
    *("harbour", "letter", "night", "door", "train", "bridge", "river", "window", "map", "boat"),
    *("sister", "doctor", "finds", "hides", "follows", "leaves", "answers", "carries", "home"),
)
FIRST = (
    *("Alma", "Boris", "Clara", "Dario", "Edith", "Felix", "Greta", "Hanno", "Irina", "Jonas"),
    *("Kasia", "Lukas", "Mirja", "Nils", "Olga", "Pavel", "Quinn", "Rosa", "Stellan", "Tilda"),
)
LAST = (
    *("Abramov", "Bellini", "Castell", "Drummond", "Eriksen", "Fontaine", "Galloway", "Hallberg"),
    *("Ivanova", "Jansson", "Kowalska", "Lindqvist", "Moretti", "Novak", "Okafor", "Petrov"),
    *("Quintero", "Rasmussen", "Sandoval", "Thorvald"),
)


def slug(number: int) -> str:
    return f"show-{number:04}"


def title(number: int) -> str:
    """All of them begin alike, so that completing a title meets its worst case."""
    return f"The Silent Harbour {number:04}"


def name(character: int) -> str:
    """The name of a character, the same in every show; 400 are counted from 0."""
    first, times = character % len(FIRST), character // len(FIRST)
    return f"{FIRST[first]} {LAST[(first + times) % len(LAST)]}"


def write(folder: Path, shows: int) -> Path:
    """Write the first `shows` packs into `folder`, and return it."""
    folder.mkdir(parents=True)
    for number in range(shows):
        (folder / f"{slug(number)}.toml").write_text("\n".join(_pack(number)), encoding="utf-8")
    return folder


def write_tracked(folder: Path, shows: int) -> Path:
    """Bring the packs in `folder` to so many, with shows that are tracked but not recapped."""
    for number in range(len(list(folder.iterdir())), shows):
        told = table("[show]", slug=slug(number), title=title(number), premise=WORDS[0])
        (folder / f"{slug(number)}.toml").write_text("\n".join(["format = 1", *told]))
    return folder


def _pack(number: int) -> Iterator[str]:
    chance = random.Random(number)
    yield "format = 1"
    yield from table("[show]", slug=slug(number), title=title(number), premise=text(chance, 40))
    for episode in range(1, EPISODES + 1):
        yield from _episode(chance, episode)
    for character in range(CHARACTERS):
        yield from _character(chance, character)


def _episode(chance: random.Random, number: int) -> Iterator[str]:
    at = f"S1E{number}"
    for page in range(SOURCES):
        url = f"https://example.org/{number}/{page}"
        yield from table(f"[source.{_source(number, page)}]", title=at, url=url, through=at)
    yield from table(
        "[[episode]]", id=f"e{number:02}", at=at, title=text(chance, 3), recap=text(chance, 50)
    )
    for beat in range(BEATS):
        cited = [_source(number, beat % SOURCES)]
        yield from table("[[episode.beat]]", text=text(chance, 15), source=cited)


def _character(chance: random.Random, number: int) -> Iterator[str]:
    yield from table(
        "[[character]]",
        id=f"c{number:02}",
        name=name(number),
        known="S1E1",
        actor=text(chance, 2),
        role=text(chance, 6),
    )
    for fact in range(FACTS):
        at = fact % EPISODES + 1
        yield from table(
            "[[character.fact]]",
            kind="event",
            known=f"S1E{at}",
            text=text(chance, 8),
            source=[_source(at, fact % SOURCES)],
        )


def _source(episode: int, page: int) -> str:
    return f"P{episode}-{page}"


def text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS, k=words))


def table(heading: str, **values: object) -> Iterator[str]:
    yield heading
    # Of texts and lists of texts, JSON and TOML have one spelling.
    yield from (f"{key} = {json.dumps(value)}" for key, value in values.items())
