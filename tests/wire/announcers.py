"""As much of the bot as announces: its real stores, its real announcer, and discord.py's client."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import discord

from bot.context import Bot
from bot.delivery.announcer import RATE, Announcer
from bot.news.announcement import NewsTopic
from data.library import Library
from data.news.status import News
from data.news.store import NewsStore
from data.news.subject import NEWS_TOPIC
from data.news.subscriptions import Subscription, Subscriptions
from data.news_kinds import KIND_BITS
from data.outbox import Outbox
from data.rooms.store import Rooms
from data.storage.database import Database
from tests.wire.channels import Data
from tests.wire.clients import pointed_at

SHOW = "hit-and-run"
READING = discord.Permissions(view_channel=True, read_message_history=True)
WRITING = discord.Permissions(view_channel=True, send_messages=True)

Clock = Callable[[], int]


class Desk(discord.Client):
    """A bot without commands and gateway; its servers have one channel each, of the same id."""

    library: Library
    rooms: Rooms
    news_store: NewsStore
    subscriptions: Subscriptions
    outbox: Outbox

    def __init__(self, db: Database, clock: Clock) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.db, self.clock = db, clock
        self.subscriptions, self.outbox = Subscriptions(db), Outbox(db)

    async def setup_hook(self) -> None:
        self.library = await Library.open(self.db, [])
        self.rooms = await Rooms.open(self.db)
        self.news_store = await NewsStore.open(self.db)

    def announcer(self, rate: float = RATE, alerts: type[NewsTopic] = NewsTopic) -> Announcer:
        """A new one, which knows nothing of what another did, as after a restart."""
        topics = {NEWS_TOPIC: alerts(cast("Bot", self))}
        return Announcer(self, self.outbox, topics, clock=self.clock, rate=rate)

    def join(self, ids: Iterable[int], unreadable: Collection[int] = ()) -> None:
        """Let the gateway tell of servers; in the unreadable ones history may not be read."""
        assert self.user is not None
        for id in ids:
            rights = WRITING if id in unreadable else WRITING | READING
            self._connection.parsers["GUILD_CREATE"](_server(id, self.user.id, rights))

    async def follow(self, ids: Iterable[int], publishing: Collection[int] = ()) -> None:
        """Let these channels be told of every kind of news, some to tell it on to others."""
        kinds, since = frozenset(KIND_BITS), self.clock()
        for id in ids:
            publishes = id in publishing
            followed = Subscription(id, id, SHOW, kinds, since, publishes=publishes)
            await self.subscriptions.save(followed)

    async def tell(self, headline: str = "There will be no more", *, name: str = "news") -> None:
        """Record news, a row for each channel that follows.

        Another headline under the same name is a correction.
        """
        now = self.clock()
        news = News(
            id=name,
            date=datetime.fromtimestamp(now, UTC).date(),
            kind="cancelled",
            season=2,
            confidence="confirmed",
            headline=headline,
        )
        await self.news_store.record(SHOW, [news], now=now)


@asynccontextmanager
async def desk_at(path: Path, url: str, clock: Clock) -> AsyncIterator[Desk]:
    """Open the database, and log in at the Discord of that address."""
    db = await Database.open(path, now=clock())
    desk = Desk(db, clock)
    try:
        with pointed_at(url):
            await desk.login("bot")
            yield desk
    finally:
        await desk.close()
        await db.close()


def _server(id: int, me: int, rights: discord.Permissions) -> Data:
    everyone = {"id": str(id), "name": "@everyone", "permissions": str(rights.value), "flags": 0}
    everyone |= {"color": 0, "position": 0, "hoist": False, "managed": False, "mentionable": False}
    channel = {"id": str(id), "type": 0, "name": "news", "position": 0, "permission_overwrites": []}
    user = {"id": str(me), "username": "bot", "discriminator": "0", "avatar": None, "bot": True}
    nothing: dict[str, Any] = {
        name: []
        for name in (
            *("emojis", "stickers", "features", "threads", "presences", "voice_states"),
            *("stage_instances", "guild_scheduled_events", "soundboard_sounds"),
        )
    }
    return nothing | {
        "id": str(id),
        "name": f"Server {id}",
        "owner_id": "1",
        "member_count": 2,
        "roles": [everyone],
        "channels": [channel],
        "members": [{"user": user, "roles": [], "joined_at": None, "flags": 0}],
    }
