"""The import of a member's history file: previewed, confirmed by the member, then marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import SelectOption, ui

from bot.options.parse import reader_of
from bot.progress.import_steps import HistoryFile, ImportStep, steps_of
from bot.progress.import_wording import NO_FURTHER, body, first, not_taken, questions
from bot.progress.update import UndoProgress, arrived, mark, recap_of_here
from bot.readers.audience import Reader
from bot.ui.cards import ACCENT, SAFE_FOR_EVERYONE, Card, answer, notice, private
from bot.ui.confirm import LEFT
from bot.ui.errors import UserError, View, out_of_date
from bot.ui.responses import defer
from bot.ui.text import clean, clip, say
from data.progress import Mark

if TYPE_CHECKING:
    from bot.context import Bot


NO_SHOWS_OF_FILE = (
    "I have no episodes of the shows in that file, so there is nothing to import from it."
)
WHICH_PERSON = (
    "### From your file\n**Nothing is changed yet.** It holds what several people watched. "
    "Which of them are you?"
)
WHICH_LIST = (
    "### From your file\n**Nothing is changed yet.** It keeps several lists apart, perhaps of "
    "several people. Which of them is what you watched yourself?"
)
CHOOSE_PERSON, CHOOSE_LIST = "You are …", "Yours is …"
PERSON_WITHOUT_NAME = "(no name)"
TOO_MANY_PEOPLE = (
    "That file holds what more than {most} people watched. Attach one with what you watched alone."
)
AGREE_THROUGH, LEAVE_IT = "Yes, through all of these", "No, leave it"
AGREE_WATCHED = "Yes, I have watched all of these"

TAKEN_OVER_HEADING = "### Imported from your file"
TAKEN_OVER_LINE = "- **{show}**: through {label}"
CHANGED_SINCE_LINE = "- **{show}**: changed since you attached the file, so I left it as it is"
UNDO_FOR_SHOW = "Undo {show}"

BUTTONS_IN_ROW = 5  # Discord's limit, as are the next two
BUTTON_LENGTH, OPTION_LENGTH_OF_PERSON = 80, 100
MOST_PEOPLE_OFFERED = 25
IMPORT_SECONDS = 14 * 60  # seconds; Discord takes no answers after 15 minutes
IMPORT_COMMAND = "progress"


async def offer(interaction: discord.Interaction[Bot], file: HistoryFile) -> None:
    """Preview a file for a member, after asking which of the people in it they are."""
    if len(file.people) > MOST_PEOPLE_OFFERED:
        raise UserError(TOO_MANY_PEOPLE.format(most=MOST_PEOPLE_OFFERED))
    if len(file.people) > 1:
        await interaction.followup.send(view=_PersonChoice(file), ephemeral=True)
    else:
        await _preview(interaction, file, next(iter(file.people)))


async def _preview(interaction: discord.Interaction[Bot], file: HistoryFile, who: str) -> None:
    """Show where a file takes the member, and let them agree or refuse."""
    proposal = file.people[who]
    if not proposal.shows:
        raise UserError("\n".join([NO_SHOWS_OF_FILE, *not_taken(file, proposal.matches)]))
    steps = steps_of(interaction, proposal)
    shown = first(sorted(steps, key=lambda one: one.is_further, reverse=True))
    lines = body(file, proposal.matches, steps, shown)
    # Only what was shown in the preview is marked.
    if further := [one for one in shown if one.is_further]:
        view = _Preview("\n".join([*lines, *questions(file)]), file, further)
        await interaction.followup.send(view=view, ephemeral=True)
    else:
        await answer(interaction, notice("\n".join([*lines, NO_FURTHER])))


class _SingleUseView(View):
    """A private question in memory, for as long as Discord lets it be answered: once."""

    def __init__(self, text: str, *items: ui.Item[Any]) -> None:
        super().__init__(command=IMPORT_COMMAND, timeout=IMPORT_SECONDS)
        self._is_answered = False
        shown, small = ui.TextDisplay[Any](text), ui.TextDisplay[Any](SAFE_FOR_EVERYONE)
        self.add_item(ui.Container(shown, small, accent_colour=ACCENT))
        self.add_item(ui.ActionRow(*items))

    def close(self, interaction: discord.Interaction[Any]) -> None:
        """Before anything is awaited, so that what is pressed twice is done once."""
        if self._is_answered:
            raise out_of_date(interaction)
        self._is_answered = True


class _PersonChoice(_SingleUseView):
    """Which of the people in a file somebody is."""

    def __init__(self, file: HistoryFile) -> None:
        people = [*file.people]
        options = [
            SelectOption(
                label=clip(clean(who).strip() or PERSON_WITHOUT_NAME, OPTION_LENGTH_OF_PERSON),
                value=str(place),
            )
            for place, who in enumerate(people)
        ]
        placeholder = CHOOSE_LIST if file.has_lists else CHOOSE_PERSON
        select = ui.Select[Any](placeholder=placeholder, options=options)

        async def chosen(interaction: discord.Interaction[Any]) -> None:
            self.close(interaction)
            await defer(interaction)
            await _preview(interaction, file, people[int(select.values[0])])

        select.callback = chosen
        super().__init__(WHICH_LIST if file.has_lists else WHICH_PERSON, select)


class _Preview(_SingleUseView):
    """Where a file takes somebody."""

    def __init__(self, body: str, file: HistoryFile, steps: Sequence[ImportStep]) -> None:
        label = AGREE_WATCHED if file.asks_all or file.asks_marks else AGREE_THROUGH
        yes = ui.Button[Any](label=label, style=discord.ButtonStyle.primary)
        no = ui.Button[Any](label=LEAVE_IT)

        async def agree(interaction: discord.Interaction[Any]) -> None:
            self.close(interaction)
            await take(interaction, file.format.key, steps)

        async def disagree(interaction: discord.Interaction[Any]) -> None:
            self.close(interaction)
            await answer(interaction, notice(LEFT))

        yes.callback, no.callback = agree, disagree
        super().__init__(body, yes, no)


class UndoImportOfShow(UndoProgress, code="uw"):
    """Undo the import of one show; the card with the others stays."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        await defer(interaction)
        await super().press(interaction)


