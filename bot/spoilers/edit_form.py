"""The form in which an author rewrites the words of a stub."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.spoilers.reveal import reader_of_stub
from bot.ui.cards import answer, notice
from bot.ui.errors import Modal, UserError
from bot.ui.text import has_words
from bot.ui.words import giving_back

if TYPE_CHECKING:
    from bot.context import Bot
    from data.spoilers.store import Content, Stub


REWRITE_LABEL = "Change the words"
NEW_WORDS_FIELD = "Your words"
NO_NEW_WORDS = "There are no words in that. Write what you want to say, and send it again."

LONGEST_WORDS = 4000  # characters, Discord's limit of a form
LONGEST_POINT_TEXT = 40


class RewriteForm(Modal, title=REWRITE_LABEL):
    """The form for a stub's author; it holds the old words only if they have watched that far.

    Authors are readers too: their progress may have gone back. `rewritten` is the answer at the
    end. Raises `UserError` if the show is gone.
    """

    rewritten: str

    def __init__(
        self, interaction: discord.Interaction[Bot], stub: Stub, content: Content | None
    ) -> None:
        super().__init__()
        reader, is_open = reader_of_stub(interaction, stub)
        self._label = reader.story.order.label(stub.point)
        self.part = str(stub.id)
        text = content.text if content and is_open else None
        self._words = ui.TextInput[Any](
            style=discord.TextStyle.paragraph, default=text, max_length=LONGEST_WORDS
        )
        self.add_item(ui.Label(text=NEW_WORDS_FIELD, component=self._words))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        words = self._words.value
        if not has_words(words):
            raise UserError(NO_NEW_WORDS)
        async with giving_back(interaction, words, self._label):
            await self.rewrite(interaction, words)
            await answer(interaction, notice(self.rewritten))

    @abstractmethod
    async def rewrite(self, interaction: discord.Interaction[Bot], words: str) -> None:
        """Stores the words. Raises `UserError` if the author may not change the stub any more."""
