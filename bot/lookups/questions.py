"""Questions about a story, asked anew once somebody has said how far they have watched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord

from bot.extensions import Lookup, Question
from bot.lookups.answer import lookup_of, present
from bot.options.parse import reader_of
from bot.ui.buttons import StatelessButton
from bot.ui.errors import out_of_date

if TYPE_CHECKING:
    from bot.context import Bot

_QUESTION = "question"  # in an interaction's extras


class AskAgain(StatelessButton, code="b"):
    """Answer what this member asked before they said how far they have watched."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (slug,) = self.parts
        question = interaction.client.registry.lookups.waiting.take(interaction.user.id, slug)
        if question is None:
            raise out_of_date(interaction)
        await _answer(interaction, question)


async def look_up(
    interaction: discord.Interaction[Bot], lookup: Lookup, slug: str, words: Sequence[str | None]
) -> None:
    """Answer what somebody typed; a newcomer who is refused can have it answered later.

    `words` are the options of the look-up's command (see `Lookup.asked`). Raises `UserError`.
    """
    question = Question(interaction.user.id, lookup.code, slug, tuple(words))
    interaction.extras[_QUESTION] = question
    await _answer(interaction, question)


def ask_again(interaction: discord.Interaction[Bot]) -> tuple[str, ...]:
    """The button that answers this interaction's question later; empty if it asked none.

    The question is kept in memory, one for each member and show: what somebody typed may be longer
    than a custom_id, and nothing of it makes one refusal differ from another.
    """
    question: Question | None = interaction.extras.get(_QUESTION)
    if question is None:
        return ()
    interaction.client.registry.lookups.waiting.keep(question)
    return (AskAgain.code, question.show)


async def _answer(interaction: discord.Interaction[Bot], question: Question) -> None:
    lookup = lookup_of(interaction, question.lookup)
    reader = reader_of(interaction, question.show)
    await present(interaction, lookup, reader, lookup.asked(reader.story, question.words))
