"""Adding: a show found by its name, shown as members would see it, and brought to a server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.rooms.settings import require_server_manager
from bot.shows.import_preview import preview, title_of
from bot.shows.importer import Importer
from bot.sources import NotListedError, SourceError
from bot.sources.tvmaze_catalog import Candidate
from bot.ui.cards import ACCENT, SAFE_FOR_EVERYONE, answer, notice
from bot.ui.errors import UserError, View, out_of_date
from bot.ui.text import clip, say
from data.catalog.conversion import DEFAULT_CHOICES, ImportChoices, ImportSummary, summary_of_import
from data.catalog.imports import MOST_IMPORTS, TooManyShowsError

if TYPE_CHECKING:
    from bot.context import Bot
    from data.catalog.entry import Entry


NO_SOURCE = "I can't look for shows: the person who runs me has switched TVmaze off."
NO_ANSWER = (
    "TVmaze cannot be reached, or does not answer as it should right now. Nothing was changed: try "
    "again in some minutes."
)
NOT_LISTED = "TVmaze does not have that show any more. Nothing was changed."
NOT_FOUND = "TVmaze has no show of that name. Check the spelling, or try its original title."
HAVE_IT = "I have {show} already, as people wrote it. Nothing needs to be imported."
TOO_MANY = "A server has {most} imported shows at most. `/show remove` takes one off."
TOO_SOON = "That was quick. Try again in {seconds} seconds."

ADD_COMMAND = "show add"
WHICH = "Which one is it?"
ON, NO_NETWORK = "on {network}", "no channel named"
LABEL = 100  # characters of an option

OPEN_CAST, SUMMARY, POSTER = "Open the main cast", "Show the site's summary", "Show the poster"
AFTER_SHOWS = "Count after-shows"
TOGGLES = (("opens_cast", OPEN_CAST), ("summary", SUMMARY), ("poster", POSTER))
IMPORT, THROW_AWAY, THROWN_AWAY = "Import", "Throw away", "Thrown away. Nothing was imported."
IMPORTED = (
    "{show} is here now, *imported, not reviewed*. `/room scope` lets a channel talk about it, and "
    "`/progress set` tells me how far somebody is. I keep it up to date."
)

MINUTES = 14 * 60  # seconds; Discord takes no answer to what was asked 15 minutes ago
REMEMBERED = 1000  # people whose turn is remembered, before those who may come again are forgotten

Then = Callable[[discord.Interaction["Bot"], Candidate], Awaitable[None]]


class Turns:
    """How often each person may do something: once in so many seconds."""

    def __init__(self, gap: int) -> None:
        self._gap = gap
        self._next: dict[int, int] = {}

    def take(self, user_id: int, now: int) -> None:
        """Raises `UserError`, which says how long to wait. `now` is in epoch seconds."""
        wait = self._next.get(user_id, now) - now
        if 0 < wait <= self._gap:  # the clock may have been ahead
            raise UserError(TOO_SOON.format(seconds=wait))
        if len(self._next) >= REMEMBERED:
            self._next = {id: then for id, then in self._next.items() if then > now}
        self._next[user_id] = now + self._gap


async def ask_which(
    interaction: discord.Interaction[Bot], importer: Importer, title: str, then: Then
) -> None:
    """Let somebody pick, privately, one of the shows that TVmaze finds. Raises `UserError`."""
    if importer.source is None:
        raise UserError(NO_SOURCE)
    await interaction.response.defer(ephemeral=True, thinking=True)
    try:
        found = await importer.search(title)
    except SourceError:
        raise UserError(NO_ANSWER) from None
    if not found:
        raise UserError(NOT_FOUND)
    await interaction.followup.send(view=_Candidates(found, then), ephemeral=True)


async def propose(interaction: discord.Interaction[Bot], importer: Importer, id: int) -> None:
    """Fetch a show, and let a moderator see and choose what it would tell. Raises `UserError`."""
    guild_id = require_server_manager(interaction)
    check_is_unwritten(interaction, id)
    if importer.source is None:
        raise UserError(NO_SOURCE)
    await interaction.response.defer(ephemeral=True, thinking=True)
    try:
        entry = await importer.fetch(id)
    except NotListedError:
        raise UserError(NOT_LISTED) from None
    except SourceError:
        raise UserError(NO_ANSWER) from None
    choices = importer.imports.shelf(guild_id).get(entry.slug, DEFAULT_CHOICES)
    view = _Preview(importer, entry, choices)
    await view.lay_out()
    await interaction.followup.send(view=view, ephemeral=True)


def check_is_unwritten(interaction: discord.Interaction[Bot], id: int) -> None:
    """Raises `UserError` for a show of TVmaze's whose story people have written."""
    for show in interaction.client.library.list():
        if show.tvmaze == id and show.has_story:
            raise UserError(say(HAVE_IT, show=show.title))


