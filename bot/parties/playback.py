"""The buttons that move a party's clock: start, pause, resume, skip, next episode and end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import discord
from discord import ui

from bot.clock import now
from bot.parties import codes
from bot.parties.attend import LONGEST_POSITION_TEXT, find_party, parse_position
from bot.parties.cards import clock_card, is_beyond, next_episode
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
from bot.ui.responses import edit_pressed, open_form
from bot.ui.text import PREMISE, say
from data.parties.clock import LONGEST_POSITION, MINUTE_SECONDS, PartyClock
from data.parties.party import ENDED_FINISHED, Guest, Party
from data.points import Order, Point

if TYPE_CHECKING:
    from bot.context import Bot


EPISODES_CHANGED = (
    "The episodes of this show have changed since this was planned. Choose them again with "
    "*Change* in `/party list`."
)
EPISODE_NOT_OUT = "**{label}** is not out yet, so nobody can have it on."
NOT_AGREED_YET = (
    "This goes further than this room talks. A moderator of this room has to press *Agree* on the "
    "party's card first."
)
ROOM_TAKEN = "Another party is on in this room: {place}. Two at once would spoil each other."
PARTY_CHANGED = "Somebody was quicker: it has changed since you pressed."
START_TOO_EARLY = (
    "It is not time yet: it begins {ago}. The host can begin it now: *Host…* on its card."
)
# Returns the moved clock of a party at a moment (UTC epoch seconds), or None if it cannot move.
ClockStep = Callable[[Party, int], PartyClock | None]

COUNTDOWN_LEAD = 10  # seconds between the press and the moment to press play
SKIP_FORM_TITLE, SKIP_FIELD = "Where is everybody?", "At (like 12:30)"

SKIPPED_AHEAD = (
    "The clock is at {position} now. The others stay where they were until they press *I'm here*."
)
SKIPPED_BACK = "The clock is back at {position}."
MINUTES_OR_SECONDS = "Is that minute {typed}, or second {typed}?"
REALLY_END = "The clock is only at {position}. Is the party really over?"
YES_END_LABEL = "Yes, it is over"
CLOCK_DONE = "Done."
CLOCK_STOPPED = "Stopped. The clock stands where it stood."


class ControlClock(StatelessButton, code=codes.CLOCK_CODE):
    """Start, pause or resume the clock, go to the next episode, or end the party."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, what, *_ = self.parts
        party = find_party(interaction, id)
        await check_moves_clock(interaction, party)
        if what == "start":
            await start(interaction, party)
            return
        if what == "end":
            await _end(interaction, party)
        elif what == "pause":
            await _move_clock(interaction, party, _paused)
        elif what == "resume":
            await resume(interaction, party)
        elif what == "next":
            await _next_episode(interaction, party)
        else:
            raise ValueError(what)


