"""What is asked back while a party is planned: the time zone, and the moment that is meant."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.clock import now
from bot.parties.time_zones import common_zones, resolve_zone
from bot.parties.when import AmbiguousTimeError, read_moments
from bot.ui.cards import ACCENT, SAFE_FOR_EVERYONE
from bot.ui.errors import UserError, View
from bot.ui.text import clip

if TYPE_CHECKING:
    from data.parties.local_time import Moment


WHICH_ZONE = (
    "Which time zone are your times in? I'll remember it. If yours is not among these, "
    "use the command again with `zone:`."
)
ZONE_PLACEHOLDER = "Your time zone"
UNKNOWN_ZONE = "I don't know that time zone. Start typing in `zone:` and I'll offer those I know."
RIGHT_NOW, ANY_ZONE = "now", "UTC"  # what is now is so in every zone
QUESTION_TIMEOUT = 14 * 60  # seconds; Discord takes no answer after 15 minutes

Interaction = discord.Interaction[Any]


async def ask_zone(
    interaction: Interaction,
    typed: str | None,
    then: Callable[[Interaction, str], Awaitable[None]],
    *,
    otherwise: str | None = None,
) -> None:
    """Go on with the zone somebody typed, or has said before; else with another, or ask first."""
    store = interaction.client.zones
    named = None if typed is None else resolve_zone(typed)
    if typed is not None and named is None:
        raise UserError(UNKNOWN_ZONE)
    if named is not None:
        await store.save(interaction.user.id, named)
    zone = named or store.get(interaction.user.id) or otherwise
    if zone is not None:
        await then(interaction, zone)
        return
    select = ui.Select[Any](
        placeholder=ZONE_PLACEHOLDER,
        options=[
            discord.SelectOption(label=label, value=name) for label, name in common_zones(now())
        ],
    )

    async def chosen(interaction: Interaction) -> None:
        await store.save(interaction.user.id, select.values[0])
        await then(interaction, select.values[0])

    select.callback = chosen
    await ask_privately(interaction, WHICH_ZONE, [select])


async def ask_moments(
    interaction: Interaction,
    typed: str,
    zone: str,
    then: Callable[[Interaction, Sequence[Moment]], Awaitable[None]],
) -> None:
    """Go on with the moments somebody typed; what is unclear is asked back."""
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
    """A button for each moment that may be meant; one of them goes on with all that was typed."""

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
    """Ask privately, in place where a private answer was pressed."""
    view, pressed = _PlanQuestion(text, items), interaction.message
    if pressed is not None and pressed.flags.ephemeral:
        await interaction.response.edit_message(view=view)
    else:
        await interaction.response.send_message(view=view, ephemeral=True)


class _PlanQuestion(View):
    """A question about what somebody is planning, for as long as they think about it."""

    def __init__(self, text: str, items: Sequence[ui.Item[Any]]) -> None:
        super().__init__(timeout=QUESTION_TIMEOUT)
        small = ui.TextDisplay[Any](SAFE_FOR_EVERYONE)
        self.add_item(ui.Container(ui.TextDisplay(text), small, accent_colour=ACCENT))
        self.add_item(ui.ActionRow(*items))
