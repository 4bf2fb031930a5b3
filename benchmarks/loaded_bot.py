"""Our bot with shows, members and hidden messages to carry."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.packs import EPISODES, slug
from benchmarks.payloads import ASKER, CHANNEL, FIRST, GUILD
from bot.client import build
from bot.clock import now
from bot.config import Config
from bot.context import Bot
from bot.upkeep import LAST_BACKUP
from data.points import Point
from data.spoilers.content import Content, pack
from data.storage.database import Database
from data.storage.encryption import Cipher, read_key_file

EARLY, HALFWAY, LATE = (Point(f"e{number:02}") for number in (2, EPISODES // 2, EPISODES - 1))
FIRST_MEMBER = FIRST << 1
FIRST_MESSAGE = FIRST + (FIRST >> 1)
WATCHED = slug(0)  # the show that is asked about
WORDS = "So the letter was under the bridge all along, and nobody but the old doctor knew of it."
AUTHORS = 1000  # of the hidden messages
MINUTES = 60  # of an episode; each is a point that members may be at
MOMENT = 1_750_000_000  # UTC epoch seconds; any would do


def bot_with(folder: Path, shows: Path) -> Bot:
    """Our bot with its database in `folder` and the packs of `shows` beside those that ship."""
    return build(
        Config(
            database_path=folder / "cliffhanger.sqlite3",
            backup_path=folder / "backups",
            shows_path=shows,
            tvmaze_url=None,
        )
    )


def member_ids(members: int) -> range:
    return range(FIRST_MEMBER, FIRST_MEMBER + members)


async def let_watch(folder: Path, members: int) -> None:
    """Write down in a new database that so many members watch the show, all over its minutes."""
    db = await Database.open(folder / "cliffhanger.sqlite3", now=MOMENT)
    rows = [
        (id, WATCHED, f"e{number % EPISODES + 1:02}", number // EPISODES % MINUTES, MOMENT)
        for number, id in enumerate(member_ids(members))
    ]

    # A transaction for each, as the store does it, would take minutes.
    def work(tx: sqlite3.Connection) -> None:
        tx.executemany(
            "INSERT INTO progress (user_id, show, episode, minute, had_before, updated_at)"
            " VALUES (?, ?, ?, ?, 0, ?)",
            rows,
        )

    await db.run(work)
    await db.close()


async def let_hide(folder: Path, number: int) -> tuple[Sequence[int], Sequence[int]]:
    """Write so many posted stubs into a new database; the ids of the early and of the late ones."""
    path = folder / "cliffhanger.sqlite3"
    db = await Database.open(path, now=MOMENT)
    # In order they are appended; at random each would dirty pages of its own.
    ids = sorted(random.Random(number).sample(range(1, 2**62), number))
    cipher = Cipher(read_key_file(path))
    body = cipher.encrypt(pack(Content(WORDS)))

    def work(tx: sqlite3.Connection) -> None:
        tx.executemany(
            "INSERT INTO stub (id, guild_id, channel_id, kind, author_id, by_id, show, episode,"
            " style, state, message_id, is_rewritten, created_at, changed_at, checked_at, key_id,"
            " sealed) VALUES (?, ?, ?, 'spoiler', ?, ?, ?, ?, 'sealed', 'posted', ?, 0, ?, ?, ?,"
            " ?, ?)",
            _stub_rows(ids, cipher.key_id, body),
        )

    await db.run(work)
    await db.remember(LAST_BACKUP, str(now()))  # or it would be copied while it is timed
    await db.close()
    return ids[::2], ids[1::2]


def _stub_rows(ids: Sequence[int], key_id: str, body: bytes) -> Iterator[tuple[object, ...]]:
    for number, id in enumerate(ids):
        author = FIRST_MEMBER + number * AUTHORS // len(ids)
        episode = (EARLY, LATE)[number % 2].episode
        about = (GUILD, CHANNEL, author, author, WATCHED, episode, FIRST_MESSAGE + number)
        yield (id, *about, MOMENT, MOMENT, MOMENT, key_id, body)


async def seat_asker(bot: Bot) -> None:
    """Let the asker be halfway through the show, on a server that means it when none is named."""
    await bot.progress.save(ASKER, WATCHED, HALFWAY, now=MOMENT)
    await bot.rooms.set_default_show(GUILD, WATCHED)
