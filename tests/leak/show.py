"""Marked shows: packs in which every fact carries a word of its own, and when it may be read."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

Rank = tuple[int, float]
PREMISE: Rank = (0, inf)
PUBLIC: Rank = (-1, inf)  # what those who have the show may say to anybody
NEVER_TOLD: Rank = (9999, inf)  # what may be read by nobody, wherever they are

# A special in the middle of the order, and a second season.
TWO_SEASONS = ("S1E1", "S1E2", "S1E3", "S0E1", "S1E4", "S2E1", "S2E2", "S2E3")
# More episodes than one select can hold.
ONE_SEASON = tuple(f"S1E{number}" for number in range(1, 27))

# Letters only, so that no escaping parts a marker, and of a shape no other text has.
MARKER = r"zq(?:[bdfgklmnprstv][aeiou]){5}"
_CONSONANTS, _VOWELS = "bdfgklmnprstv", "aeiou"
# Two markers alike would let a search for a hidden name find a known one by its typos.
_ALIKE = 67
# What tries to break out of a spoiler; a sentence of it stands beside every marker.
_TRICKS = ("a || b | c", "*c* `d|` _e_", "||", r"ends in \\", "> q\n- l", "[t](https://e.org/||)")


@dataclass(frozen=True, slots=True)
class Place:
    """A point of the show: its token in custom_ids, its label, and its rank."""

    token: str
    label: str
    rank: Rank


@dataclass(slots=True)
class Marked:
    """A generated show: its pack, and from which rank on each marker may be read."""

    slug: str
    places: dict[str, Place]
    title: str = ""
    out: str = ""  # the last episode that is; empty: all are
    known: dict[str, Rank] = field(default_factory=dict)
    names: dict[str, Rank] = field(default_factory=dict)
    titles: dict[str, Rank] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    pack: dict[str, Any] = field(default_factory=dict)

    def rank(self, known: str) -> Rank:
        return self.places[known].rank

    def marker(self, known: Rank) -> str:
        """A new marker, for words that a person writes about a point."""
        dice = random.Random(f"{self.slug} {len(self.known)}")
        while True:
            word = "zq" + "".join(dice.choice(_CONSONANTS) + dice.choice(_VOWELS) for _ in range(5))
            if all(fuzz.ratio(word, other) < _ALIKE for other in self.known):
                self.known[word] = known
                return word

    def ends(self) -> list[Place]:
        return [place for label, place in self.places.items() if "@" not in label]

    def last(self) -> Place:
        """How far people can be, and so what they talk about at most."""
        return self.places[self.out] if self.out else self.ends()[-1]

    def of(self, token: str) -> Rank:
        """The rank of a stored point; what the show does not have shows least."""
        episode, _, minute = token.partition("@")
        index = next((p.rank[0] for p in self.places.values() if p.token == episode), 0)
        return (index, float(minute)) if index and minute else (index, inf)

    def said(self, label: str | None) -> Rank:
        """The rank of a point as the bot writes it; that of another show tells nothing of this."""
        at, _, minute = (label or "premise").partition("@")
        index = self.places[at].rank[0] if at in self.places else 0
        return (index, float(minute)) if index and minute else (index, inf)

    def label(self, rank: Rank) -> str:
        index, minute = rank
        at = next(p.label for p in self.places.values() if p.rank == (index, inf))
        return at if minute == inf else f"{at}@{minute:.0f}"

    def cut(self, horizon: Rank) -> dict[str, Any]:
        """The pack as if nothing after `horizon` had ever been written, but episodes' numbers."""

        def is_known(table: dict[str, Any], key: str = "known") -> bool:
            return self.rank(table[key]) <= horizon

        def character(table: dict[str, Any]) -> dict[str, Any]:
            facts = [fact for fact in table["fact"] if is_known(fact)]
            ended = [{k: v for k, v in f.items() if k != "until" or is_known(f, k)} for f in facts]
            return table | {"alias": [*filter(is_known, table["alias"])], "fact": ended}

        pack = self.pack
        told = {kind: [*filter(is_known, pack[kind])] for kind in ("question", "theory", "term")}
        people = [character(table) for table in pack["character"] if is_known(table)]
        episodes = [self._cut_episode(table, horizon) for table in pack["episode"]]
        sources = {key: self._cut_source(page, horizon) for key, page in pack["source"].items()}
        return pack | told | {"character": people, "episode": episodes, "source": sources}

    def _cut_source(self, page: dict[str, Any], horizon: Rank) -> dict[str, Any]:
        through = page.get("through", self.ends()[-1].label)
        is_known = self.rank(through) <= horizon
        return page if is_known else page | {"title": "Some page", "url": "https://pages.example/"}

    def _cut_episode(self, table: dict[str, Any], horizon: Rank) -> dict[str, Any]:
        at, end = table["at"], self.rank(table["at"])
        since = {
            "title": self.rank(table["title_known"]),
            "teaser": self.rank(table["teaser_known"]),
            "recap": end,
            "runtime": end,
            "source": end,
        }
        beats = [
            beat
            for beat in table["beat"]
            if (self.rank(f"{at}@{beat['minute']}") if "minute" in beat else end) <= horizon
        ]
        known = {key: value for key, value in table.items() if since.get(key, PREMISE) <= horizon}
        return known | {"beat": beats}

    def write(self, folder: Path) -> Path:
        folder.mkdir(exist_ok=True)
        (folder / f"{self.slug}.toml").write_text("\n".join(_toml(self.pack)), encoding="utf-8")
        return folder


