"""The cards of a party: invitation, reminder and clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.parties import codes
from bot.parties.wording import (
    beforehand,
    current_name,
    moment,
    moment_and_distance,
    party_name,
    position,
)
from bot.ui.cards import ACCENT, Card, Row, notice, safe_line
from bot.ui.custom_ids import encode
from bot.ui.mentions import link_to, mention, mention_of
from bot.ui.text import Markup, hide, say, without_blocks
from data.parties.party import Party
from data.points import PREMISE, Point

if TYPE_CHECKING:
    from bot.context import Bot
    from bot.readers.audience import Room


PARTY_HEADING = "### Watch party: {name}"
EVERY_WEEK = "{when} · every week"
VOTE_EXPLAINED = (
    "**When?** One vote each; the host settles it, or I do an hour before the first of them."
)
PROPOSED_TIME = "{place}. {moment} · {votes}"
ONE_VOTE, COUNT_VOTES = "1 vote", "{count} votes"
HOSTED_BY = "Hosted by {who}"
NO_HOST = "Without a host: whoever is here can start the clock."
NOBODY_JOINED = "Nobody has joined yet. Be the first!"
COUNT_COMING, COUNT_MAYBE = "{count} coming", "{count} maybe"
ONE_ASKS_HOST, COUNT_ASK_HOST = "1 asks the host to come", "{count} ask the host to come"
NEEDS_AGREEMENT = (
    "This goes further than this room talks (through {label}), so a moderator of this room has to "
    "agree before it begins. The room itself stays as it is."
)
ON_NOW = "**On right now** in {place}."
NO_SCOPE_YET = (
    "This room has no scope yet, so a moderator of it has to agree before this begins; for the "
    "party's own thread alone."
)
PARTY_OVER = "**Over.** It was good to have you."
RATE_IN_THREAD = "Say *I watched it*, and rate it, in {thread}."
ENDED_BECAUSE = {
    "cancelled": "**Called off.**",
    "not_begun": "**Called off**: nobody started it for three hours.",
    "away": "**Over.** Nobody had touched its clock for hours, so I closed it.",
    "vote_over": "**Called off**: all its times were over before one was settled.",
    "event_deleted": "**Called off**: its event was deleted.",
    "room_gone": "**Called off.**",
}

BEGINS_SOON = "### {name} begins {ago}"
PREVIOUSLY = "**Previously on {show}…**"

CLOCK_HEADING = "### {name}"
CLOCK_NOT_STARTED = (
    "It's time. Press *I'm here* once you sit in front of it; then the host starts the clock, and "
    "everybody presses play together."
)
CLOCK_COUNTS_DOWN = "**Press play {ago}**, at {moment}."
CLOCK_RUNS = (
    "▶ Playing. If you pressed play on time, you began {ago}. "
    "If you are behind, press *I'm behind*."
)
CLOCK_PAUSED = "⏸ Paused at **{position}**."
NEXT_EPISODE_WAITS = (
    "Press *I'm here* once you have seen all of the last one; then the host starts the clock."
)
COUNT_HERE = "{count} here"
NOBODY_HERE = "Nobody has pressed *I'm here* yet."
ANSWERS_FOLLOW_CLOCK = "-# Answers here follow the clock, and never pass anybody who is here."

JOIN_LABEL, MAYBE_LABEL, LEAVE_LABEL = "Join", "Maybe", "Leave"
AGREE_LABEL, HOST_MENU_LABEL, VOTE_LABEL = "Agree, for its thread only", "Host…", "Time {place}"
CHECK_IN_LABEL, BEHIND_LABEL = "I'm here", "I'm behind…"
START_LABEL, PAUSE_LABEL, RESUME_LABEL, SKIP_LABEL = "Start: 3·2·1", "Pause", "Resume", "Skip to…"
NEXT_LABEL, END_LABEL = "Next: {label}", "The end"
REACTIONS = {"laugh": "😂", "gasp": "😱", "cry": "😢", "love": "❤️"}

PRIMARY, SECONDARY = discord.ButtonStyle.primary, discord.ButtonStyle.secondary


def start_of(bot: Bot, party: Party) -> Point:
    """The point that a guest has to have reached before the party."""
    if bot.library.get(party.show) is None:
        return PREMISE
    return bot.library.order(party.show).before(Point(party.first))


def is_beyond(bot: Bot, party: Party) -> bool:
    """Whether it goes past the scope of its room, and no moderator has agreed."""
    channel = bot.get_channel(party.channel_id)
    return not party.agreed_by and bot.audience.is_beyond(party, channel)


def party_card(bot: Bot, party: Party, nonce: str) -> Card:
    """The card in the room on which members join."""
    lines = [say(PARTY_HEADING, name=party_name(bot, party)), *_when(bot, party)]
    lines.append(say(HOSTED_BY, who=mention_of(party.host_id)) if party.host_id else NO_HOST)
    if not party.is_over:
        lines += [_beforehand(bot, party), _answer_counts(bot, party)]
    lines += _status_lines(bot, party)
    return _card(lines, *_party_rows(bot, party, nonce))


def _when(bot: Bot, party: Party) -> Iterator[str]:
    if party.starts_at is not None:
        told = moment_and_distance(party.starts_at)
        yield say(EVERY_WEEK, when=Markup(told)) if party.weekly else told
    elif not party.is_over:
        yield VOTE_EXPLAINED
        votes = Counter(bot.parties.votes(party.id).values())
        for proposal in bot.parties.proposals(party.id):
            count = votes[proposal.place]
            told = ONE_VOTE if count == 1 else COUNT_VOTES.format(count=count)
            at = moment(proposal.starts_at)
            yield say(PROPOSED_TIME, place=proposal.place + 1, moment=at, votes=told)


def _beforehand(bot: Bot, party: Party) -> str:
    start = start_of(bot, party)
    return beforehand(start, bot.library.in_words(party.show, start)[1])


def _answer_counts(bot: Bot, party: Party) -> str:
    answers = Counter(guest.answer for guest in bot.parties.guests(party.id).values())
    told = [
        sentence.format(count=answers[answer])
        for answer, sentence in (("coming", COUNT_COMING), ("maybe", COUNT_MAYBE))
        if answers[answer]
    ]
    if asking := answers["asking"]:
        told.append(ONE_ASKS_HOST if asking == 1 else COUNT_ASK_HOST.format(count=asking))
    return " · ".join(told) or NOBODY_JOINED


def _status_lines(bot: Bot, party: Party) -> Iterator[str]:
    """Lines about the state of the party: over, running, or waiting for agreement."""
    if party.is_over:
        yield _ended_line(party)
    elif party.is_running:
        yield say(ON_NOW, place=mention(party.place))
    elif is_beyond(bot, party):
        channel = bot.get_channel(party.channel_id)
        scope = bot.audience.set_scope(party.guild_id, channel, party.show)
        label = bot.library.in_words(party.show, scope)[1]
        yield NO_SCOPE_YET if scope == PREMISE else say(NEEDS_AGREEMENT, label=label)


def _ended_line(party: Party) -> str:
    """Why the party is over, with a link to its thread if it has one."""
    told = ENDED_BECAUSE.get(party.ended or "", PARTY_OVER)
    thread = party.thread_id
    return f"{told} {say(RATE_IN_THREAD, thread=mention(thread))}" if thread else told


def _party_rows(bot: Bot, party: Party, nonce: str) -> Iterator[Row]:
    if party.is_over:
        # An announcement is found again by the nonce on a button.
        yield [_button(codes.JOIN_CODE, party, "coming", nonce, label=JOIN_LABEL, disabled=True)]
        return
    yield [
        _button(codes.JOIN_CODE, party, "coming", nonce, label=JOIN_LABEL, style=PRIMARY),
        _button(codes.JOIN_CODE, party, "maybe", nonce, label=MAYBE_LABEL),
        _button(codes.JOIN_CODE, party, "leave", nonce, label=LEAVE_LABEL),
        _button(codes.HOST_MENU_CODE, party, nonce, label=HOST_MENU_LABEL),
    ]
    if party.state == "voting":
        yield [
            _button(
                codes.VOTE_CODE,
                party,
                str(p.place),
                nonce,
                label=VOTE_LABEL.format(place=p.place + 1),
            )
            for p in bot.parties.proposals(party.id)
        ]
    elif party.state == "planned" and is_beyond(bot, party):
        yield [_button(codes.AGREE_CODE, party, nonce, label=AGREE_LABEL)]


def passed_card(bot: Bot, party: Party, nonce: str) -> Card:
    """The card that replaces a reminder, and a clock for a start that was moved."""
    lines = [say(CLOCK_HEADING, name=party_name(bot, party))]
    if party.is_over:
        lines.append(_ended_line(party))
    elif party.is_running:
        lines.append(say(ON_NOW, place=mention(party.place)))
    elif party.starts_at is not None:
        lines.append(moment_and_distance(party.starts_at))
    return _card(
        lines, [_button(codes.JOIN_CODE, party, "coming", nonce, label=JOIN_LABEL, disabled=True)]
    )


def reminder_card(bot: Bot, party: Party, nonce: str, room: Room, told: str | None) -> Card:
    """The reminder, with the recap `told` as far as everybody who comes has watched."""
    name, starts_at = party_name(bot, party), party.starts_at or 0
    lines = [
        say(BEGINS_SOON, name=name, ago=moment(starts_at, "R")),
        _beforehand(bot, party),
        _answer_counts(bot, party),
    ]
    parts: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(lines))]
    if told is not None:
        parts.append(ui.TextDisplay(say(PREVIOUSLY, show=room.story.show.title)))
        covered = room.story.horizon != PREMISE
        text = ui.TextDisplay[Any](hide(without_blocks(told)) if covered else told)
        parts.append(ui.Container(text, accent_colour=ACCENT, spoiler=covered))
    parts.append(ui.TextDisplay(safe_line(room.story.label)))
    join = _button(codes.JOIN_CODE, party, "coming", nonce, label=JOIN_LABEL, style=PRIMARY)
    return Card(*parts, rows=[[join]])


def clock_card(bot: Bot, party: Party, nonce: str, now: int) -> Card:
    """The card with the clock: who is here, and the buttons that move it."""
    lines = [say(CLOCK_HEADING, name=current_name(bot, party)), *_clock_lines(party, now)]
    if party.is_over:
        lines.append(_ended_line(party))
        return _card(
            lines, [_button(codes.CHECK_IN_CODE, party, nonce, label=CHECK_IN_LABEL, disabled=True)]
        )
    here = sum(guest.is_ready for guest in bot.parties.present(party.id))
    lines.append(COUNT_HERE.format(count=here) if here else NOBODY_HERE)
    if party.is_running:
        lines.append(ANSWERS_FOLLOW_CLOCK)
    return _card(lines, *_clock_rows(bot, party, nonce))


def _clock_lines(party: Party, now: int) -> Iterator[str]:
    clock = party.clock
    if party.is_over:
        return
    if clock is None:
        yield CLOCK_NOT_STARTED
    elif clock.since is None and not clock.elapsed:
        yield NEXT_EPISODE_WAITS
    elif clock.since is None:
        yield say(CLOCK_PAUSED, position=position(clock.elapsed))
    elif clock.since > now:
        yield say(CLOCK_COUNTS_DOWN, ago=moment(clock.since, "R"), moment=moment(clock.since, "T"))
    else:
        yield say(CLOCK_RUNS, ago=moment(clock.since - clock.elapsed, "R"))


def _clock_rows(bot: Bot, party: Party, nonce: str) -> Iterator[Row]:
    first = [_button(codes.CHECK_IN_CODE, party, nonce, label=CHECK_IN_LABEL, style=PRIMARY)]
    if party.state == "planned":
        yield [*first, _button(codes.CLOCK_CODE, party, "start", nonce, label=START_LABEL)]
        return
    yield [
        *first,
        *(
            _button(codes.REACT_CODE, party, kind, nonce, label=sign)
            for kind, sign in REACTIONS.items()
        ),
    ]
    again = RESUME_LABEL if party.clock and party.clock.elapsed else START_LABEL
    turn = ("pause", PAUSE_LABEL) if party.state == "running" else ("resume", again)
    following = next_episode(bot, party)
    onward = ("end", END_LABEL)
    if following is not None:
        label = bot.library.in_words(party.show, following)[1]
        onward = ("next", NEXT_LABEL.format(label=label))
    yield [
        _button(codes.BEHIND_CODE, party, nonce, label=BEHIND_LABEL),
        _button(codes.CLOCK_CODE, party, turn[0], nonce, label=turn[1]),
        _button(codes.SKIP_CODE, party, nonce, label=SKIP_LABEL),
        _button(codes.CLOCK_CODE, party, onward[0], nonce, label=onward[1]),
        _button(codes.HOST_MENU_CODE, party, nonce, label=HOST_MENU_LABEL),
    ]


def next_episode(bot: Bot, party: Party) -> Point | None:
    """The party's next episode; None during the last one, or if the show is gone."""
    if party.clock is None or bot.library.get(party.show) is None:
        return None
    order, here = bot.library.order(party.show), Point(party.clock.episode)
    following = order.after(here) if here in order else None
    is_last = following is None or not order.reached(following, Point(party.last))
    return None if is_last else following


def card_address(party: Party, message_id: int | None) -> Markup:
    return link_to(party.guild_id, party.channel_id, message_id)


def _button(
    code: str,
    party: Party,
    *parts: str,
    label: str,
    style: discord.ButtonStyle = SECONDARY,
    disabled: bool = False,
) -> ui.Button[Any]:
    """A button that the class with `code` answers; its last part is the announcement's nonce."""
    custom_id = encode(code, str(party.id), *parts)
    return ui.Button(label=label, style=style, custom_id=custom_id, disabled=disabled)


def _card(lines: Sequence[str], *rows: Row) -> Card:
    return notice("\n".join(lines), rows=rows)
