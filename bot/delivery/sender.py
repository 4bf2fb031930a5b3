"""Sends, finds, corrects or publishes one announcement, and settles its outbox row."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping

import discord

from bot.delivery.topic import MessagePayload, Topic, edit, post, publish
from bot.discord_api.history import UnreadableError, find_message
from bot.discord_api.outcomes import UNKNOWN_CHANNEL, Outcome, outcome_of, reason_of
from bot.discord_api.permissions import missing_to_post
from bot.discord_api.rate_limit import REST, CircuitBreaker
from bot.ui.errors import FAILED
from data.outbox import LONGEST_WAIT, TO_PUBLISH, Announcement, Outbox

log = logging.getLogger(__name__)

# Seconds for which Discord surely recognises a nonce ("a few minutes" in its documentation).
SAFE_AGE = 60
FIRST_WAIT = 5  # seconds before the second attempt
GIVEN_UP_AFTER = 3 * 24 * 60 * 60  # seconds, and not before so many attempts:
TRIES = 20
CORRECTED_LATER = LONGEST_WAIT // 2

Turn = Callable[[], Awaitable[None]]


class Sender:
    """Does what one row asks for; calls `rest` when all requests have to stop for some seconds."""

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
        self._pause = rest
        self._brake = CircuitBreaker()
        self.sent_at: int | None = None  # when a message was last posted, by the clock
        self._first_sent = dict[
            int, float
        ]()  # when this process first sent each row, by the loop's clock

    async def deliver(self, row: Announcement, turn: Turn) -> None:
        """Send a row, unless an earlier attempt has posted it.

        The caller has waited for the first request's turn; `turn` is awaited before each other.
        """
        topic = self._topics.get(row.topic)
        if topic is None:  # its feature is not loaded
            await self._outbox.again(row.id, due_at=self._clock() + LONGEST_WAIT)
            return
        is_known = self._is_known(row)
        if not is_known and await self._is_settled(topic, row, turn):
            return
        payload = await topic.payload(row)
        if payload is not None:
            await self._send(topic, row, payload, turn)
        elif row.uncertain_since is None or not is_known:
            await self._outbox.end(row.id, "dropped")
        else:  # it may be posted: look for it once the nonce has expired
            await self._outbox.again(row.id, due_at=row.uncertain_since + SAFE_AGE)

    def _is_known(self, row: Announcement) -> bool:
        """Whether Discord recognises the nonce, or was never sent it.

        Checks both clocks: the wall clock can be set back, the loop's stops while a machine sleeps.
        """
        if row.uncertain_since is None:
            return True
        begun = self._first_sent.get(row.id)
        is_recent = begun is None or _loop_time() - begun < SAFE_AGE
        return is_recent and 0 <= self._clock() - row.uncertain_since < SAFE_AGE

    async def _is_settled(self, topic: Topic, row: Announcement, turn: Turn) -> bool:
        """Whether the row is settled: its message was found, or cannot be looked for."""
        since = min(row.created_at, row.uncertain_since or row.created_at)
        if since > self._clock():  # the clock was ahead
            since = None
        try:
            found = await find_message(
                self._client, row.guild_id, row.channel_id, row.nonce, since=since, turn=turn
            )
        except UnreadableError as error:
            if outcome_of(error.cause) is Outcome.BLOCKED:
                self._pause(REST)
            if error.is_for_good:
                is_gone = getattr(error.cause, "code", 0) == UNKNOWN_CHANNEL
                await self._give_up(topic, row, "channel_gone" if is_gone else "unseen")
            else:
                await self._try_again(topic, row)
            return True
        if found is not None:
            await self._outbox.sent(row.id, found)
        else:
            await turn()
        return found is not None

    async def _send(
        self, topic: Topic, row: Announcement, payload: MessagePayload, turn: Turn
    ) -> None:
        if reason := self._obstacle(row):
            await self._refuse(topic, row, reason, turn)
            return
        role = self._role(row, payload)
        roles = [discord.Object(role)] if role else False
        mentions = discord.AllowedMentions(everyone=False, users=False, roles=roles)
        channel = self._client.get_partial_messageable(row.channel_id, guild_id=row.guild_id)
        await self._outbox.stamp(row.id, shown=row.wanted, now=self._clock())
        self._first_sent.setdefault(row.id, _loop_time())
        try:
            message = await post(channel, payload, row.nonce, mentions)
        except FAILED as error:
            await self._settle_failed(topic, row, error, turn)
            return
        self._brake.worked()
        self.sent_at = self._clock()
        await self._outbox.sent(row.id, message.id)
        self._first_sent.pop(row.id, None)
        if payload.pings and role is None:
            await topic.failed(row, "role_gone", role_id=payload.pings)

    def _obstacle(self, row: Announcement) -> str | None:
        """Why Discord would refuse, as far as the cache knows: Discord counts refused requests."""
        guild = self._client.get_guild(row.guild_id)
        channel = guild and guild.get_channel_or_thread(row.channel_id)
        if guild is None or channel is None:  # it may exist all the same, as archived threads do
            return None
        rights = channel.permissions_for(guild.me)
        if isinstance(channel, discord.Thread) and channel.locked and not rights.manage_threads:
            return "thread_closed"
        if not rights.view_channel:
            return "no_access"
        return "no_permission" if missing_to_post(channel, rights) else None

    def _role(self, row: Announcement, payload: MessagePayload) -> int | None:
        """The role to ping; None if there is none or it was deleted."""
        guild = self._client.get_guild(row.guild_id)
        if guild is None or guild.unavailable or payload.pings is None:
            return payload.pings
        return payload.pings if guild.get_role(payload.pings) else None

    async def _settle_failed(
        self, topic: Topic, row: Announcement, error: BaseException, turn: Turn
    ) -> None:
        match outcome_of(error):
            case Outcome.DELETED:  # it was sent by an earlier attempt, and then deleted
                await self._outbox.sent(row.id, None)
            case Outcome.BLOCKED:
                self._pause(REST)
                log.error("Discord takes no announcements, so I rest: %s", _status_of(error))
                await self._try_again(topic, row)
            case Outcome.REFUSED:
                self._refused(row)
                reason = reason_of(error, is_member=self._is_member(row))
                if reason == "not_sent":
                    log.error("Discord did not take an announcement: %s", _status_of(error))
                await self._refuse(topic, row, reason, turn)
            case _:
                await self._try_again(topic, row)

    def _is_member(self, row: Announcement) -> bool:
        """Whether the bot is on that server; yes while that is not known."""
        return not self._client.is_ready() or self._client.get_guild(row.guild_id) is not None

    def _refused(self, row: Announcement) -> None:
        if self._brake.refused(_loop_time(), row.guild_id):
            self._pause(REST)
            log.error("Discord has refused many announcements, so I rest for ten minutes")

    async def _refuse(self, topic: Topic, row: Announcement, reason: str, turn: Turn) -> None:
        """Give up on a row, unless an earlier attempt is found to have posted it."""
        is_doubtful = row.uncertain_since is not None and reason != "channel_gone"
        if not (is_doubtful and await self._is_settled(topic, row, turn)):
            await self._give_up(topic, row, reason)

    async def _try_again(self, topic: Topic, row: Announcement) -> None:
        is_old = self._clock() - row.created_at > GIVEN_UP_AFTER
        if is_old and row.attempts >= TRIES:
            await self._give_up(topic, row, "too_late" if row.uncertain_since is None else "unseen")
            return
        await self._outbox.again(row.id, due_at=self._clock() + _wait_after(row.attempts))

    async def _give_up(self, topic: Topic, row: Announcement, reason: str) -> None:
        await self._outbox.end(row.id, "unknown" if reason == "unseen" else "dead", reason)
        self._first_sent.pop(row.id, None)
        await topic.failed(row, reason)

    async def settle_owed(self, row: Announcement) -> None:
        """Edit or publish a posted message; either can be repeated without harm."""
        topic = self._topics.get(row.topic)
        if topic is None:
            await self._outbox.later(row.id, due_at=self._clock() + LONGEST_WAIT)
            return
        payload = await topic.payload(row)
        if payload is None or row.message_id is None:
            await self._outbox.gone(row.id)
            return
        channel = self._client.get_partial_messageable(row.channel_id, guild_id=row.guild_id)
        message = channel.get_partial_message(row.message_id)
        try:
            if row.shown < row.wanted:
                await edit(message, payload)
                await self._outbox.edited(row.id, shown=row.wanted)
            elif row.publish == TO_PUBLISH:
                await publish(message)
                await self._outbox.published(row.id)
        except FAILED as error:
            await self._settle_owed_failed(topic, row, error)

    async def _settle_owed_failed(
        self, topic: Topic, row: Announcement, error: BaseException
    ) -> None:
        """Stop if the message is gone; else try again for days, then report the failure."""
        verdict, code = outcome_of(error), getattr(error, "code", 0)
        if verdict is Outcome.BLOCKED:
            self._pause(REST)
        if verdict is Outcome.DELETED or code == UNKNOWN_CHANNEL:
            await self._outbox.gone(row.id)
        elif row.attempts < GIVEN_UP_AFTER // CORRECTED_LATER:
            await self._outbox.later(row.id, due_at=self._clock() + CORRECTED_LATER)
        else:
            await self._outbox.gone(row.id)
            await topic.failed(row, "not_corrected")


def _wait_after(attempts: int) -> int:
    """Seconds: 5, 10, 20 and so on, plus a random part, so that not all retry at once."""
    wait = min(FIRST_WAIT << min(attempts - 1, 20), LONGEST_WAIT // 2)
    return wait + random.randint(0, wait // 2)  # noqa: S311  # not a secret


def _status_of(error: BaseException) -> str:
    return f"{getattr(error, 'status', type(error).__name__)}, {getattr(error, 'code', 0)}"


def _loop_time() -> float:
    return asyncio.get_running_loop().time()
