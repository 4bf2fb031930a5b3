"""Following: lets a channel get a show's news as announcements, all or only some kinds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from bot.clock import now
from bot.discord_api.permissions import Channel
from bot.news.permissions import (
    check_can_tell,
    check_is_on_server,
    check_manages,
    mention_role,
    role_of,
)
from bot.news.wording import KIND_WORDS
from bot.options.autocomplete import CHOICES, Choices, choices
from bot.options.parse import ask_show
from bot.rooms.settings import require_channel_manager
from bot.ui.buttons import StatelessButton, StatelessSelect
from bot.ui.cards import answer, notice
from bot.ui.custom_ids import encode
from bot.ui.errors import UserError
from bot.ui.mentions import mention
from bot.ui.text import say
from data.news.status import status_of
from data.news.subscriptions import Subscription
from data.news_kinds import KINDS, OVER, RUMOUR, in_preset
from data.points import day_of

if TYPE_CHECKING:
    from bot.context import Bot
    from data.story.show import Show


EVERY, ALL_SHOWS = "all", "every show"
FOLLOWED_PAGE = "nl"  # the code of the button that tells what is followed
MOST_SUBSCRIPTIONS = 50  # subscriptions of one server

EVERY_KIND = frozenset(KINDS)
EVERYTHING_SURE = "sure"
PRESETS = {
    EVERYTHING_SURE: EVERY_KIND,
    "rumours": EVERY_KIND | {RUMOUR},
    "decisions": in_preset("decisions"),
    "dates": in_preset("dates"),
}
PRESET_CHOICES = [
    app_commands.Choice(name="Everything sure", value=EVERYTHING_SURE),
    app_commands.Choice(name="Everything, rumours too", value="rumours"),
    app_commands.Choice(name="Only decisions", value="decisions"),
    app_commands.Choice(name="Only dates", value="dates"),
]
ALL_SURE_WORDS, ONLY, RUMOURS_TOO = "everything sure", "only {kinds}", " and rumours"
EVERYTHING_AND_RUMOURS = "everything, rumours too"
RUMOURS_OPTION = "Rumours of these too"
CHOOSE_KINDS = "Choose exactly which news"

NOW_FOLLOWS = "{channel} gets news about {show} from now on: {what}."
PINGS = "{role} is pinged for what is reported or confirmed, never for a rumour."
PING_NOBODY = "Ping nobody"
ALL_FOLLOWED = "All that is followed"
PINGS_NOBODY = "Nobody is pinged. `/room news role:` chooses a role to ping."
PUBLISHES_ON = "What I tell there goes on to the channels that follow it, and pings nobody."
OLDER_NEWS = "I don't announce news from before {date}; `/renewal` has them."
REVIVAL_WATCH = (
    "{show} is over, as far as I know. So this is a quiet revival watch: I say nothing "
    "there unless that changes."
)
UNFOLLOWED = "{channel} no longer gets news about {show}."
STILL_EVERY = "It still gets news about every show."
NOT_SUBSCRIBED = (
    "{channel} gets no news about {show} by itself. `/room news` says which channel here gets what."
)
TOO_MANY_SUBSCRIPTIONS = (
    "This server has {most} of these already, and I keep no more. `/room news` names them; "
    "*Stop* makes room."
)
RUMOURS_OF_WHAT = "Rumours of what? Choose at least one kind of news as well."


class ChooseKinds(StatelessSelect, code="nf"):
    """Choose exactly which news a channel is told, of a show that it follows."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        place, slug = self.parts
        kinds = frozenset(self.chosen(interaction))
        if not kinds <= EVERY_KIND | {RUMOUR}:
            raise ValueError(kinds)
        subscription = await _followed(interaction, int(place), slug or None)
        role = role_of(interaction, subscription)
        check_can_tell(interaction, subscription.channel_id, role)
        if not kinds & EVERY_KIND:
            raise UserError(RUMOURS_OF_WHAT)
        wanted = replace(subscription, kinds=kinds, role_id=role.id if role else None, paused=None)
        await _told(interaction, await interaction.client.subscriptions.save(wanted))


