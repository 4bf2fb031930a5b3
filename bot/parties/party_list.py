"""The parties to come on a server, each with what its host and the moderators can do to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.discord_api.permissions import may_see
from bot.parties.attend import find_party
from bot.parties.change_form import ChangeParty
from bot.parties.host import ask_to_call_off
from bot.parties.permissions import check_hosts, is_host
from bot.parties.plan import card_link
from bot.parties.wording import moment, party_name
from bot.rooms.settings import list_mark
from bot.ui.buttons import StatelessButton
from bot.ui.cards import ACCENT, PAGE, Card, answer, notice
from bot.ui.mentions import mention
from bot.ui.text import Markup, say
from data.parties.party import Party

if TYPE_CHECKING:
    from bot.context import Bot

NO_PARTIES = "No party is planned on this server. `/party plan` plans one."
PARTIES_HEADING = "### Watch parties here"
PARTY_LINE = "- **{name}** · {when} · in {room}"
CARD_LINK = " · [its card]({link})"
TIME_VOTED_ON, ON_RIGHT_NOW = "the time is voted on", "on right now"
CHANGE, CANCEL = "Change", "Cancel"

MOST_COMPONENTS = 36  # on one card, of Discord's 40; a heading and a last line are on it too


class CancelParty(StatelessButton, code="pl"):
    """Ask whether to call a party off."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (id,) = self.parts
        party = find_party(interaction, id)
        check_hosts(interaction, party)
        await ask_to_call_off(interaction, party)


@dataclass(frozen=True, slots=True)
class _Entry:
    line: str
    buttons: tuple[ui.Item[Any], ...]

    @property
    def components(self) -> int:
        return 1 + (1 + len(self.buttons) if self.buttons else 0)


async def list_parties(interaction: discord.Interaction[Bot]) -> None:
    """Answer with the parties that the member can see, on as many cards as it takes."""
    bot = interaction.client
    listed = bot.parties.list(interaction.guild_id or 0)
    await bot.learn(interaction.guild_id, [party.channel_id for party in listed])
    entries = [
        await _entry(interaction, party)
        for party in listed
        if may_see(interaction, party.channel_id)
    ]
    if not entries:
        await answer(interaction, notice(NO_PARTIES))
    for page in _pages(entries):
        await answer(interaction, _card(page))


async def _entry(interaction: discord.Interaction[Bot], party: Party) -> _Entry:
    buttons = list[ui.Item[Any]]()
    if is_host(interaction, party):
        if not party.is_running:
            buttons.append(ChangeParty(str(party.id), label=CHANGE))
        buttons.append(CancelParty(str(party.id), label=CANCEL))
    line = await _line(interaction.client, party)
    return _Entry(line + (list_mark(interaction, party.channel_id) or ""), tuple(buttons))


async def _line(bot: Bot, party: Party) -> str:
    """The line of a party, with a link to its card once it is posted."""
    when: Markup | str = TIME_VOTED_ON
    if party.starts_at is not None:
        when = moment(party.starts_at)
    when = ON_RIGHT_NOW if party.is_running else when
    line = say(PARTY_LINE, name=party_name(bot, party), when=when, room=mention(party.channel_id))
    link = await card_link(bot, party)
    return line if link is None else line + say(CARD_LINK, link=link)


def _pages(entries: Iterable[_Entry]) -> Iterator[list[_Entry]]:
    page, components, length = list[_Entry](), 0, 0
    for entry in entries:
        components, length = components + entry.components, length + len(entry.line) + 1
        if page and (components > MOST_COMPONENTS or length > PAGE):
            yield page
            page, components, length = [], entry.components, len(entry.line)
        page.append(entry)
    if page:
        yield page


def _card(entries: Iterable[_Entry]) -> Card:
    parts: list[ui.Item[Any]] = [ui.TextDisplay(PARTIES_HEADING)]
    for entry in entries:
        parts.append(ui.TextDisplay(entry.line))
        if entry.buttons:
            parts.append(ui.ActionRow(*entry.buttons))
    return Card(ui.Container(*parts, accent_colour=ACCENT))
