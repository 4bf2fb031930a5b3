"""The form that asks how far a room may talk about a show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.options.parse import read_point, reader_of
from bot.options.show_field import ShowField
from bot.rooms.scope_change import Move, check_may_move, move_scope
from bot.ui.errors import Modal, UserError
from bot.ui.responses import open_form

if TYPE_CHECKING:
    from bot.context import Bot


SCOPE_TITLE = "How far may this room talk?"
WHICH_SHOW, THROUGH_WHAT = "About which show?", "Through which episode?"
THROUGH_HINT = "Like S1E3: what everybody who reads there has watched. Or: all, nothing."
NO_STORY_HERE = "I know no story here yet. Add a show first: `/setup` has a button for it."
LONGEST_POINT = 40  # characters
SCOPE_COMMAND, SETUP_COMMAND = "room scope", "setup"


class ScopeForm(Modal):
    """Asks for a show and a point; the scope is set when the form is sent."""

    def __init__(
        self, interaction: discord.Interaction[Bot], place: int, *, from_setup: bool
    ) -> None:
        super().__init__(title=SCOPE_TITLE, command=SETUP_COMMAND if from_setup else SCOPE_COMMAND)
        client = interaction.client
        told = [show for show in client.library.list(interaction.guild_id) if show.has_story]
        if not told:
            raise UserError(NO_STORY_HERE)
        self._place, self._from_setup = place, from_setup
        meant = client.show_choice.default(interaction) or told[0].slug
        self._show = ShowField(WHICH_SHOW, told, meant)
        self._point = ui.TextInput[Any](max_length=LONGEST_POINT, placeholder="S1E3")
        self.add_item(self._show.item)
        self.add_item(
            ui.Label[Any](text=THROUGH_WHAT, description=THROUGH_HINT, component=self._point)
        )

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        check_may_move(interaction, self._place)
        show = self._show.show(interaction)
        if show is None:
            raise UserError(NO_STORY_HERE)
        point = read_point(reader_of(interaction, show.slug), self._point.value)
        move = Move(self._place, show.slug, point, from_setup=self._from_setup)
        await move_scope(interaction, move)


async def ask_scope(interaction: discord.Interaction[Bot], place: int, *, from_setup: bool) -> None:
    """Open the form. Raises `UserError` for members who may not set that room's scope."""
    check_may_move(interaction, place)
    await open_form(interaction, ScopeForm(interaction, place, from_setup=from_setup))
