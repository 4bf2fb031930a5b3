"""The host's menu: settle the time, let guests in, begin, stop or call off; and the agreement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.clock import now
from bot.parties import codes
from bot.parties.attend import find_party
from bot.parties.permissions import check_hosts, moderates_room
from bot.parties.playback import PARTY_CHANGED, finish
from bot.parties.weekly import next_week
from bot.parties.wording import moment, party_name
from bot.rooms.settings import CHANNEL_PERMISSION_NEEDED, MANAGE_CHANNELS
from bot.ui.buttons import StatelessButton
from bot.ui.cards import Card, Row, answer, notice
from bot.ui.confirm import yes_or_no
from bot.ui.errors import UserError
from bot.ui.mentions import mention, mention_of
from bot.ui.text import Markup, say
from data.parties.party import CLOCK_POST, COMING, ENDED_STOPPED, PARTY_TOPIC, Guest, Party

if TYPE_CHECKING:
    from bot.context import Bot


PARTY_AGREED = "Agreed, for this party's thread alone. The room stays as it is."
HOST_MENU = "### {name}\nWhat would you like to do?"
WHO_COMES, WHO_MAY = "Coming: {who}", "Maybe: {who}"
MOST_GUESTS_NAMED = 40
ASKING_TO_JOIN = "They ask to come although they have not watched everything before:"
ASKING_LINE, LET_IN_LABEL = "{number}. {who}", "Let {number} in"
GUEST_LET_IN, ASKS_NO_MORE = "{who} is on the list now.", "They don't ask any more."
SETTLE_LABEL, TIME_SETTLED = "Take time {place}", "Settled: {moment}. The card says so in a moment."
REPOST_CLOCK_LABEL = "Post the clock again"
BEGIN_NOW_LABEL, STOP_HERE_LABEL, CALL_OFF_LABEL = "Begin now", "Stop here", "Call it off"
CALL_OFF_ONCE_LABEL, CALL_OFF_ALL_LABEL = "Call off this week", "Call off every week"
CLOCK_CARD_COMES = "The clock's card comes in a moment, in {room}."
REALLY_CALL_OFF = "Call off **{name}**? Its card will say so; whoever joined sees it there."
CALL_OFF_WORDS = "Yes, call it off", "No, keep it", REALLY_CALL_OFF
REALLY_STOP = "**{name}** is on. Stop it here?"
YES_STOP, NO_STOP = "Yes, stop it here", "No, go on"
CALLED_OFF = "Called off."
CALLED_OFF_ONCE = (
    "Called off for this week. The next one is on {moment}; `/party list` has that, too."
)
MOST_ADMIT_BUTTONS = 5  # Discord's limits
CONFIRMED = "yes"


class AgreeToParty(StatelessButton, code=codes.AGREE_CODE):
    """Agree, as a moderator, that the party's thread goes further than its room."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, *_ = self.parts
        party = find_party(interaction, id)
        if not moderates_room(interaction, party):
            raise UserError(
                say(
                    CHANNEL_PERMISSION_NEEDED,
                    permission=MANAGE_CHANNELS,
                    channel=mention(party.channel_id),
                )
            )
        user_id = interaction.user.id
        await interaction.client.parties.change(
            party.id, lambda it: None if it.is_over else replace(it, agreed_by=user_id), now=now()
        )
        await answer(interaction, notice(PARTY_AGREED))


class HostMenu(StatelessButton, code=codes.HOST_MENU_CODE):
    """Open the menu for the host and the moderators of the room."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, *_ = self.parts
        party = find_party(interaction, id)
        check_hosts(interaction, party)
        await answer(interaction, _menu(interaction.client, party))


def _menu(bot: Bot, party: Party) -> Card:
    id, lines, rows = str(party.id), [say(HOST_MENU, name=party_name(bot, party))], list[Row]()
    guests = list(bot.parties.guests(party.id).values())
    for answer_, sentence in (("coming", WHO_COMES), ("maybe", WHO_MAY)):
        if found := [mention_of(g.user_id) for g in guests if g.answer == answer_]:
            lines.append(say(sentence, who=Markup(", ".join(found[:MOST_GUESTS_NAMED]))))
    asking = [g for g in guests if g.answer == "asking"][:MOST_ADMIT_BUTTONS]
    if asking:
        lines.append(ASKING_TO_JOIN)
        lines += [
            say(ASKING_LINE, number=n, who=mention_of(g.user_id)) for n, g in _numbered(asking)
        ]
        rows.append(
            [
                AdmitGuest(id, str(g.user_id), label=LET_IN_LABEL.format(number=n))
                for n, g in _numbered(asking)
            ]
        )
    if party.state == "voting":
        rows.append(
            [
                SettleTime(id, str(p.place), label=SETTLE_LABEL.format(place=p.place + 1))
                for p in bot.parties.proposals(party.id)
            ]
        )
    if party.is_running:
        rows.append(
            [
                CloseParty(id, ENDED_STOPPED, label=STOP_HERE_LABEL),
                BeginParty(id, label=REPOST_CLOCK_LABEL),
            ]
        )
    else:
        is_early = party.starts_at is not None and now() < party.starts_at
        label = BEGIN_NOW_LABEL if is_early else REPOST_CLOCK_LABEL
        begin = [BeginParty(id, label=label)] if party.state == "planned" else []
        off = [
            CloseParty(
                id, "cancelled", label=CALL_OFF_ONCE_LABEL if party.weekly else CALL_OFF_LABEL
            )
        ]
        for_good = [CloseParty(id, "for_good", label=CALL_OFF_ALL_LABEL)] if party.weekly else []
        rows.append([*begin, *off, *for_good])
    return notice("\n".join(lines), rows=rows)


def _numbered(asking: Sequence[Guest]) -> Iterator[tuple[int, Guest]]:
    return enumerate(asking, start=1)


class AdmitGuest(StatelessButton, code="pi"):
    """Let in a guest who has not watched what comes before."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, user_id = self.parts
        party = find_party(interaction, id)
        check_hosts(interaction, party)
        who, parties = int(user_id), interaction.client.parties
        guest = parties.guests(party.id).get(who)
        if guest is None or guest.answer != "asking":
            raise UserError(ASKS_NO_MORE)
        await parties.answer(party.id, who, lambda it: replace(it, answer=COMING), now=now())
        told = say(GUEST_LET_IN, who=mention_of(who))
        await answer(
            interaction, _with_line(told, _menu(interaction.client, find_party(interaction, id)))
        )


