"""Clockwork: a party begins, pauses, goes on and ends, by whoever may move its clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import discord
from discord import ui

from bot.clock import now
from bot.parties import codes
from bot.parties.attend import LONGEST_TEXT, party_of, seconds
from bot.parties.cards import clock_card, following_of, is_beyond
from bot.parties.countdown import count_down
from bot.parties.permissions import check_moves_clock
from bot.parties.thread import leave_thread, open_thread
from bot.parties.weekly import next_week
from bot.parties.wording import moment, position
from bot.progress.update import is_out
from bot.readers.show_choice import NO_SUCH_SHOW
from bot.ui.buttons import StatelessButton
from bot.ui.cards import answer, notice, private
from bot.ui.confirm import yes_or_no
from bot.ui.custom_ids import decode
from bot.ui.errors import Modal, UserError
from bot.ui.mentions import mention
from bot.ui.text import PREMISE, say
from data.parties.clock import LONGEST, MINUTE, Clock
from data.parties.party import FINISHED, Guest, Party
from data.points import Order, Point

if TYPE_CHECKING:
    from bot.context import Bot


OTHER_EPISODES = (
    "The episodes of this show have changed since this was planned. "
    "`/party change episodes:` says which to watch."
)
NOT_OUT = "**{label}** is not out yet, so nobody can have it on."
STILL_BEYOND = (
    "This goes further than this room talks. A moderator of this room has to press *Agree* on the "
    "party's card first."
)
TAKEN = "Another party is on in this room: {place}. Two at once would spoil each other."
CHANGED = "Somebody was quicker: it is not as it was when you pressed."
TOO_EARLY = "It is not time yet: it begins {ago}. The host can begin it now: *Host…* on its card."
# The clock that a press makes of a party's, at a moment in UTC epoch seconds; None: it cannot.
Turn = Callable[[Party, int], Clock | None]

LEAD = 10  # seconds between the press and the moment to press play
SKIP_TITLE, SKIP_TO = "Where is everybody?", "At (like 12:30)"

SKIPPED = (
    "The clock is at {position} now. The others stay where they were until they press *I'm here*."
)
SET_BACK = "The clock is back at {position}."
MINUTES_OR_SECONDS = "Is that minute {typed}, or second {typed}?"
REALLY_END = "The clock is at {position} only. Is the party over all the same?"
YES_END = "Yes, it is over"
DONE = "Done."
STOPPED = "Stopped. The clock stands where it stood."


class Clockwork(StatelessButton, code=codes.CLOCK):
    """Start, pause, go on, go on to the next episode, or end."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, what, *_ = self.parts
        party = party_of(interaction, id)
        await check_moves_clock(interaction, party)
        if what == "start":
            await start(interaction, party)
            return
        if what == "end":
            await _end(interaction, party)
        elif what == "pause":
            await _tick(interaction, party, _paused)
        elif what == "resume":
            await resume(interaction, party)
        elif what == "next":
            await _go_on(interaction, party)
        else:
            raise ValueError(what)


class End(StatelessButton, code=codes.END):
    """Yes, the party is over, although its episode does not look it."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        party = party_of(interaction, *self.parts)
        await check_moves_clock(interaction, party)
        await finish(interaction, party)


async def _end(interaction: discord.Interaction[Bot], party: Party) -> None:
    """End it; before the last minutes of the episode this is asked about first."""
    bot = interaction.client
    if party.clock is None or following_of(bot, party) is not None:
        raise UserError(CHANGED)
    at = party.clock.position(now())
    if bot.library.is_ending(party.show, party.clock.episode, at):
        await finish(interaction, party)
        return
    yes = End(str(party.id), label=YES_END, style=discord.ButtonStyle.danger)
    body = say(REALLY_END, position=position(at))
    await answer(interaction, private(body, label=PREMISE, rows=yes_or_no(yes)))


async def _tick(
    interaction: discord.Interaction[Bot], party: Party, turn: Turn, jump: int = 0
) -> None:
    """Set the clock, unless somebody else has, and show it at once where it was pressed."""
    await _show(interaction, await _set(interaction, party, turn, jump))


async def _set(
    interaction: discord.Interaction[Bot], party: Party, turn: Turn, jump: int = 0
) -> Party:
    """Set the clock; by a jump ahead (in seconds) nobody is carried along but who makes it.

    Everybody else stays where they were until they press *I'm here* again.
    """
    moment, user_id = now(), interaction.user.id

    def step(it: Party) -> Party | None:
        clock = turn(it, moment) if it.clock == party.clock else None
        return clock and it.ticking(clock, moment)

    def stay(guest: Guest) -> Guest:
        return guest if guest.user_id == user_id else guest.left_behind(jump)

    changed = await interaction.client.parties.change(
        party.id, step, now=moment, guests=stay if jump else None
    )
    if changed is None:
        raise UserError(CHANGED)
    return changed


def _paused(party: Party, now: int) -> Clock | None:
    return party.clock and party.clock.paused(now)


def _running(party: Party, now: int) -> Clock | None:
    return party.clock and party.clock.running(now)


async def _go_on(interaction: discord.Interaction[Bot], party: Party) -> None:
    """The next episode, at its beginning, until everybody is ready for it."""
    following = following_of(interaction.client, party)
    if following is None or following.episode is None:
        raise UserError(CHANGED)
    clock = Clock(following.episode)

    def turn(_party: Party, _now: int) -> Clock:
        return clock

    await _tick(interaction, party, turn, LONGEST)


async def _show(interaction: discord.Interaction[Bot], party: Party) -> None:
    """The clock's card as it is now, where it was pressed; elsewhere nothing has to be said."""
    pressed, data = interaction.message, cast("dict[str, Any]", interaction.data)
    *_, nonce = decode(data.get("custom_id")).parts or ("",)
    if pressed is None or pressed.flags.ephemeral:
        await answer(interaction, notice(STOPPED if party.is_over else DONE))
    else:
        card = clock_card(interaction.client, party, nonce, now())
        await interaction.response.edit_message(view=card)