class _Candidates(View):
    """The shows that were found, in memory for as long as they can be answered."""

    def __init__(self, found: Sequence[Candidate], then: Then) -> None:
        super().__init__(command=ADD_COMMAND, timeout=MINUTES)
        by_id = {str(one.id): one for one in found}
        select = ui.Select[Any](
            placeholder=WHICH, options=[_option(id, one) for id, one in by_id.items()]
        )

        async def chosen(interaction: discord.Interaction[Any]) -> None:
            if (one := by_id.get(select.values[0])) is None:  # forged
                raise out_of_date(interaction)
            await then(interaction, one)

        select.callback = chosen
        self.add_item(ui.TextDisplay(WHICH))
        self.add_item(ui.ActionRow(select))
        self.add_item(ui.TextDisplay(SAFE_FOR_EVERYONE))


def _option(id: str, one: Candidate) -> discord.SelectOption:
    year = one.premiered.year if one.premiered else None
    network = ON.format(network=one.network) if one.network else NO_NETWORK
    label = clip(title_of(one.title, year), LABEL)
    return discord.SelectOption(label=label, value=id, description=clip(network, LABEL))


class _Preview(View):
    """A show that was fetched, and what is chosen of it; stored only when it is imported."""

    def __init__(self, importer: Importer, entry: Entry, choices: ImportChoices) -> None:
        super().__init__(command=ADD_COMMAND, timeout=MINUTES)
        self._importer, self._entry, self._choices = importer, entry, choices
        self._known = dict[tuple[bool, bool], ImportSummary]()
        self._turn = asyncio.Lock()

    async def lay_out(self) -> None:
        known = await self._summary()
        self.clear_items()
        text = ui.TextDisplay[Any](preview(self._entry, known, self._choices))
        small = ui.TextDisplay[Any](SAFE_FOR_EVERYONE)
        self.add_item(ui.Container(text, small, accent_colour=ACCENT))
        self.add_item(ui.ActionRow(*self._toggles()))
        style = discord.ButtonStyle
        yes = _button(IMPORT, style.primary, self._ending(self._import))
        no = _button(THROW_AWAY, style.secondary, self._ending(self._throw_away))
        self.add_item(ui.ActionRow(yes, no))

    async def _summary(self) -> ImportSummary:
        """Worked out once for each way to open the cast; nothing else changes it."""
        is_open = self._choices.opens_cast
        key = is_open, self._entry.has_minor
        if key not in self._known:
            # A whole show is made into a pack for it, which others would have to wait for.
            known = await asyncio.to_thread(
                summary_of_import, self._entry, ImportChoices(opens_cast=is_open)
            )
            self._known[key] = known
        return self._known[key]

    def _toggles(self) -> Iterator[ui.Button[Any]]:
        for field, label in TOGGLES:
            is_on: bool = getattr(self._choices, field)
            changed = replace(self._choices, **{field: not is_on})
            style = discord.ButtonStyle.success if is_on else discord.ButtonStyle.secondary
            yield _button(label, style, self._choosing(changed, self._entry))
        if any(one.is_minor for one in self._entry.episodes):
            is_on = self._entry.has_minor
            counted = self._entry.model_copy(update={"has_minor": not is_on})
            style = discord.ButtonStyle.success if is_on else discord.ButtonStyle.secondary
            yield _button(AFTER_SHOWS, style, self._choosing(self._choices, counted))

    def _choosing(self, choices: ImportChoices, entry: Entry) -> Callable[[Any], Awaitable[None]]:
        async def choose(interaction: discord.Interaction[Bot]) -> None:
            self._choices, self._entry = choices, entry
            await self.lay_out()
            await interaction.response.edit_message(view=self)

        return choose

    def _ending(self, then: Callable[[Any], Awaitable[None]]) -> Callable[[Any], Awaitable[None]]:
        async def end(interaction: discord.Interaction[Bot]) -> None:
            async with self._turn:  # of two presses at once the first counts
                if self.is_finished():
                    raise out_of_date(interaction)
                await then(interaction)
                self.stop()

        return end

    async def _import(self, interaction: discord.Interaction[Bot]) -> None:
        guild_id = require_server_manager(interaction)
        check_is_unwritten(interaction, self._entry.id)
        try:
            await self._importer.add(guild_id, self._entry, self._choices)
        except TooManyShowsError:
            raise UserError(TOO_MANY.format(most=MOST_IMPORTS)) from None
        await answer(interaction, notice(say(IMPORTED, show=self._entry.title)))

    async def _throw_away(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, notice(THROWN_AWAY))


def _button(
    label: str, style: discord.ButtonStyle, then: Callable[[Any], Awaitable[None]]
) -> ui.Button[Any]:
    button = ui.Button[Any](label=label, style=style)

    async def pressed(interaction: discord.Interaction[Any]) -> None:
        await then(interaction)

    button.callback = pressed
    return button
