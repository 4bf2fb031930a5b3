"""Tables of a pack that members of a server wrote; only the class says that they did."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from data.packs.tables import AliasTable, BeatTable, CharacterTable, EpisodeTable, FactTable


class WrittenBeat(BeatTable):
    """A beat that members wrote, for which the recap had no room."""


class WrittenAlias(AliasTable):
    """An alias that members wrote, for any character."""


class WrittenFact(FactTable):
    """A fact that members wrote, about any character."""


class WrittenCharacter(CharacterTable):
    """The name and role of a character that members wrote; aliases and facts have own classes."""


class WrittenEpisode(EpisodeTable):
    """An episode with `written`, the end of its recap, from members; the rest is the pack's."""

    written: Annotated[str, Field(exclude=True)]
