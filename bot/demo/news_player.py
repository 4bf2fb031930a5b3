"""Replaying, in the demo only: how the news of Hit & Run came, one press after another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import discord

from bot.clock import now
from bot.ui.buttons import StatelessButton
from bot.ui.cards import answer, notice
from bot.ui.errors import UserError
from bot.ui.mentions import mention
from bot.ui.text import say
from data.news.planning import kinds_of
from data.news.status import News
from data.news.subscriptions import Subscription
from data.news_kinds import ENDED, KIND_BITS

if TYPE_CHECKING:
    from bot.context import Bot


SHOW = "hit-and-run"
# In the pack, in the order in which they came. The last is told twice: once with a slip in it.
PLAYED = (
    "2021-08-06-premiered",
    "2021-08-06-undecided",
    "2021-08-10-filming-rumour",
    "2021-09-20-cancelled",
)
SLIP = "The show is over; nobody says why"

INVITATION = (
    "**How did the news about a second season come?** This room follows *Hit & Run*. Maya, who "
    "moderates it, can play what was announced in 2021 once more, one piece at a time."
)
PLAY = "Play the next news"
ONLY_MODERATORS = "Maya can press that: choose her at the top of the page."
PLAYING = "{number} of {last}. It is announced in {channel} now, with today's date."
NOT_FOLLOWED = (
    "This room does not follow such news of *Hit & Run* any more, so nothing would arrive. "
    "`/renewal follow what:Everything, rumours too` changes that."
)
CORRECTING = (
    "{number} of {last}. What was announced last had a slip in it, so it was corrected: look at "
    "the message in {channel} once more."
)
ALL_PLAYED = (
    "That was all of it. In `/renewal history` what was played stands beside what it was played "
    "from, which has the real dates."
)


class PlayNext(StatelessButton, code="nx"):
    """Announce the next piece of news, or correct the last one."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        bot, channel_id = interaction.client, interaction.channel_id
        if not interaction.permissions.manage_channels or channel_id is None:
            raise UserError(ONLY_MODERATORS)
        script = script_of(bot)
        number = sum(len(bot.newsroom.versions(SHOW, id)) for id in {one.id for one in script})
        if number == len(script):
            await answer(interaction, notice(ALL_PLAYED))
            return
        news = script[number]
        follows = await bot.subscriptions.deciding(interaction.guild_id or 0, channel_id, SHOW)
        if follows is None or follows.paused or not follows.kinds.issuperset(kinds_of(news)):
            raise UserError(NOT_FOLLOWED)
        await bot.newsroom.record(SHOW, [news], now=now())
        bot.announcer.wake()
        told = CORRECTING if number == len(PLAYED) else PLAYING
        where = mention(channel_id)
        sentence = say(told, number=number + 1, last=len(script), channel=where)
        await answer(interaction, notice(sentence, rows=[[PlayNext(label=PLAY)]]))


def script_of(bot: Bot) -> list[News]:
    """What is played: the news of the pack under today's date, and at the end a correction."""
    today = discord.utils.utcnow().date()
    by_id = {news.id: news for news in bot.library.news(SHOW)}
    played = [replace(by_id[id], id=f"replay-{id}", date=today) for id in PLAYED]
    with_slip = replace(played[-1], kind=ENDED, season=None, headline=SLIP)
    return [*played[:-1], with_slip, played[-1]]


async def invite(bot: Bot, channel: discord.TextChannel, role: int, *, since: int) -> None:
    """Let a room follow the show, ping a role for what is sure, and offer to play its news."""
    await bot.subscriptions.save(
        Subscription(channel.guild.id, channel.id, SHOW, frozenset(KIND_BITS), since, role)
    )
    await channel.send(view=notice(INVITATION, rows=[[PlayNext(label=PLAY)]]))
