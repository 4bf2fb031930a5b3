"""Buttons and selects without state: the custom_id says all, each press is checked anew."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from discord import ui

from bot.ui.errors import UserError, report

if TYPE_CHECKING:
    from collections.abc import Sequence


log = logging.getLogger(__name__)

OUT_OF_DATE = "That button is out of date. Please use the command again."

# Ids, points and page numbers are opaque and have no bar in them; Discord allows 100 characters.
_PART = "|"


class Opaque(ABC):
    """Opaque parts in a custom_id instead of a view in memory: outlives restarts, leaks nothing.

    Whoever reads `parts` treats them as typed by a stranger: a custom_id can be forged.
    """

    kinds: ClassVar[dict[str, type[Opaque]]] = {}
    name: ClassVar[str] = ""
    parts: tuple[str, ...]

    def __init_subclass__(cls, *, name: str = "") -> None:
        super().__init_subclass__()
        cls.name = name
        if name:
            # A feature that is loaded again replaces its own; two features may not share a name.
            known = Opaque.kinds.setdefault(name, cls)
            if (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
                raise ValueError(f"{known.__qualname__} and {cls.__qualname__} are both {name!r}")
            Opaque.kinds[name] = cls

    @classmethod
    def custom_id_of(cls, parts: Sequence[str]) -> str:
        return _PART.join((cls.name, *parts))

    @classmethod
    def of(cls, parts: Sequence[str]) -> Self:
        """What is to be done when the button or select with these parts is pressed."""
        pressed = cls.__new__(cls)
        pressed.parts = tuple(parts)
        return pressed

    @abstractmethod
    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Answer the press; `parts` is what the button was made with."""


class Press(Opaque, ui.Button[Any]):
    """A button."""

    def __init__(
        self,
        *parts: str,
        label: str,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        disabled: bool = False,
    ) -> None:
        super().__init__(
            label=label, style=style, disabled=disabled, custom_id=self.custom_id_of(parts)
        )
        self.parts = parts


class Pick(Opaque, ui.Select[Any]):
    """A select of one value out of at most 25, or of as many as `most`."""

    def __init__(
        self,
        *parts: str,
        placeholder: str,
        options: Sequence[discord.SelectOption],
        most: int = 1,
    ) -> None:
        super().__init__(
            placeholder=placeholder,
            options=list(options),
            max_values=most,
            custom_id=self.custom_id_of(parts),
        )
        self.parts = parts

    @staticmethod
    def value(interaction: discord.Interaction[Any]) -> str:
        """What was chosen. Raises `ValueError` if it was no select that was pressed."""
        data: Any = interaction.data
        (value,) = data.get("values", ())
        return str(value)

    @staticmethod
    def chosen(interaction: discord.Interaction[Any]) -> tuple[str, ...]:
        """All that was chosen. Raises `ValueError` if nothing was, as when a button was pressed."""
        data: Any = interaction.data
        values = tuple(str(value) for value in data.get("values", ()))
        if not values:
            raise ValueError(values)
        return values


async def heed(interaction: discord.Interaction[Any]) -> None:
    """Do what a press asks for, if it was one of our buttons; whatever fails ends in `report`.

    discord.py's own way to buttons without state rebuilds the whole message for each press.
    """
    data: Any = interaction.data
    name, _, parts = str(data["custom_id"]).partition(_PART)
    kind = Opaque.kinds.get(name)
    if kind is None:
        return
    try:
        await kind.of(parts.split(_PART) if parts else ()).press(interaction)
    except ValueError:  # parts that an older version wrote, or a stranger
        log.warning("a button that this version cannot read: %s", name)
        await report(interaction, UserError(OUT_OF_DATE))
    except Exception as error:  # noqa: BLE001  # discord.py would only log it
        await report(interaction, error)


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


LARGEST_ID, LONGEST_ID = 2**63 - 1, 19


def id_of(part: str) -> int:
    """The id in a custom_id; 0, which nothing has, for one that no id could be."""
    number = int(part) if part.isascii() and part.isdecimal() and len(part) <= LONGEST_ID else 0
    return number if number <= LARGEST_ID else 0
