"""Our bot with shows and members to carry."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from benchmarks.packs import EPISODES, slug
from benchmarks.payloads import ASKER, FIRST, GUILD
from bot.client import Bot, build
from bot.config import Config
from data.database import Database
from data.point import Point

HALFWAY = Point(f"e{EPISODES // 2:02}")
FIRST_MEMBER = FIRST << 1
WATCHED = slug(0)  # the show that is asked about
MINUTES = 60  # of an episode; each is a point that members may be at
MOMENT = 1_750_000_000  # UTC epoch seconds; any would do


def bot_with(folder: Path, shows: Path) -> Bot:
    """Our bot with its database in `folder` and the packs of `shows` beside those that ship."""
    settings = {"DATABASE_PATH": str(folder / "cliffhanger.sqlite3"), "SHOWS_PATH": str(shows)}
    return build(Config.from_env(settings))


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


async def seat_asker(bot: Bot) -> None:
    """Let the asker be halfway through the show, on a server that means it when none is named."""
    await bot.progress.save(ASKER, WATCHED, HALFWAY, now=MOMENT)
    await bot.rooms.set_default_show(GUILD, WATCHED)
