"""A sample of news in a channel, which shows moderators how they are told, and pings nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import discord

from bot.clock import now
from bot.news.announcement import SAMPLE, announcement_card, announcement_lines
from bot.news.follow import title_of
from bot.news.permissions import check_can_tell, check_is_on_server, check_manages
from bot.ui.errors import UserError
from bot.ui.mentions import link_to, mention
from bot.ui.text import say

if TYPE_CHECKING:
    from bot.context import Bot
    from bot.ui.cards import Card
    from data.news.store import Version


HEADLINE = "Here a sentence says what happened."
SAMPLED = (
    "A sample stands in {channel}, and nobody was pinged: {link}\nDelete it when you have seen it."
)
NO_SAMPLE_NEWS = "I have no news of any show that a sample could show."
JUST_NOW = "{channel} had a sample less than a minute ago. Wait a little, then try again."

SAMPLE_SECONDS = 60  # between two samples in one channel

_sampled = WeakKeyDictionary["Bot", dict[int, int]]()  # when each channel had its last sample


async def post_sample(
    interaction: discord.Interaction[Bot], place: int, show: str | None = None
) -> str:
    """Post the newest news of a show that a channel follows, or could, marked as a sample.

    `show` goes before the others. Returns the sentence that says where it stands; else `UserError`.
    """
    guild = check_is_on_server(interaction)
    check_manages(interaction, place)
    told_in = check_can_tell(interaction, place)
    title, versions = await _sample(interaction.client, told_in, show)
    lines = [say(SAMPLE, show=title), *announcement_lines(title, versions[-1])]
    message = await _posted(interaction.client, told_in, announcement_card(lines))
    link = link_to(guild.id, place, message.id)
    return say(SAMPLED, channel=mention(place), link=link)


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


async def _sample(
    client: Bot, channel: discord.TextChannel | discord.Thread, show: str | None
) -> tuple[str, tuple[Version, ...]]:
    """The newest sure news of `show`, else of one that the channel follows, or that is meant there.

    Raises `UserError` if no show has any.
    """
    guild_id = channel.guild.id
    found = await client.subscriptions.list(guild_id)
    followed = [one.show for one in found if one.channel_id == channel.id]
    meant = client.show_choice.default_in(guild_id, channel)
    others = (show.slug for show in client.library.list())
    for slug in filter(None, (show, *followed, meant, *others)):
        sure = [news for news in client.news_store.list(slug) if not news.is_rumour]
        if sure:
            newest = client.news_store.versions(slug, sure[-1].id)[-1]
            # Old news again, even as a sample, would be taken for new by who reads in haste.
            sample = replace(newest, news=replace(newest.news, headline=HEADLINE))
            return title_of(client, slug), (sample,)
    raise UserError(NO_SAMPLE_NEWS)
