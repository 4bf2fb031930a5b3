"""Cast: whom a catalogue proves to be known from where on, and under which name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING

from data.catalog.text import fitted
from data.packs.name_parts import whole
from data.packs.spoiler_names import Bearer, Names
from data.packs.word_forms import Words, form_of, words

if TYPE_CHECKING:
    from data.catalog.entry import Entry, Role


MOST = 400  # people of one show
LONGEST = 80  # characters of a name, as packs have it

# What credits say where they name nobody.
NOBODY = frozenset(
    {
        *("self", "himself", "herself", "themselves", "host", "narrator", "self - host"),
        *("self - narrator", "various", "various characters", "various roles", "various voices"),
        *("additional voices", "unknown", "unknown character", "tba", "tbd", "n/a"),
    }
)
_NAMES = re.compile(r"[/|\uff0f\uff5c]|\s(?:aka|a\.k\.a\.)[\s:]", re.IGNORECASE)
# What is in them may well be another name, and so may what follows one that is not closed.
_BRACKETS = re.compile(
    r"[(\uff08][^()\uff08\uff09]*[)\uff09]|\[[^\[\]]*\]|[(\uff08\[].*", re.DOTALL
)
_WITH_ACTOR = "{name} ({actor})"
NOTHING_SAID: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Part:
    """A character, whose name is known after the first `since` episodes.

    `others` are the names that the credits give them besides; those are known last of all.
    """

    id: int
    name: str
    others: tuple[str, ...]
    actor: str | None
    since: int
    is_main: bool


def cast_of(
    entry: Entry,
    places: Mapping[int, int],
    out: int,
    opened: int | None = None,
    summaries: Mapping[int, str] = NOTHING_SAID,
) -> tuple[Part, ...]:
    """Everybody in a show's cast, the main one first, each with a name of their own.

    `places` has the place of each episode in watching order, from 1 on; `summaries` are by the
    places that they are told at. To be credited is not to be named: a guest's name is known where
    one of these says it in full, no earlier than the first credit, else after `out` episodes; in
    the main cast after `opened` at the latest.
    """
    seen = _seen(entry, places, out)
    main = {role.id for role in entry.cast}
    roles: dict[int, Role] = {}
    guests = (role for id in sorted(entry.guests) for role in entry.guests[id])
    for role in chain(entry.cast, guests):
        if role.id in main or role.id in seen:
            roles.setdefault(role.id, role)
    parts = [part for role in roles.values() for part in _part(role, out, is_main=role.id in main)]
    said = _said({part.id: part.name for part in parts if part.id in seen}, summaries)
    told = list[Part]()
    for part in parts:
        named = [place for place in said.get(part.id, ()) if place >= seen[part.id]]
        since = min([*named, out])
        if part.is_main and opened is not None:
            since = min(since, opened)
        told.append(replace(part, since=since))
    told.sort(key=lambda part: (not part.is_main, 0 if part.is_main else part.since))
    return tuple(_told_apart(_once(told)))[:MOST]


def settled(cast: Iterable[Part], titles: Iterable[str], out: int) -> tuple[Part, ...]:
    """The cast, where no name gives away another: `Ada's mother` is not known before Ada is."""
    before, titles = tuple[Part, ...](), tuple(titles)
    after = tuple(cast)
    while after != before:
        before = after
        names = names_of(before, titles, out)
        after = tuple(replace(part, since=_since(part, names)) for part in before)
    return after


def names_of(cast: Iterable[Part], titles: Iterable[str], out: int) -> Names:
    """Which words give whom away; a rank is how many episodes one must have watched."""
    bearers = [Bearer(title, (-1, 0.0), "") for title in titles]
    for part in cast:
        names = [(part.name, part.since), *((name, max(out, part.since)) for name in part.others)]
        bearers += [Bearer(name, (since, 0.0), "") for name, since in names]
    return Names(bearers)


def _since(part: Part, names: Names) -> int:
    told = (bearer.rank[0] for _, bearer in names.unknown_in(part.name, (part.since, 0.0)))
    return max(told, default=part.since)


def _seen(entry: Entry, places: Mapping[int, int], out: int) -> dict[int, int]:
    """For each guest the place of the first episode that credits them.

    One that is still to come proves nothing: it only announces who will be in it.
    """
    found: dict[int, int] = {}
    for id, roles in entry.guests.items():
        place = places.get(id, out + 1)
        if place <= out:
            found |= {role.id: min(place, found.get(role.id, place)) for role in roles}
    return found


def _said(names: Mapping[int, str], texts: Mapping[int, str]) -> dict[int, list[int]]:
    """By the ids of the names, the places of the texts that say them in full."""
    wholes: dict[Words, list[int]] = {}
    for id, name in names.items():
        wholes.setdefault(whole(name), []).append(id)
    lengths: dict[str, set[int]] = {}
    for form in filter(None, wholes):
        lengths.setdefault(form[0], set()).add(len(form))
    found: dict[int, list[int]] = {}
    for place, text in texts.items():
        said = form_of(words(text))
        for start, word in enumerate(said):
            for length in lengths.get(word, ()):
                for id in wholes.get(said[start : start + length], ()):
                    found.setdefault(id, []).append(place)
    return found


def _part(role: Role, since: int, *, is_main: bool) -> Iterator[Part]:
    """The character of a role; nothing where it names nobody."""
    split = (fitted(name, LONGEST) for name in _NAMES.split(_BRACKETS.sub(" ", role.name)))
    names = [name for name in dict.fromkeys(split) if name and _names_somebody(name)]
    if names:
        actor = fitted(role.actor, LONGEST)
        yield Part(role.id, names[0], tuple(names[1:]), actor, since, is_main)


def _names_somebody(name: str) -> bool:
    return name.casefold() not in NOBODY and any(map(str.isalnum, name))


def _once(cast: Iterable[Part]) -> Iterable[Part]:
    """What is listed twice of one actor is one character, known from the earlier one on."""
    found: dict[tuple[str, str | None], Part] = {}
    for part in cast:
        key = part.name.casefold(), part.actor
        same = found.get(key)
        found[key] = replace(same, since=min(same.since, part.since)) if same else part
    return found.values()


def _told_apart(cast: Iterable[Part]) -> Iterable[Part]:
    """No two under one name: one of the main cast is told by the actor, a guest is left out.

    The bare name goes to who is known first: theirs must not hint at a namesake yet to come.
    """
    listed, named = [*cast], dict[str, Part]()
    for part in sorted(listed, key=lambda part: (not part.is_main, part.since)):
        own = part
        if part.name.casefold() in named and part.is_main and part.actor:
            own = replace(part, name=_WITH_ACTOR.format(name=part.name, actor=part.actor))
        if len(own.name) <= LONGEST:
            named.setdefault(own.name.casefold(), own)
    kept = {part.id: part for part in named.values()}
    return (kept[part.id] for part in listed if part.id in kept)
