"""Invitations: the cards of a party, before it, while it is watched and when it is over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.parties import codes
from bot.parties.wording import beforehand, moment, name_now, name_of, position, when
from bot.ui.cards import ACCENT, Card, Row, notice, safe_line
from bot.ui.custom_ids import encode
from bot.ui.mentions import link_to, mention, mention_of
from bot.ui.text import Markup, hide, say
from data.parties.party import Party
from data.points import PREMISE, Point

if TYPE_CHECKING:
    from bot.context import Bot
    from bot.readers.audience import Room


HEADING = "### Watch party: {name}"
WEEKLY = "{when} · every week"
VOTE = "**When?** One vote each; the host settles it, or I do an hour before the first of them."
PROPOSAL = "{place}. {moment} · {votes}"
ONE_VOTE, VOTES = "1 vote", "{count} votes"
HOSTED = "Hosted by {who}"
NO_HOST = "Without a host: whoever is here can start the clock."
NOBODY_YET = "Nobody has joined yet. Be the first!"
COMING, MAYBE = "{count} coming", "{count} maybe"
ONE_ASKS, SOME_ASK = "1 asks the host to come", "{count} ask the host to come"
NOT_AGREED = (
    "This goes further than this room talks (through {label}), so a moderator of this room has to "
    "agree before it begins. The room itself stays as it is."
)
ON_NOW = "**On right now** in {place}."
NO_SCOPE = (
    "This room has no scope yet, so a moderator of it has to agree before this begins; for the "
    "party's own thread alone."
)
OVER = "**Over.** It was good to have you."
SAY_IN = "Say *I watched it*, and rate it, in {thread}."
ENDED = {
    "cancelled": "**Called off.**",
    "not_begun": "**Called off**: nobody started it for three hours.",
    "away": "**Over.** Nobody had touched its clock for hours, so I closed it.",
    "vote_over": "**Called off**: all its times were over before one was settled.",
    "event_deleted": "**Called off**: its event was deleted.",
    "room_gone": "**Called off.**",
}

SOON = "### {name} begins {ago}"
PREVIOUSLY = "**Previously on {show}…**"

CLOCK = "### {name}"
GATHER = (
    "It's time. Press *I'm here* once you sit in front of it; then the host starts the clock, and "
    "everybody presses play together."
)
COUNTING = "**Press play {ago}**, at {moment}."
RUNNING = (
    "▶ Playing. Whoever pressed play on time began {ago}. If you are behind, press *I'm behind*."
)
PAUSED = "⏸ Paused at **{position}**."
NEXT_UP = "Press *I'm here* once you have seen all of the last one; then the host starts the clock."
HERE = "{count} here"
NOBODY_HERE = "Nobody has pressed *I'm here* yet."
TALKS = "-# Answers here follow the clock, and never pass anybody who is here."

JOIN, PERHAPS, LEAVE = "Join", "Maybe", "Leave"
AGREE, MANAGE, VOTE_FOR = "Agree, for its thread only", "Host…", "Time {place}"
I_AM_HERE, I_AM_BEHIND = "I'm here", "I'm behind…"
START, PAUSE, RESUME, SKIP = "Start: 3·2·1", "Pause", "Resume", "Skip to…"
NEXT, THE_END = "Next: {label}", "The end"
REACTIONS = {"laugh": "😂", "gasp": "😱", "cry": "😢", "love": "❤️"}

PRIMARY, SECONDARY = discord.ButtonStyle.primary, discord.ButtonStyle.secondary


def start_of(bot: Bot, party: Party) -> Point:
    """The point to be at beforehand."""
    if bot.library.get(party.show) is None:
        return PREMISE
    return bot.library.order(party.show).before(Point(party.first))


def is_beyond(bot: Bot, party: Party) -> bool:
    """Whether it goes further than its room talks, and no moderator has agreed."""
    channel = bot.get_channel(party.channel_id)
    return not party.agreed_by and bot.audience.is_beyond(party, channel)


def invitation(bot: Bot, party: Party, nonce: str) -> Card:
    """The card in the room on which people join."""
    lines = [say(HEADING, name=name_of(bot, party)), *_when(bot, party)]
    lines.append(say(HOSTED, who=mention_of(party.host_id)) if party.host_id else NO_HOST)
    if not party.is_over:
        lines += [_beforehand(bot, party), _answers(bot, party)]
    lines += _standing(bot, party)
    return _card(lines, *_invitation_rows(bot, party, nonce))


def _when(bot: Bot, party: Party) -> Iterator[str]:
    if party.starts_at is not None:
        told = when(party.starts_at)
        yield say(WEEKLY, when=Markup(told)) if party.weekly else told
    elif not party.is_over:
        yield VOTE
        votes = Counter(bot.parties.votes(party.id).values())
        for proposal in bot.parties.proposals(party.id):
            count = votes[proposal.place]
            told = ONE_VOTE if count == 1 else VOTES.format(count=count)
            at = moment(proposal.starts_at)
            yield say(PROPOSAL, place=proposal.place + 1, moment=at, votes=told)


def _beforehand(bot: Bot, party: Party) -> str:
    start = start_of(bot, party)
    return beforehand(start, bot.library.in_words(party.show, start)[1])


def _answers(bot: Bot, party: Party) -> str:
    answers = Counter(guest.answer for guest in bot.parties.guests(party.id).values())
    told = [
        sentence.format(count=answers[answer])
        for answer, sentence in (("coming", COMING), ("maybe", MAYBE))
        if answers[answer]
    ]
    if asking := answers["asking"]:
        told.append(ONE_ASKS if asking == 1 else SOME_ASK.format(count=asking))
    return " · ".join(told) or NOBODY_YET


def _standing(bot: Bot, party: Party) -> Iterator[str]:
    """What is special about how it stands just now."""
    if party.is_over:
        yield _ended(party)
    elif party.is_running:
        yield say(ON_NOW, place=mention(party.place))
    elif is_beyond(bot, party):
        channel = bot.get_channel(party.channel_id)
        scope = bot.audience.set_scope(party.guild_id, channel, party.show)
        label = bot.library.in_words(party.show, scope)[1]
        yield NO_SCOPE if scope == PREMISE else say(NOT_AGREED, label=label)


def _ended(party: Party) -> str:
    """Why it is over, and where it goes on if it had begun."""
    told = ENDED.get(party.ended or "", OVER)
    thread = party.thread_id
    return f"{told} {say(SAY_IN, thread=mention(thread))}" if thread else told


def _invitation_rows(bot: Bot, party: Party, nonce: str) -> Iterator[Row]:
    if party.is_over:
        # What an announcement is found by has to stand on it.
        yield [_button(codes.JOIN, party, "coming", nonce, label=JOIN, disabled=True)]
        return
    yield [
        _button(codes.JOIN, party, "coming", nonce, label=JOIN, style=PRIMARY),
        _button(codes.JOIN, party, "maybe", nonce, label=PERHAPS),
        _button(codes.JOIN, party, "leave", nonce, label=LEAVE),
        _button(codes.MENU, party, nonce, label=MANAGE),
    ]
    if party.state == "voting":
        yield [
            _button(
                codes.VOTE, party, str(p.place), nonce, label=VOTE_FOR.format(place=p.place + 1)
            )
            for p in bot.parties.proposals(party.id)
        ]
    elif party.state == "planned" and is_beyond(bot, party):
        yield [_button(codes.AGREE, party, nonce, label=AGREE)]


def passed_card(bot: Bot, party: Party, nonce: str) -> Card:
    """What becomes of a reminder, and of a clock for a beginning that it does not have any more."""
    lines = [say(CLOCK, name=name_of(bot, party))]
    if party.is_over:
        lines.append(_ended(party))
    elif party.is_running:
        lines.append(say(ON_NOW, place=mention(party.place)))
    elif party.starts_at is not None:
        lines.append(when(party.starts_at))
    return _card(lines, [_button(codes.JOIN, party, "coming", nonce, label=JOIN, disabled=True)])


def reminder(bot: Bot, party: Party, nonce: str, room: Room, told: str | None) -> Card:
    """A word before it begins, with what went before as far as everybody who comes has watched."""
    name, starts_at = name_of(bot, party), party.starts_at or 0
    lines = [
        say(SOON, name=name, ago=moment(starts_at, "R")),
        _beforehand(bot, party),
        _answers(bot, party),
    ]
    parts: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(lines))]
    if told is not None:
        parts.append(ui.TextDisplay(say(PREVIOUSLY, show=room.story.show.title)))
        covered = room.story.horizon != PREMISE
        text = ui.TextDisplay[Any](hide(told) if covered else told)
        parts.append(ui.Container(text, accent_colour=ACCENT, spoiler=covered))
    parts.append(ui.TextDisplay(safe_line(room.story.label)))
    join = _button(codes.JOIN, party, "coming", nonce, label=JOIN, style=PRIMARY)
    return Card(*parts, rows=[[join]])


def clock_card(bot: Bot, party: Party, nonce: str, now: int) -> Card:
    """The card by which it is watched: who is here, and where the clock stands."""
    lines = [say(CLOCK, name=name_now(bot, party)), *_ticking(party, now)]
    if party.is_over:
        lines.append(_ended(party))
        return _card(lines, [_button(codes.HERE, party, nonce, label=I_AM_HERE, disabled=True)])
    here = sum(guest.is_ready for guest in bot.parties.present(party.id))
    lines.append(HERE.format(count=here) if here else NOBODY_HERE)
    if party.is_running:
        lines.append(TALKS)
    return _card(lines, *_clock_rows(bot, party, nonce))


def _ticking(party: Party, now: int) -> Iterator[str]:
    clock = party.clock
    if party.is_over:
        return
    if clock is None:
        yield GATHER
    elif clock.since is None and not clock.elapsed:
        yield NEXT_UP
    elif clock.since is None:
        yield say(PAUSED, position=position(clock.elapsed))
    elif clock.since > now:
        yield say(COUNTING, ago=moment(clock.since, "R"), moment=moment(clock.since, "T"))
    else:
        yield say(RUNNING, ago=moment(clock.since - clock.elapsed, "R"))


def _clock_rows(bot: Bot, party: Party, nonce: str) -> Iterator[Row]:
    first = [_button(codes.HERE, party, nonce, label=I_AM_HERE, style=PRIMARY)]
    if party.state == "planned":
        yield [*first, _button(codes.CLOCK, party, "start", nonce, label=START)]
        return
    yield [
        *first,
        *(_button(codes.REACT, party, kind, nonce, label=sign) for kind, sign in REACTIONS.items()),
    ]
    again = RESUME if party.clock and party.clock.elapsed else START
    turn = ("pause", PAUSE) if party.state == "running" else ("resume", again)
    following = following_of(bot, party)
    onward = ("end", THE_END)
    if following is not None:
        label = bot.library.in_words(party.show, following)[1]
        onward = ("next", NEXT.format(label=label))
    yield [
        _button(codes.BEHIND, party, nonce, label=I_AM_BEHIND),
        _button(codes.CLOCK, party, turn[0], nonce, label=turn[1]),
        _button(codes.SKIP, party, nonce, label=SKIP),
        _button(codes.CLOCK, party, onward[0], nonce, label=onward[1]),
        _button(codes.MENU, party, nonce, label=MANAGE),
    ]


def following_of(bot: Bot, party: Party) -> Point | None:
    """The next of its episodes; None while the last is on, or nobody knows the show any more."""
    if party.clock is None or bot.library.get(party.show) is None:
        return None
    order, here = bot.library.order(party.show), Point(party.clock.episode)
    following = order.after(here) if here in order else None
    is_last = following is None or not order.reached(following, Point(party.last))
    return None if is_last else following


def link_of(party: Party, message_id: int | None) -> Markup:
    return link_to(party.guild_id, party.channel_id, message_id)


def _button(
    code: str,
    party: Party,
    *parts: str,
    label: str,
    style: discord.ButtonStyle = SECONDARY,
    disabled: bool = False,
) -> ui.Button[Any]:
    """A button for the class with that code; its last part is the announcement's nonce."""
    custom_id = encode(code, str(party.id), *parts)
    return ui.Button(label=label, style=style, custom_id=custom_id, disabled=disabled)


def _card(lines: Sequence[str], *rows: Row) -> Card:
    return notice("\n".join(lines), rows=rows)
