"""Delivering: one announcement sent, found, corrected or published, and its row settled by that."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping

import discord

from bot.delivery.topic import Telling, Topic, edit, post, publish
from bot.discord_api.history import UnreadableError, find_message
from bot.discord_api.outcomes import UNKNOWN_CHANNEL, Outcome, outcome_of, reason_of
from bot.discord_api.permissions import missing_to_post
from bot.discord_api.rate_limit import REST, CircuitBreaker
from bot.ui.errors import FAILED
from data.outbox import LONGEST_WAIT, TO_PUBLISH, Announcement, Outbox

log = logging.getLogger(__name__)

# Seconds for which Discord surely knows a nonce again ("a few minutes", says its documentation).
SAFE_AGE = 60
FIRST_WAIT = 5  # seconds before the second attempt
GIVEN_UP_AFTER = 3 * 24 * 60 * 60  # seconds, and at least so many attempts:
TRIES = 20
CORRECTED_LATER = LONGEST_WAIT // 2

Turn = Callable[[], Awaitable[None]]


class Deliverer:
    """Does what one row asks for. `rest` is called when all requests have to stop for a while."""

    def __init__(
        self,
        client: discord.Client,
        outbox: Outbox,
        topics: Mapping[str, Topic],
        clock: Callable[[], int],
        rest: Callable[[float], None],
    ) -> None:
        self._client = client
        self._outbox = outbox
        self._topics = topics
        self._clock = clock
        self._rest = rest
        self._brake = CircuitBreaker()
        self._begun = dict[int, float]()  # when this process first sent a row, by the loop's clock

    async def deliver(self, row: Announcement, turn: Turn) -> None:
        """Send a row, unless an earlier attempt worked after all.

        The first request has had its turn; for each other one `turn` is awaited.
        """
        topic = self._topics.get(row.topic)
        if topic is None:  # its feature is not there today
            await self._outbox.again(row.id, due_at=self._clock() + LONGEST_WAIT)
            return
        is_known = self._is_known(row)
        if not is_known and await self._stands(topic, row, turn):
            return
        telling = await topic.telling(row)
        if telling is not None:
            await self._send(topic, row, telling, turn)
        elif row.uncertain_since is None or not is_known:
            await self._outbox.end(row.id, "dropped")
        else:  # it may stand there, and is looked for when that can be told
            await self._outbox.again(row.id, due_at=row.uncertain_since + SAFE_AGE)

    def _is_known(self, row: Announcement) -> bool:
        """Whether Discord would know the nonce again, or was never asked.

        A clock may be set back, and a machine may sleep: neither clock alone is believed.
        """
        if row.uncertain_since is None:
            return True
        begun = self._begun.get(row.id)
        is_recent = begun is None or _moment() - begun < SAFE_AGE
        return is_recent and 0 <= self._clock() - row.uncertain_since < SAFE_AGE

    async def _stands(self, topic: Topic, row: Announcement, turn: Turn) -> bool:
        """Whether the row is settled: it was found in its channel, or nobody can look."""
        since = min(row.created_at, row.uncertain_since or row.created_at)
        if since > self._clock():  # the clock was ahead
            since = None
        try:
            found = await find_message(
                self._client, row.guild_id, row.channel_id, row.nonce, since=since, turn=turn
            )
        except UnreadableError as error:
            if outcome_of(error.cause) is Outcome.BLOCKED:
                self._rest(REST)
            if error.is_for_good:
                is_gone = getattr(error.cause, "code", 0) == UNKNOWN_CHANNEL
                await self._end(topic, row, "channel_gone" if is_gone else "unseen")
            else:
                await self._again(topic, row)
            return True
        if found is not None:
            await self._outbox.sent(row.id, found)
        else:
            await turn()
        return found is not None

    async def _send(self, topic: Topic, row: Announcement, telling: Telling, turn: Turn) -> None:
        if reason := self._hindrance(row):
            await self._refuse(topic, row, reason, turn)
            return
        role = self._role(row, telling)
        roles = [discord.Object(role)] if role else False
        mentions = discord.AllowedMentions(everyone=False, users=False, roles=roles)
        channel = self._client.get_partial_messageable(row.channel_id, guild_id=row.guild_id)
        await self._outbox.stamp(row.id, shown=row.wanted, now=self._clock())
        self._begun.setdefault(row.id, _moment())
        try:
            message = await post(channel, telling, row.nonce, mentions)
        except FAILED as error:
            await self._settle_failed(topic, row, error, turn)
            return
        self._brake.worked()
        await self._outbox.sent(row.id, message.id)
        self._begun.pop(row.id, None)
        if telling.pings and role is None:
            await topic.failed(row, "role_gone", role_id=telling.pings)

    def _hindrance(self, row: Announcement) -> str | None:
        """What is known to stand in the way without asking Discord, which counts refusals."""
        guild = self._client.get_guild(row.guild_id)
        channel = guild and guild.get_channel_or_thread(row.channel_id)
        if guild is None or channel is None:  # perhaps it is only not known, as threads that sleep
            return None
        rights = channel.permissions_for(guild.me)
        if isinstance(channel, discord.Thread) and channel.locked and not rights.manage_threads:
            return "thread_closed"
        return "no_permission" if missing_to_post(channel, rights) else None

    def _role(self, row: Announcement, telling: Telling) -> int | None:
        """The role to ping, so far as it is known to be there."""
        guild = self._client.get_guild(row.guild_id)
        if guild is None or guild.unavailable or telling.pings is None:
            return telling.pings
        return telling.pings if guild.get_role(telling.pings) else None

    async def _settle_failed(
        self, topic: Topic, row: Announcement, error: BaseException, turn: Turn
    ) -> None:
        match outcome_of(error):
            case Outcome.DELETED:  # it was sent by an earlier attempt, and then deleted
                await self._outbox.sent(row.id, None)
            case Outcome.BLOCKED:
                self._rest(REST)
                log.error("Discord takes no announcements, so I rest: %s", _named(error))
                await self._again(topic, row)
            case Outcome.REFUSED:
                self._refused(row)
                reason = reason_of(error, is_member=self._is_member(row))
                if reason == "not_sent":
                    log.error("Discord did not take an announcement: %s", _named(error))
                await self._refuse(topic, row, reason, turn)
            case _:
                await self._again(topic, row)

    def _is_member(self, row: Announcement) -> bool:
        """Whether the bot is on that server, so far as it is known."""
        return not self._client.is_ready() or self._client.get_guild(row.guild_id) is not None

    def _refused(self, row: Announcement) -> None:
        if self._brake.refused(_moment(), row.guild_id):
            self._rest(REST)
            log.error("Discord has refused many announcements, so I rest for ten minutes")

    async def _refuse(self, topic: Topic, row: Announcement, reason: str, turn: Turn) -> None:
        """It cannot be sent now, but an earlier attempt may have worked."""
        is_doubtful = row.uncertain_since is not None and reason != "channel_gone"
        if not (is_doubtful and await self._stands(topic, row, turn)):
            await self._end(topic, row, reason)

    async def _again(self, topic: Topic, row: Announcement) -> None:
        is_old = self._clock() - row.created_at > GIVEN_UP_AFTER
        if is_old and row.attempts >= TRIES:
            await self._end(topic, row, "too_late" if row.uncertain_since is None else "unseen")
            return
        await self._outbox.again(row.id, due_at=self._clock() + _wait_after(row.attempts))

    async def _end(self, topic: Topic, row: Announcement, reason: str) -> None:
        await self._outbox.end(row.id, "unknown" if reason == "unseen" else "dead", reason)
        self._begun.pop(row.id, None)
        await topic.failed(row, reason)

    async def settle_owed(self, row: Announcement) -> None:
        """Edit or publish what stands; either may be done twice without harm."""
        topic = self._topics.get(row.topic)
        if topic is None:
            await self._outbox.later(row.id, due_at=self._clock() + LONGEST_WAIT)
            return
        telling = await topic.telling(row)
        if telling is None or row.message_id is None:
            await self._outbox.gone(row.id)
            return
        channel = self._client.get_partial_messageable(row.channel_id, guild_id=row.guild_id)
        message = channel.get_partial_message(row.message_id)
        try:
            if row.shown < row.wanted:
                await edit(message, telling)
                await self._outbox.edited(row.id, shown=row.wanted)
            elif row.publish == TO_PUBLISH:
                await publish(message)
                await self._outbox.published(row.id)
        except FAILED as error:
            await self._settle_owed_failed(topic, row, error)

    async def _settle_owed_failed(
        self, topic: Topic, row: Announcement, error: BaseException
    ) -> None:
        """Where the message is gone nothing is owed; else it is tried for days, and then told."""
        verdict, code = outcome_of(error), getattr(error, "code", 0)
        if verdict is Outcome.BLOCKED:
            self._rest(REST)
        if verdict is Outcome.DELETED or code == UNKNOWN_CHANNEL:
            await self._outbox.gone(row.id)
        elif row.attempts < GIVEN_UP_AFTER // CORRECTED_LATER:
            await self._outbox.later(row.id, due_at=self._clock() + CORRECTED_LATER)
        else:
            await self._outbox.gone(row.id)
            await topic.failed(row, "not_corrected")


def _wait_after(attempts: int) -> int:
    """Seconds: 5, 10, 20 and so on, and some more, so that not all come back at once."""
    wait = min(FIRST_WAIT << min(attempts - 1, 20), LONGEST_WAIT // 2)
    return wait + random.randint(0, wait // 2)  # noqa: S311  # not a secret


def _named(error: BaseException) -> str:
    return f"{getattr(error, 'status', type(error).__name__)}, {getattr(error, 'code', 0)}"


def _moment() -> float:
    return asyncio.get_running_loop().time()
