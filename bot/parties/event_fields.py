"""Event shapes: what the scheduled event of a party says and when, and what it does not say yet."""

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
POINTS_SEPARATOR = " · "  # what stands before them in a party's name

EPISODE_LENGTH = 60 * 60  # seconds for each episode
LONGEST_EVENT_NAME = 100  # characters of a name and of a location
EARLIEST_START = (
    15  # seconds: Discord's clock may be ahead of ours, and takes nothing from the past
)
STARTS_BY_ITSELF = 60  # seconds before an event begins in which nobody has to begin it

Scheduled = discord.EventStatus.scheduled
Active = discord.EventStatus.active


class EventChanges(TypedDict, total=False):
    """What is sent of an event that is not as it should be."""

    name: str
    description: str
    start_time: datetime
    end_time: datetime
    status: discord.EventStatus


def event_name(bot: Bot, party: Party) -> str:
    """Like the party's, cut in the title of its show where it is too long: points tell more."""
    name = " ".join(party_name(bot, party).split())
    title, dot, points = name.rpartition(POINTS_SEPARATOR)
    points = clip(f"{dot}{points}", LONGEST_EVENT_NAME // 2)
    return f"{clip(title, LONGEST_EVENT_NAME - len(points))}{points}"


def event_location(channel: discord.abc.GuildChannel | discord.Thread) -> str:
    return clip(f"#{channel.name}", LONGEST_EVENT_NAME)


def event_description(party: Party, message_id: int | None) -> str:
    """How one joins; to the room while the card does not stand there."""
    link: str = ROOM_ADDRESS.format(guild=party.guild_id, channel=party.channel_id)
    if message_id is not None:
        link = card_address(party, message_id)
    return EVENT_DESCRIPTION.format(link=link, mark=event_mark(party.id))


def event_mark(id: int) -> str:
    """The words by which the event of a party is found again."""
    return EVENT_MARK.format(id=id)


def marked_party(event: discord.ScheduledEvent) -> int | None:
    """The id of the party whose mark stands on an event."""
    words = (event.description or "").rpartition(EVENT_MARK.format(id=""))
    return int(words[2]) if words[1] and words[2].isascii() and words[2].isdecimal() else None


def event_start(party: Party, now: int) -> datetime:
    """When a new event begins; what begins in this very moment is put off a little."""
    return utc_datetime(max(party.starts_at or 0, now + EARLIEST_START))


def event_end(bot: Bot, party: Party) -> datetime:
    """An hour for each of its episodes."""
    return utc_datetime((party.starts_at or 0) + EPISODE_LENGTH * _episodes(bot, party))


def _episodes(bot: Bot, party: Party) -> int:
    if bot.library.get(party.show) is None:
        return 1
    order = bot.library.order(party.show)
    return max(1, len(order.between(order.before(Point(party.first)), Point(party.last))))


def event_changes(bot: Bot, party: Party, event: discord.ScheduledEvent, now: int) -> EventChanges:
    """What has to be sent so that an event shows how its party is `now`, which is not over."""
    found = EventChanges()
    if event.name != (name := event_name(bot, party)):
        found["name"] = name
    begins, ends, starts_at = event.start_time, event_end(bot, party), party.starts_at or 0
    if party.is_running or starts_at <= now:
        # When its time has come Discord begins it without being asked.
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