class EndParty(StatelessButton, code=codes.END_CODE):
    """Yes, end the party, although its episode is not over by the clock."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        party = find_party(interaction, *self.parts)
        await check_moves_clock(interaction, party)
        await finish(interaction, party)


async def _end(interaction: discord.Interaction[Bot], party: Party) -> None:
    """Ends the party; before the last minutes of the episode it asks first."""
    bot = interaction.client
    if party.clock is None or next_episode(bot, party) is not None:
        raise UserError(PARTY_CHANGED)
    at = party.clock.position(now())
    if bot.library.is_ending(party.show, party.clock.episode, at):
        await finish(interaction, party)
        return
    yes = EndParty(str(party.id), label=YES_END_LABEL, style=discord.ButtonStyle.danger)
    body = say(REALLY_END, position=position(at))
    await answer(interaction, private(body, label=PREMISE, rows=yes_or_no(yes)))


async def _move_clock(
    interaction: discord.Interaction[Bot], party: Party, turn: ClockStep, jump: int = 0
) -> None:
    """Moves the clock and updates the card where it was pressed. Raises as `_save_clock` does."""
    await _show_clock(interaction, await _save_clock(interaction, party, turn, jump))


async def _save_clock(
    interaction: discord.Interaction[Bot], party: Party, turn: ClockStep, jump: int = 0
) -> Party:
    """Stores the moved clock; a `jump` ahead (in seconds) moves only the member who pressed.

    Every other guest stays where they were until they press *I'm here* again. Raises `UserError` if
    somebody else moved the clock first.
    """
    moment, user_id = now(), interaction.user.id

    def step(it: Party) -> Party | None:
        clock = turn(it, moment) if it.clock == party.clock else None
        return clock and it.with_clock(clock, moment)

    def stay(guest: Guest) -> Guest:
        return guest if guest.user_id == user_id else guest.left_behind(jump)

    changed = await interaction.client.parties.change(
        party.id, step, now=moment, guests=stay if jump else None
    )
    if changed is None:
        raise UserError(PARTY_CHANGED)
    return changed


def _paused(party: Party, now: int) -> PartyClock | None:
    return party.clock and party.clock.paused(now)


def _running(party: Party, now: int) -> PartyClock | None:
    return party.clock and party.clock.running(now)


async def _next_episode(interaction: discord.Interaction[Bot], party: Party) -> None:
    """Goes to the beginning of the next episode, where the clock waits for a new start."""
    following = next_episode(interaction.client, party)
    if following is None or following.episode is None:
        raise UserError(PARTY_CHANGED)
    clock = PartyClock(following.episode)

    def turn(_party: Party, _now: int) -> PartyClock:
        return clock

    await _move_clock(interaction, party, turn, LONGEST_POSITION)


async def _show_clock(interaction: discord.Interaction[Bot], party: Party) -> None:
    """Updates the clock's card if the press was on it; elsewhere it answers shortly."""
    pressed, data = interaction.message, cast("dict[str, Any]", interaction.data)
    *_, nonce = decode(data.get("custom_id")).parts or ("",)
    if pressed is None or pressed.flags.ephemeral:
        await answer(interaction, notice(CLOCK_STOPPED if party.is_over else CLOCK_DONE))
    else:
        card = clock_card(interaction.client, party, nonce, now())
        await edit_pressed(interaction, card)


async def start(interaction: discord.Interaction[Bot], party: Party) -> None:
    """Starts the countdown and opens the thread. Raises `UserError` if the party cannot start."""
    bot = interaction.client
    if party.state != "planned":
        raise UserError(PARTY_CHANGED)
    if party.starts_at is None or now() < party.starts_at:
        raise UserError(say(START_TOO_EARLY, ago=moment(party.starts_at or now(), "R")))
    other = bot.parties.running_in(party.channel_id)
    if other is not None:
        raise UserError(say(ROOM_TAKEN, place=mention(other.place)))
    order, first = order_of(bot, party), Point(party.first)
    if first not in order or Point(party.last) not in order:
        raise UserError(EPISODES_CHANGED)
    if not is_out(order, first):
        raise UserError(say(EPISODE_NOT_OUT, label=order.label(first)))
    if is_beyond(bot, party):
        raise UserError(NOT_AGREED_YET)
    at = now()
    changed = await bot.parties.change(
        party.id, lambda it: it.begun(at + COUNTDOWN_LEAD, None, at), now=at
    )
    if changed is None:
        raise UserError(PARTY_CHANGED)
    # The answer comes first: creating a thread may take longer than Discord waits for it.
    await count_down(interaction, changed)
    thread_id = await open_thread(interaction, party)
    if thread_id is not None:
        await bot.parties.change(party.id, lambda it: it.with_thread(thread_id), now=now())


