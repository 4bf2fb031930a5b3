"""Buttons and selects without state: the custom_id says all, each press is checked anew."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from discord import ui

from bot.errors import UserError, report

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from bot.client import Bot

log = logging.getLogger(__name__)

OUT_OF_DATE = "That button is out of date. Please use the command again."

# Ids, points and page numbers are opaque and have no bar in them; Discord allows 100 characters.
_PART = "|"
_NEVER = r"(?!)"


class Opaque(ui.DynamicItem[ui.Item[Any]], ABC, template=_NEVER):
    """Opaque parts in a custom_id instead of a view in memory: outlives restarts, leaks nothing.

    Whoever reads `parts` treats them as typed by a stranger: a custom_id can be forged.
    """

    kinds: ClassVar[dict[str, type[Opaque]]] = {}
    name: ClassVar[str] = ""

    def __init_subclass__(cls, *, name: str = "") -> None:
        super().__init_subclass__(template=rf"{name}(?:\|(?P<parts>.*))?" if name else _NEVER)
        cls.name = name
        if name:
            # A feature that is loaded again replaces its own; two features may not share a name.
            known = Opaque.kinds.setdefault(name, cls)
            if (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
                raise ValueError(f"{known.__qualname__} and {cls.__qualname__} are both {name!r}")
            Opaque.kinds[name] = cls

    def __init__(self, item: ui.Item[Any], parts: Sequence[str]) -> None:
        super().__init__(item)
        self.parts = tuple(parts)

    @classmethod
    def custom_id_of(cls, parts: Sequence[str]) -> str:
        return _PART.join((cls.name, *parts))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls.of(match["parts"].split(_PART) if match["parts"] else (), item)

    @classmethod
    def of(cls, parts: Sequence[str], item: ui.Item[Any] | None = None) -> Self:
        """The button or select that was made with these parts."""
        restored = cls.__new__(cls)
        Opaque.__init__(restored, item or ui.Button[Any](custom_id=cls.custom_id_of(parts)), parts)
        return restored

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        try:
            await self.press(interaction)
        except ValueError:  # parts that an older version wrote, or a stranger
            log.warning("a button that this version cannot read: %s", self.name)
            await report(interaction, UserError(OUT_OF_DATE))
        except Exception as error:  # noqa: BLE001  # discord.py would only log it
            await report(interaction, error)

    @abstractmethod
    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        """Answer the press; `parts` is what the button was made with."""


class Press(Opaque):
    """A button."""

    def __init__(
        self,
        *parts: str,
        label: str,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        disabled: bool = False,
    ) -> None:
        button = ui.Button[Any](
            label=label, style=style, disabled=disabled, custom_id=self.custom_id_of(parts)
        )
        super().__init__(button, parts)


class Pick(Opaque):
    """A select of one value out of at most 25."""

    def __init__(
        self, *parts: str, placeholder: str, options: Sequence[discord.SelectOption]
    ) -> None:
        select = ui.Select[Any](
            placeholder=placeholder, options=list(options), custom_id=self.custom_id_of(parts)
        )
        super().__init__(select, parts)

    @staticmethod
    def value(interaction: discord.Interaction[Any]) -> str:
        """What was chosen. Raises `ValueError` if it was no select that was pressed."""
        data: Any = interaction.data
        (value,) = data.get("values", ())
        return str(value)


def pressed_by(parts: Sequence[str]) -> Opaque:
    """The button whose custom_id has these parts, its name first, to press it for somebody.

    They may be forged, as in any custom_id: the press checks everything anew. Raises `ValueError`
    for a button that there is not.
    """
    name, *rest = parts
    kind = Opaque.kinds.get(name)
    if kind is None:
        raise ValueError(name)
    return kind.of(rest)
