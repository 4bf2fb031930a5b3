"""The buttons with which members join a party, vote, check in and react."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.clock import now
from bot.discord_api.permissions import check_not_timed_out, may_see
from bot.parties import codes
from bot.parties.cards import BEHIND_LABEL, REACTIONS, start_of
from bot.parties.wording import moment, party_name, position
from bot.progress.update import ConfirmProgress
from bot.ui.buttons import OUT_OF_DATE, StatelessButton
from bot.ui.cards import answer, notice
from bot.ui.errors import Modal, UserError
from bot.ui.mentions import mention
from bot.ui.responses import acknowledge, open_form
from bot.ui.text import say
from data.parties.clock import LONGEST_POSITION, PartyClock
from data.parties.party import COMING, Guest, Party
from data.points import Point

if TYPE_CHECKING:
    from bot.context import Bot


PARTY_GONE = "That party is over, or was called off. `/party list` has those to come."
JOINED_PARTY = (
    "You're in: **{name}**, {moment}. I remind this room a quarter of an hour before, and ping "
    "nobody."
)
JOINED_BEFORE_TIME = "You're in: **{name}**. Its card says when the time is settled."
JOINED_RUNNING = "You're in, and it's on right now, in {place}. Press *I'm here* on its clock."
MAYBE_NOTED = "Noted: maybe. Press *Join* when you know."
LEFT_PARTY = "You're out. Come back whenever you like: *Join* is still there."
JOIN_TOO_EARLY = (
    "**{name}** begins after **{label}** of {show}. Have you watched that far? If not, you can ask "
    "the host to let you in all the same; they learn that you ask, and nothing else."
)
WATCHED_BEFORE_LABEL, ASK_HOST_LABEL = "I've watched {label}", "Ask the host"
ASKED_HOST = (
    "I've asked: the host sees it on the card. Press *Join* again later to see whether you are in."
)
CHECKED_IN = "You're here. Have a good time!"
CHECKED_IN_WITH_CLOCK = (
    "You're here. While this runs, my answers here go as far as the clock for you. If you are "
    "behind it, press *I'm behind*."
)
CHECKED_IN_NOT_WATCHED = (
    "You're here. My answers to you stay at what you have watched; *I watched it*, at the end, "
    "moves you on."
)
NOT_LET_IN_YET = "I have asked the host to let you in. They have not decided yet."
VOTE_SAVED = "Your vote is for {moment}. Press another one to change it."
VOTE_CLOSED = "The time is settled by now."
BEHIND_FORM_TITLE = "How far behind are you?"
BEHIND_FIELD = "Behind by (seconds, or like 1:30)"
BEHIND_NOTED = "Noted: you are {lag} behind. My answers here wait for you."
NOT_A_POSITION = "I can't read that. Write seconds, like `40`, or minutes and seconds, like `1:30`."
ASK_POSITION = (
    "The clock is at **{position}** of **{label}** already. Are you there, too, with all "
    "that comes before it watched?"
)
CLOCK_WENT_ON = (
    "The clock went on meanwhile, so I keep you where you were. Press *I'm here* on its card once "
    "you are there, too."
)
WITH_CLOCK_LABEL = "Yes, I'm at {position}"
CHECK_IN_FIRST = "Press *I'm here* first."
CLOCK_NOT_RUNNING = "The clock is not running just now."
LATE_AFTER = 120  # seconds of position; then a member who checks in is asked where they are
AT_CLOCK = "yes"
PARTS_WITH_CLOCK = (
    4  # parts of a custom_id with `AT_CLOCK`: the others hold the clock of the question
)
LONGEST_POSITION_TEXT = 8

_TIME = re.compile(r"(?:(?:(\d{1,2}):)?(\d{1,3}):)?(\d{1,5})")


def find_party(interaction: discord.Interaction[Bot], id: str) -> Party:
    """The party of a button. Raises `UserError` if it is over or its room is hidden."""
    party = interaction.client.parties.get(int(id))
    is_here = party is not None and party.guild_id == interaction.guild_id
    if party is None or not is_here or not may_see(interaction, party.channel_id):
        raise UserError(PARTY_GONE)
    return party


def parse_position(text: str) -> int:
    """The seconds of a text like `90`, `1:30` or `1:04:05`. Raises `UserError` for other text."""
    found = _TIME.fullmatch(text.strip())
    if found is None or not found[0].isascii():
        raise UserError(NOT_A_POSITION)
    hours, minutes, rest = (int(part or 0) for part in found.groups())
    total = (hours * 60 + minutes) * 60 + rest
    if total > LONGEST_POSITION:
        raise UserError(NOT_A_POSITION)
    return total


class JoinParty(StatelessButton, code=codes.JOIN_CODE):
    """Join a party, maybe join it, or leave it."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, what, *_ = self.parts
        party = find_party(interaction, id)
        check_not_timed_out(interaction)
        if what == "leave":
            await _save(interaction, party, lambda _: None)
            await answer(interaction, notice(LEFT_PARTY))
        elif what == "maybe":
            await _save(interaction, party, lambda guest: Guest(guest.user_id, "maybe"))
            await answer(interaction, notice(MAYBE_NOTED))
        elif what == "coming":
            await join(interaction, party)
        else:
            raise ValueError(what)