async def resume(interaction: discord.Interaction[Bot], party: Party) -> None:
    """Resumes the clock, with a countdown at the beginning of an episode.

    Raises `UserError` if the party is not paused, or the episode is not out.
    """
    if party.clock is None or party.state != "paused":
        raise UserError(PARTY_CHANGED)
    if party.clock.elapsed:
        await _move_clock(interaction, party, _running)
        return
    order, here = order_of(interaction.client, party), Point(party.clock.episode)
    if not is_out(order, here):
        raise UserError(say(EPISODE_NOT_OUT, label=order.label(here)))
    changed = await _save_clock(
        interaction, party, lambda it, now: _running(it, now + COUNTDOWN_LEAD)
    )
    await count_down(interaction, changed)


def order_of(bot: Bot, party: Party) -> Order:
    """The order of the points of a party's show. Raises `UserError` if the show is gone."""
    if bot.library.get(party.show) is None:
        raise UserError(NO_SUCH_SHOW)
    return bot.library.order(party.show)


async def finish(
    interaction: discord.Interaction[Bot], party: Party, why: str = ENDED_FINISHED
) -> None:
    """Ends a running party and sets the scope of its thread to what was watched.

    Raises `UserError` if somebody else moved the clock, or an episode is left to finish.
    """
    bot, at = interaction.client, now()
    if why == ENDED_FINISHED and next_episode(bot, party) is not None:
        raise UserError(PARTY_CHANGED)

    def step(it: Party) -> Party | None:
        return it.closed(why, now=at) if it.is_running and it.clock == party.clock else None

    upcoming = next_week(bot, party, why)
    changed = await bot.parties.change(party.id, step, now=at, following=upcoming)
    if changed is None:
        raise UserError(PARTY_CHANGED)
    await leave_thread(bot, changed)
    await _show_clock(interaction, changed)


class SkipClock(StatelessButton, code=codes.SKIP_CODE):
    """Open a form that asks for a new position of the clock."""

    opens_form = True

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, *_ = self.parts
        party = find_party(interaction, id)
        await check_moves_clock(interaction, party)
        if party.clock is None:
            raise UserError(PARTY_CHANGED)
        await open_form(interaction, _SkipForm(party))


class _SkipForm(Modal):
    def __init__(self, party: Party) -> None:
        super().__init__(title=SKIP_FORM_TITLE)
        self._party = party
        self._at = ui.TextInput[Any](max_length=LONGEST_POSITION_TEXT)
        self.add_item(ui.Label(text=SKIP_FIELD, component=self._at))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        party = find_party(interaction, str(self._party.id))
        await check_moves_clock(interaction, party)
        typed = self._at.value.strip()
        at = parse_position(typed)
        if typed.isdecimal() and 0 < at * MINUTE_SECONDS <= LONGEST_POSITION:
            choices = [_skip_to(party, at * MINUTE_SECONDS), _skip_to(party, at)]
            body = say(MINUTES_OR_SECONDS, typed=typed)
            await answer(interaction, private(body, label=PREMISE, rows=[choices]))
        else:
            await _skip(interaction, party, at)


class SkipClockTo(StatelessButton, code=codes.SKIP_TO_CODE):
    """Set the clock to a position, after the question whether minutes or seconds were meant."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, at = self.parts
        party = find_party(interaction, id)
        await check_moves_clock(interaction, party)
        await _skip(interaction, party, parse_position(at))


def _skip_to(party: Party, at: int) -> SkipClockTo:
    return SkipClockTo(str(party.id), str(at), label=position(at))


async def _skip(interaction: discord.Interaction[Any], party: Party, at: int) -> None:
    """Sets the clock to `at` seconds of the episode, and answers."""
    jump = at - party.clock.position(now()) if party.clock else 0

    def turn(it: Party, now: int) -> PartyClock | None:
        return it.clock and it.clock.at(at, now)

    await _save_clock(interaction, party, turn, jump)
    told = SKIPPED_AHEAD if jump > 0 else SKIPPED_BACK
    await answer(interaction, notice(say(told, position=position(at))))
