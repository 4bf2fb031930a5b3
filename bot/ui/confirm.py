"""Questions with Yes and No: nothing happens before Yes is pressed."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

import discord

from bot.ui.buttons import StatelessButton
from bot.ui.cards import Card, Row, answer, notice, private
from bot.ui.text import PREMISE

if TYPE_CHECKING:
    from collections.abc import Sequence

NO = "No, leave it"
LEFT = "Left as it was."


class Leave(StatelessButton, code="n"):
    """No, leave everything as it is."""

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        await answer(interaction, notice(LEFT))


def yes_or_no(yes: StatelessButton, *, no: str = NO) -> Sequence[Row]:
    """The row under a question: a button that does it, and one that leaves everything as it is."""
    return [[yes, Leave(label=no)]]


class AskingButton(StatelessButton):
    """A button that asks first, and acts when Yes is pressed.

    Both buttons have a code of their own, so the question outlives restarts:

        class TakeBack(AskingButton, code="ca", yes_code="cb"):
    """

    yes: ClassVar[str]  # the label of Yes
    yes_code: ClassVar[str] = ""
    _yes: ClassVar[type[_Yes]]

    def __init_subclass__(cls, *, code: str = "", yes_code: str = "") -> None:
        super().__init_subclass__(code=code)
        cls.yes_code = yes_code
        if yes_code:
            cls._yes = _yes_of(cls, yes_code)

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        await answer(interaction, await self.question(interaction))

    def asked(self, body: str, *, label: str = PREMISE) -> Card:
        """The question on a card, safe through the point called `label`."""
        yes = self._yes(*self.parts, label=self.yes, style=discord.ButtonStyle.danger)
        return private(body, label=label, rows=yes_or_no(yes))

    @abstractmethod
    async def question(self, interaction: discord.Interaction[Any]) -> Card:
        """What is asked: `asked`. Raises `UserError` for members who may not do it."""

    @abstractmethod
    async def act(self, interaction: discord.Interaction[Any]) -> None:
        """Do it, and answer. Checks everything again: Yes can be forged, or pressed much later."""


class _Yes(StatelessButton):
    """Yes to the question of one `AskingButton`."""

    _asking: ClassVar[type[AskingButton]]

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        await self._asking.of(self.parts).act(interaction)


def _yes_of(asking: type[AskingButton], code: str) -> type[_Yes]:
    """The class of its Yes, in the module of the class that asks: a code belongs to a module."""
    body = {
        "__module__": asking.__module__,
        "__qualname__": f"{asking.__qualname__}.Yes",
        "__doc__": asking.act.__doc__,
        "_asking": asking,
    }
    return type("Yes", (_Yes,), body, code=code)
