"""The answer to a question: no, leave everything as it is."""

from __future__ import annotations

from typing import Any

import discord

from bot.ui.buttons import StatelessButton
from bot.ui.cards import answer, notice

NO = "No, leave it"
LEFT = "Left as it was."


class Leave(StatelessButton, code="n"):
    """No, leave everything as it is."""

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        await answer(interaction, notice(LEFT))
