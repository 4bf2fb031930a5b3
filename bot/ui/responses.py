"""Responses to interactions: the only door; what takes long is deferred before Discord gives up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, Final, Protocol

import aiohttp
import discord
from discord import ui

from bot.ui.command_names import clickable
from bot.ui.uploads import freed

log = logging.getLogger(__name__)

ACKNOWLEDGED = 40060  # Discord's code: a response came already
PATIENCE = 2.0  # seconds without a response; Discord gives up after 3
OPENS_FORM: Final = {"opens_form": True}  # the extras of a command that may open a form
UNMARKED = "what opens a form has to say so by `opens_form`, or it may be deferred before"

# What an interaction's extras hold.
_TIMER, _DEFERRING, _CAN_EDIT = "response timer", "response deferring", "response can edit"
_MAY_OPEN_FORM, _IS_TAKEN = "response may open form", "response was taken"

Interaction = discord.Interaction[Any]


class Edit(Protocol):
    """Puts another view into one message."""

    def __call__(self, *, view: ui.LayoutView) -> Awaitable[object]: ...


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that everybody sees."""

    id: int | None
    edit: Edit


def watch(interaction: Interaction, *, opens_form: bool) -> None:
    """Defer the response by itself if there is none in time, as where the database is busy.

    Never where a form may be opened, which Discord takes as the first response only.
    """
    interaction.extras[_MAY_OPEN_FORM] = opens_form
    if not opens_form:
        loop = asyncio.get_running_loop()
        interaction.extras[_TIMER] = loop.call_later(PATIENCE, _defer_late, interaction)


def may_open_form(interaction: Interaction) -> bool:
    """Whether it was watched as one that may open a form."""
    return bool(interaction.extras.get(_MAY_OPEN_FORM))


def _defer_late(interaction: Interaction) -> None:
    if not interaction.response.is_done():
        interaction.extras[_DEFERRING] = asyncio.create_task(_defer(interaction))


async def _defer(interaction: Interaction) -> None:
    """Acknowledge a press without a word, so that what was pressed can be edited; else privately.

    An error is left to the response itself, which meets it again. Where the network swallowed what
    became of it, it is asked again: Discord says then whether it had taken the first.
    """
    is_press = interaction.message is not None
    try:
        try:
            await interaction.response.defer(ephemeral=True, thinking=not is_press)
        except (aiohttp.ClientError, OSError):
            await interaction.response.defer(ephemeral=True, thinking=not is_press)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        if not (isinstance(error, discord.HTTPException) and error.code == ACKNOWLEDGED):
            log.warning("could not defer a response: %s", type(error).__name__)
            return
        interaction.extras[_IS_TAKEN] = True
    interaction.extras[_CAN_EDIT] = is_press


async def _is_first(interaction: Interaction) -> bool:
    """Whether nothing was responded yet; from now on it is not deferred by itself."""
    timer: asyncio.TimerHandle | None = interaction.extras.pop(_TIMER, None)
    if timer is not None:
        timer.cancel()
    deferring: asyncio.Task[None] | None = interaction.extras.get(_DEFERRING)
    if deferring is not None:
        await asyncio.shield(deferring)
    return not (interaction.response.is_done() or interaction.extras.get(_IS_TAKEN))


async def respond(interaction: Interaction, view: ui.LayoutView) -> None:
    """Send a private message, the first one or another."""
    if await _is_first(interaction):
        await interaction.response.send_message(view=view, ephemeral=True)
    else:
        interaction.extras.pop(_CAN_EDIT, None)
        await interaction.followup.send(view=view, ephemeral=True)


async def respond_with_file(interaction: Interaction, words: str, file: discord.File) -> None:
    """As `respond`, with a file under a sentence, which is freed afterwards."""
    with freed([file]):
        if await _is_first(interaction):
            await interaction.response.send_message(clickable(words), file=file, ephemeral=True)
        else:
            interaction.extras.pop(_CAN_EDIT, None)
            await interaction.followup.send(clickable(words), file=file, ephemeral=True)


async def edit_pressed(interaction: Interaction, view: ui.LayoutView) -> None:
    """Put another view into the message that was pressed; after another response, send it."""
    if await _is_first(interaction):
        await interaction.response.edit_message(view=view)
    elif interaction.extras.pop(_CAN_EDIT, False):
        await interaction.edit_original_response(view=view)
    else:
        await interaction.followup.send(view=view, ephemeral=True)


async def edit_private(interaction: Interaction, view: ui.LayoutView) -> None:
    """As `edit_pressed` if a private message was pressed, else as `respond`."""
    pressed = interaction.message
    if pressed is not None and pressed.flags.ephemeral:
        await edit_pressed(interaction, view)
    else:
        await respond(interaction, view)


async def post(interaction: Interaction, view: ui.LayoutView, *, beside: ui.LayoutView) -> Posted:
    """Respond with a message that everybody sees.

    Where the response was deferred, Discord shows what fills it in to one person: `beside` does.
    """
    if await _is_first(interaction):
        sent = await interaction.response.send_message(view=view)
        return Posted(sent.message_id, interaction.edit_original_response)
    if not interaction.extras.pop(_CAN_EDIT, False):
        await interaction.edit_original_response(view=beside)
    message = await interaction.followup.send(view=view, wait=True)
    return Posted(message.id, message.edit)


async def defer(interaction: Interaction) -> None:
    """Respond later, privately; Discord says meanwhile that it is thought about."""
    if await _is_first(interaction):
        await interaction.response.defer(ephemeral=True, thinking=True)
    else:
        interaction.extras.pop(_CAN_EDIT, None)  # what was pressed stays, and a message follows


async def acknowledge(interaction: Interaction) -> None:
    """Respond to a press without a word; its message can be edited later."""
    if await _is_first(interaction):
        await interaction.response.defer()


async def open_form(interaction: Interaction, form: ui.Modal) -> None:
    """Respond with a form. Raises `RuntimeError` where it may have been deferred before."""
    if not may_open_form(interaction):
        raise RuntimeError(UNMARKED)
    await interaction.response.send_modal(form)
