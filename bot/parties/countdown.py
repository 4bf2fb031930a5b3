"""The countdown after which everybody presses play together."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import discord

from bot.clock import exactly_now, now
from bot.delivery.topic import MessagePayload, Topic
from bot.parties.wording import current_name, moment
from bot.ui.cards import Card, notice
from bot.ui.errors import FAILED
from bot.ui.responses import Edit, post
from bot.ui.text import say
from data.outbox import Announcement, Post
from data.parties.party import Party

if TYPE_CHECKING:
    from bot.context import Bot


GET_READY = "### {name}\n**Get ready.** Press play {ago}, at {at}."
COUNTDOWN = "### {name}\n# {count}"
PRESS_PLAY = "### {name}\n# ▶ Play!"
COUNTDOWN_TOPIC = "party_countdown"
OVERDUE = 3  # seconds after the end, when the outbox shows it
COUNTDOWN_HALTED = "### {name}\nNot yet: somebody stopped the clock."
CLOCK_STOPPED_SINCE = "### {name}\nSomebody has stopped the clock since."
COUNTING = "The countdown is on."
PARTY_OVER_SINCE = "### {name}\nThe party is over by now."


class CountdownTopic(Topic):
    """The end of a countdown that its own edits did not reach, as after a crash."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def payload(self, row: Announcement) -> MessagePayload | None:
        party = await self._bot.parties.find(int(row.subject.partition("/")[0]))
        if party is None:
            return None
        return MessagePayload(_count(self._bot, party, _end_of_count(party, now())))

    async def failed(self, row: Announcement, reason: str, *, role_id: int | None = None) -> None:
        """Nobody is told: the clock's own card says how it stands."""


def _end_of_count(party: Party, now: int) -> str:
    """What a count says that was cut off, whatever became of its party since."""
    clock = party.clock
    if party.is_over:
        return PARTY_OVER_SINCE
    if clock is None or clock.since is None:
        return CLOCK_STOPPED_SINCE if clock and clock.elapsed else COUNTDOWN_HALTED
    return COUNTDOWN_HALTED if clock.since > now else PRESS_PLAY  # another count may be on


async def count_down(interaction: discord.Interaction[Bot], party: Party) -> None:
    """Posts a countdown and edits it each second. The clock runs even if Discord refuses this.

    Its end is in the outbox too, so that no number stands for ever after a crash.
    """
    bot = interaction.client
    at = (party.clock and party.clock.since) or now()
    subject, edit = None, interaction.edit_original_response
    with suppress(*FAILED):
        card = _count(bot, party, GET_READY, at=at)
        sent = await post(interaction, card, beside=notice(COUNTING))
        edit = sent.edit
        subject = await _keep_end(bot, party, at, interaction.channel_id, sent.id)
    loop, moment = asyncio.get_running_loop(), exactly_now()
    for sentence, left in ((COUNTDOWN, 3), (COUNTDOWN, 2), (COUNTDOWN, 1), (PRESS_PLAY, 0)):
        card = _count(bot, party, sentence, at=at, count=left)
        ended = subject if left == 0 else None
        loop.call_later(max(0, at - left - moment), _begin, bot, edit, party, card, ended)


async def _keep_end(
    bot: Bot, party: Party, at: int, channel_id: int | None, message_id: int | None
) -> str | None:
    """Has the message end by itself `OVERDUE` seconds after `at`; the subject by which it does."""
    if channel_id is None or message_id is None:
        return None
    # Two counts of a party may end in the same second.
    subject = f"{party.id}/{at}/{message_id}"
    post = Post(COUNTDOWN_TOPIC, subject, party.guild_id, channel_id, at + OVERDUE, revision=2)
    await bot.outbox.follow_up(post, message_id, now=now())
    bot.announcer.wake()
    return subject


def _begin(bot: Bot, edit: Edit, party: Party, card: Card, ended: str | None) -> None:
    bot.hold(asyncio.create_task(_show_count(bot, edit, party, card, ended)))


async def _show_count(bot: Bot, edit: Edit, party: Party, card: Card, ended: str | None) -> None:
    """Shows the next number, or that somebody stopped the clock; `ended` is what then is done."""
    current = bot.parties.get(party.id)
    if current is None or current.clock != party.clock:
        card = _count(bot, party, COUNTDOWN_HALTED)
    with suppress(*FAILED):
        await edit(view=card)
        if ended is not None:
            await bot.outbox.settle(COUNTDOWN_TOPIC, ended)


def _count(bot: Bot, party: Party, sentence: str, *, at: int = 0, count: int = 0) -> Card:
    times = {"ago": moment(at, "R"), "at": moment(at, "T")}
    return notice(say(sentence, name=current_name(bot, party), count=count, **times))
