"""Hosting: who settles a party's time, lets people in, agrees to it and calls it off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.clock import now
from bot.parties import codes
from bot.parties.attend import party_of
from bot.parties.permissions import check_hosts, moderates_room
from bot.parties.playback import CHANGED, finish
from bot.parties.weekly import next_week
from bot.parties.wording import moment, name_of
from bot.rooms.settings import MANAGE_CHANNELS, NEED
from bot.ui.buttons import StatelessButton
from bot.ui.cards import Card, Row, answer, notice
from bot.ui.confirm import yes_or_no
from bot.ui.errors import UserError
from bot.ui.mentions import mention, mention_of
from bot.ui.text import Markup, say
from data.parties.party import CLOCK, COMING, STOPPED, TOPIC, Guest, Party

if TYPE_CHECKING:
    from bot.context import Bot


AGREED = "Agreed, for this party's thread alone. The room stays as it is."
MENU = "### {name}\nWhat would you like to do?"
WHO_COMES, WHO_MAY = "Coming: {who}", "Maybe: {who}"
MOST_NAMED = 40
ASKING = "They ask to come although they have not watched everything before:"
ONE_ASKING, LET_IN = "{number}. {who}", "Let {number} in"
LET_IN_DONE, ASKS_NO_MORE = "{who} is on the list now.", "They don't ask any more."
SETTLE, SETTLED = "Take time {place}", "Settled: {moment}. The card says so in a moment."
CLOCK_ANEW = "Post the clock anew"
BEGIN_NOW, STOP_HERE, CALL_OFF = "Begin now", "Stop here", "Call it off"
CALL_OFF_ONCE, CALL_OFF_ALL = "Call off this week", "Call off every week"
BEGINS = "The clock's card comes in a moment, in {room}."
SURE_OFF = "Call off **{name}**? Its card will say so; whoever joined sees it there."
WORDS_OFF = "Yes, call it off", "No, keep it", SURE_OFF
SURE_STOP = "**{name}** is on. Stop it here?"
YES_STOP, NO_STOP = "Yes, stop it here", "No, go on"
OFF = "Called off."
OFF_ONCE = "Called off for this week. The next one is on {moment}; `/party cancel` has that, too."
IN_A_ROW = 5  # Discord's limits
SURE = "yes"


class Agree(StatelessButton, code=codes.AGREE):
    """A moderator of the room lets the party's thread go further than the room."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, *_ = self.parts
        party = party_of(interaction, id)
        if not moderates_room(interaction, party):
            raise UserError(
                say(NEED, permission=MANAGE_CHANNELS, channel=mention(party.channel_id))
            )
        user_id = interaction.user.id
        await interaction.client.parties.change(
            party.id, lambda it: None if it.is_over else replace(it, agreed_by=user_id), now=now()
        )
        await answer(interaction, notice(AGREED))


class Menu(StatelessButton, code=codes.MENU):
    """What the host, and moderators, can do with a party."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, *_ = self.parts
        party = party_of(interaction, id)
        check_hosts(interaction, party)
        await answer(interaction, _menu(interaction.client, party))


def _menu(bot: Bot, party: Party) -> Card:
    id, lines, rows = str(party.id), [say(MENU, name=name_of(bot, party))], list[Row]()
    guests = list(bot.parties.guests(party.id).values())
    for answer_, sentence in (("coming", WHO_COMES), ("maybe", WHO_MAY)):
        if found := [mention_of(g.user_id) for g in guests if g.answer == answer_]:
            lines.append(say(sentence, who=Markup(", ".join(found[:MOST_NAMED]))))
    asking = [g for g in guests if g.answer == "asking"][:IN_A_ROW]
    if asking:
        lines.append(ASKING)
        lines += [say(ONE_ASKING, number=n, who=mention_of(g.user_id)) for n, g in _counted(asking)]
        rows.append(
            [Admit(id, str(g.user_id), label=LET_IN.format(number=n)) for n, g in _counted(asking)]
        )
    if party.state == "voting":
        rows.append(
            [
                Settle(id, str(p.place), label=SETTLE.format(place=p.place + 1))
                for p in bot.parties.proposals(party.id)
            ]
        )
    if party.is_running:
        rows.append([Close(id, STOPPED, label=STOP_HERE), Begin(id, label=CLOCK_ANEW)])
    else:
        is_early = party.starts_at is not None and now() < party.starts_at
        label = BEGIN_NOW if is_early else CLOCK_ANEW
        begin = [Begin(id, label=label)] if party.state == "planned" else []
        off = [Close(id, "cancelled", label=CALL_OFF_ONCE if party.weekly else CALL_OFF)]
        for_good = [Close(id, "for_good", label=CALL_OFF_ALL)] if party.weekly else []
        rows.append([*begin, *off, *for_good])
    return notice("\n".join(lines), rows=rows)


def _counted(asking: Sequence[Guest]) -> Iterator[tuple[int, Guest]]:
    return enumerate(asking, start=1)


class Admit(StatelessButton, code="pi"):
    """Let somebody in who has not watched what comes before."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, user_id = self.parts
        party = party_of(interaction, id)
        check_hosts(interaction, party)
        who, parties = int(user_id), interaction.client.parties
        guest = parties.guests(party.id).get(who)
        if guest is None or guest.answer != "asking":
            raise UserError(ASKS_NO_MORE)
        await parties.answer(party.id, who, lambda it: replace(it, answer=COMING), now=now())
        told = say(LET_IN_DONE, who=mention_of(who))
        await answer(interaction, _with(told, _menu(interaction.client, party_of(interaction, id))))


