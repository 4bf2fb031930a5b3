"""Requests: members ask the moderators for a show, in the words of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import discord
from discord import ui

from bot.clock import now
from bot.discord_api.permissions import check_not_timed_out
from bot.rooms.moderators import tell_moderators
from bot.shows.add import Cooldown, ask_which, check_is_unwritten, propose
from bot.shows.import_preview import title_of
from bot.shows.importer import Importer
from bot.sources.tvmaze_catalog import Candidate
from bot.ui.buttons import StatelessButton
from bot.ui.cards import answer, notice
from bot.ui.errors import Modal, UserError
from bot.ui.mentions import mention_of
from bot.ui.responses import defer, open_form
from bot.ui.text import say
from data.catalog.entry import slug_of

if TYPE_CHECKING:
    from bot.context import Bot


REQUEST_NEEDS_SERVER = "Shows are asked for on a server that I am on. Use this button there."
NOBODY_TOLD = (
    "**Nobody was told:** this server has not said where I tell moderators something, "
    "or I can't write there. Tell one of them yourself."
)
SHOW_HERE_ALREADY = "{show} is here already."
SHOW_REQUESTED = "{who} asks for a show: **{show}**{on}"
REQUEST_SENT = "I told the moderators that you would like {show} here."
ADD_LABEL, ASK_LABEL = "Add", "Ask for a show"
SHOW_NAME, SHOW_NAME_HINT = "What is it called?", "Its title, or the beginning of it."
NETWORK_SUFFIX = " on {network}"

LONGEST_NAME = 80  # characters
BETWEEN_SEARCHES, BETWEEN_REQUESTS = 5, 60  # seconds


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Requests:
    """What the requests to one bot go through."""

    importer: Importer
    searches: Cooldown
    requests: Cooldown


_kept = WeakKeyDictionary["Bot", Requests]()


def keep(bot: Bot, importer: Importer) -> Requests:
    """Begin to take requests; the buttons of that bot find what this returns."""
    kept = Requests(importer, Cooldown(BETWEEN_SEARCHES), Cooldown(BETWEEN_REQUESTS))
    _kept[bot] = kept
    return kept


def importer_of(bot: Bot) -> Importer:
    """What imports the shows of that bot. Raises `KeyError` before `keep`."""
    return _kept[bot].importer


class AskForShow(StatelessButton, code="sr"):
    """Open a form in which a member asks the moderators for a show."""

    opens_form = True

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        _check_may_ask(interaction)
        await open_form(interaction, _RequestForm())


class AddRequestedShow(StatelessButton, code="sa"):
    """Add the show that a member asked for."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (id,) = self.parts
        await propose(interaction, importer_of(interaction.client), int(id[:16]))


class _RequestForm(Modal):
    """Asks which show it is to be."""

    def __init__(self) -> None:
        super().__init__(title=ASK_LABEL, command="shows")
        self._name = ui.TextInput[Any](max_length=LONGEST_NAME)
        self.add_item(
            ui.Label[Any](text=SHOW_NAME, description=SHOW_NAME_HINT, component=self._name)
        )

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        _check_may_ask(interaction)
        kept = _kept[interaction.client]
        kept.searches.take(interaction.user.id, now())
        await ask_which(interaction, kept.importer, self._name.value, _request)


def on_network(network: str | None) -> str:
    """What a title has behind it, as where a show runs tells two of one title apart."""
    return NETWORK_SUFFIX.format(network=network) if network else ""


def _check_may_ask(interaction: discord.Interaction[Bot]) -> int:
    """The id of the server, if the bot can write to its moderators. Raises `UserError`."""
    check_not_timed_out(interaction)
    guild = interaction.client.get_guild(interaction.guild_id or 0)
    if guild is None:
        raise UserError(REQUEST_NEEDS_SERVER)
    if interaction.client.rooms.server(guild.id).log_channel is None:
        raise UserError(NOBODY_TOLD)
    return guild.id


async def _request(interaction: discord.Interaction[Bot], one: Candidate) -> None:
    """Tell the moderators about a request, in the catalogue's words, not the member's."""
    guild_id, kept = _check_may_ask(interaction), _kept[interaction.client]
    check_is_unwritten(interaction, one.id)
    title = title_of(one.title, one.premiered.year if one.premiered else None)
    if slug_of(one.id) in kept.importer.imports.shelf(guild_id):
        raise UserError(say(SHOW_HERE_ALREADY, show=title))
    kept.requests.take(interaction.user.id, now())
    who = mention_of(interaction.user.id)
    body = say(SHOW_REQUESTED, who=who, show=title, on=on_network(one.network))
    add = AddRequestedShow(str(one.id), label=ADD_LABEL, style=discord.ButtonStyle.primary)
    await defer(interaction)
    if await tell_moderators(interaction.client, guild_id, notice(body, rows=[[add]])) is None:
        raise UserError(NOBODY_TOLD)
    await answer(interaction, notice(say(REQUEST_SENT, show=title)))
