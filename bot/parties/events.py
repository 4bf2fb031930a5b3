"""Keeps Discord's scheduled events in step with the parties, where the bot may create them."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import discord

from bot.clock import now
from bot.discord_api.outcomes import Outcome, outcome_of
from bot.discord_api.rate_limit import REST
from bot.loops import Worker
from bot.parties.event_fields import (
    Active,
    Scheduled,
    event_changes,
    event_description,
    event_end,
    event_location,
    event_mark,
    event_name,
    event_start,
)
from bot.parties.weekly import next_week
from bot.ui.errors import FAILED
from data.parties.party import CARD_POST, PARTY_TOPIC, Party
from data.storage.errors import DatabaseError

if TYPE_CHECKING:
    from bot.context import Bot


log = logging.getLogger(__name__)

UNKNOWN_EVENT = 10070
MOST_EVENTS = 100  # scheduled or active events on one server, Discord's limit
CHECK_AGAIN_AFTER = 60  # seconds until the next attempt after a failure
RETRY_REFUSED_AFTER = 10 * 60  # seconds until the next attempt after a refusal
SERVERS_AT_ONCE = 3  # few: announcements use the same pacer, and matter more
EVENT_DELETED = "event_deleted"
EVENT_OUTDATED = "a scheduled event is not in step with its party: %s %s"

EventRoom = discord.abc.GuildChannel | discord.Thread
T = TypeVar("T")


class EventSync(Worker):
    """The worker that updates every outdated event when it is woken. One for each bot.

    On servers where the bot may not create events it sends nothing and says nothing: the card of
    the party is enough. No request is ever cancelled.
    """

    def __init__(self, bot: Bot) -> None:
        super().__init__("look after the scheduled events")
        self._bot = bot
        self._refused = dict[int, int]()  # guild id -> the bot's permissions when Discord refused
        self._later = dict[int, int]()  # party id -> the moment of the next attempt
        self._sent = set[
            tuple[int, int]
        ]()  # event id and start that we sent, until Discord confirms
        self._dismissed = set[int]()  # ids of events that the bot deleted
        self._unsure = set[int]()  # ids of parties that may have an event that is not stored
        self._resting_until = 0

    async def _work(self) -> float | None:
        await self._look()
        return (
            CHECK_AGAIN_AFTER if self._unsure or self._bot.parties.with_outdated_events() else None
        )

    async def _look(self) -> None:
        servers = defaultdict[int, list[Party]](list)
        for party in await self._outdated_parties():
            servers[party.guild_id].append(party)
        free = asyncio.Semaphore(SERVERS_AT_ONCE)

        async def look_at(parties: Sequence[Party]) -> None:
            async with free:
                for party in parties:
                    await self._guarded(party)

        await asyncio.gather(*map(look_at, servers.values()))

    async def _outdated_parties(self) -> list[Party]:
        outdated = list(self._bot.parties.with_outdated_events())
        for id in self._unsure.difference(party.id for party in outdated):
            party = await self._bot.parties.find(id)
            if party is None:
                self._unsure.discard(id)
            else:
                outdated.append(party)
        return outdated

    async def _guarded(self, party: Party) -> None:
        """Updates the event of one party; an error is logged, so that the other parties go on."""
        if self._is_stopping or now() < max(self._resting_until, self._later.get(party.id, 0)):
            return
        try:
            await self.sync(party)
        except FAILED as error:
            self._note(party, error)
        except DatabaseError as error:
            self._unsure.add(party.id)
            log.error("a scheduled event could not be noted: %s", error)  # noqa: TRY400  # in one line
        except Exception:
            self._later[party.id] = now() + RETRY_REFUSED_AFTER
            log.exception("a scheduled event failed")

    def _note(self, party: Party, error: BaseException) -> None:
        """Decides when a failed request is tried again."""
        log.warning(EVENT_OUTDATED, type(error).__name__, getattr(error, "code", ""))
        guild, verdict = self._bot.get_guild(party.guild_id), outcome_of(error)
        if verdict is Outcome.UNCERTAIN:
            self._unsure.add(party.id)
        elif verdict is Outcome.BLOCKED:
            self._resting_until = now() + REST
        elif isinstance(error, discord.Forbidden) and guild is not None:
            self._refused[guild.id] = guild.me.guild_permissions.value
        elif verdict is Outcome.REFUSED:
            self._later[party.id] = now() + RETRY_REFUSED_AFTER

    async def sync(self, party: Party) -> None:
        """Creates, updates or removes the event of a party; a repeated call changes nothing.

        Raises Discord's errors (`bot.ui.errors.FAILED`) and `DatabaseError`.
        """
        guild = self._bot.get_guild(party.guild_id)
        if guild is None or guild.unavailable or not self._may_make(guild):
            return
        room = guild.get_channel_or_thread(party.channel_id)
        if party.is_over or (room is not None and not _is_for_everybody(room)):
            await self._take_down(guild, party)
        elif room is not None:
            await self._keep_up(guild, room, party)

    def _may_make(self, guild: discord.Guild) -> bool:
        """Whether the bot has the permission, and Discord did not refuse with the same ones."""
        rights = guild.me.guild_permissions
        return rights.create_events and self._refused.get(guild.id) != rights.value

    async def _keep_up(self, guild: discord.Guild, room: EventRoom, party: Party) -> None:
        event = await self._find(guild, party)
        if event is not None and event.status in {Scheduled, Active}:
            await self._edit(event, party)
        elif (party.starts_at or 0) <= now() or party.state != "planned":
            await self._note_shown(party, None)
        elif event is not None or party.event_id is not None:
            await self.call_off(party)
        elif sum(it.status in {Scheduled, Active} for it in guild.scheduled_events) < MOST_EVENTS:
            await self._make(guild, room, party)

    async def _find(self, guild: discord.Guild, party: Party) -> discord.ScheduledEvent | None:
        """The stored event, or one that was created before a crash and not stored."""
        if party.event_id is None:
            return await self._find_marked(guild, party)
        event_id = party.event_id
        known = guild.get_scheduled_event(event_id)
        if known is not None:
            return known
        try:
            return await self._ask(lambda: guild.fetch_scheduled_event(event_id))
        except discord.NotFound as error:
            if error.code != UNKNOWN_EVENT:
                raise
            return None

    async def _find_marked(
        self, guild: discord.Guild, party: Party
    ) -> discord.ScheduledEvent | None:
        events = guild.scheduled_events
        if party.id in self._unsure:  # the cache may not have it yet
            events = await self._ask(guild.fetch_scheduled_events)
            self._unsure.discard(party.id)
        mark = event_mark(party.id)
        return next((it for it in events if self.is_own(it) and is_marked(it, mark)), None)

    def is_own(self, event: discord.ScheduledEvent) -> bool:
        """Whether this bot created the event: anybody can copy a mark."""
        return event.creator_id == self._bot.own_id

    async def _make(self, guild: discord.Guild, room: EventRoom, party: Party) -> None:
        card = await self._card(party)
        event = await self._ask(
            lambda: guild.create_scheduled_event(
                name=event_name(self._bot, party),
                description=event_description(party, card),
                start_time=event_start(party, now()),
                end_time=event_end(self._bot, party),
                entity_type=discord.EntityType.external,
                privacy_level=discord.PrivacyLevel.guild_only,
                location=event_location(room),
            )
        )
        await self._note_shown(party, event.id, has_card=card is not None)

    async def _edit(self, event: discord.ScheduledEvent, party: Party) -> None:
        card = await self._card(party)
        wanted = event_changes(self._bot, party, event, now())
        if card is not None and event.description == event_description(party, None):
            wanted["description"] = event_description(party, card)
        if "start_time" in wanted:
            self._sent.add((event.id, int(wanted["start_time"].timestamp())))
        if wanted:
            await self._ask(lambda: event.edit(**wanted))
        await self._note_shown(party, event.id, has_card=card is not None)

    async def _take_down(self, guild: discord.Guild, party: Party) -> None:
        """Ends the event of a party that is over; the event of a cancelled party is deleted."""
        event = await self._find(guild, party)
        if event is not None and event.status is Active and party.state == "over":
            ended = discord.EventStatus.completed
            await self._ask(lambda: event.edit(status=ended))
        elif event is not None and event.status in {Scheduled, Active}:
            self._dismissed.add(event.id)
            try:
                await self._ask(event.delete)
            except discord.NotFound as error:
                if error.code != UNKNOWN_EVENT:
                    raise
        await self._note_shown(party, None)

    async def _card(self, party: Party) -> int | None:
        return await self._bot.outbox.standing(PARTY_TOPIC, f"{party.id}/{CARD_POST}")

    async def _note_shown(
        self, party: Party, event_id: int | None, *, has_card: bool = True
    ) -> None:
        """Stores what the event shows; without a link to the card it stays outdated."""
        shown = party.revision if has_card else party.revision - 1
        if (shown, event_id) != (party.event_shown, party.event_id):
            await self._bot.parties.save_event_shown(party.id, shown, event_id)

    async def _ask(self, request: Callable[[], Awaitable[T]]) -> T:
        """Sends a request to Discord when the bot's pacer allows it."""
        answered = await self._bot.announcer.turn()
        try:
            return await request()
        finally:
            answered()

    async def call_off(self, party: Party) -> None:
        """Calls off a party whose event somebody cancelled, if the party has not begun."""
        at = now()
        await self._bot.parties.change(
            party.id,
            lambda it: _called_off(it, at),
            now=at,
            following=next_week(self._bot, party, EVENT_DELETED),
        )

    def check_unsure(self, party_id: int) -> None:
        """Marks that a party may have an event that is not stored."""
        self._unsure.add(party_id)

    def is_our_start(self, event: discord.ScheduledEvent) -> bool:
        """Whether the bot itself set this start; True once for each time that it did."""
        start = (event.id, int(event.start_time.timestamp()))
        is_ours = start in self._sent
        self._sent.discard(start)
        return is_ours

    def is_our_end(self, event: discord.ScheduledEvent) -> bool:
        """Whether the bot itself deleted the event."""
        return event.id in self._dismissed


def _called_off(party: Party, now: int) -> Party | None:
    closed = party.closed(EVENT_DELETED, now=now) if party.state == "planned" else None
    return closed and replace(closed, event_id=None)


def is_marked(event: discord.ScheduledEvent, mark: str) -> bool:
    return (event.description or "").endswith(mark)


def _is_for_everybody(room: EventRoom) -> bool:
    """Whether everybody on the server can see the room, as everybody sees an event."""
    if room.type is discord.ChannelType.private_thread:
        return False
    place = room.parent if isinstance(room, discord.Thread) else room
    return place is not None and place.permissions_for(room.guild.default_role).view_channel
