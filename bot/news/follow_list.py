"""The follow list: what the channels of a server are told, and what could not be told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import discord

from bot.clock import now
from bot.discord_api.permissions import Channel, is_archived
from bot.news.announcement import FAILURE_REASONS, SAMPLE, announcement_card, announcement_lines
from bot.news.follow import in_words, title_of
from bot.news.permissions import (
    check_can_tell,
    check_is_on_server,
    check_manages,
    mention_role,
    role_of,
)
from bot.news.wording import event_of
from bot.rooms.settings import (
    CHANNEL_PERMISSION_NEEDED,
    MANAGE_CHANNELS,
    list_mark,
    require_channel_manager,
)
from bot.ui.buttons import StatelessButton
from bot.ui.cards import PAGE, Card, answer, notice
from bot.ui.errors import UserError
from bot.ui.mentions import link_to, mention
from bot.ui.text import Markup, pages, say
from data.news.store import Version
from data.news.subject import NEWS_TOPIC, NewsSubject
from data.news.subscriptions import Subscription
from data.outbox import Announcement
from data.points import WEEK, day_of

if TYPE_CHECKING:
    from bot.context import Bot


FOLLOWED = "### What the channels here are told"
SUBSCRIPTION_LINE = "- {channel} · {show}: {what} · since {date}"
PINGING, PUBLISHES_MARK = " · pings {role}", " · passed on to the channels that follow it"
PAUSED_LINE = "  **Paused**: {why}"
PAUSED_SOMEHOW = "something went wrong there."
NO_SUBSCRIPTIONS = "No channel here follows a show yet. `/renewal follow` lets the one you are in."
GONE_CHANNEL = "A channel that was deleted"
FORGETS = "*Try again* takes it off this list."
GONE_ROLE = "a role that was deleted"

TROUBLES = "### What I could not tell in the last {weeks} weeks"
NEWS_MISSING = "- {news} is not in {channel}: {why}"
NEWS_UNCERTAIN = (
    "- I don't know whether {news} was posted in {channel}: look, and tell it there yourself "
    "if it is missing. Why I don't know: {why}"
)
NEWS_OF = "{show} ({event})"

TRY_AGAIN = "Try again"
RESUMED = (
    "{channel} is told of news about {show} again. `/renewal history` has what came meanwhile."
)
RESUMED_SILENT = "{channel} is told of news about {show} again. The role is gone: nobody is pinged."
SUBSCRIPTION_FORGOTTEN = "I forgot what a deleted channel was to be told about {show}."
NOTHING_PAUSED = "Nothing is paused any more."

HEADLINE = "Here a sentence says what happened."
SAMPLED = (
    "A sample stands in {channel}, and nobody was pinged: {link}\nDelete it when you have seen it."
)
NO_SAMPLE_NEWS = "I have no news of any show that a sample could show."
JUST_NOW = "{channel} had a sample less than a minute ago. Wait a little, then try again."

CHANNEL_GONE = "channel_gone"
WEEKS_LISTED = 4
SAMPLE_SECONDS = 60  # between two samples in one channel

_sampled = WeakKeyDictionary["Bot", dict[int, int]]()  # when each channel had its last sample


class TryAgain(StatelessButton, code="nr"):
    """Tell news again wherever that is paused, now that it may work."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        check_lists(interaction)
        guild = check_is_on_server(interaction)
        found = await interaction.client.subscriptions.list(guild.id)
        await interaction.client.learn(guild.id, [one.channel_id for one in found])
        sentences = [
            await _resume(interaction, subscription)
            for subscription in found
            if subscription.paused and _is_shown(interaction, subscription)
        ]
        once = [*dict.fromkeys(sentences)] or [NOTHING_PAUSED]
        await tell_followed(interaction, [*once, ""])


def check_lists(interaction: discord.Interaction[Bot]) -> None:
    """Raises `UserError` for members who may not manage the channel they are in."""
    check_is_on_server(interaction)
    if not interaction.permissions.manage_channels:
        here = mention(interaction.channel_id or 0)
        raise UserError(say(CHANNEL_PERMISSION_NEEDED, permission=MANAGE_CHANNELS, channel=here))


