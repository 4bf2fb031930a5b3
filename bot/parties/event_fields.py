"""The fields of a party's scheduled event, and which of them have to change."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypedDict

import discord

from bot.parties.cards import card_address
from bot.parties.wording import party_name
from bot.ui.text import clip
from data.points import Point

if TYPE_CHECKING:
    from bot.context import Bot
    from data.parties.party import Party


EVENT_DESCRIPTION = "Join on its card: {link}\n\n{mark}"
ROOM_ADDRESS = "https://discord.com/channels/{guild}/{channel}"
EVENT_MARK = "Watch party {id}"
POINTS_SEPARATOR = " · "  # stands before the points in a party's name

EPISODE_LENGTH = 60 * 60  # seconds for each episode
LONGEST_EVENT_NAME = 100  # characters, for a name and for a location
EARLIEST_START = 15  # seconds from now: Discord's clock may be ahead, and it refuses the past
STARTS_BY_ITSELF = 60  # seconds before its start; then Discord starts an event without a request

Scheduled = discord.EventStatus.scheduled
Active = discord.EventStatus.active


class EventChanges(TypedDict, total=False):
    """The fields of an event that have to be sent to Discord."""

    name: str
    description: str
    start_time: datetime
    end_time: datetime
    status: discord.EventStatus


def event_name(bot: Bot, party: Party) -> str:
    """The party's name; if it is too long, the title is cut and the points stay."""
    name = " ".join(party_name(bot, party).split())
    title, dot, points = name.rpartition(POINTS_SEPARATOR)
    points = clip(f"{dot}{points}", LONGEST_EVENT_NAME // 2)
    return f"{clip(title, LONGEST_EVENT_NAME - len(points))}{points}"


def event_location(channel: discord.abc.GuildChannel | discord.Thread) -> str:
    return clip(f"#{channel.name}", LONGEST_EVENT_NAME)


def event_description(party: Party, message_id: int | None) -> str:
    """How members join, with a link to the card, or to the room while there is no card."""
    link: str = ROOM_ADDRESS.format(guild=party.guild_id, channel=party.channel_id)
    if message_id is not None:
        link = card_address(party, message_id)
    return EVENT_DESCRIPTION.format(link=link, mark=event_mark(party.id))


def event_mark(id: int) -> str:
    """The text by which the event of a party is found again."""
    return EVENT_MARK.format(id=id)


def marked_party(event: discord.ScheduledEvent) -> int | None:
    """The id of the party whose mark is in an event's description, or None."""
    words = (event.description or "").rpartition(EVENT_MARK.format(id=""))
    return int(words[2]) if words[1] and words[2].isascii() and words[2].isdecimal() else None


def event_start(party: Party, now: int) -> datetime:
    """The start of a new event, a few seconds from now at the earliest."""
    return utc_datetime(max(party.starts_at or 0, now + EARLIEST_START))


def event_end(bot: Bot, party: Party) -> datetime:
    """The end of an event: one hour for each episode."""
    return utc_datetime((party.starts_at or 0) + EPISODE_LENGTH * _episodes(bot, party))


def _episodes(bot: Bot, party: Party) -> int:
    if bot.library.get(party.show) is None:
        return 1
    order = bot.library.order(party.show)
    return max(1, len(order.between(order.before(Point(party.first)), Point(party.last))))


def event_changes(bot: Bot, party: Party, event: discord.ScheduledEvent, now: int) -> EventChanges:
    """The changes that bring an event up to date with its party, which is not over, at `now`."""
    found = EventChanges()
    if event.name != (name := event_name(bot, party)):
        found["name"] = name
    begins, ends, starts_at = event.start_time, event_end(bot, party), party.starts_at or 0
    if party.is_running or starts_at <= now:
        # Discord starts an event at its time without a request.
        if event.status is Scheduled and begins > utc_datetime(now + STARTS_BY_ITSELF):
            found["status"] = Active
    elif (
        event.status is Scheduled
        and starts_at > now + EARLIEST_START
        and begins != utc_datetime(starts_at)
    ):
        begins = found["start_time"] = utc_datetime(starts_at)
    if event.end_time != ends and ends > max(begins, utc_datetime(now)):
        found["end_time"] = ends
    return found


def utc_datetime(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
