"""Questions while a party is planned: the time zone, and which moment is meant."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.clock import now
from bot.parties.time_zones import common_zones, complete_zone, resolve_zone
from bot.parties.when import AmbiguousTimeError, read_moments
from bot.ui.cards import ACCENT
from bot.ui.errors import UserError, View, command_of
from bot.ui.responses import edit_private
from bot.ui.text import clip

if TYPE_CHECKING:
    from data.parties.local_time import Moment


WHICH_ZONE = (
    "Which time zone are your times in? I'll remember it. If yours is not among these, "
    "start again and name a city of yours as your time zone."
)
ZONE_PLACEHOLDER = "Your time zone"
UNKNOWN_ZONE = "I don't know that time zone. Name a big city in it, like Berlin or Toronto."
WHICH_OF_ZONES = "Which of these time zones do you mean? I'll remember it."
RIGHT_NOW, ANY_ZONE = "now", "UTC"  # "now" is the same in every zone
OPTION_LENGTH = 100  # Discord's limit
QUESTION_TIMEOUT = 14 * 60  # seconds; Discord refuses answers after 15 minutes

Interaction = discord.Interaction[Any]


async def ask_zone(
    interaction: Interaction,
    typed: str | None,
    then: Callable[[Interaction, str], Awaitable[None]],
    *,
    otherwise: str | None = None,
) -> None:
    """Calls `then` with the member's time zone: typed now, stored, `otherwise`, or asked for.

    A zone that was typed or chosen is stored. What is none, but like some, is asked about; raises
    `UserError` for what is like none.
    """
    store = interaction.client.zones
    named = None if typed is None else resolve_zone(typed)
    if typed is not None and named is None:
        if not (offered := complete_zone(typed, now())):
            raise UserError(UNKNOWN_ZONE)
        await _choose_zone(interaction, WHICH_OF_ZONES, offered, then)
        return
    if named is not None:
        await store.save(interaction.user.id, named)
    zone = named or store.get(interaction.user.id) or otherwise
    if zone is not None:
        await then(interaction, zone)
    else:
        await _choose_zone(interaction, WHICH_ZONE, common_zones(now()), then)


async def _choose_zone(
    interaction: Interaction,
    sentence: str,
    zones: Sequence[tuple[str, str]],
    then: Callable[[Interaction, str], Awaitable[None]],
) -> None:
    """Calls `then` with the zone that is chosen among some, as (label, name); it is stored."""
    store = interaction.client.zones
    select = ui.Select[Any](
        placeholder=ZONE_PLACEHOLDER,
        options=[
            discord.SelectOption(label=clip(label, OPTION_LENGTH), value=name)
            for label, name in zones
        ],
    )

    async def chosen(interaction: Interaction) -> None:
        await store.save(interaction.user.id, select.values[0])
        await then(interaction, select.values[0])

    select.callback = chosen
    await ask_privately(interaction, sentence, [select])


async def ask_moments(
    interaction: Interaction,
    typed: str,
    zone: str,
    then: Callable[[Interaction, Sequence[Moment]], Awaitable[None]],
) -> None:
    """Calls `then` with the moments that a member typed; asks first if they are ambiguous.

    Raises `MomentError` for text that is not a time to come.
    """
    try:
        found = read_moments(typed if typed != RIGHT_NOW else f"<t:{now() + 60}>", zone, now())
    except AmbiguousTimeError as unclear:
        await ask_privately(interaction, str(unclear), _choices(unclear, zone, then))
        return
    await then(interaction, found)


def _choices(
    unclear: AmbiguousTimeError,
    zone: str,
    then: Callable[[Interaction, Sequence[Moment]], Awaitable[None]],
) -> list[ui.Item[Any]]:
    """A button for each moment that may be meant; a press goes on with the whole text."""

    def button(choice: Moment) -> ui.Button[Any]:
        label = f"{choice.wall.replace('T', ' ')} {choice.note}".strip()
        item = ui.Button[Any](label=clip(label, 80))
        typed = " or ".join([f"<t:{choice.starts_at}>", *unclear.rest])

        async def chosen(interaction: Interaction) -> None:
            await ask_moments(interaction, typed, zone, then)

        item.callback = chosen
        return item

    return [button(choice) for choice in unclear.choices[:5]]


async def ask_privately(interaction: Interaction, text: str, items: Sequence[ui.Item[Any]]) -> None:
    """Asks privately; a press on a private answer replaces that answer."""
    view = _PlanQuestion(text, items, command_of(interaction))
    await edit_private(interaction, view)


class _PlanQuestion(View):
    """A private question about a plan, open for `QUESTION_TIMEOUT` seconds."""

    def __init__(self, text: str, items: Sequence[ui.Item[Any]], command: str) -> None:
        super().__init__(command=command, timeout=QUESTION_TIMEOUT)
        self.add_item(ui.Container(ui.TextDisplay(text), accent_colour=ACCENT))
        self.add_item(ui.ActionRow(*items))