async def _save(
    interaction: discord.Interaction[Bot],
    party: Party,
    step: Callable[[Guest], Guest | None],
    *,
    seen: PartyClock | None = None,
) -> Guest:
    """Stores a member's answer, as `Parties.answer`. Raises `UserError` if the party is over."""
    parties, user_id = interaction.client.parties, interaction.user.id
    guest = await parties.answer(party.id, user_id, step, now=now(), seen=seen)
    if guest is None:
        raise UserError(PARTY_GONE)
    return guest


async def join(interaction: discord.Interaction[Bot], party: Party) -> None:
    """Adds a member who has watched what comes before; others are offered to ask the host."""
    if not await _is_let_in(interaction, party):
        return
    await _save(interaction, party, lambda guest: replace(guest, answer=COMING))
    name, starts_at = party_name(interaction.client, party), party.starts_at
    told = say(JOINED_BEFORE_TIME, name=name)
    if party.is_running:
        told = say(JOINED_RUNNING, place=mention(party.place))
    elif starts_at is not None:
        told = say(JOINED_PARTY, name=name, moment=moment(starts_at))
    await answer(interaction, notice(told))


async def _offer_ways_in(interaction: discord.Interaction[Bot], party: Party) -> None:
    bot, start = interaction.client, start_of(interaction.client, party)
    show, label = bot.library.in_words(party.show, start)
    told = say(JOIN_TOO_EARLY, name=party_name(bot, party), label=label, show=show)
    again = (JoinParty.code, str(party.id), COMING)
    style = discord.ButtonStyle.primary
    watched = ConfirmProgress(
        party.show, start.token, *again, label=WATCHED_BEFORE_LABEL.format(label=label), style=style
    )
    await answer(
        interaction, notice(told, rows=[[watched, AskToJoin(str(party.id), label=ASK_HOST_LABEL)]])
    )


class AskToJoin(StatelessButton, code="pq"):
    """Ask the host to be let in without having watched what comes before."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (id,) = self.parts
        party = find_party(interaction, id)
        check_not_timed_out(interaction)

        def step(guest: Guest) -> Guest:
            return guest if guest.is_present else Guest(guest.user_id, "asking")

        await _save(interaction, party, step)
        await answer(interaction, notice(ASKED_HOST))


class VoteForTime(StatelessButton, code=codes.VOTE_CODE):
    """Vote for one of the proposed times; the last vote counts."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, place, *_ = self.parts
        party = find_party(interaction, id)
        check_not_timed_out(interaction)
        parties, user_id = interaction.client.parties, interaction.user.id
        wanted = parties.proposal(party.id, int(place))
        if wanted is None or not await parties.vote(party.id, user_id, wanted.place, now=now()):
            raise UserError(VOTE_CLOSED)
        await answer(interaction, notice(say(VOTE_SAVED, moment=moment(wanted.starts_at))))


