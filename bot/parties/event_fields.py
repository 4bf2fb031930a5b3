"""Event shapes: what the scheduled event of a party says and when, and what it does not say yet."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypedDict

import discord

from bot.parties.cards import link_of
from bot.parties.wording import name_of
from bot.ui.text import clip
from data.points import Point

if TYPE_CHECKING:
    from bot.context import Bot
    from data.parties.party import Party


DESCRIPTION = "Join on its card: {link}\n\n{mark}"
ROOM_LINK = "https://discord.com/channels/{guild}/{channel}"
MARK = "Watch party {id}"
POINTS = " · "  # what stands before them in a party's name

LENGTH = 60 * 60  # seconds for each episode
LONGEST = 100  # characters of a name and of a location
SOONEST = 15  # seconds: Discord's clock may be ahead of ours, and takes nothing from the past
BY_ITSELF = 60  # seconds before an event begins in which nobody has to begin it

Scheduled = discord.EventStatus.scheduled
Active = discord.EventStatus.active


class Changes(TypedDict, total=False):
    """What is sent of an event that is not as it should be."""

    name: str
    description: str
    start_time: datetime
    end_time: datetime
    status: discord.EventStatus


def event_name(bot: Bot, party: Party) -> str:
    """Like the party's, cut in the title of its show where it is too long: points tell more."""
    name = " ".join(name_of(bot, party).split())
    title, dot, points = name.rpartition(POINTS)
    points = clip(f"{dot}{points}", LONGEST // 2)
    return f"{clip(title, LONGEST - len(points))}{points}"


def location(channel: discord.abc.GuildChannel | discord.Thread) -> str:
    return clip(f"#{channel.name}", LONGEST)


def description(party: Party, message_id: int | None) -> str:
    """How one joins; to the room while the card does not stand there."""
    link: str = ROOM_LINK.format(guild=party.guild_id, channel=party.channel_id)
    if message_id is not None:
        link = link_of(party, message_id)
    return DESCRIPTION.format(link=link, mark=mark_of(party.id))


def mark_of(id: int) -> str:
    """The words by which the event of a party is found again."""
    return MARK.format(id=id)


def marked_party(event: discord.ScheduledEvent) -> int | None:
    """The id of the party whose mark stands on an event."""
    words = (event.description or "").rpartition(MARK.format(id=""))
    return int(words[2]) if words[1] and words[2].isascii() and words[2].isdecimal() else None


def starting(party: Party, now: int) -> datetime:
    """When a new event begins; what begins in this very moment is put off a little."""
    return moment(max(party.starts_at or 0, now + SOONEST))


def ending(bot: Bot, party: Party) -> datetime:
    """An hour for each of its episodes."""
    return moment((party.starts_at or 0) + LENGTH * _episodes(bot, party))


def _episodes(bot: Bot, party: Party) -> int:
    if bot.library.get(party.show) is None:
        return 1
    order = bot.library.order(party.show)
    return max(1, len(order.between(order.before(Point(party.first)), Point(party.last))))


def changes(bot: Bot, party: Party, event: discord.ScheduledEvent, now: int) -> Changes:
    """What has to be sent so that an event shows how its party is `now`, which is not over."""
    found = Changes()
    if event.name != (name := event_name(bot, party)):
        found["name"] = name
    begins, ends, starts_at = event.start_time, ending(bot, party), party.starts_at or 0
    if party.is_running or starts_at <= now:
        # When its time has come Discord begins it without being asked.
        if event.status is Scheduled and begins > moment(now + BY_ITSELF):
            found["status"] = Active
    elif event.status is Scheduled and starts_at > now + SOONEST and begins != moment(starts_at):
        begins = found["start_time"] = moment(starts_at)
    if event.end_time != ends and ends > max(begins, moment(now)):
        found["end_time"] = ends
    return found


def moment(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
