"""Channels that follow news, and what a test looks at in them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import discord

from bot.clock import now
from bot.news.follow import EVERY_KIND
from data.news.status import News
from data.news.subscriptions import Subscription
from tests.support.answers import shown
from tests.support.presses import forge
from tests.support.world import World

SHOW = "hit-and-run"
CURRENT = "S2 is a season of the future"


async def followed(world: World, guild: Any = None) -> dict[tuple[int, str | None], Subscription]:
    """What a server follows, by channel and show."""
    found = await world.bot.subscriptions.list((guild or world.guild).id)
    return {(one.channel_id, one.show): one for one in found}


async def subscribe(world: World, channel: Any, show: str | None = SHOW, **how: Any) -> Any:
    """What a moderator set some time ago."""
    wanted = {"kinds": EVERY_KIND, "since": 1_600_000_000} | how
    return await world.bot.subscriptions.save(
        Subscription(world.guild.id, channel.id, show, **wanted)
    )


def place(world: World, name: str = "news", *, mod: bool | None = None, **bots: bool) -> Any:
    """A channel in which the bot may do what `bots` says, and that the moderator maybe sees."""
    overwrites = {world.guild.me: discord.PermissionOverwrite(**bots)}
    if mod is not None:
        overwrites[world.mod] = discord.PermissionOverwrite(view_channel=mod)
    return world.guild.create_text_channel(name, overwrites=overwrites)


def without_pings(world: World, *who: Any) -> Any:
    """A channel in which these may mention no role but those that everyone may."""
    denied = discord.PermissionOverwrite(mention_everyone=False)
    return world.guild.create_text_channel("quiet", overwrites=dict.fromkeys(who, denied))


def webhooks(world: World, channel: Any) -> list[Any]:
    found = world.env.backend.webhooks.values()
    return [webhook for webhook in found if webhook.channel_id == channel.id]


def kinds_of(answer: Any) -> dict[str, Any]:
    """The select of an answer."""
    return next(part for part in shown(answer) if part.get("options"))


async def unsure(world: World, channel: Any, state: Any, reason: str) -> None:
    """News that were to be told in a channel that follows, and what became of that."""
    news = News("n1", dt.date(2030, 1, 1), "renewed", 2, "reported", CURRENT)
    await world.bot.news_store.record(SHOW, [news], now=now())
    (row,) = await world.bot.outbox.claim(limit=9, now=now())
    assert row.channel_id == channel.id
    await world.bot.outbox.end(row.id, state, reason)


async def on_card(member: Any, place: Any, custom_id: str) -> Any:
    """Open the card of `/room news`, and press a button that it has or could have."""
    card = await member.slash(place, "room news")
    return await forge(member, card, custom_id)


async def unfollow(member: Any, place: Any, show: str | None = SHOW, *, of: Any = None) -> Any:
    """End what a channel is told of a show, by the button of its line."""
    return await on_card(member, place, f"ns|{(of or place).id}|{show or ''}")


async def sample(member: Any, place: Any, *, of: Any = None) -> Any:
    """Post a sample in a channel."""
    return await on_card(member, place, f"np|{of.id}|" if of else "np")