async def start(interaction: discord.Interaction[Bot], party: Party) -> None:
    """Open the thread, and have everybody press play together."""
    bot = interaction.client
    if party.state != "planned":
        raise UserError(CHANGED)
    if party.starts_at is None or now() < party.starts_at:
        raise UserError(say(TOO_EARLY, ago=moment(party.starts_at or now(), "R")))
    other = bot.parties.running_in(party.channel_id)
    if other is not None:
        raise UserError(say(TAKEN, place=mention(other.place)))
    order, first = order_of(bot, party), Point(party.first)
    if first not in order or Point(party.last) not in order:
        raise UserError(OTHER_EPISODES)
    if not is_out(order, first):
        raise UserError(say(NOT_OUT, label=order.label(first)))
    if is_beyond(bot, party):
        raise UserError(STILL_BEYOND)
    at = now()
    changed = await bot.parties.change(party.id, lambda it: it.begun(at + LEAD, None, at), now=at)
    if changed is None:
        raise UserError(CHANGED)
    # Whoever pressed is answered first: a thread may take longer than Discord waits.
    await count_down(interaction, changed)
    thread_id = await open_thread(interaction, party)
    if thread_id is not None:
        await bot.parties.change(party.id, lambda it: it.talking_in(thread_id), now=now())


async def resume(interaction: discord.Interaction[Bot], party: Party) -> None:
    """Go on; at the beginning of an episode everybody presses play together."""
    if party.clock is None or party.state != "paused":
        raise UserError(CHANGED)
    if party.clock.elapsed:
        await _tick(interaction, party, _running)
        return
    order, here = order_of(interaction.client, party), Point(party.clock.episode)
    if not is_out(order, here):
        raise UserError(say(NOT_OUT, label=order.label(here)))
    changed = await _set(interaction, party, lambda it, now: _running(it, now + LEAD))
    await count_down(interaction, changed)


def order_of(bot: Bot, party: Party) -> Order:
    """The order of its show's points. Raises `UserError` for a show that is gone."""
    if bot.library.get(party.show) is None:
        raise UserError(NO_SUCH_SHOW)
    return bot.library.order(party.show)


async def finish(interaction: discord.Interaction[Bot], party: Party, why: str = FINISHED) -> None:
    """Close a party that is on; its thread may go on talking about what was watched."""
    bot, at = interaction.client, now()
    if why == FINISHED and following_of(bot, party) is not None:
        raise UserError(CHANGED)

    def step(it: Party) -> Party | None:
        return it.closed(why, now=at) if it.is_running and it.clock == party.clock else None

    upcoming = next_week(bot, party, why)
    changed = await bot.parties.change(party.id, step, now=at, following=upcoming)
    if changed is None:
        raise UserError(CHANGED)
    await leave_thread(bot, changed)
    await _show(interaction, changed)


class Skip(StatelessButton, code=codes.SKIP):
    """Set the clock to where everybody is; asked in a form."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, *_ = self.parts
        party = party_of(interaction, id)
        await check_moves_clock(interaction, party)
        if party.clock is None:
            raise UserError(CHANGED)
        await interaction.response.send_modal(_SkipForm(party))


class _SkipForm(Modal):
    def __init__(self, party: Party) -> None:
        super().__init__(title=SKIP_TITLE)
        self._party = party
        self._at = ui.TextInput[Any](max_length=LONGEST_TEXT)
        self.add_item(ui.Label(text=SKIP_TO, component=self._at))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        party = party_of(interaction, str(self._party.id))
        await check_moves_clock(interaction, party)
        typed = self._at.value.strip()
        at = seconds(typed)
        if typed.isdecimal() and 0 < at * MINUTE <= LONGEST:
            choices = [_skip_to(party, at * MINUTE), _skip_to(party, at)]
            body = say(MINUTES_OR_SECONDS, typed=typed)
            await answer(interaction, private(body, label=PREMISE, rows=[choices]))
        else:
            await _skip(interaction, party, at)


class SkipTo(StatelessButton, code=codes.SKIP_TO):
    """Minutes were meant, or seconds."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, at = self.parts
        party = party_of(interaction, id)
        await check_moves_clock(interaction, party)
        await _skip(interaction, party, seconds(at))


def _skip_to(party: Party, at: int) -> SkipTo:
    return SkipTo(str(party.id), str(at), label=position(at))


async def _skip(interaction: discord.Interaction[Any], party: Party, at: int) -> None:
    """Set the clock to so many seconds of the episode, and say so."""
    jump = at - party.clock.position(now()) if party.clock else 0

    def turn(it: Party, now: int) -> Clock | None:
        return it.clock and it.clock.at(at, now)

    await _set(interaction, party, turn, jump)
    told = SKIPPED if jump > 0 else SET_BACK
    await answer(interaction, notice(say(told, position=position(at))))