async def take(
    interaction: discord.Interaction[Bot], kind: str, steps: Iterable[ImportStep]
) -> None:
    """Mark the agreed steps, except in shows whose progress changed in between, and say so."""
    lines, undos, cards = [TAKEN_OVER_HEADING], list[UndoImportOfShow](), list[Card]()
    for one in steps:
        title = one.show.title
        taken = await _take(interaction, kind, one)
        if taken is None:
            lines.append(say(CHANGED_SINCE_LINE, show=title))
            continue
        saved, before = taken
        lines.append(say(TAKEN_OVER_LINE, label=one.labels[1], show=title))
        label = clip(UNDO_FOR_SHOW.format(show=title), BUTTON_LENGTH)
        undos.append(UndoImportOfShow(one.show.slug, str(saved.revision), label=label))
        told = await arrived(interaction, before)
        if told.lines:
            cards.append(private("\n".join(told.lines), label=one.labels[1], rows=told.rows))
    rows = [
        list[ui.Item[Any]](undos[at : at + BUTTONS_IN_ROW])
        for at in range(0, len(undos), BUTTONS_IN_ROW)
    ]
    if len(undos) == 1:  # those of many would not fit beside
        there = reader_of(interaction, undos[0].parts[0])
        rows[0] = [*recap_of_here(interaction.client, there), *rows[0]]
    for card in (notice("\n".join(lines), rows=rows), *cards):
        await answer(interaction, card)


async def _take(
    interaction: discord.Interaction[Bot], kind: str, one: ImportStep
) -> tuple[Mark, Reader] | None:
    """Mark one step; returns None if it can no longer be marked as it was shown."""
    try:
        reader = reader_of(interaction, one.show.slug)
        if reader.horizon != one.before:
            return None
        saved = await mark(interaction, reader, one.after, is_sure=True, file=kind)
    except UserError:  # the show, or its episode, is gone or not out any more
        return None
    return None if saved is None else (saved, reader)
