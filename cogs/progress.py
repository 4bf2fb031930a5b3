"""`/progress`: how far a member has watched; only they move it, and a jump ahead asks first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.extensions import Answer, Arrived
from bot.lookups.answer import present
from bot.lookups.questions import ask_again
from bot.options.autocomplete import complete_announced, complete_show
from bot.options.parse import ask_show, last_out, read_point, reader_of
from bot.progress import personal_data
from bot.progress.card import show_progress
from bot.progress.file_import import take_over
from bot.progress.how_far import ask_how_far, how_far
from bot.progress.update import PROGRESS_BUTTON_OUTDATED, arrived, mark, mark_and_say
from bot.readers.audience import Reader
from bot.ui.buttons import StatelessButton
from bot.ui.cards import answer, private
from bot.ui.errors import UserError
from data.points import Point
from data.story.show import Show

if TYPE_CHECKING:
    from bot.context import Bot

WATCHED_LABEL = "I've watched {label}"
ONE_AT_A_TIME = "Give me a point or a file, one at a time."

WATCHED_ORDER = 10  # among what is offered beside an answer


class MarkNextWatched(StatelessButton, code="w"):
    """Mark the next episode as watched, and show the same look-up from there."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        slug, token, code, *parts = self.parts
        point, reader = Point.from_token(token), reader_of(interaction, slug)
        lookup = interaction.client.registry.lookups.get(code)
        if lookup is None:
            raise UserError(PROGRESS_BUTTON_OUTDATED)
        # An old card must not move a member back, only forward.
        told = Arrived()
        if not reader.story.order.reached(point, reader.horizon):
            if await mark(interaction, reader, point) is None:
                return
            told = await arrived(interaction, reader)
            reader = reader_of(interaction, slug)
        await present(interaction, lookup, reader, parts)
        if told.lines:
            card = private("\n".join(told.lines), label=reader.story.label, rows=told.rows)
            await answer(interaction, card)


class Progress(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        self.bot.registry.offers.add(self.offer, owner=self, order=WATCHED_ORDER)
        self.bot.registry.refusals.add(self.ask, owner=self)
        self.bot.registry.add_personal_data(personal_data.progress(self.bot), owner=self)

    def ask(
        self, interaction: discord.Interaction[Bot], reader: Reader
    ) -> Sequence[Sequence[ui.Item[Any]]]:
        """The question to a newcomer below a refusal; what they asked is answered after it."""
        return () if reader.has_said else [[how_far(reader, then=ask_again(interaction))]]

    def offer(self, told: Answer) -> Sequence[ui.Item[Any]]:
        """The buttons beside a look-up: the next episode, or the question to a newcomer."""
        offered, reader = list[ui.Item[Any]](), told.reader
        order = reader.story.order
        if told.sheet.watched and order.reached(told.sheet.watched[0], last_out(order)):
            point, then = told.sheet.watched
            label = WATCHED_LABEL.format(label=reader.story.order.label(point))
            code, slug = told.lookup.code, reader.show.slug
            offered.append(MarkNextWatched(slug, point.token, code, *then, label=label))
        if not reader.has_said:
            offered.append(how_far(reader))
        return offered

    @app_commands.command(description="How far you have watched: see it, set it, import it")
    @app_commands.describe(
        point="The last episode you finished, like S1E3; or nothing, or all",
        show="The show; most rooms have only one",
        file="A CSV or JSON file of TV Time, Trakt, Simkl, Netflix and others, or my own",
    )
    @app_commands.autocomplete(point=complete_announced, show=complete_show)
    async def progress(
        self,
        interaction: discord.Interaction[Bot],
        point: str | None = None,
        show: str | None = None,
        file: discord.Attachment | None = None,
    ) -> None:
        if file is not None and point is not None:
            raise UserError(ONE_AT_A_TIME)
        if file is not None:
            await take_over(interaction, file)
        elif point is None and show is None:
            await show_progress(interaction)
        else:
            await _set(interaction, point, show)


async def _set(interaction: discord.Interaction[Bot], point: str | None, typed: str | None) -> None:
    """Move the member's progress to a point, or ask to which."""

    async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
        reader = reader_of(interaction, show.slug)
        if point is None:
            await answer(interaction, ask_how_far(reader))
        else:
            await mark_and_say(interaction, reader, read_point(reader, point))

    await ask_show(interaction, typed, then)


async def setup(bot: Bot) -> None:
    await bot.add_cog(Progress(bot))
