"""Applies to a party what people do to its scheduled event."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import discord

from bot.clock import now
from bot.parties.clock_times import MomentError
from bot.parties.event_fields import marked_party
from bot.parties.plan import clashing_party
from bot.parties.when import read_moments
from data.parties.party import Party

if TYPE_CHECKING:
    from bot.context import Bot
    from bot.parties.events import EventSync
    from data.parties.local_time import Moment


Status = discord.EventStatus


async def on_event_updated(
    bot: Bot,
    events: EventSync,
    before: discord.ScheduledEvent,
    after: discord.ScheduledEvent,
) -> None:
    """Moves or calls off the party of an event that somebody changed."""
    party = _party_of(bot, after)
    if party is None:
        return
    if after.status is Status.cancelled:
        await events.call_off(party)
    elif before.start_time != after.start_time and not events.is_our_start(after):
        await _move_party(bot, events, party, after)


async def on_event_deleted(bot: Bot, events: EventSync, event: discord.ScheduledEvent) -> None:
    """Calls off the party of a deleted event; a party that is running goes on without it."""
    party = _party_of(bot, event)
    if party is None or events.is_our_end(event):
        return
    if party.state == "planned" and event.status is not Status.completed:
        await events.call_off(party)
    else:
        await bot.parties.save_event_shown(party.id, party.revision, None)


async def catch_up(bot: Bot, events: EventSync) -> None:
    """Finds the changes that people made to events while the bot was not connected."""
    for party in bot.parties.every():
        guild = bot.get_guild(party.guild_id)
        if guild is None or party.event_id is None or party.event_shown < party.revision:
            continue
        event = guild.get_scheduled_event(party.event_id)
        if event is None:
            await _mark_outdated(bot, party)
        elif event.status is Status.scheduled:
            await _move_party(bot, events, party, event)
    for guild in bot.guilds:
        for event in filter(events.is_own, guild.scheduled_events):
            party_id = marked_party(event)
            if party_id is not None and bot.parties.get(party_id) is None:
                events.check_unsure(party_id)
    events.wake()


def _party_of(bot: Bot, event: discord.ScheduledEvent) -> Party | None:
    parties = bot.parties.list(event.guild_id)
    return next((party for party in parties if party.event_id == event.id), None)


async def _move_party(
    bot: Bot, events: EventSync, party: Party, event: discord.ScheduledEvent
) -> None:
    """Moves the party to the time of its event; if that is not possible, the event is put back."""
    start = int(event.start_time.timestamp())
    if start == party.starts_at:
        return
    chosen = _possible_moment(bot, party, start)
    changed = chosen and await bot.parties.change(
        party.id, lambda it: _at_moment(it, chosen), now=now()
    )
    if changed is None:
        await _mark_outdated(bot, party)
    events.wake()


def _possible_moment(bot: Bot, party: Party, start: int) -> Moment | None:
    """The moment for the party; None if the party is not possible then."""
    try:
        (chosen,) = read_moments(f"<t:{start}>", party.zone, now())
    except MomentError:
        return None
    taken = clashing_party(bot, party.guild_id, party.channel_id, [chosen], but=party.id)
    return chosen if taken is None else None


def _at_moment(party: Party, chosen: Moment) -> Party | None:
    if party.state != "planned":
        return None
    return replace(party, starts_at=chosen.starts_at, wall=chosen.wall)


async def _mark_outdated(bot: Bot, party: Party) -> None:
    """Marks the event of a party as outdated, so that it is updated."""
    await bot.parties.save_event_shown(party.id, 0, party.event_id)
