"""A button of the demo that plays how the news of Hit & Run came, one press after another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import discord

from bot.clock import now, today
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


DEMO_SHOW = "hit-and-run"
# Ids in the pack, in the order of the news. The last is announced twice, first with an error.
PLAYED_NEWS = (
    "2021-08-06-premiered",
    "2021-08-06-undecided",
    "2021-08-10-filming-rumour",
    "2021-09-20-cancelled",
)
WRONG_HEADLINE = "The show is over; nobody says why"

PLAYER_INTRODUCTION = (
    "**How did the news about a second season come?** This room follows *Hit & Run*. Maya, "
    "who moderates it, can play the news of 2021 again, one piece at a time."
)
PLAY = "Play the next news"
ONLY_MAYA = "Maya can press that: choose her in the head of a column."
PLAYING = "{number} of {last}. It is announced in {channel} now, with today's date."
NOT_FOLLOWED = (
    "This room does not follow this kind of news of *Hit & Run* any more, so nothing would "
    "arrive. `/room news what:Everything, rumours too` changes that."
)
CORRECTING = (
    "{number} of {last}. The last one had a mistake in it, and was corrected. Look at the "
    "message in {channel} again."
)
ALL_PLAYED = (
    "That was all of it. `/renewal` shows what was played beside the original news with "
    "their real dates."
)


class PlayNext(StatelessButton, code="nx"):
    """Announce the next piece of news, or correct the last one."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        bot, channel_id = interaction.client, interaction.channel_id
        if not interaction.permissions.manage_channels or channel_id is None:
            raise UserError(ONLY_MAYA)
        script = played_news(bot)
        number = sum(
            len(bot.news_store.versions(DEMO_SHOW, id)) for id in {one.id for one in script}
        )
        if number == len(script):
            await answer(interaction, notice(ALL_PLAYED))
            return
        news = script[number]
        follows = await bot.subscriptions.deciding(interaction.guild_id or 0, channel_id, DEMO_SHOW)
        if follows is None or follows.paused or not follows.kinds.issuperset(kinds_of(news)):
            raise UserError(NOT_FOLLOWED)
        await bot.news_store.record(DEMO_SHOW, [news], now=now())
        bot.announcer.wake()
        told = CORRECTING if number == len(PLAYED_NEWS) else PLAYING
        where = mention(channel_id)
        sentence = say(told, number=number + 1, last=len(script), channel=where)
        await answer(interaction, notice(sentence, rows=[[PlayNext(label=PLAY)]]))


def played_news(bot: Bot) -> list[News]:
    """The news to play: those of the pack with today's date, then a correction of the last."""
    by_id = {news.id: news for news in bot.library.news(DEMO_SHOW)}
    played = [replace(by_id[id], id=f"replay-{id}", date=today()) for id in PLAYED_NEWS]
    with_slip = replace(played[-1], kind=ENDED, season=None, headline=WRONG_HEADLINE)
    return [*played[:-1], with_slip, played[-1]]


async def add_news_player(bot: Bot, channel: discord.TextChannel, role: int, *, since: int) -> None:
    """Let a room follow the show with a role to ping, and post the button that plays its news.

    `since` is in UTC epoch seconds.
    """
    await bot.subscriptions.save(
        Subscription(channel.guild.id, channel.id, DEMO_SHOW, frozenset(KIND_BITS), since, role)
    )
    await channel.send(view=notice(PLAYER_INTRODUCTION, rows=[[PlayNext(label=PLAY)]]))
