"""Announcing: the outbox drained at a pace that Discord allows, each announcement exactly once."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import discord

from bot.asking import now
from bot.channels import missing_to_post
from bot.errors import FAILED
from bot.looking import UnseenError, marked
from bot.pacing import REST, Brake, Pacer
from bot.topics import Telling, Topic, edit, post, publish
from data.database import DatabaseError
from data.outbox import LONGEST_WAIT, TO_PUBLISH, Announcement, Outbox

log = logging.getLogger(__name__)

RATE = (
    47.0  # a second; Discord allows the whole bot 50, and nobody who waits for an answer is held up
)
AT_ONCE = 100  # requests under way: a few that hang shall not keep the others waiting
# Seconds for which Discord surely knows a nonce again ("a few minutes", says its documentation).
SAFE_AGE = 60
FIRST_WAIT = 5  # seconds before the second attempt
GIVEN_UP_AFTER = 3 * 24 * 60 * 60
PAUSE = 60  # seconds to wait when the database takes nothing
ENDING = 20  # seconds that what is under way has to end when the bot stops

UNKNOWN_MESSAGE = 10008
THREAD_CLOSED = {50083, 160005}
MISSING_ACCESS = 50001


class Announcer:
    """Sends what is in the outbox. One for each bot; no request is ever cancelled."""

    def __init__(
        self,
        client: discord.Client,
        outbox: Outbox,
        topics: Mapping[str, Topic],
        *,
        clock: Callable[[], int] = now,
        rate: float = RATE,
    ) -> None:
        """`topics` may grow while it runs; `rate` is requests a second."""
        self._client = client
        self._outbox = outbox
        self._topics = topics
        self._clock = clock
        self._pacer = Pacer(rate)
        self._brake = Brake()
        self._tasks = dict[int, asyncio.Task[None]]()
        self._resting_until = 0.0
        self._round: asyncio.Task[None] | None = None
        self._timer: asyncio.Task[None] | None = None
        self._is_started = self._is_woken = self._is_stopping = self._has_recovered = False

    def start(self) -> None:
        """Begin; what a crash left half done comes first."""
        self._is_started = True
        self.wake()

    def wake(self) -> None:
        """There may be something new in the outbox."""
        if not self._is_started or self._is_stopping:
            return
        self._is_woken = True
        if self._timer is not None:
            self._timer.cancel()
        if self._round is None or self._round.done():
            self._round = asyncio.create_task(self._go_on())

    async def stop(self) -> None:
        """Begin nothing more, and wait for what is under way, but not for ever."""
        self._is_stopping = True
        if self._timer is not None:
            self._timer.cancel()
        running = {*self._tasks.values(), *filter(None, [self._round])}
        if running:
            await asyncio.wait(running, timeout=ENDING)

    async def drain(self) -> None:
        """Do everything that is due by now, and wait until it is settled."""
        while not self._is_stopping and not self._is_resting():
            begun = await self._begin_claimed() or await self._begin_owed()
            if not begun and not self._tasks:
                return
            await self._one_done()
        await self._all_done()

    async def _go_on(self) -> None:
        """Rounds for as long as somebody wakes it, then a timer for the next."""
        wait = float(PAUSE)
        while self._is_woken and not self._is_stopping:
            self._is_woken = False
            try:
                await self._recover()
                await self.drain()
                wait = await self._wait_for_next()
            except DatabaseError as error:
                log.error("nothing can be announced: %s", error)  # noqa: TRY400  # told in one line
            except Exception:  # others must be told all the same
                log.exception("could not announce")
        if not self._is_stopping:
            wait = max(wait, self._resting_until - _moment())
            self._timer = asyncio.create_task(self._wake_after(wait))

    async def _recover(self) -> None:
        is_first, busy = not self._has_recovered, tuple(self._tasks)
        await self._outbox.recover(now=self._clock(), but=busy, starting=is_first)
        self._has_recovered = True

    async def _wake_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._timer = None  # or waking would cancel this
        self.wake()

    async def _wait_for_next(self) -> float:
        due_at = await self._outbox.next_due()
        if due_at is None:
            return LONGEST_WAIT
        return min(max(due_at - self._clock(), 1), LONGEST_WAIT)

    async def _begin_claimed(self) -> bool:
        room = AT_ONCE - len(self._tasks)
        rows = await self._outbox.claim(limit=room, now=self._clock()) if room else ()
        for row in rows:
            await self._begin(row, self._deliver(row))
        return bool(rows)

    async def _begin_owed(self) -> bool:
        room, busy = AT_ONCE - len(self._tasks), tuple(self._tasks)
        rows = await self._outbox.owed(limit=room, now=self._clock(), but=busy) if room else ()
        for row in rows:
            await self._begin(row, self._settle_owed(row))
        return bool(rows)

    async def _begin(self, row: Announcement, work: Coroutine[Any, Any, None]) -> None:
        await self._pacer.turn()
        task = asyncio.create_task(self._guarded(work))
        self._tasks[row.id] = task
        task.add_done_callback(lambda _: self._tasks.pop(row.id))

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        """One row's trouble is not another's; one that is not settled is looked at again later."""
        try:
            await work
        except DatabaseError as error:
            self._rest(PAUSE)
            log.error("an announcement could not be noted: %s", error)  # noqa: TRY400  # in one line
        except Exception:
            log.exception("an announcement failed")

    async def _one_done(self) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_COMPLETED)

    async def _all_done(self) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks.values())

    async def _deliver(self, row: Announcement) -> None:
        """Send a row, unless an earlier attempt worked after all."""
        topic = self._topics.get(row.topic)
        if topic is None:  # its feature is not there today
            await self._outbox.again(row.id, due_at=self._clock() + LONGEST_WAIT)
            return
        since = row.uncertain_since
        is_old = since is not None and not 0 <= self._clock() - since < SAFE_AGE
        if is_old and await self._stands(topic, row):
            return
        telling = topic.telling(row)
        if telling is not None:
            await self._send(topic, row, telling)
        elif since is None or is_old:
            await self._outbox.end(row.id, "dropped")
        else:  # it may stand there, and is looked for when that can be told
            await self._outbox.again(row.id, due_at=since + SAFE_AGE)

    async def _stands(self, topic: Topic, row: Announcement) -> bool:
        """Whether the row is settled: it was found in its channel, or nobody can look."""
        since = min(row.created_at, row.uncertain_since or row.created_at)
        try:
            found = await marked(
                self._client,
                row.guild_id,
                row.channel_id,
                row.nonce,
                since=since if since <= self._clock() else None,  # the clock was ahead
            )
        except UnseenError as error:
            if error.is_for_good:
                await self._end(topic, row, "unseen")
            else:
                await self._again(topic, row)
            return True
        if found is not None:
            await self._outbox.sent(row.id, found)
        else:
            await self._pacer.turn()
        return found is not None

    async def _refuse(self, topic: Topic, row: Announcement, reason: str) -> None:
        """It cannot be sent now, but an earlier attempt may have worked."""
        is_doubtful = row.uncertain_since is not None and reason != "channel_gone"
        if not (is_doubtful and await self._stands(topic, row)):
            await self._end(topic, row, reason)

    async def _send(self, topic: Topic, row: Announcement, telling: Telling) -> None:
        if reason := self._hindrance(row):
            await self._refuse(topic, row, reason)
            return
        role = self._role(row, telling)
        roles = [discord.Object(role)] if role else False
        mentions = discord.AllowedMentions(everyone=False, users=False, roles=roles)
        channel = self._client.get_partial_messageable(row.channel_id, guild_id=row.guild_id)
        await self._outbox.stamp(row.id, shown=row.wanted, now=self._clock())
        try:
            message = await post(channel, telling, row.nonce, mentions)
        except FAILED as error:
            await self._settle_failed(topic, row, error)
            return
        self._brake.worked()
        await self._outbox.sent(row.id, message.id)
        if telling.pings and role is None:
            await topic.failed(row, "role_gone")

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
        is_gone = guild is not None and telling.pings and guild.get_role(telling.pings) is None
        return None if is_gone else telling.pings

    async def _settle_failed(self, topic: Topic, row: Announcement, error: BaseException) -> None:
        if not isinstance(error, discord.HTTPException) or error.status >= 500:  # noqa: PLR2004
            await self._again(topic, row)
            return
        if error.code == UNKNOWN_MESSAGE:  # it was sent by an earlier attempt, and then deleted
            await self._outbox.sent(row.id, None)
            return
        if error.status in {401, 429}:
            self._rest(REST)
            log.error("Discord refuses announcements (%s), so I rest", error.status)
            await self._again(topic, row)
            return
        self._refused()
        await self._refuse(topic, row, self._reason(row, error))

    def _reason(self, row: Announcement, error: discord.HTTPException) -> str:
        if error.code in THREAD_CLOSED:
            return "thread_closed"
        if error.status not in {403, 404}:
            log.error("Discord did not take an announcement: %s, %s", error.status, error.code)
            return "not_sent"
        if self._client.is_ready() and self._client.get_guild(row.guild_id) is None:
            return "kicked"
        if error.status == 404:  # noqa: PLR2004
            return "channel_gone"
        return "no_access" if error.code == MISSING_ACCESS else "no_permission"

    def _refused(self) -> None:
        if self._brake.refused(_moment()):
            self._rest(REST)
            log.error("Discord has refused many announcements, so I rest for ten minutes")

    def _rest(self, seconds: float) -> None:
        self._resting_until = max(self._resting_until, _moment() + seconds)

    def _is_resting(self) -> bool:
        return _moment() < self._resting_until

    async def _again(self, topic: Topic, row: Announcement) -> None:
        if self._clock() - row.created_at > GIVEN_UP_AFTER and row.attempts > 1:
            await self._end(topic, row, "too_late")
            return
        await self._outbox.again(row.id, due_at=self._clock() + _wait_after(row.attempts))

    async def _end(self, topic: Topic, row: Announcement, reason: str) -> None:
        await self._outbox.end(row.id, "unknown" if reason == "unseen" else "dead", reason)
        await topic.failed(row, reason)

    async def _settle_owed(self, row: Announcement) -> None:
        """Edit or publish what stands; either may be done twice without harm."""
        topic = self._topics.get(row.topic)
        telling = topic.telling(row) if topic else None
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
            await self._settle_owed_failed(row, error)

    async def _settle_owed_failed(self, row: Announcement, error: BaseException) -> None:
        status = error.status if isinstance(error, discord.HTTPException) else 500
        if status in {401, 429}:
            self._rest(REST)
        if status in {400, 403, 404}:
            self._refused()
            await self._outbox.gone(row.id)
        elif self._clock() - row.due_at > GIVEN_UP_AFTER:
            await self._outbox.gone(row.id)
        else:
            await self._outbox.later(row.id, due_at=self._clock() + LONGEST_WAIT // 2)


def _wait_after(attempts: int) -> int:
    """Seconds: 5, 10, 20 and so on, and some more, so that not all come back at once."""
    wait = min(FIRST_WAIT << min(attempts - 1, 20), LONGEST_WAIT // 2)
    return wait + random.randint(0, wait // 2)  # noqa: S311  # not a secret


def _moment() -> float:
    return asyncio.get_running_loop().time()
