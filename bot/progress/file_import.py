"""A file that a member attaches or puts into a form: checked, fetched, read, then offered."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.progress.history_import import IMPORT_COMMAND, offer
from bot.progress.import_steps import HistoryFile, read_file
from bot.progress.trackers.decoding import EXCEL, PACKED
from bot.ui.errors import FAILED, Modal, UserError, out_of_date
from bot.ui.responses import defer

if TYPE_CHECKING:
    from bot.context import Bot

IMPORT_TITLE = "Import what you watched"
FILE_FIELD = "Your file"
FILE_HINT = "CSV or JSON of TV Time, Trakt, Simkl, Netflix and others, or my own. I ask first."
FILE_TOO_LARGE = (
    "That file is larger than {most} MB, and I read no larger ones. Attach a part of the export: "
    "from TV Time only `tracking-prod-records-v2.csv`, from Trakt one `watched-history-1.json` "
    "after the other, beginning with the highest number."
)
FILE_NOT_FETCHED = "I could not fetch that file from Discord. Please attach it once more."

LARGEST_FILE_MB = 25  # MB
REFUSED_FORMATS = {".zip": PACKED, ".xlsx": EXCEL, ".xls": EXCEL}  # whatever size they are


class ImportForm(Modal, title=IMPORT_TITLE):
    """The form that asks for the file."""

    def __init__(self) -> None:
        super().__init__(command=IMPORT_COMMAND)
        self._file = ui.FileUpload[Any]()
        self.add_item(ui.Label(text=FILE_FIELD, description=FILE_HINT, component=self._file))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        if not self._file.values:  # forged
            raise out_of_date(interaction)
        await take_over(interaction, self._file.values[0])


async def take_over(interaction: discord.Interaction[Bot], file: discord.Attachment) -> None:
    """Show a member where a file takes them. Raises `UserError` for one that cannot be read."""
    if sentence := REFUSED_FORMATS.get(PurePath(file.filename).suffix.casefold()):
        raise UserError(sentence)
    if file.size > LARGEST_FILE_MB * 2**20:
        raise UserError(FILE_TOO_LARGE.format(most=LARGEST_FILE_MB))
    await defer(interaction)
    await offer(interaction, await _read(interaction, file))


async def _read(interaction: discord.Interaction[Bot], file: discord.Attachment) -> HistoryFile:
    """Fetch and read a file as soon as there is memory for it. Raises `UserError`."""
    async with interaction.client.file_memory.share(file.size):
        try:
            data = await file.read()
        except FAILED:
            raise UserError(FILE_NOT_FETCHED) from None
        return await read_file(interaction, data, file.filename)
