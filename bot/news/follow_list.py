"""The follow list, in words: what the channels of a server are told, and what could not be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import discord

from bot.clock import now
from bot.discord_api.permissions import is_archived
from bot.news.announcement import FAILURE_REASONS
from bot.news.follow import in_words, title_of
from bot.news.permissions import (
    check_can_tell,
    check_is_on_server,
    check_manages,
    mention_role,
    role_of,
)
from bot.news.wording import event_of
from bot.rooms.settings import list_mark
from bot.ui.errors import UserError
from bot.ui.mentions import mention
from bot.ui.text import Markup, say
from data.news.subject import NEWS_TOPIC, NewsSubject
from data.news.subscriptions import Subscription
from data.outbox import Announcement
from data.points import WEEK

if TYPE_CHECKING:
    from bot.context import Bot


SUBSCRIPTION_LINE = "- {channel} · {show}: {what} · since <t:{since}:D>"
PINGING, PUBLISHES_MARK = " · pings {role}", " · passed on to the channels that follow it"
PAUSED_LINE = "  **Paused**: {why}"
PAUSED_SOMEHOW = "something went wrong there."
GONE_CHANNEL = "A channel that was deleted"
FORGETS = "*Try again* takes it off this list."
GONE_ROLE = "a role that was deleted"

TROUBLES = "### What I could not tell in the last {weeks} weeks"
NEWS_MISSING = "- {news} is not in {channel}: {why}"
NEWS_UNCERTAIN = (
    "- I don't know whether {news} was posted in {channel}: please look, and tell it there "
    "yourself if it is missing. Why I don't know: {why}"
)
NEWS_OF = "{show} ({event})"

RESUMED = "{channel} gets news about {show} again. `/renewal` has what came meanwhile."
RESUMED_SILENT = "{channel} gets news about {show} again. The role is gone: nobody is pinged."
SUBSCRIPTION_FORGOTTEN = "That channel is deleted, so I no longer keep news about {show} for it."
CHANNEL_GONE = "channel_gone"
WEEKS_LISTED = 4


async def followed_here(interaction: discord.Interaction[Bot]) -> list[Subscription]:
    """What is followed on this server, as far as this moderator may know of it."""
    guild, client = check_is_on_server(interaction), interaction.client
    found = await client.subscriptions.list(guild.id)
    await client.learn(guild.id, [subscription.channel_id for subscription in found])
    return [subscription for subscription in found if _is_shown(interaction, subscription)]


async def troubles_here(interaction: discord.Interaction[Bot]) -> list[str]:
    """A heading and what could not be told in the last weeks; empty if nothing is missing."""
    guild, client = check_is_on_server(interaction), interaction.client
    since = now() - WEEKS_LISTED * WEEK
    troubles = [
        _trouble(client, row)
        for row in await client.outbox.troubles(guild.id)
        if row.created_at >= since and list_mark(interaction, row.channel_id) is not None
    ]
    return [TROUBLES.format(weeks=WEEKS_LISTED), *troubles] if troubles else []


def _is_shown(interaction: discord.Interaction[Bot], subscription: Subscription) -> bool:
    """Whether this moderator may know of it: a deleted channel is no secret any more."""
    mark = list_mark(interaction, subscription.channel_id)
    return mark is not None or is_gone(interaction, subscription)


def is_gone(interaction: discord.Interaction[Bot], subscription: Subscription) -> bool:
    guild, place = interaction.guild, subscription.channel_id
    is_here = guild is not None and guild.get_channel_or_thread(place) is not None
    is_here = is_here or is_archived(interaction, place)
    return subscription.paused == CHANNEL_GONE and not is_here


def lines_of(interaction: discord.Interaction[Bot], subscription: Subscription) -> Iterator[str]:
    gone = is_gone(interaction, subscription)
    line = say(
        SUBSCRIPTION_LINE,
        channel=GONE_CHANNEL if gone else mention(subscription.channel_id),
        show=title_of(interaction.client, subscription.show),
        what=in_words(subscription.kinds),
        since=subscription.since,
    )
    if subscription.publishes:
        line += PUBLISHES_MARK
    elif subscription.role_id:
        role = role_of(interaction, subscription)
        line += say(PINGING, role=mention_role(role.id) if role else GONE_ROLE)
    yield line + (list_mark(interaction, subscription.channel_id) or "")
    if subscription.paused:
        why = FAILURE_REASONS.get(subscription.paused, PAUSED_SOMEHOW)
        yield PAUSED_LINE.format(why=f"{why} {FORGETS}" if gone else why)


def _trouble(bot: Bot, row: Announcement) -> str:
    why = Markup(FAILURE_REASONS.get(row.reason or "", PAUSED_SOMEHOW))
    sentence = NEWS_UNCERTAIN if row.state == "unknown" else NEWS_MISSING
    return say(sentence, news=_news_in_words(bot, row), channel=mention(row.channel_id), why=why)


def _news_in_words(bot: Bot, row: Announcement) -> str:
    """What was to be told: the show, and what happened to which season of it."""
    subject = NewsSubject.parse(row.subject)
    title = title_of(bot, subject.show)
    versions = bot.news_store.versions(subject.show, subject.id) if row.topic == NEWS_TOPIC else ()
    if not versions:
        return title
    return NEWS_OF.format(show=title, event=event_of(versions[-1].news).lower())


async def resume(interaction: discord.Interaction[Bot], subscription: Subscription) -> str:
    """Resume one subscription; returns the sentence that says how that went."""
    client, place = interaction.client, subscription.channel_id
    title = title_of(client, subscription.show)
    if is_gone(interaction, subscription):
        await client.subscriptions.remove_one(subscription)
        return say(SUBSCRIPTION_FORGOTTEN, show=title)
    role = role_of(interaction, subscription)
    try:
        check_manages(interaction, place)
        check_can_tell(interaction, place, role)
    except UserError as error:
        return str(error)
    was_pinging = subscription.role_id is not None
    wanted = replace(subscription, role_id=role.id if role else None, paused=None)
    await client.subscriptions.save(wanted)
    sentence = RESUMED_SILENT if was_pinging and role is None else RESUMED
    return say(sentence, channel=mention(place), show=title)
