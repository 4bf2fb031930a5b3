"""Cast: the characters of an imported show, and the episode from which each name is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING

from data.catalog.text import fit_text
from data.packs.name_parts import whole
from data.packs.spoiler_names import Bearer, Names
from data.packs.word_forms import Words, form_of, words

if TYPE_CHECKING:
    from data.catalog.entry import Entry, Role


MOST_CAST = 400  # characters of one show
CAST_NAME_LENGTH = 80  # letters, as in packs

# What credits say instead of the name of a character.
CREDITS_WITHOUT_NAME = frozenset(
    {
        *("self", "himself", "herself", "themselves", "host", "narrator", "self - host"),
        *("self - narrator", "various", "various characters", "various roles", "various voices"),
        *("additional voices", "unknown", "unknown character", "tba", "tbd", "n/a"),
    }
)
_NAMES = re.compile(r"[/|\uff0f\uff5c]|\s(?:aka|a\.k\.a\.)[\s:]", re.IGNORECASE)
# The text in brackets may be another name, and so may the text behind a bracket that stays open.
_BRACKETS = re.compile(
    r"[(\uff08][^()\uff08\uff09]*[)\uff09]|\[[^\[\]]*\]|[(\uff08\[].*", re.DOTALL
)
_WITH_ACTOR = "{name} ({actor})"
NO_SUMMARIES: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class CastMember:
    """A character; the name is known to readers who have watched `since` episodes.

    `others` are further names in the credits, known only after all episodes that are out.
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
    summaries: Mapping[int, str] = NO_SUMMARIES,
) -> tuple[CastMember, ...]:
    """The characters of a show, the main cast first, all with different names.

    `places` has the place of each episode in watching order, from 1 on; `summaries` are by the
    place of their episode. A credit alone does not make a name known, as the episode may not say
    it. A guest's name is known from the first summary that says it in full, no earlier than the
    first credit; otherwise after `out` episodes. A name in the main cast is known after `opened`
    episodes at the latest.
    """
    credited = _first_credits(entry, places, out)
    main = {role.id for role in entry.cast}
    roles: dict[int, Role] = {}
    guests = (role for id in sorted(entry.guests) for role in entry.guests[id])
    for role in chain(entry.cast, guests):
        if role.id in main or role.id in credited:
            roles.setdefault(role.id, role)
    parts = [
        part for role in roles.values() for part in _cast_member(role, out, is_main=role.id in main)
    ]
    mentions = _mentions({part.id: part.name for part in parts if part.id in credited}, summaries)
    members = list[CastMember]()
    for part in parts:
        named = [place for place in mentions.get(part.id, ()) if place >= credited[part.id]]
        since = min([*named, out])
        if part.is_main and opened is not None:
            since = min(since, opened)
        members.append(replace(part, since=since))
    members.sort(key=lambda part: (not part.is_main, 0 if part.is_main else part.since))
    return tuple(_with_distinct_names(_without_duplicates(members)))[:MOST_CAST]


def delay_revealing_names(
    cast: Iterable[CastMember], titles: Iterable[str], out: int
) -> tuple[CastMember, ...]:
    """The cast, with each name delayed until the names in it are known.

    `Ada's mother`, for example, is not known before `Ada` is.
    """
    before, titles = tuple[CastMember, ...](), tuple(titles)
    after = tuple(cast)
    while after != before:
        before = after
        names = names_of(before, titles, out)
        after = tuple(replace(part, since=_since(part, names)) for part in before)
    return after


def names_of(cast: Iterable[CastMember], titles: Iterable[str], out: int) -> Names:
    """The words that give each name away; a rank is how many episodes one must have watched."""
    bearers = [Bearer(title, (-1, 0.0), "") for title in titles]
    for part in cast:
        names = [(part.name, part.since), *((name, max(out, part.since)) for name in part.others)]
        bearers += [Bearer(name, (since, 0.0), "") for name, since in names]
    return Names(bearers)


def _since(part: CastMember, names: Names) -> int:
    ranks = (bearer.rank[0] for _, bearer in names.unknown_in(part.name, (part.since, 0.0)))
    return max(ranks, default=part.since)


def _first_credits(entry: Entry, places: Mapping[int, int], out: int) -> dict[int, int]:
    """For each guest the place of the first episode that credits them.

    Episodes that are not out yet are ignored: they only announce who will be in them.
    """
    found: dict[int, int] = {}
    for id, roles in entry.guests.items():
        place = places.get(id, out + 1)
        if place <= out:
            found |= {role.id: min(place, found.get(role.id, place)) for role in roles}
    return found


def _mentions(names: Mapping[int, str], texts: Mapping[int, str]) -> dict[int, list[int]]:
    """For the id of each name, the places of the texts that say it in full."""
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


def _cast_member(role: Role, since: int, *, is_main: bool) -> Iterator[CastMember]:
    """The character of a role; nothing if the role has no name."""
    split = (
        fit_text(name, CAST_NAME_LENGTH) for name in _NAMES.split(_BRACKETS.sub(" ", role.name))
    )
    names = [name for name in dict.fromkeys(split) if name and _names_somebody(name)]
    if names:
        actor = fit_text(role.actor, CAST_NAME_LENGTH)
        yield CastMember(role.id, names[0], tuple(names[1:]), actor, since, is_main)


def _names_somebody(name: str) -> bool:
    return name.casefold() not in CREDITS_WITHOUT_NAME and any(map(str.isalnum, name))


def _without_duplicates(cast: Iterable[CastMember]) -> Iterable[CastMember]:
    """Join roles with the same name and actor into one character, known from the earlier one."""
    found: dict[tuple[str, str | None], CastMember] = {}
    for part in cast:
        key = part.name.casefold(), part.actor
        same = found.get(key)
        found[key] = replace(same, since=min(same.since, part.since)) if same else part
    return found.values()


def _with_distinct_names(cast: Iterable[CastMember]) -> Iterable[CastMember]:
    """Make all names different: in the main cast by adding the actor, else by leaving guests out.

    The name alone stays with the character who is known first, so that it does not hint at
    somebody with the same name who appears later.
    """
    listed, named = [*cast], dict[str, CastMember]()
    for part in sorted(listed, key=lambda part: (not part.is_main, part.since)):
        own = part
        if part.name.casefold() in named and part.is_main and part.actor:
            own = replace(part, name=_WITH_ACTOR.format(name=part.name, actor=part.actor))
        if len(own.name) <= CAST_NAME_LENGTH:
            named.setdefault(own.name.casefold(), own)
    kept = {part.id: part for part in named.values()}
    return (kept[part.id] for part in listed if part.id in kept)