async def tell_followed(interaction: discord.Interaction[Bot], first: Sequence[str] = ()) -> None:
    """Answer privately, after some `first` lines, with what the channels here are told."""
    guild, client = check_is_on_server(interaction), interaction.client
    found = await client.subscriptions.list(guild.id)
    await client.learn(guild.id, [subscription.channel_id for subscription in found])
    shown = [subscription for subscription in found if _is_shown(interaction, subscription)]
    lines = [line for subscription in shown for line in _lines(interaction, subscription)]
    since = now() - WEEKS_LISTED * WEEK
    troubles = [
        _trouble(client, row)
        for row in await client.outbox.troubles(guild.id)
        if row.created_at >= since and list_mark(interaction, row.channel_id) is not None
    ]
    if troubles:
        troubles = [TROUBLES.format(weeks=WEEKS_LISTED), *troubles]
    texts = pages([*first, *([FOLLOWED, *lines] if lines else [NO_SUBSCRIPTIONS]), *troubles], PAGE)
    is_paused = any(subscription.paused for subscription in shown)
    for number, text in enumerate(texts, 1):
        is_last = number == len(texts)
        button = [[TryAgain(label=TRY_AGAIN)]] if is_paused and is_last else []
        await answer(interaction, notice(text, rows=button))


async def post_sample(interaction: discord.Interaction[Bot], channel: Channel | None) -> None:
    """Post the newest news of a show that a channel follows, or could, marked as a sample."""
    check_is_on_server(interaction)
    guild_id, place = require_channel_manager(interaction, channel)
    told_in = check_can_tell(interaction, place)
    title, versions = await _sample(interaction.client, guild_id, told_in)
    lines = [say(SAMPLE, show=title), *announcement_lines(title, versions[-1])]
    message = await _posted(interaction.client, told_in, announcement_card(lines))
    link = link_to(guild_id, place, message.id)
    await answer(interaction, notice(say(SAMPLED, channel=mention(place), link=link)))


async def _posted(
    client: Bot, channel: discord.TextChannel | discord.Thread, sample: Card
) -> discord.Message:
    """Post it, unless the channel had one in the last minute (`UserError`)."""
    before, moment = _sampled.get(client, {}), now()
    sampled = {place: at for place, at in before.items() if moment - at < SAMPLE_SECONDS}
    if channel.id in sampled:
        raise UserError(say(JUST_NOW, channel=mention(channel.id)))
    _sampled[client] = sampled | {channel.id: moment}
    try:
        return await channel.send(view=sample)
    except discord.HTTPException:
        _sampled[client].pop(channel.id, None)
        raise


def _is_shown(interaction: discord.Interaction[Bot], subscription: Subscription) -> bool:
    """Whether this moderator may know of it: a deleted channel is no secret any more."""
    mark = list_mark(interaction, subscription.channel_id)
    return mark is not None or _is_gone(interaction, subscription)


def _is_gone(interaction: discord.Interaction[Bot], subscription: Subscription) -> bool:
    guild, place = interaction.guild, subscription.channel_id
    is_here = guild is not None and guild.get_channel_or_thread(place) is not None
    is_here = is_here or is_archived(interaction, place)
    return subscription.paused == CHANNEL_GONE and not is_here


def _lines(interaction: discord.Interaction[Bot], subscription: Subscription) -> Iterator[str]:
    is_gone = _is_gone(interaction, subscription)
    line = say(
        SUBSCRIPTION_LINE,
        channel=GONE_CHANNEL if is_gone else mention(subscription.channel_id),
        show=title_of(interaction.client, subscription.show),
        what=in_words(subscription.kinds),
        date=day_of(subscription.since),
    )
    if subscription.publishes:
        line += PUBLISHES_MARK
    elif subscription.role_id:
        role = role_of(interaction, subscription)
        line += say(PINGING, role=mention_role(role.id) if role else GONE_ROLE)
    yield line + (list_mark(interaction, subscription.channel_id) or "")
    if subscription.paused:
        why = FAILURE_REASONS.get(subscription.paused, PAUSED_SOMEHOW)
        yield PAUSED_LINE.format(why=f"{why} {FORGETS}" if is_gone else why)


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


async def _resume(interaction: discord.Interaction[Bot], subscription: Subscription) -> str:
    """Resume one subscription; returns the sentence that says how that went."""
    client, place = interaction.client, subscription.channel_id
    title = title_of(client, subscription.show)
    if _is_gone(interaction, subscription):
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


async def _sample(
    client: Bot, guild_id: int, channel: discord.TextChannel | discord.Thread
) -> tuple[str, tuple[Version, ...]]:
    """The newest sure news of a show that the channel follows, else of the one meant there.

    Raises `UserError` if no show has any.
    """
    found = await client.subscriptions.list(guild_id)
    followed = [one.show for one in found if one.channel_id == channel.id]
    meant = client.show_choice.default_in(guild_id, channel)
    others = (show.slug for show in client.library.list())
    for slug in filter(None, (*followed, meant, *others)):
        sure = [news for news in client.news_store.list(slug) if not news.is_rumour]
        if sure:
            newest = client.news_store.versions(slug, sure[-1].id)[-1]
            # Old news again, even as a sample, would be taken for new by who reads in haste.
            sample = replace(newest, news=replace(newest.news, headline=HEADLINE))
            return title_of(client, slug), (sample,)
    raise UserError(NO_SAMPLE_NEWS)
