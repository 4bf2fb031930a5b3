"""Transcribing: the file of a pack, begun from all that TVmaze lists of a show."""

from __future__ import annotations

from collections.abc import Iterator

from bot.cli.pack_template import MARK, PREMISE, head, left_out
from bot.shows.importer import MOST_WITH_GUESTS
from bot.sources.http import Fetcher
from bot.sources.tvmaze import TVmaze
from data.catalog.conversion import SOURCE
from data.catalog.entry import Entry
from data.catalog.pack_template import begun

ORIGIN = """\
# It was begun from {url}
# {credit}. The teasers are its words: write your own before you share the pack."""
RECAP = '#recap = "What happens in it, in your own words."'
SOURCED = f'source = [\n    "{SOURCE}",\n]\n'  # as it is written by itself
CAST = """\
# --- Characters ---
#
# A name stands where TVmaze's guest casts prove that viewers have met it, and otherwise where all
# that was out ends. Move `known` to where they really hear it; a name must not come too early."""


async def fetched(url: str, contact: str | None, id: int) -> Entry:
    """A whole show of TVmaze's, for a short one with its guests. Raises `SourceError`."""
    source = TVmaze(Fetcher(url, contact=contact))
    try:
        return await with_guests(source, id)
    finally:
        await source.close()


async def with_guests(source: TVmaze, id: int) -> Entry:
    """Raises `SourceError`; each episode is a question of its own, two of them in a second."""
    entry = await source.entry(id)
    if not has_guests(entry):
        return entry
    guests = await source.guests(episode.id for episode in entry.released)
    return entry.model_copy(update={"guests": guests})


def has_guests(entry: Entry) -> bool:
    """Whether the show is short enough to ask for the guests of each episode."""
    return len(entry.released) <= MOST_WITH_GUESTS


def transcript(entry: Entry, slug: str) -> str:
    """A pack that `check` finds fine, with marks and room where its author has to write.

    `slug` must be one that a pack can have.
    """
    origin = ORIGIN.format(url=entry.url, credit=TVmaze.credit)
    tables = begun(entry, slug, PREMISE).strip().split("\n\n")
    return "\n\n".join([f"{head()}#\n{origin}", *_commented(tables), f"\n{left_out(SOURCE)}"])


def _commented(tables: list[str]) -> Iterator[str]:
    is_told = False
    for table in tables:
        name, *lines = table.replace(SOURCED, "").split("\n")
        if name == "[[character]]" and not is_told:
            is_told = True
            yield CAST
        if SOURCED in table:
            lines.append(f'source = ["{SOURCE}"]')
        if name == "[[episode]]":
            lines.append(RECAP)
        yield "\n".join([name, *(_marked(line) if name == "[show]" else line for line in lines)])


def _marked(line: str) -> str:
    return f"{line} # {MARK}" if line.startswith("premise = ") else line
