"""The text of a new pack, filled with what TVmaze lists about a show."""

from __future__ import annotations

from collections.abc import Iterator

from bot.cli.pack_template import CHANGE_MARK, PREMISE_EXAMPLE, optional_tables, pack_header
from bot.shows.importer import MOST_WITH_GUESTS
from bot.sources.http import Fetcher
from bot.sources.tvmaze import TVmaze
from data.catalog.conversion import SOURCE_KEY
from data.catalog.entry import Entry
from data.catalog.pack_template import begin_pack

ORIGIN_COMMENT = """\
# It was begun from {url}
# {credit}. The teasers are its words: write your own before you share the pack."""
RECAP_COMMENT = '#recap = "What happens in it, in your own words."'
SOURCED = f'source = [\n    "{SOURCE_KEY}",\n]\n'  # as the TOML writer formats it
CAST_COMMENT = """\
# --- Characters ---
#
# A name stands where TVmaze's guest casts prove that viewers have met it, and otherwise where all
# that was out ends. Move `known` to where they really hear it; a name must not come too early."""


async def fetch_entry(url: str, contact: str | None, id: int) -> Entry:
    """A whole show from TVmaze; a short one includes guest casts. Raises `SourceError`."""
    source = TVmaze(Fetcher(url, contact=contact))
    try:
        return await entry_with_guests(source, id)
    finally:
        await source.close()


async def entry_with_guests(source: TVmaze, id: int) -> Entry:
    """A whole show; a short one includes guest casts, at one request an episode, two a second.

    Raises `SourceError`.
    """
    entry = await source.entry(id)
    if not has_guests(entry):
        return entry
    guests = await source.guests(episode.id for episode in entry.released)
    return entry.model_copy(update={"guests": guests})


def has_guests(entry: Entry) -> bool:
    """Whether the show is short enough to fetch the guest cast of each episode."""
    return len(entry.released) <= MOST_WITH_GUESTS


def pack_text(entry: Entry, slug: str) -> str:
    """The text of a pack that passes `check`, with marks where its author has to write.

    `slug` must be valid for a pack.
    """
    origin = ORIGIN_COMMENT.format(url=entry.url, credit=TVmaze.credit)
    tables = begin_pack(entry, slug, PREMISE_EXAMPLE).strip().split("\n\n")
    return "\n\n".join(
        [f"{pack_header()}#\n{origin}", *_commented(tables), f"\n{optional_tables(SOURCE_KEY)}"]
    )


def _commented(tables: list[str]) -> Iterator[str]:
    is_told = False
    for table in tables:
        name, *lines = table.replace(SOURCED, "").split("\n")
        if name == "[[character]]" and not is_told:
            is_told = True
            yield CAST_COMMENT
        if SOURCED in table:
            lines.append(f'source = ["{SOURCE_KEY}"]')
        if name == "[[episode]]":
            lines.append(RECAP_COMMENT)
        yield "\n".join([name, *(_marked(line) if name == "[show]" else line for line in lines)])


def _marked(line: str) -> str:
    return f"{line} # {CHANGE_MARK}" if line.startswith("premise = ") else line