class SettleTime(StatelessButton, code="px"):
    """Choose one of the proposed times, whatever the votes say."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, place = self.parts
        party = find_party(interaction, id)
        check_hosts(interaction, party)
        parties = interaction.client.parties
        wanted = parties.proposal(party.id, int(place))
        if wanted is None or not await parties.change(
            party.id, lambda it: it.settled(wanted), now=now()
        ):
            raise UserError(PARTY_CHANGED)
        await answer(interaction, notice(say(TIME_SETTLED, moment=moment(wanted.starts_at))))


class BeginParty(StatelessButton, code="py"):
    """Begin a party now, before its time; after its time, post the clock's card again."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (id,) = self.parts
        party = find_party(interaction, id)
        check_hosts(interaction, party)
        at = now()

        def step(it: Party) -> Party | None:
            is_early = it.state == "planned" and at < (it.starts_at or at)
            return replace(it, starts_at=at) if is_early else None

        bot = interaction.client
        if party.starts_at is None:
            raise UserError(PARTY_CHANGED)
        if at < party.starts_at:
            if await bot.parties.change(party.id, step, now=at) is None:
                raise UserError(PARTY_CHANGED)
        else:  # the card was deleted, or could not be posted
            await bot.outbox.repost(
                PARTY_TOPIC, f"{party.id}/{CLOCK_POST}/{party.starts_at}", now=at
            )
            bot.announcer.wake()
        await answer(interaction, notice(say(CLOCK_CARD_COMES, room=mention(party.channel_id))))


class CloseParty(StatelessButton, code="po"):
    """Call a party off, after a question, or stop one that is running."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, why, *sure = self.parts
        party = find_party(interaction, id)
        check_hosts(interaction, party)
        if why not in {ENDED_STOPPED, "cancelled", "for_good"}:
            raise ValueError(why)
        if why == ENDED_STOPPED:
            await finish(interaction, party, ENDED_STOPPED)
        elif sure != [CONFIRMED]:
            await ask_to_call_off(interaction, party, why)
        else:
            await call_off(interaction, party, for_good=why == "for_good")


async def ask_to_call_off(
    interaction: discord.Interaction[Bot], party: Party, why: str = "cancelled"
) -> None:
    """Asks whether to call the party off, or to stop it if it is running."""
    yes, no, sentence = (YES_STOP, NO_STOP, REALLY_STOP) if party.is_running else CALL_OFF_WORDS
    danger = discord.ButtonStyle.danger
    press = CloseParty(str(party.id), why, CONFIRMED, label=yes, style=danger)
    told = say(sentence, name=party_name(interaction.client, party))
    await answer(interaction, notice(told, rows=yes_or_no(press, no=no)))


async def call_off(
    interaction: discord.Interaction[Bot], party: Party, *, for_good: bool = False
) -> None:
    """Calls a party off; a weekly one goes on next week, unless it is `for_good`.

    Raises `UserError` if somebody else changed the party.
    """
    bot, at = interaction.client, now()
    if party.is_running:
        await finish(interaction, party, ENDED_STOPPED)
        return
    upcoming = None if for_good else next_week(bot, party, "cancelled")
    changed = await bot.parties.change(
        party.id,
        lambda it: None if it.is_running else it.closed("cancelled", now=at),
        now=at,
        following=upcoming,
    )
    if changed is None:
        raise UserError(PARTY_CHANGED)
    told = CALLED_OFF
    if upcoming is not None and upcoming.starts_at is not None:
        told = say(CALLED_OFF_ONCE, moment=moment(upcoming.starts_at))
    await answer(interaction, notice(told))


def _with_line(told: str, card: Card) -> Card:
    """The card with a line above its content."""
    return Card(ui.TextDisplay(told), *card.children)