class PingNobody(StatelessButton, code="nq"):
    """Let a channel be told of a show as before, without a ping."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        place, slug = self.parts
        subscription = await _followed(interaction, int(place), slug or None)
        check_can_tell(interaction, subscription.channel_id)
        wanted = replace(subscription, role_id=None, paused=None)
        await _told(interaction, await interaction.client.subscriptions.save(wanted))


async def complete_followable(interaction: discord.Interaction[Bot], current: str) -> Choices:
    """Offer every show at once, and then the titles."""
    typed = current.strip().casefold()
    every = [(ALL_SHOWS, EVERY)] if ALL_SHOWS.startswith(typed) or EVERY.startswith(typed) else []
    shows = interaction.client.show_choice.complete(
        interaction.guild_id, current, CHOICES - len(every)
    )
    return choices([*every, *((show.title, show.slug) for show in shows)])


def _is_every(typed: str | None) -> bool:
    """Whether somebody who typed this means every show."""
    return typed is not None and typed.strip().casefold() in {EVERY, ALL_SHOWS}


async def follow(
    interaction: discord.Interaction[Bot],
    typed: str | None,
    channel: Channel | None,
    role: discord.Role | None,
    what: str | None,
) -> None:
    """Let a channel be told of a show's news, or of every show's, and say what that means.

    Without a `role` or a `what`, those of the subscription so far stay.
    """
    check_is_on_server(interaction)

    async def then(interaction: discord.Interaction[Bot], show: Show | None) -> None:
        await _told(interaction, await _subscribe(interaction, show, channel, role, what))

    if _is_every(typed):
        await then(interaction, None)
    else:
        await ask_show(interaction, typed, then)


async def follow_here(interaction: discord.Interaction[Bot], show: Show | None) -> str:
    """Let this channel be told of a show, or of every show, and say what that means."""
    check_is_on_server(interaction)
    subscription = await _subscribe(interaction, show, None, None, None)
    return "\n".join(_meaning(interaction.client, subscription))


async def _subscribe(
    interaction: discord.Interaction[Bot],
    show: Show | None,
    channel: Channel | None,
    role: discord.Role | None,
    what: str | None,
) -> Subscription:
    guild_id, place = require_channel_manager(interaction, channel)
    slug = show.slug if show else None
    before = await _told_so_far(interaction.client, guild_id, place, slug)
    pinged = role or (role_of(interaction, before) if before else None)
    check_can_tell(interaction, place, pinged)
    kinds = PRESETS[what] if what else before.kinds if before else EVERY_KIND
    role_id = pinged.id if pinged else None
    return await _save(interaction, Subscription(guild_id, place, slug, kinds, now(), role_id))


async def change_subscription(
    interaction: discord.Interaction[Bot], channel_id: int, show: str | None
) -> None:
    """Say what a channel is told of a show, and offer to change it; else `UserError`."""
    await _told(interaction, await _followed(interaction, channel_id, show))


async def end_subscription(
    interaction: discord.Interaction[Bot], channel_id: int, show: str | None
) -> str:
    """End what a channel is told of a show, and say what is left. Raises `UserError`."""
    found = await _followed(interaction, channel_id, show)
    client, guild_id = interaction.client, found.guild_id
    await client.subscriptions.remove_one(found)
    if show is None and found.publishes:
        await mark_home(client, guild_id, channel_id, publishes=False)
    said = say(UNFOLLOWED, channel=mention(channel_id), show=title_of(client, show))
    is_left = await client.subscriptions.get(guild_id, channel_id, None)
    return f"{said} {STILL_EVERY}" if is_left else said


def title_of(bot: Bot, slug: str | None) -> str:
    """A show's title, or that it is about every show."""
    return ALL_SHOWS if slug is None else bot.library.title(slug)


def in_words(kinds: frozenset[str]) -> str:
    """Which news are told, for the end of a sentence."""
    if kinds >= EVERY_KIND:
        return EVERYTHING_AND_RUMOURS if RUMOUR in kinds else ALL_SURE_WORDS
    named = ", ".join(KIND_WORDS[kind].event.lower() for kind in KINDS if kind in kinds)
    return ONLY.format(kinds=named) + (RUMOURS_TOO if RUMOUR in kinds else "")


