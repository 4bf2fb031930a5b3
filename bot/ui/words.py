"""A member's own words, told or given back to one person on as many cards as they need."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import discord

from bot.ui.cards import Row, answer, quoted
from bot.ui.errors import report
from bot.ui.text import split

CONTINUED = "-# continued"
YOUR_WORDS = "Here are your words, so that they are not lost:"
PIECE = 3600  # UTF-16 units of a member's words on one card; the rest of it takes up to 400


@asynccontextmanager
async def giving_back(
    interaction: discord.Interaction[Any], words: str, label: str
) -> AsyncGenerator[None]:
    """Report any error within, and give the author their words back, safe through `label`.

    Discord does not keep a submitted form: words that were not stored would be lost.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001  # a full disk, too; `report` words and logs it
        await report(interaction, error)
        await tell_words(interaction, YOUR_WORDS, words, label)


async def tell_words(
    interaction: discord.Interaction[Any],
    heading: str,
    words: str,
    label: str,
    rows: Sequence[Row] = (),
) -> None:
    """Tell one person a member's words, safe through `label`, on as many cards as they need."""
    pieces = split(words, PIECE)
    for piece in pieces[:-1]:
        await answer(interaction, quoted(heading, piece, label=label))
        heading = CONTINUED
    await answer(interaction, quoted(heading, pieces[-1], label=label, rows=rows))
