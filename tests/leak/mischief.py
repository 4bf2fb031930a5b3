"""Mischief: what somebody could type or forge to be told more than they have watched."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from bot.ui.custom_ids import decode, encode
from tests.leak.show import Marked, Rank

OTHER_SHOW = "hit-and-run"
NOBODY = ("Xavier Nonesuch", "qwertzuiop", "nobody of that name")

# Texts that have broken programs, Discord's markup or people's assumptions before.
ROUGH = (
    "||",
    "||a||b",
    "**`_~~>#-[x](https://e.org)",
    "@everyone <@1> <#2>",
    "a" * 6000,
    "\u202ecba \u2067\u05d0\u05d1",
    "\u200b",
    "\u200b\u200d\ufeff",
    "\x00",
    "x\x00y",
    "\ud800",
    " ",
    "\n",
    "-",
    ".",
    "*",
    "|",
    "%s{0}{name}",
    "0",
    "-1",
    "٣",
    "1e9",
    "s" * 101,
)
POINTS = (
    *("premise", "none", "nothing", "all", "finished", "5", "2", "1x2", "s02e01", "S1E1@1"),
    *("S1E2@10", "S1E2 25m", "S1E2@999", "S9E9", "S0E1", "S1E0", "S2E99999", "S1E1@"),
)


def hidden_names(show: Marked, horizon: Rank, turn: int = 0) -> tuple[str, ...]:
    """Names and titles that a reader at this horizon may not know, each also spelt otherwise.

    Which other spelling of which name it is, depends on the `turn`.
    """
    return tuple(_spelt(_hidden(show, horizon), turn))


def _hidden(show: Marked, horizon: Rank) -> list[str]:
    names = [name for name, known in show.names.items() if known > horizon]
    titles = [title for title, known in show.titles.items() if known > horizon]
    # The nearest and the furthest are enough where there are many.
    return [*names[:3], *names[-1:], *titles[:1], *titles[-1:]]


def _spelt(names: list[str], turn: int) -> Iterator[str]:
    for number, name in enumerate(dict.fromkeys(names)):
        yield name
        yield (misspelt(name), name.lower(), name[: len(name) // 2])[(number + turn) % 3]


def misspelt(name: str) -> str:
    middle = len(name) // 2
    return name[:middle] + name[middle + 1] + name[middle] + name[middle + 2 :]


def beyond(show: Marked, horizon: Rank) -> tuple[str, ...]:
    """Every point this reader has not reached, and one that does not exist."""
    told = [place.label for place in show.places.values() if place.rank > horizon]
    return (*told, "S8E8", "S8E8@3")


def prefixes(show: Marked, horizon: Rank) -> tuple[str, ...]:
    """How somebody begins to type each hidden name, and the whole of it."""
    whole = _hidden(show, horizon)
    begun = {name[:letters] for name in whole for letters in (1, 2, 3)}
    tails = {name.split()[-1] for name in whole}
    return tuple(sorted({*begun, *whole, *tails}))


@cache
def _pool(tokens: tuple[str, ...], people: tuple[str, ...]) -> tuple[str, ...]:
    pages = ("0", "1", "2", "3", "4", "5", "9999", "-1", "²")
    odd = ("", "-", "*", "garbage", OTHER_SHOW, "short", "full", "n", "e", "r", "c", "\x00")
    both = f"{people[0]}.{people[-1]}"
    return (*tokens, f"{tokens[-1]}@1", *people, both, *pages, *odd)


def forged(show: Marked, custom_id: str) -> Iterator[str]:
    """The id of a button with each of its parts changed, one at a time and some together."""
    tokens = tuple(place.token for place in show.places.values())
    code, parts = decode(custom_id)
    for position in range(len(parts)):
        for part in _pool(tokens, show.people):
            changed = [*parts[:position], part, *parts[position + 1 :]]
            yield encode(code, *changed)[:100]
    yield code
    yield encode(code, *parts[:-1])
    yield encode(code, *parts, *parts)[:100]


def template(show: Marked, custom_id: str) -> str:
    """What a button is, without which point, person or page it is about."""
    tokens = {place.token for place in show.places.values()}
    kinds = {**dict.fromkeys(tokens, "POINT"), **dict.fromkeys(show.people, "PERSON")}
    code, parts = decode(custom_id)
    return encode(code, *("N" if part.isdecimal() else kinds.get(part, part) for part in parts))