async def mark_home(bot: Bot, guild_id: int, channel_id: int, *, publishes: bool) -> None:
    """Pass all news that a channel gets on to the channels that follow it, or none."""
    for one in await bot.subscriptions.list(guild_id):
        if one.channel_id == channel_id:
            await bot.subscriptions.save(replace(one, publishes=publishes))


async def _told_so_far(
    bot: Bot, guild_id: int, channel_id: int, show: str | None
) -> Subscription | None:
    """The subscription by which a channel gets a show's news so far, if any."""
    if show is None:
        return await bot.subscriptions.get(guild_id, channel_id, None)
    return await bot.subscriptions.deciding(guild_id, channel_id, show)


async def _save(interaction: discord.Interaction[Bot], wanted: Subscription) -> Subscription:
    """Store it, unless the server follows too much already (`UserError`)."""
    subscriptions = interaction.client.subscriptions
    kept = await subscriptions.list(wanted.guild_id)
    here = [one for one in kept if one.channel_id == wanted.channel_id]
    if len(kept) >= MOST_SUBSCRIPTIONS and wanted.show not in {one.show for one in here}:
        raise UserError(TOO_MANY_SUBSCRIPTIONS.format(most=MOST_SUBSCRIPTIONS))
    is_home = any(one.publishes for one in here)
    return await subscriptions.save(replace(wanted, publishes=is_home))


async def _followed(
    interaction: discord.Interaction[Bot], channel_id: int, show: str | None
) -> Subscription:
    """What a channel follows, as somebody who may change it finds it; else `UserError`."""
    guild = check_is_on_server(interaction)
    check_manages(interaction, channel_id)
    subscription = await interaction.client.subscriptions.get(guild.id, channel_id, show)
    if subscription is None:
        title = title_of(interaction.client, show)
        raise UserError(say(NOT_SUBSCRIBED, channel=mention(channel_id), show=title))
    return subscription


async def _told(interaction: discord.Interaction[Bot], subscription: Subscription) -> None:
    """Say what a channel is told from now on, and offer to choose exactly what."""
    lines = _meaning(interaction.client, subscription)
    options = [
        discord.SelectOption(
            label=RUMOURS_OPTION if kind == RUMOUR else KIND_WORDS[kind].event,
            value=kind,
            default=kind in subscription.kinds,
        )
        for kind in (*KINDS, RUMOUR)
    ]
    place, slug = str(subscription.channel_id), subscription.show or ""
    pick = ChooseKinds(place, slug, placeholder=CHOOSE_KINDS, options=options, most=len(options))
    back = ui.Button[Any](label=ALL_FOLLOWED, custom_id=encode(FOLLOWED_PAGE, "0"))
    buttons: list[ui.Item[Any]] = [back]
    if subscription.role_id and not subscription.publishes:
        buttons.insert(0, PingNobody(place, slug, label=PING_NOBODY))
    rows: list[list[ui.Item[Any]]] = [[pick], buttons]
    await answer(interaction, notice("\n".join(lines), rows=rows))


def _meaning(bot: Bot, subscription: Subscription) -> list[str]:
    title = title_of(bot, subscription.show)
    told = [
        say(
            NOW_FOLLOWS,
            channel=mention(subscription.channel_id),
            show=title,
            what=in_words(subscription.kinds),
        ),
        _pinged(subscription),
        say(OLDER_NEWS, date=day_of(subscription.since)),
    ]
    status = status_of(bot.news_store.list(subscription.show)) if subscription.show else None
    if status is not None and status.news.kind in OVER:
        told.append(say(REVIVAL_WATCH, show=title))
    return told


def _pinged(subscription: Subscription) -> str:
    if subscription.publishes:
        return PUBLISHES_ON
    role_id = subscription.role_id
    return say(PINGS, role=mention_role(role_id)) if role_id else PINGS_NOBODY


async def followed(bot: Bot) -> list[Show]:
    """The shows whose news somebody wants to hear; every show is every one of their server."""
    wanted = await bot.subscriptions.shows() | bot.reminders.shows()
    servers: list[int | None] = [*await bot.subscriptions.servers_of_every_show()]
    if None in bot.reminders.shows():
        servers.append(None)
    there = {show for server in servers for show in bot.library.list(server)}
    return [one for one in bot.library.every() if one in there or one.slug in wanted]
