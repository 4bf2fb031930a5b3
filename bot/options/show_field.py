"""The field of a form that asks for a show: a select, or a text where there are too many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.readers.show_choice import SELECT
from bot.ui.text import clean, clip

if TYPE_CHECKING:
    from bot.context import Bot
    from data.story.show import Show


LONGEST_OPTION, LONGEST_TITLE = 100, 200  # characters


class ShowField:
    """Asks for one of some shows, at first the one with the slug `chosen`.

    `none` is an option, or a word to type, for no show at all.
    """

    def __init__(
        self, label: str, shows: Sequence[Show], chosen: str | None, *, none: str = ""
    ) -> None:
        self._none = none
        options = [
            discord.SelectOption(
                label=clip(clean(show.title), LONGEST_OPTION),
                value=show.slug,
                default=show.slug == chosen,
            )
            for show in shows
        ]
        if none:
            options.append(discord.SelectOption(label=none, value=none, default=chosen is None))
        self._field: ui.Select[Any] | ui.TextInput[Any]
        if len(options) <= SELECT:
            self._field = ui.Select[Any](options=options)
        else:
            titles = (show.title for show in shows if show.slug == chosen)
            self._field = ui.TextInput[Any](
                default=next(titles, none) or None, max_length=LONGEST_TITLE
            )
        self.item = ui.Label[Any](text=label, component=self._field)

    def show(self, interaction: discord.Interaction[Bot]) -> Show | None:
        """The show that was chosen; None for none. Raises `UserError` for one that is not here."""
        field = self._field
        typed = field.value if isinstance(field, ui.TextInput) else next(iter(field.values), "")
        if self._none and typed.strip().casefold() == self._none.casefold():
            return None
        return interaction.client.show_choice.show(interaction, typed)
