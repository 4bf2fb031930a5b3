"""Template: a new pack file, filled from a catalogue entry, for an author to go on writing."""

from __future__ import annotations

from data.catalog.conversion import pack_of_entry
from data.catalog.entry import Entry
from data.packs.writer import export_pack


def begin_pack(entry: Entry, slug: str, premise: str) -> str:
    """The pack of an entry under its own `slug`, as the text of a file without errors.

    It says no more than an import does: a name without proof is known only after everything that is
    out, and a text that names a character earlier is left out. `slug` and `premise` must be valid
    in a pack (see `data/packs/fields.py`).
    """
    pack = pack_of_entry(entry)
    show = pack.show.model_copy(update={"slug": slug, "premise": premise, "allow": ()})
    return export_pack(pack.model_copy(update={"show": show}), ())
