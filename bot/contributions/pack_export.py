"""A show as a server has it, as a pack file, for members who have finished it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import discord

from bot.contributions.access import check_is_here, member_here
from bot.options.parse import last_out, reader_of
from bot.readers.audience import Reader
from bot.ui.buttons import StatelessButton
from bot.ui.cards import safe_line
from bot.ui.errors import UserError
from bot.ui.responses import defer, respond_with_file
from bot.ui.text import Markup, say
from data.points import PREMISE

if TYPE_CHECKING:
    from bot.context import Bot


EXPORT_NEEDS_FINISHED = (
    "The file holds every spoiler, so it is for those who have watched all of {show} that is out. "
    "`/progress` is how you tell me."
)
EXPORT_NEEDS_RELEASED = (
    "The file holds all I have of {show}, and that includes episodes that are not out yet. "
    "So nobody can have it before they are out."
)
PACK_EXPORTED = "{show} as this server has it, as a pack: a file for a pull request.\n{safe}"
PACK_FILE_NAME = "{slug}.toml"


class DownloadPack(StatelessButton, code="wd"):
    """Send the show of a card as a file, to who has finished it."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (slug,) = self.parts
        guild_id = member_here(interaction)
        check_is_here(interaction, slug)
        reader = reader_of(interaction, slug)
        if not _is_finished(reader):
            raise UserError(say(EXPORT_NEEDS_FINISHED, show=reader.show.title))
        if not interaction.client.audience.knows_all(reader):
            raise UserError(say(EXPORT_NEEDS_RELEASED, show=reader.show.title))
        await defer(interaction)
        text = await interaction.client.contributions.export(guild_id, slug, reader.horizon)
        file = discord.File(io.BytesIO(text.encode()), PACK_FILE_NAME.format(slug=slug))
        safe = Markup(safe_line(reader.story.label))
        await respond_with_file(
            interaction, say(PACK_EXPORTED, show=reader.show.title, safe=safe), file
        )


def may_download(interaction: discord.Interaction[Bot], slug: str) -> bool:
    """Whether this member has finished a show of this server, all of which is out."""
    client = interaction.client
    if client.get_guild(interaction.guild_id or 0) is None:
        return False
    reader = client.audience.reader(interaction, slug)
    return _is_finished(reader) and client.audience.knows_all(reader)


def _is_finished(reader: Reader) -> bool:
    """Whether they have watched all that is out."""
    end = last_out(reader.story.order)
    return end != PREMISE and reader.story.order.reached(end, reader.horizon)
