"""The writer: writes a pack, with a server's own edits, as a file without errors."""

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

NUMBERED_NAME_LENGTH = 70  # characters of a name that gets a number behind it
LIST_TABLES = ("question", "theory", "term", "news")

Content = dict[str, Any]  # as TOML has it


def export_pack(pack: Pack, written: Collection[str], horizon: Point | None = None) -> str:
    """The pack as TOML; `written` has the ids of the characters that the server's members wrote.

    Names that a text says before they are known were approved by reviewers, so they go into
    `allow`. If two characters are shown under one name, the one that members wrote gets a number.
    Sources with spoilers past `horizon` are left out; with None, all sources are kept.
    """
    pack = pack.model_copy(
        update={"character": tuple(_with_distinct_names(pack.character, written))}
    )
    content: Content = pack.model_dump(by_alias=True, exclude_defaults=True)
    ranks = Ranks(pack.order())
    names = Names(bearers(pack, ranks))
    known = _known_sources(pack, horizon)
    for table, shown in zip(tables(pack, ranks), _in_order(content), strict=True):
        if needed := _allowances(table, names):
            shown["allow"] = [*table.allow, *(word for word in needed if word not in table.allow)]
        if table.source:
            shown["source"] = [key for key in table.source if key in known]
    for key in pack.source.keys() - known:
        del content["source"][key]
    # With one paragraph a line, no line is longer than its author wrote it.
    return tomli_w.dumps(content, multiline_strings=True)


def _with_distinct_names(
    people: tuple[CharacterTable, ...], written: Collection[str]
) -> Iterator[CharacterTable]:
    taken = {name for person in people if person.id not in written for name in _shown(person)}
    for person in people:
        if person.id not in written:
            yield person
            continue
        numbered = (f"{person.name[:NUMBERED_NAME_LENGTH]} ({number})" for number in count(2))
        names = chain((person.name,), numbered)
        name = next(name for name in names if name.casefold() not in taken)
        taken.add(name.casefold())
        yield person.model_copy(update={"name": name})


def _known_sources(pack: Pack, horizon: Point | None) -> set[str]:
    """The sources whose titles a reader at `horizon` may know; see `data.citations.Citation`."""
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


def _allowances(table: Table, names: Names) -> list[str]:
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
    for kind in LIST_TABLES:
        yield from content.get(kind, ())
