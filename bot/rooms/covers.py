"""Covers: how long a server keeps them, and after how many reports a message is covered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.discord_api.permissions import require_server_manager
from bot.extensions import SetupPart, Standing
from bot.rooms.settings import reports_in_words
from bot.setup.card import part_card, tell_setup
from bot.ui.buttons import StatelessButton, StatelessSelect, id_of
from bot.ui.cards import answer
from bot.ui.errors import Modal, UserError
from bot.ui.responses import open_form
from bot.ui.text import say
from data.rooms.settings import Server

if TYPE_CHECKING:
    from bot.context import Bot


COVERS_HEADING = "### Covers"
KEPT_FOR = "Spoilers hidden on this server are kept for {days}. After that nobody can open them."
ONE_DAY, DAYS = "one day", "{count} days"
KEPT_SHORT = "Kept for {days}. {reports}"
BY_NO_REPORT, BY_ONE_REPORT = (
    "Reports alone never cover a message.",
    ("One report covers a message."),
)
BY_REPORTS = "{count} reports cover a message."
CHANGE_COVERS, CHANGE_KEPT = "Change covers", "How long they are kept"
HOW_MANY_REPORTS = "How many reports cover a message?"
NEVER, ONE, SEVERAL = "Never by itself", "1 member", "{count} members"
KEPT_TITLE, KEPT_LABEL = "How long covers are kept", "Days to keep them"
KEPT_HINT = "From 1 to 3650. After that nobody can open them."
NOT_SO_MANY_DAYS = "Write a number of days from 1 to 3650."
MOST_DAYS, MOST_REPORTS = 3650, 20


class ChooseReports(StatelessSelect, code="yh"):
    """Choose after how many members' reports a message is covered by itself."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        guild_id = require_server_manager(interaction)
        count = int(self.value(interaction)[:9])
        if not 0 <= count <= MOST_REPORTS:
            raise ValueError(count)
        rooms = interaction.client.rooms
        changed = replace(rooms.server(guild_id), reports_to_cover=count)
        await rooms.save_server(guild_id, changed)
        await tell_setup(interaction, reports_in_words(changed))


class ChangeKept(StatelessButton, code="yl"):
    """Open the form that asks how long covers are kept."""

    opens_form = True

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        guild_id = require_server_manager(interaction)
        days = interaction.client.rooms.server(guild_id).keep_days
        await open_form(interaction, _KeptForm(days))


class _KeptForm(Modal):
    """Asks for how many days covers are kept."""

    def __init__(self, days: int) -> None:
        super().__init__(title=KEPT_TITLE, command="setup")
        self._days = ui.TextInput[Any](default=str(days), max_length=len(str(MOST_DAYS)))
        self.add_item(ui.Label[Any](text=KEPT_LABEL, description=KEPT_HINT, component=self._days))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        guild_id, days = require_server_manager(interaction), id_of(self._days.value.strip())
        if not 1 <= days <= MOST_DAYS:
            raise UserError(NOT_SO_MANY_DAYS)
        rooms = interaction.client.rooms
        await rooms.save_server(guild_id, replace(rooms.server(guild_id), keep_days=days))
        await tell_setup(interaction, say(KEPT_FOR, days=_days(days)))


class CoversPart(SetupPart):
    """How long covers are kept, and how many reports cover."""

    key, name = "covers", "Covers"

    async def standing(self, interaction: discord.Interaction[Bot]) -> Standing:
        server = interaction.client.rooms.server(interaction.guild_id or 0)
        said = say(KEPT_SHORT, days=_days(server.keep_days), reports=_reports(server))
        return Standing("done", said, CHANGE_COVERS)

    async def change(self, interaction: discord.Interaction[Bot]) -> None:
        server = interaction.client.rooms.server(require_server_manager(interaction))
        kept = say(KEPT_FOR, days=_days(server.keep_days))
        said = f"{COVERS_HEADING}\n{kept}\n{reports_in_words(server)}"
        options = [
            discord.SelectOption(
                label=_members(count), value=str(count), default=count == server.reports_to_cover
            )
            for count in range(MOST_REPORTS + 1)
        ]
        select = ChooseReports(placeholder=HOW_MANY_REPORTS, options=options)
        await answer(interaction, part_card(said, [select], [ChangeKept(label=CHANGE_KEPT)]))


def _days(count: int) -> str:
    return ONE_DAY if count == 1 else DAYS.format(count=count)


def _reports(server: Server) -> str:
    sentence = {0: BY_NO_REPORT, 1: BY_ONE_REPORT}.get(server.reports_to_cover, BY_REPORTS)
    return sentence.format(count=server.reports_to_cover)


def _members(count: int) -> str:
    return {0: NEVER, 1: ONE}.get(count, SEVERAL.format(count=count))