class Settle(StatelessButton, code="px"):
    """The time is this one, whatever was voted."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, place = self.parts
        party = party_of(interaction, id)
        check_hosts(interaction, party)
        parties = interaction.client.parties
        wanted = parties.proposal(party.id, int(place))
        if wanted is None or not await parties.change(
            party.id, lambda it: it.settled(wanted), now=now()
        ):
            raise UserError(CHANGED)
        await answer(interaction, notice(say(SETTLED, moment=moment(wanted.starts_at))))


class Begin(StatelessButton, code="py"):
    """It is time now, whatever was planned; or the clock's card once more."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (id,) = self.parts
        party = party_of(interaction, id)
        check_hosts(interaction, party)
        at = now()

        def step(it: Party) -> Party | None:
            is_early = it.state == "planned" and at < (it.starts_at or at)
            return replace(it, starts_at=at) if is_early else None

        bot = interaction.client
        if party.starts_at is None:
            raise UserError(CHANGED)
        if at < party.starts_at:
            if await bot.parties.change(party.id, step, now=at) is None:
                raise UserError(CHANGED)
        else:  # its card was deleted, or could not be posted
            await bot.outbox.repost(TOPIC, f"{party.id}/{CLOCK}/{party.starts_at}", now=at)
            bot.announcer.wake()
        await answer(interaction, notice(say(BEGINS, room=mention(party.channel_id))))


class Close(StatelessButton, code="po"):
    """Call it off, or stop before the end; asked about first."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, why, *sure = self.parts
        party = party_of(interaction, id)
        check_hosts(interaction, party)
        if why not in {STOPPED, "cancelled", "for_good"}:
            raise ValueError(why)
        if why == STOPPED:
            await finish(interaction, party, STOPPED)
        elif sure != [SURE]:
            await ask_to_call_off(interaction, party, why)
        else:
            await call_off(interaction, party, for_good=why == "for_good")


async def ask_to_call_off(
    interaction: discord.Interaction[Bot], party: Party, why: str = "cancelled"
) -> None:
    """Make sure first; one that is on is only stopped where it is."""
    yes, no, sentence = (YES_STOP, NO_STOP, SURE_STOP) if party.is_running else WORDS_OFF
    danger = discord.ButtonStyle.danger
    press = Close(str(party.id), why, SURE, label=yes, style=danger)
    told = say(sentence, name=name_of(interaction.client, party))
    await answer(interaction, notice(told, rows=yes_or_no(press, no=no)))


async def call_off(
    interaction: discord.Interaction[Bot], party: Party, *, for_good: bool = False
) -> None:
    bot, at = interaction.client, now()
    if party.is_running:
        await finish(interaction, party, STOPPED)
        return
    upcoming = None if for_good else next_week(bot, party, "cancelled")
    changed = await bot.parties.change(
        party.id,
        lambda it: None if it.is_running else it.closed("cancelled", now=at),
        now=at,
        following=upcoming,
    )
    if changed is None:
        raise UserError(CHANGED)
    told = OFF
    if upcoming is not None and upcoming.starts_at is not None:
        told = say(OFF_ONCE, moment=moment(upcoming.starts_at))
    await answer(interaction, notice(told))


def _with(told: str, card: Card) -> Card:
    """The card with a line above everything it says."""
    return Card(ui.TextDisplay(told), *card.children)
