"""Adding a show: found by name, previewed as members will see it, and imported to a server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.discord_api.permissions import require_server_manager
from bot.setup.card import told
from bot.shows.import_preview import preview, title_of
from bot.shows.importer import Importer
from bot.sources import NotListedError, SourceError
from bot.sources.tvmaze_catalog import Candidate
from bot.ui.cards import ACCENT, SAFE_FOR_EVERYONE
from bot.ui.errors import UserError, View, out_of_date
from bot.ui.responses import defer, edit_pressed
from bot.ui.text import clip, say
from data.catalog.conversion import DEFAULT_CHOICES, ImportChoices, ImportSummary, summary_of_import
from data.catalog.imports import MOST_IMPORTS, TooManyShowsError

if TYPE_CHECKING:
    from bot.context import Bot
    from data.catalog.entry import Entry


TVMAZE_SWITCHED_OFF = "I can't look for shows: the person who runs me has switched TVmaze off."
TVMAZE_FAILS = (
    "TVmaze can't be reached, or gives wrong answers right now. Nothing was changed: try again in "
    "some minutes."
)
SHOW_NOT_AT_TVMAZE = "TVmaze does not have that show any more. Nothing was changed."
NO_SHOW_OF_THAT_NAME = (
    "TVmaze has no show of that name. Check the spelling, or try its original title."
)
WRITTEN_ALREADY = "I have {show} already, as people wrote it. Nothing needs to be imported."
TOO_MANY_IMPORTS = "A server can have {most} imported shows. `/show remove` makes room."
WAIT_FOR_TURN = "That was quick. Try again in {seconds} seconds."

ADD_COMMAND = "show add"
WHICH_SHOW = "Which one is it?"
ON_NETWORK, NO_NETWORK = "on {network}", "no channel named"
OPTION_LENGTH = 100  # characters

OPEN_CAST, SHOW_SUMMARY, SHOW_POSTER = (
    "Open the main cast",
    "Show the site's summary",
    "Show the poster",
)
COUNT_AFTER_SHOWS = "Count after-shows"
TOGGLES = (("opens_cast", OPEN_CAST), ("summary", SHOW_SUMMARY), ("poster", SHOW_POSTER))
IMPORT_SHOW, DISCARD_IMPORT, IMPORT_DISCARDED = (
    "Import",
    "Throw away",
    "Thrown away. Nothing was imported.",
)
SHOW_IMPORTED = (
    "{show} is here now, *imported, not reviewed*. `/room scope` lets a channel talk about it, and "
    "members use `/progress` to say how far they are. I keep it up to date."
)

CHOICE_SECONDS = 14 * 60  # Discord takes no answers after 15 minutes
TURNS_REMEMBERED = 1000  # people; when there are more, those whose wait is over are dropped

Then = Callable[[discord.Interaction["Bot"], Candidate], Awaitable[None]]


class Cooldown:
    """A cooldown for each person: once in `gap` seconds."""

    def __init__(self, gap: int) -> None:
        self._gap = gap
        self._next: dict[int, int] = {}

    def take(self, user_id: int, now: int) -> None:
        """Start a person's cooldown. Raises `UserError`, which says how long to wait.

        `now` is in UTC epoch seconds.
        """
        wait = self._next.get(user_id, now) - now
        if 0 < wait <= self._gap:  # the clock may have been ahead
            raise UserError(WAIT_FOR_TURN.format(seconds=wait))
        if len(self._next) >= TURNS_REMEMBERED:
            self._next = {id: then for id, then in self._next.items() if then > now}
        self._next[user_id] = now + self._gap


async def ask_which(
    interaction: discord.Interaction[Bot], importer: Importer, title: str, then: Then
) -> None:
    """Let a member choose, privately, one of the shows that TVmaze finds. Raises `UserError`."""
    if importer.source is None:
        raise UserError(TVMAZE_SWITCHED_OFF)
    await defer(interaction)
    try:
        found = await importer.search(title)
    except SourceError:
        raise UserError(TVMAZE_FAILS) from None
    if not found:
        raise UserError(NO_SHOW_OF_THAT_NAME)
    await interaction.followup.send(view=_Candidates(found, then), ephemeral=True)


async def propose(
    interaction: discord.Interaction[Bot], importer: Importer, id: int, *, from_setup: bool = False
) -> None:
    """Fetch a show, and let a moderator choose what it will show. Raises `UserError`."""
    guild_id = require_server_manager(interaction)
    check_is_unwritten(interaction, id)
    if importer.source is None:
        raise UserError(TVMAZE_SWITCHED_OFF)
    await defer(interaction)
    try:
        entry = await importer.fetch(id)
    except NotListedError:
        raise UserError(SHOW_NOT_AT_TVMAZE) from None
    except SourceError:
        raise UserError(TVMAZE_FAILS) from None
    choices = importer.imports.shelf(guild_id).get(entry.slug, DEFAULT_CHOICES)
    view = _ImportPreview(importer, entry, choices, from_setup=from_setup)
    await view.lay_out()
    await interaction.followup.send(view=view, ephemeral=True)


def check_is_unwritten(interaction: discord.Interaction[Bot], id: int) -> None:
    """Raises `UserError` if there is a written pack for that show."""
    for show in interaction.client.library.list():
        if show.tvmaze == id and show.has_story:
            raise UserError(say(WRITTEN_ALREADY, show=show.title))


class _Candidates(View):
    """The shows that were found, kept in memory for as long as they can be answered."""

    def __init__(self, found: Sequence[Candidate], then: Then) -> None:
        super().__init__(command=ADD_COMMAND, timeout=CHOICE_SECONDS)
        by_id = {str(one.id): one for one in found}
        select = ui.Select[Any](
            placeholder=WHICH_SHOW, options=[_option(id, one) for id, one in by_id.items()]
        )

        async def chosen(interaction: discord.Interaction[Any]) -> None:
            if (one := by_id.get(select.values[0])) is None:  # forged
                raise out_of_date(interaction)
            await then(interaction, one)

        select.callback = chosen
        self.add_item(ui.TextDisplay(WHICH_SHOW))
        self.add_item(ui.ActionRow(select))


def _option(id: str, one: Candidate) -> discord.SelectOption:
    year = one.premiered.year if one.premiered else None
    network = ON_NETWORK.format(network=one.network) if one.network else NO_NETWORK
    label = clip(title_of(one.title, year), OPTION_LENGTH)
    return discord.SelectOption(label=label, value=id, description=clip(network, OPTION_LENGTH))


class _ImportPreview(View):
    """A fetched show and the moderator's choices; nothing is stored before it is imported."""

    def __init__(
        self, importer: Importer, entry: Entry, choices: ImportChoices, *, from_setup: bool
    ) -> None:
        super().__init__(command=ADD_COMMAND, timeout=CHOICE_SECONDS)
        self._from_setup = from_setup
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
        yes = _button(IMPORT_SHOW, style.primary, self._ending(self._import))
        no = _button(DISCARD_IMPORT, style.secondary, self._ending(self._throw_away))
        self.add_item(ui.ActionRow(yes, no))

    async def _summary(self) -> ImportSummary:
        """The numbers for the preview, computed once for each combination that changes them."""
        is_open = self._choices.opens_cast
        key = is_open, self._entry.has_minor
        if key not in self._known:
            # In a thread, as it makes a pack of the whole show.
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
            yield _button(COUNT_AFTER_SHOWS, style, self._choosing(self._choices, counted))

    def _choosing(self, choices: ImportChoices, entry: Entry) -> Callable[[Any], Awaitable[None]]:
        async def choose(interaction: discord.Interaction[Bot]) -> None:
            self._choices, self._entry = choices, entry
            await self.lay_out()
            await edit_pressed(interaction, self)

        return choose

    def _ending(self, then: Callable[[Any], Awaitable[None]]) -> Callable[[Any], Awaitable[None]]:
        async def end(interaction: discord.Interaction[Bot]) -> None:
            async with self._turn:  # the first of two presses at once counts
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
            raise UserError(TOO_MANY_IMPORTS.format(most=MOST_IMPORTS)) from None
        said = say(SHOW_IMPORTED, show=self._entry.title)
        await told(interaction, said, from_setup=self._from_setup)

    async def _throw_away(self, interaction: discord.Interaction[Bot]) -> None:
        await told(interaction, IMPORT_DISCARDED, from_setup=self._from_setup)


def _button(
    label: str, style: discord.ButtonStyle, then: Callable[[Any], Awaitable[None]]
) -> ui.Button[Any]:
    button = ui.Button[Any](label=label, style=style)

    async def pressed(interaction: discord.Interaction[Any]) -> None:
        await then(interaction)

    button.callback = pressed
    return button
