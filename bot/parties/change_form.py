"""A party that was planned gets another time or other episodes, by a form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.clock import now
from bot.options.parse import reader_of
from bot.parties.attend import find_party
from bot.parties.permissions import check_hosts
from bot.parties.plan import PartyPlan, change_party, episodes_of
from bot.parties.playback import PARTY_CHANGED
from bot.parties.questions import ask_moments, ask_zone
from bot.parties.when import needs_zone
from bot.parties.wording import party_name
from bot.ui.buttons import StatelessButton
from bot.ui.cards import answer, notice
from bot.ui.errors import Modal, UserError
from bot.ui.responses import open_form
from bot.ui.text import say
from data.parties.party import Party
from data.points import Point

if TYPE_CHECKING:
    from bot.context import Bot
    from data.parties.local_time import Moment

CHANGE_TITLE = "Change the party"
WHEN_FIELD, WHEN_HINT = "When", "Like fri 20:30 or tomorrow 8pm. Empty: as it is."
EPISODES_FIELD, EPISODES_HINT = "Episodes", "Like S1E4, or S1E4 to S1E6. Empty: as they are."
REPEAT_FIELD, ONCE_LABEL, WEEKLY_LABEL = "Repeat", "Only this once", "Every week"
ZONE_FIELD, ZONE_HINT = "Time zone", "A city or a zone; I remember it. Empty: the one I know."
NOTHING_TO_CHANGE = "Nothing is changed: say another time, other episodes, or whether it repeats."
ALREADY_RUNNING = (
    "It is on already. *Skip to…* and *Host…* on its clock change what can be changed now."
)
CHANGE_SAVED = "Changed. The card of **{name}** says so in a moment."

ONCE, WEEKLY = "once", "weekly"
LONGEST_TEXT = 200  # characters of a field
LIST_COMMAND = "party list"


class ChangeParty(StatelessButton, code="pm"):
    """Open a form that gives a party another time or other episodes."""

    opens_form = True

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (id,) = self.parts
        await open_form(interaction, _ChangeForm(_changeable(interaction, id)))


def _changeable(interaction: discord.Interaction[Bot], id: str) -> Party:
    """The party, for whoever may change it. Raises `UserError` for others, and once it is on."""
    party = find_party(interaction, id)
    check_hosts(interaction, party)
    if party.is_running:
        raise UserError(ALREADY_RUNNING)
    reader_of(interaction, party.show)
    return party


class _ChangeForm(Modal, title=CHANGE_TITLE):
    def __init__(self, party: Party) -> None:
        super().__init__(command=LIST_COMMAND)
        self._id, (self._when, self._episodes, self._zone) = str(party.id), _texts()
        self._repeat = ui.RadioGroup[Any](options=list(_repeats(is_weekly=party.weekly)))
        for label, hint, field in (
            (WHEN_FIELD, WHEN_HINT, self._when),
            (EPISODES_FIELD, EPISODES_HINT, self._episodes),
            (REPEAT_FIELD, None, self._repeat),
            (ZONE_FIELD, ZONE_HINT, self._zone),
        ):
            self.add_item(ui.Label(text=label, description=hint, component=field))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        party = _changeable(interaction, self._id)
        when, episodes, zone = (
            field.value.strip() or None for field in (self._when, self._episodes, self._zone)
        )
        is_weekly = self._repeat.value == WEEKLY if self._repeat.value else party.weekly
        if when is None and episodes is None and is_weekly == party.weekly:
            raise UserError(NOTHING_TO_CHANGE)
        reader = reader_of(interaction, party.show)
        first, last = Point(party.first), Point(party.last)
        if episodes is not None:
            first, last = episodes_of(reader, episodes)
        wanted = PartyPlan(reader, first, last, party.channel_id, when or "", is_weekly)
        await _change(interaction, party, wanted, zone)


def _texts() -> Iterator[ui.TextInput[Any]]:
    for _ in range(3):
        yield ui.TextInput[Any](required=False, max_length=LONGEST_TEXT)


def _repeats(*, is_weekly: bool) -> Iterator[discord.RadioGroupOption]:
    yield discord.RadioGroupOption(label=ONCE_LABEL, value=ONCE, default=not is_weekly)
    yield discord.RadioGroupOption(label=WEEKLY_LABEL, value=WEEKLY, default=is_weekly)


async def _change(
    interaction: discord.Interaction[Bot], party: Party, wanted: PartyPlan, typed_zone: str | None
) -> None:
    """Change the party once it is clear which moment is meant."""

    async def with_moments(
        interaction: discord.Interaction[Bot],
        moments: Sequence[Moment] | None,
        zone: str = party.zone,
    ) -> None:
        current = find_party(interaction, str(party.id))
        check_hosts(interaction, current)
        changed = await change_party(interaction, current, wanted, zone, moments)
        if changed is None:
            raise UserError(PARTY_CHANGED)
        name = party_name(interaction.client, changed)
        await answer(interaction, notice(say(CHANGE_SAVED, name=name)))

    async def with_zone(interaction: discord.Interaction[Bot], zone: str) -> None:
        await ask_moments(interaction, wanted.when, zone, partial(with_moments, zone=zone))

    if not wanted.when:
        await with_moments(interaction, None)
    else:
        otherwise = None if needs_zone(wanted.when, now()) else party.zone
        await ask_zone(interaction, typed_zone, with_zone, otherwise=otherwise)