def marked(slug: str, labels: Sequence[str], minutes: Iterable[str] = ()) -> Marked:
    """A show of these episodes, in this order; `minutes` are the minute points it also uses."""
    return _Author(slug, labels, tuple(minutes)).written()


class _Author:
    def __init__(self, slug: str, labels: Sequence[str], minutes: Sequence[str]) -> None:
        self.random = random.Random(slug)
        self.words: list[str] = []
        self.labels = labels
        self.show = Marked(slug, dict(_places(labels, minutes)), f"The {slug} show")
        self.minutes = minutes
        self.sources: dict[str, Any] = {}

    def word(self, known: str) -> str:
        """A new marker, which readers may see from `known` on."""
        while True:
            pairs = range(5)
            word = "zq" + "".join(
                self.random.choice(_CONSONANTS) + self.random.choice(_VOWELS) for _ in pairs
            )
            if all(fuzz.ratio(word, other) < _ALIKE for other in self.words):
                self.words.append(word)
                self.show.known[word] = self.show.rank(known)
                return word

    def text(self, known: str, length: int = 60) -> str:
        trick = self.random.choice(_TRICKS)
        filler = "and so it went on " * (length // 18)
        return f"it was {self.word(known)}: {trick} {filler}".strip()

    def line(self, known: str) -> str:
        return self.text(known, 0).replace("\n", " ")

    def name(self, known: str, words: int = 1) -> str:
        name = " ".join(self.word(known).capitalize() for _ in range(words))
        self.show.names[name] = self.show.rank(known)
        return name

    def source(self, through: str | None) -> list[str]:
        """A new page that spoils through that point; without one, through the whole show."""
        key, known = f"P{len(self.sources)}", through or self.labels[-1]
        self.sources[key] = {
            "title": self.line(known),
            "url": f"https://pages.example/{self.word(known)}",
        } | ({"through": through} if through else {})
        return [key]

    def written(self) -> Marked:
        show = self.show
        show.pack = {
            "format": 1,
            "show": {
                "slug": show.slug,
                "title": show.title,
                "network": "Channel",
                "premise": self.text("premise"),
                "aliases": [f"{show.slug} again"],
            },
            "episode": [self.episode(i) for i in range(len(self.labels))],
            "character": list(self.characters()),
            "question": [self.note(label) for label in self.labels[::2]],
            "theory": [self.note(label) for label in self.labels[1::2]],
            "term": [{**self.note(label), "name": self.name(label)} for label in self.labels[::3]],
            "news": [
                {
                    "id": "2021-01-01-renewed",
                    "date": "2021-01-01",
                    "kind": "renewed",
                    "confidence": "confirmed",
                    "headline": self.line("premise"),
                    "source": self.source(None),
                }
            ],
        }
        show.pack["source"] = self.sources
        return show

    def note(self, known: str) -> dict[str, Any]:
        return {"text": self.text(known), "known": known, "source": self.source(known)}

    def earlier(self, index: int) -> str:
        return self.labels[index - 2] if index > 1 else "premise"

    def episode(self, index: int) -> dict[str, Any]:
        label = self.labels[index]
        title_known = self.earlier(index) if index % 3 == 2 else label
        teaser_known = self.earlier(index) if index % 4 == 1 else label
        title = self.word(title_known).capitalize()
        self.show.titles[title] = self.show.rank(title_known)
        return {
            "id": self.show.places[label].token,
            "at": label,
            "title": title,
            "title_known": title_known,
            "aired": f"2020-01-{index + 1:02}",
            "runtime": 50,
            "teaser": self.text(teaser_known),
            "teaser_known": teaser_known,
            "source": self.source(label),
            "beat": list(self.beats(label)),
        } | ({} if index % 5 == 4 else {"recap": self.text(label, 300)})

    def beats(self, label: str) -> Iterator[dict[str, Any]]:
        for point in [p for p in self.minutes if p.startswith(f"{label}@")]:
            minute = int(point.partition("@")[2])
            yield {"text": self.text(point), "minute": minute, "source": self.source(point)}
        for length in (60, 450):
            yield {"text": self.text(label, length), "source": self.source(None)}

    def characters(self) -> Iterator[dict[str, Any]]:
        """One known from the premise, one hidden to the end, and one for each point between."""
        knowns = ["premise", *self.minutes, *self.labels[::2], self.labels[-1]]
        self.show.people = tuple(f"c{number:02}" for number in range(len(knowns)))
        for number, known in enumerate(knowns):
            later = [
                label for label in self.labels if self.show.rank(label) > self.show.rank(known)
            ]
            yield {
                "id": self.show.people[number],
                "name": self.name(known, 1 + number % 2),
                "known": known,
                "actor": self.word(known).capitalize(),
                "source": self.source(known),
                "alias": list(self.aliases(later)),
                "fact": list(self.facts(known, later)),
            } | ({"role": self.line(known)} if number % 2 == 0 else {})

    def aliases(self, later: Sequence[str]) -> Iterator[dict[str, Any]]:
        for number, known in enumerate(later[1:6:2]):
            now, cited = number % 2 == 0, self.source(known)
            yield {"name": self.name(known), "known": known, "now": now, "source": cited}

    def facts(self, known: str, later: Sequence[str]) -> Iterator[dict[str, Any]]:
        points = [known, *later]
        for number, point in enumerate(points[:8]):
            kind = ("status", "role", "relation", "event")[number % 4]
            fact = {"kind": kind, "known": point, "text": self.text(point)}
            fact["source"] = self.source(point)
            if kind == "status":
                fact["status"] = ("alive", "missing")[number // 4]
            if kind == "relation":
                fact["with"] = self.show.people[0]
            if number + 2 < len(points):
                fact["until"] = points[number + 2]
            yield fact


def _places(labels: Sequence[str], minutes: Iterable[str]) -> Iterator[tuple[str, Place]]:
    yield "premise", Place(".", "premise", PREMISE)
    for index, label in enumerate(labels, start=1):
        # Ids that do not tell the order, for nothing may be read from them.
        token = f"q{index * 37 % 101}"
        for point in [p for p in minutes if p.startswith(f"{label}@")]:
            minute = point.partition("@")[2]
            yield point, Place(f"{token}@{minute}", point, (index, float(minute)))
        yield label, Place(token, label, (index, inf))


def _toml(table: dict[str, Any], path: str = "") -> Iterator[str]:
    """The table as TOML: plain values first, then the tables within it."""
    for key, value in table.items():
        if not _holds_tables(value):
            # A date is the one value that JSON writes differently.
            dated = key in {"aired", "date", "premiered"}
            yield f"{key} = {value if dated else json.dumps(value, ensure_ascii=False)}"
    for key, value in table.items():
        if _holds_tables(value):
            name = f"{path}{key}"
            for entry in value if isinstance(value, list) else ():
                yield from (f"[[{name}]]", *_toml(entry, f"{name}."))
            if isinstance(value, dict):
                yield from (f"[{name}]", *_toml(value, f"{name}."))


def _holds_tables(value: object) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and bool(value) and isinstance(value[0], dict)
    )