class CheckIn(StatelessButton, code=codes.CHECK_IN_CODE):
    """Check in to a party: answers in its thread do not go past this member from then on."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, *rest = self.parts
        party = find_party(interaction, id)
        check_not_timed_out(interaction)
        if not await _is_let_in(interaction, party):
            return
        if rest[:1] == [AT_CLOCK] and len(rest) == PARTS_WITH_CLOCK:
            _, episode, gone, since = rest
            seen = PartyClock(episode, int(gone), int(since) if since else None)
            await check_in(interaction, party, seen=seen)
        elif party.clock is not None and _is_late(interaction, party):
            await _ask_where(interaction, party, party.clock)
        else:
            await check_in(interaction, party, seen=party.clock)


def _is_late(interaction: discord.Interaction[Bot], party: Party) -> bool:
    """Whether the clock is so far on that a member who checks in has to be asked where they are."""
    bot, user_id, clock = interaction.client, interaction.user.id, party.clock
    if clock is None or clock.position(now()) > LATE_AFTER:
        return clock is not None
    known = bot.parties.guests(party.id).get(user_id)
    is_new = known is None or not known.is_present
    return is_new and not bot.audience.is_ready_for(user_id, party, clock.episode)


async def _ask_where(
    interaction: discord.Interaction[Bot], party: Party, clock: PartyClock
) -> None:
    moment = now()
    gone, id = clock.position(moment), str(party.id)
    since = "" if clock.since is None else str(max(moment, clock.since))
    at = position(gone)
    _, label = interaction.client.library.in_words(party.show, Point(clock.episode))
    buttons = [
        CheckIn(
            id,
            AT_CLOCK,
            clock.episode,
            str(gone),
            since,
            label=WITH_CLOCK_LABEL.format(position=at),
        ),
        CheckInBehind(id, label=BEHIND_LABEL),
    ]
    told = say(ASK_POSITION, label=label, position=at)
    await answer(interaction, notice(told, rows=[buttons]))


async def check_in(
    interaction: discord.Interaction[Bot], party: Party, lag: int = 0, *, seen: PartyClock | None
) -> None:
    """Stores that a member is here, `lag` seconds behind the clock, and answers them.

    Raises `UserError` if the party is over.
    """
    bot, user_id = interaction.client, interaction.user.id
    here = Guest(user_id, is_present=True, lag=lag)
    guest = await _save(interaction, party, lambda _: here, seen=seen)
    if not guest.is_ready:
        told = CLOCK_WENT_ON
    elif guest.lag:
        told = say(BEHIND_NOTED, lag=position(guest.lag))
    elif not bot.audience.is_ready_for(user_id, party):
        told = CHECKED_IN_NOT_WATCHED
    elif party.is_running:
        told = CHECKED_IN_WITH_CLOCK
    else:
        told = CHECKED_IN
    await answer(interaction, notice(told))


async def _is_let_in(interaction: discord.Interaction[Bot], party: Party) -> bool:
    """Whether a member may join; one who may not yet is told what they can do."""
    bot, user_id = interaction.client, interaction.user.id
    known = bot.parties.guests(party.id).get(user_id)
    is_known = (known is not None and known.answer == COMING) or user_id == party.host_id
    if is_known or bot.audience.is_ready_for(user_id, party):
        return True
    if known is not None and known.answer == "asking":
        raise UserError(NOT_LET_IN_YET)
    await _offer_ways_in(interaction, party)
    return False


class CheckInBehind(StatelessButton, code=codes.BEHIND_CODE):
    """Check in behind the clock; a form asks by how much."""

    opens_form = True

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, *_ = self.parts
        party = find_party(interaction, id)
        check_not_timed_out(interaction)
        if await _is_let_in(interaction, party):
            await open_form(interaction, _CheckInBehindForm(party))


class _CheckInBehindForm(Modal):
    def __init__(self, party: Party) -> None:
        super().__init__(title=BEHIND_FORM_TITLE)
        self._id, self._seen = party.id, party.clock
        self._lag = ui.TextInput[Any](max_length=LONGEST_POSITION_TEXT)
        self.add_item(ui.Label(text=BEHIND_FIELD, component=self._lag))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        party = find_party(interaction, str(self._id))
        lag = parse_position(self._lag.value)
        if await _is_let_in(interaction, party):
            await check_in(interaction, party, lag, seen=self._seen)


def _present(interaction: discord.Interaction[Bot], party: Party) -> Guest:
    """A member who has pressed *I'm here*. Raises `UserError` for others."""
    guest = interaction.client.parties.guests(party.id).get(interaction.user.id)
    if guest is None or not guest.is_present:
        raise UserError(CHECK_IN_FIRST)
    return guest


class ReactToEpisode(StatelessButton, code=codes.REACT_CODE):
    """Count a reaction for the minute where this member is; nothing is posted."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, kind, *_ = self.parts
        party = find_party(interaction, id)
        guest = _present(interaction, party)
        moment = now()
        is_playing = party.state == "running" and party.clock is not None
        if kind not in REACTIONS or party.clock is None:
            raise UserError(OUT_OF_DATE)
        if not is_playing or (party.clock.since or 0) > moment:
            raise UserError(CLOCK_NOT_RUNNING)
        minute = max(0, party.clock.position(moment) - guest.lag) // 60
        await interaction.client.parties.react(party.id, party.clock.episode, minute, kind)
        await acknowledge(interaction)
