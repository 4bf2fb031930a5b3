"""A generated pack of a show that ran for twenty years, in which everybody is spoken of."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from benchmarks.packs import BEATS, name, table, text

SLUG, TITLE = "long-run", "The Long Run"
SEASONS, EPISODES = 20, 24  # episodes of a season
CHARACTERS, FACTS = 400, 25  # facts of a character
ALIASED = 5  # every fifth character goes by another name later
KINDS = ("event", "status", "event", "relation", "role")


def episode_id(number: int) -> str:
    """Of an episode, counted from 1 through all seasons."""
    return f"e{number:03}"


def write_long(folder: Path, seasons: int = SEASONS) -> Path:
    """Write the pack, or only its first seasons, into `folder`, and return the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{SLUG}.toml"
    path.write_text("\n".join(_pack(seasons * EPISODES)), encoding="utf-8")
    return path


def facts_in(seasons: int = SEASONS) -> int:
    """How many facts the pack of so many seasons tells of its characters."""
    return len(_cast(seasons * EPISODES)) * FACTS


def _pack(episodes: int) -> Iterator[str]:
    chance = random.Random(episodes)
    yield "format = 1"
    yield from table("[show]", slug=SLUG, title=TITLE, premise=text(chance, 40))
    for number in range(1, episodes + 1):
        yield from _episode(chance, number)
    for character in _cast(episodes):
        yield from _character(chance, character, episodes)


def _cast(episodes: int) -> range:
    return range(CHARACTERS * episodes // (SEASONS * EPISODES))


def _debut(character: int) -> int:
    """The number of the first episode that somebody is in; they come all through the show."""
    return character * SEASONS * EPISODES // CHARACTERS + 1


def _at(episode: int) -> str:
    season, number = divmod(episode - 1, EPISODES)
    return f"S{season + 1}E{number + 1}"


def _episode(chance: random.Random, number: int) -> Iterator[str]:
    at, page = _at(number), f"https://example.org/{number}"
    yield from table(f"[source.P{number}]", title=at, url=page, through=at)
    recap = " ".join(_said(chance, 10, number) for _ in range(4))
    yield from table(
        "[[episode]]", id=episode_id(number), at=at, title=text(chance, 3), recap=recap
    )
    for _ in range(BEATS):
        told = _said(chance, 13, number)
        yield from table("[[episode.beat]]", text=told, source=[f"P{number}"])


def _character(chance: random.Random, character: int, episodes: int) -> Iterator[str]:
    debut = _debut(character)
    yield from table(
        "[[character]]",
        id=f"c{character:03}",
        name=name(character),
        actor=text(chance, 2),
        known=_at(debut),
        role=text(chance, 6),
    )
    if character % ALIASED == 0:
        other = " ".join(reversed(name(character).split()))
        source = [f"P{episodes}"]
        yield from table(
            "[[character.alias]]", name=other, known=_at(episodes), now=True, source=source
        )
    for fact in range(FACTS):
        number = debut + fact * (episodes - debut) // FACTS
        yield from _fact(chance, KINDS[fact % len(KINDS)], number, episodes)


def _fact(chance: random.Random, kind: str, number: int, episodes: int) -> Iterator[str]:
    more = {"status": {"status": "alive"}, "relation": {"with": "c000"}}.get(kind, {})
    if number + EPISODES <= episodes:
        more = {**more, "until": _at(number + EPISODES)}
    told = _said(chance, 8, number)
    known, source = _at(number), [f"P{number}"]
    yield from table("[[character.fact]]", kind=kind, known=known, text=told, source=source, **more)


def _said(chance: random.Random, words: int, episode: int) -> str:
    """Some words with somebody in them whom the viewers of that episode know."""
    known = 1 + (episode - 1) * CHARACTERS // (SEASONS * EPISODES)
    who = name(chance.randrange(known))
    called = chance.choice((who, who.split()[0]))
    return f"{text(chance, words // 2)} {called} {text(chance, words // 2)}"
