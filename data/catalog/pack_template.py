"""Template: a pack file begun from the entry of a catalogue, for somebody to go on writing."""

from __future__ import annotations

from data.catalog.conversion import imported
from data.catalog.entry import Entry
from data.packs.writer import exported


def begun(entry: Entry, slug: str, premise: str) -> str:
    """The pack of an entry under a short name of its own, as a file that is read without errors.

    It tells no more than an import does: a name stands where it is proven, or where all that is
    out ends, and a text that names somebody earlier is left out. Both texts must be fit for a
    pack (see `data/packs/fields.py`).
    """
    pack = imported(entry)
    show = pack.show.model_copy(update={"slug": slug, "premise": premise, "allow": ()})
    return exported(pack.model_copy(update={"show": show}), ())
