"""Tables of a pack that members of a server wrote: as any others, but known by their class."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from data.packs.tables import AliasTable, BeatTable, CharacterTable, EpisodeTable, FactTable


class WrittenBeat(BeatTable):
    """One that had no room in a recap."""


class WrittenAlias(AliasTable):
    """Of anybody, written or not."""


class WrittenFact(FactTable):
    """Of anybody, written or not."""


class WrittenCharacter(CharacterTable):
    """Name and role; what else is told of them has a class of its own."""


class WrittenEpisode(EpisodeTable):
    """An episode of which no more than `written`, the end of its recap, was written there."""

    written: Annotated[str, Field(exclude=True)]
