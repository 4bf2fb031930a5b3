"""`/privacy`: shows, exports and erases what is stored about a person."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

import discord
from discord import app_commands
from discord.ext import commands

from bot.ui.buttons import StatelessButton
from bot.ui.cards import answer, answer_lines, notice
from bot.ui.responses import defer, respond_with_file
from data.storage.erasure import erase

if TYPE_CHECKING:
    from bot.context import Bot
    from bot.personal_data import ExportEntry, PersonalData, Phrase

Exported: TypeAlias = "dict[str, str | list[ExportEntry]]"

# Each kind of personal data adds its own part to these sentences.
STORED_HEADING = "### What I keep about you"
STORED_NOTHING = "Right now that is nothing at all."
STORED_FOR_YOU = "It is the same on every server, and nobody else can ask me for it."
NOTHING_ELSE_STORED = "I keep no other messages, and no list of what you looked up."
KINDS_HEADING = "### What I can keep about you"
EXPORT_ATTACHED = "Here is everything I keep about you."
EXPORT_FILE = "cliffhanger-about-me.json"
EXPORT, KINDS, FORGET = "Export", "What I can keep", "Forget"
ERASE_QUESTION = "Shall I forget {kinds}? {consequences}. This can't be taken back."
ERASE_YES, ERASE_NO = "Yes, forget it all", "No, keep it"
ALL_ERASED = "Forgotten. The copies I keep for emergencies will have forgotten it within a week."
NOTHING_ERASED = "Kept as it was."


class EraseAll(StatelessButton, code="e"):
    """Erase everything about the person who presses."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        bot = interaction.client
        kinds = kinds_of(bot)
        erasures = [kind.erasure() for kind in kinds]
        results = await erase(bot.db, interaction.user.id, erasures)
        await answer(interaction, notice(ALL_ERASED))
        for kind, result in zip(kinds, results, strict=True):
            if kind.afterwards is not None:
                await kind.afterwards(result)


class KeepAll(StatelessButton, code="k"):
    """Erase nothing."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, notice(NOTHING_ERASED))


class ExportStored(StatelessButton, code="ea"):
    """Everything about the person who presses, as a file."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        await defer(interaction)
        notes = (kind.file_note for kind in kinds_of(interaction.client))
        told = " ".join(filter(None, [EXPORT_ATTACHED, *notes]))
        memory = interaction.client.file_memory
        async with memory.share(memory.most):  # one at a time: nobody knows how much it will be
            exported = await _exported(interaction)
            file = discord.File(await asyncio.to_thread(_as_json, exported), EXPORT_FILE)
            await respond_with_file(interaction, told, file)


class TellKinds(StatelessButton, code="ek"):
    """Tell every kind of data that is ever kept, whether or not there is any now."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        told = what_is_stored(kinds_of(interaction.client))
        await answer_lines(interaction, told, rows=[[ExportStored(label=EXPORT), _forget()]])


class AskToErase(StatelessButton, code="ef"):
    """Ask whether to erase everything about the person who presses."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        yes = EraseAll(label=ERASE_YES, style=discord.ButtonStyle.danger)
        question = what_is_forgotten(kinds_of(interaction.client))
        await answer(interaction, notice(question, rows=[[yes, KeepAll(label=ERASE_NO)]]))


class Privacy(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    @app_commands.command(description="What I keep about you, as a file too, and how I forget it")
    async def privacy(self, interaction: discord.Interaction[Bot]) -> None:
        kinds = kinds_of(self.bot)
        lines = [kind.line(it) for kind in kinds for it in await kind.entries(interaction)]
        promise = f"{STORED_FOR_YOU} {NOTHING_ELSE_STORED}"
        await answer_lines(
            interaction,
            [STORED_HEADING, *(lines or [STORED_NOTHING]), promise],
            rows=[[ExportStored(label=EXPORT), TellKinds(label=KINDS), _forget()]],
        )


def _forget() -> AskToErase:
    return AskToErase(label=FORGET, style=discord.ButtonStyle.danger)


async def _exported(interaction: discord.Interaction[Bot]) -> Exported:
    """Everything about the member who asks."""
    stored: Exported = {"user_id": str(interaction.user.id)}
    for kind in kinds_of(interaction.client):
        stored[kind.key] = list(await kind.entries(interaction))
    return stored


def _as_json(exported: Exported) -> io.BytesIO:
    """The file, written piece by piece; a large one takes seconds."""
    file = io.BytesIO()
    text = io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="")
    json.dump(exported, text, ensure_ascii=False, indent=2)
    text.detach()  # flushes, and leaves the file open
    file.seek(0)
    return file


def kinds_of(bot: Bot) -> list[PersonalData]:
    """Every kind of personal data that features have registered, in order."""
    return list(bot.registry.personal_data)


def what_is_stored(kinds: Iterable[PersonalData]) -> list[str]:
    """The lines that tell what is ever stored, a kind in each."""
    kinds = list(kinds)
    given = sorted(filter(None, (kind.summary for kind in kinds)), key=lambda it: it.place)
    told = [f"{_capitalised(phrase.text)}." for phrase in given]
    told += filter(None, (kind.sentence for kind in kinds))
    return [KINDS_HEADING, *(f"- {line}" for line in told)]


def what_is_forgotten(kinds: Iterable[PersonalData]) -> str:
    kinds = list(kinds)
    consequences = _listed(", ", (kind.consequence for kind in kinds))
    return ERASE_QUESTION.format(
        kinds=_listed(", ", (kind.question for kind in kinds)),
        consequences=_capitalised(consequences),
    )


def _listed(separator: str, phrases: Iterable[Phrase | None]) -> str:
    """The phrases joined in the order of their places, such as `a, b, and c` with a comma."""
    given = sorted(filter(None, phrases), key=lambda phrase: phrase.place)
    *most, last = (phrase.text for phrase in given)
    return separator.join([*most, f"and {last}"])


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


async def setup(bot: Bot) -> None:
    await bot.add_cog(Privacy(bot))
