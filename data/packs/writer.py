"""Exporting: a pack, as a server has it, written as a file that is read without errors."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import chain, count
from typing import Any

import tomli_w

from data.packs.lint import bearers
from data.packs.passages import Ranks, Table, tables
from data.packs.spoiler_names import Names
from data.packs.tables import CharacterTable, Pack
from data.points import Point

ROOM = 70  # characters of a name that leave room for a number behind it
LISTED = ("question", "theory", "term", "news")

Content = dict[str, Any]  # as TOML has it


def exported(pack: Pack, written: Collection[str], horizon: Point | None = None) -> str:
    """The pack as TOML; `written` are the ids of the characters that the server's members wrote.

    Where a name is said before it is known, its reviewers let it stand, so the file allows it. Of
    two people shown under one name, the one that was written gets a number. Pages that spoil more
    than `horizon` (None: nobody is spoilt) are left out.
    """
    pack = pack.model_copy(update={"character": tuple(_told_apart(pack.character, written))})
    content: Content = pack.model_dump(by_alias=True, exclude_defaults=True)
    ranks = Ranks(pack.order())
    names = Names(bearers(pack, ranks))
    told = _told(pack, horizon)
    for table, shown in zip(tables(pack, ranks), _in_order(content), strict=True):
        if needed := _needed(table, names):
            shown["allow"] = [*table.allow, *(word for word in needed if word not in table.allow)]
        if table.source:
            shown["source"] = [key for key in table.source if key in told]
    for key in pack.source.keys() - told:
        del content["source"][key]
    # A paragraph a line: no line gets longer than anybody wrote it.
    return tomli_w.dumps(content, multiline_strings=True)


def _told_apart(
    people: tuple[CharacterTable, ...], written: Collection[str]
) -> Iterator[CharacterTable]:
    taken = {name for person in people if person.id not in written for name in _shown(person)}
    for person in people:
        if person.id not in written:
            yield person
            continue
        numbered = (f"{person.name[:ROOM]} ({number})" for number in count(2))
        names = chain((person.name,), numbered)
        name = next(name for name in names if name.casefold() not in taken)
        taken.add(name.casefold())
        yield person.model_copy(update={"name": name})


def _told(pack: Pack, horizon: Point | None) -> set[str]:
    """The sources whose titles a reader may know; see `data.citations.Citation`."""
    order = pack.order()
    end = Point(order.slots[-1].id) if order.slots else None
    return {
        key
        for key, source in pack.source.items()
        for through in [order.at(source.through) if source.through else end]
        if horizon is None or (through is not None and order.reached(through, horizon))
    }


def _shown(person: CharacterTable) -> set[str]:
    return {name.casefold() for name in (person.name, *(a.name for a in person.alias if a.now))}


def _needed(table: Table, names: Names) -> list[str]:
    """The words in a table that the linter would refuse."""
    found = (
        form
        for passage in table.passages
        if passage.text is not None and passage.rank is not None
        for form, _ in names.unknown_in(passage.text, passage.rank)
    )
    return [" ".join(form) for form in dict.fromkeys(found)]


def _in_order(content: Content) -> Iterator[Content]:
    """The tables of a pack's content in the order of `data.packs.passages.tables`."""
    yield content["show"]
    yield from content.get("source", {}).values()
    for episode in content.get("episode", ()):
        yield episode
        yield from episode.get("beat", ())
    for person in content.get("character", ()):
        yield person
        yield from person.get("alias", ())
        yield from person.get("fact", ())
    for kind in LISTED:
        yield from content.get(kind, ())
