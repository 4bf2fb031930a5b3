"""Buttons and selects without state: the custom_id says everything, every press is checked anew."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from discord import ui

from bot.ui.custom_ids import Codes, decode, encode
from bot.ui.errors import OUT_OF_DATE, UserError, out_of_date, report
from bot.ui.measured import measured
from bot.ui.responses import watch

if TYPE_CHECKING:
    from collections.abc import Sequence


log = logging.getLogger(__name__)


class StatelessItem(ABC):
    """A button or select that needs no view in memory, so it outlives restarts.

    `parts` comes from a custom_id, which a stranger can forge: `press` checks what it says. Parts
    are opaque (ids, points, page numbers), as everybody can read them.
    """

    codes: ClassVar[Codes[StatelessItem]] = Codes()
    code: ClassVar[str] = ""
    opens_form: ClassVar[bool] = False  # whether a press may open a form, also now and then
    parts: tuple[str, ...]

    def __init_subclass__(cls, *, code: str = "") -> None:
        super().__init_subclass__()
        cls.code = code
        if code:
            StatelessItem.codes.claim(code, cls)

    @classmethod
    def custom_id_of(cls, parts: Sequence[str]) -> str:
        """The custom_id of this button with these parts."""
        return encode(cls.code, *parts)

    @classmethod
    def of(cls, parts: Sequence[str]) -> Self:
        """The button with these parts, as it is when pressed: without label or style."""
        pressed = cls.__new__(cls)
        pressed.parts = tuple(parts)
        return pressed

    @abstractmethod
    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Answer the press. Raises `ValueError` for parts that this version cannot read."""


class StatelessButton(StatelessItem, ui.Button[Any]):
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


class StatelessSelect(StatelessItem, ui.Select[Any]):
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
        """The only value chosen. Raises `ValueError` if not exactly one was."""
        (value,) = StatelessSelect.chosen(interaction)
        return value

    @staticmethod
    def chosen(interaction: discord.Interaction[Any]) -> tuple[str, ...]:
        """All values chosen. Raises `ValueError` if there are none, as for a button."""
        data: Any = interaction.data
        values = tuple(str(value) for value in data.get("values", ()))
        if not values:
            raise ValueError(values)
        return values


class StatelessChannelSelect(StatelessItem, ui.ChannelSelect[Any]):
    """A select of one channel of certain kinds."""

    def __init__(self, *parts: str, placeholder: str, kinds: Sequence[discord.ChannelType]) -> None:
        custom_id = self.custom_id_of(parts)
        super().__init__(placeholder=placeholder, channel_types=list(kinds), custom_id=custom_id)
        self.parts = parts


class StatelessUserSelect(StatelessItem, ui.UserSelect[Any]):
    """A select of one person."""

    def __init__(self, *parts: str, placeholder: str) -> None:
        super().__init__(placeholder=placeholder, custom_id=self.custom_id_of(parts))
        self.parts = parts


class StatelessMentionableSelect(StatelessItem, ui.MentionableSelect[Any]):
    """A select of up to `most` members and roles."""

    def __init__(self, *parts: str, placeholder: str, most: int) -> None:
        custom_id = self.custom_id_of(parts)
        super().__init__(placeholder=placeholder, max_values=most, custom_id=custom_id)
        self.parts = parts


async def dispatch(interaction: discord.Interaction[Any], *, is_in_memory: bool) -> None:
    """Call `press` of the button or select that was pressed, if it is one of these.

    What is none, nor of a view or form that is still in memory, is answered as out of date.
    Every error is told to the presser by `report`. discord.py's own way to buttons without state
    (`DynamicItem`) rebuilds the whole message for each press.
    """
    data: Any = interaction.data
    code, parts = decode(str(data["custom_id"]))
    pressed = StatelessItem.codes.get(code)
    is_form = interaction.type is discord.InteractionType.modal_submit
    if not is_form and pressed is not None:
        watch(interaction, opens_form=pressed.opens_form)
        await measured(interaction, _press(interaction, pressed, parts))
    elif not is_in_memory:
        await measured(interaction, report(interaction, out_of_date(interaction)))


async def _press(
    interaction: discord.Interaction[Any], pressed: type[StatelessItem], parts: Sequence[str]
) -> None:
    try:
        await pressed.of(parts).press(interaction)
    except ValueError:  # parts that an older version wrote, or a stranger
        log.warning("a button that this version cannot read: %s", pressed.code)
        await report(interaction, UserError(OUT_OF_DATE))
    except Exception as error:  # noqa: BLE001  # discord.py would only log it
        await report(interaction, error)


def item_from(stored: Sequence[str]) -> StatelessItem:
    """The button with this code and these parts, to press it for somebody.

    They may be forged, as in any custom_id: `press` checks everything anew. Raises `ValueError`
    for a code that no class has.
    """
    code, *parts = stored
    kind = StatelessItem.codes.get(code)
    if kind is None:
        raise ValueError(code)
    return kind.of(parts)


LARGEST_ID, LONGEST_ID = 2**63 - 1, 19


def id_of(part: str) -> int:
    """The id in a custom_id; 0, which nothing has, for a text that is no id."""
    number = int(part) if part.isascii() and part.isdecimal() and len(part) <= LONGEST_ID else 0
    return number if number <= LARGEST_ID else 0
