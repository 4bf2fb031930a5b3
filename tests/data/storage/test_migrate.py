"""What storage.migrate promises: every migration whole or not at all, and rows that cannot lie."""

from __future__ import annotations

import asyncio
import hashlib
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from data.storage.database import Database, Migration, shipped_migrations
from data.storage.errors import DatabaseError
from data.storage.migrate import statements
from tests.data.conftest import NOW
from tests.support import ROOT
from tests.support.disks import contents, largest_file

# Append here with each new migration, and never edit one: somebody's file has taken it already.
SHIPPED = {
    "0001_shows_progress_rooms": "214819d32d1e8df96b0528d7857ad834911a52f0aea6bb2c49fb5cf1cbabb6e9",
    "0002_stubs": "f4bd97dbd8b31c3270b1e4af6ccbbe1a48dff4707537bd69cd913d52b466618b",
    "0003_news": "e5f37ce94737a424168039a4f6788c4dfaf12ad652e8ea5a943308a61eb5b4ef",
    "0004_sightings": "fc968af0ec165fb7cda475bdfa3f83403e182dafc5162556866bc59094c8bef9",
    "0005_imports": "0a0575064af721075b78c139905e546929c382467d9eb93f2b97b34d34ae30b7",
    "0006_writings": "27c06699a7b245e3abd7ab504219429d0dfe12129db16340ed7833e6780f9689",
    "0007_parties": "738c3f822cb58adcffe62c277fa80b3b7a0febfe95b38b16aef60a8c6620cfb6",
    "0008_progress_origin": "73aba9df2e3fab2321910aa746e2c173835a0992b1b7d03c2bd416de90e6299d",
    "0009_greetings": "af0291ad0cadb070e6e823a1bf6fb154761bd041ccec2e604de8ec870a750da5",
}

COUNT = "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 1000000)"
FIRST = Migration(1, "0001_first", "CREATE TABLE a (n INTEGER); INSERT INTO a VALUES (1);")
SECOND = Migration(2, "0002_second", "CREATE TABLE b (n INTEGER); UPDATE a SET n = 2;")
BROKEN = Migration(2, "0002_broken", f"{SECOND.sql} INSERT INTO nowhere VALUES (1);")  # noqa: S608

LONG = Migration(2, "0002_long", f"{SECOND.sql} INSERT INTO b {COUNT} SELECT n FROM c;")  # noqa: S608


async def migrate(path: Path, *migrations: Migration) -> None:
    await (await Database.open(path, now=NOW, migrations=migrations)).close()


def state(path: Path) -> tuple[int, list[str], int]:
    """The version, the tables, and what the migrations wrote."""
    with closing(sqlite3.connect(path)) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        tables = connection.execute("SELECT name FROM sqlite_schema ORDER BY name").fetchall()
        return (
            version,
            [name for (name,) in tables],
            connection.execute("SELECT n FROM a").fetchone()[0],
        )


class TestMigrating:
    async def test_an_older_file_is_brought_up_to_date(self, path: Path) -> None:
        await migrate(path, FIRST)
        assert state(path) == (1, ["a"], 1)
        await migrate(path, FIRST, SECOND)
        assert state(path) == (2, ["a", "b"], 2)

    async def test_a_copy_from_before_is_kept_beside_it(self, path: Path) -> None:
        await migrate(path, FIRST)
        await migrate(path, FIRST, SECOND)
        copy = path.with_name(f"bot.sqlite3.version-1.{NOW}")
        assert copy.stat().st_mode & 0o777 == 0o600
        assert state(copy) == (1, ["a"], 1)

    async def test_nothing_is_copied_when_nothing_is_to_be_done(self, path: Path) -> None:
        await migrate(path, FIRST, SECOND)
        await migrate(path, FIRST, SECOND)
        assert list(contents(path.parent)) == ["bot.sqlite3"]

    async def test_one_that_breaks_halfway_leaves_nothing(self, path: Path) -> None:
        await migrate(path, FIRST)
        before = path.read_bytes()
        with pytest.raises(DatabaseError, match=r"0002_broken failed and was undone.*nowhere"):
            await migrate(path, FIRST, BROKEN)
        assert path.read_bytes() == before
        await migrate(path, FIRST, SECOND)
        assert state(path) == (2, ["a", "b"], 2)

    async def test_one_that_breaks_each_time_leaves_one_copy(self, path: Path) -> None:
        await migrate(path, FIRST)
        for attempt in range(3):
            with pytest.raises(DatabaseError, match="0002_broken"):
                await Database.open(path, now=NOW + attempt, migrations=(FIRST, BROKEN))
        copy = f"bot.sqlite3.version-1.{NOW + 2}"
        assert set(contents(path.parent)) == {"bot.sqlite3", copy}
        assert state(path.with_name(copy)) == (1, ["a"], 1)

    async def test_those_before_the_broken_one_stand(self, path: Path) -> None:
        with pytest.raises(DatabaseError):
            await migrate(path, FIRST, BROKEN)
        assert state(path) == (1, ["a"], 1)

    async def test_a_full_disk_leaves_nothing_of_it(self, path: Path) -> None:
        await migrate(path, FIRST)
        before = path.read_bytes()
        with largest_file(100_000), pytest.raises(DatabaseError, match="Free some space"):
            await migrate(path, FIRST, LONG)
        assert path.read_bytes() == before
        await migrate(path, FIRST, LONG)
        assert state(path) == (2, ["a", "b"], 2)

    async def test_without_room_for_the_copy_it_is_not_begun(self, path: Path) -> None:
        await migrate(path, FIRST)
        before = contents(path.parent)
        with largest_file(4096), pytest.raises(DatabaseError, match="Free some space"):
            await migrate(path, FIRST, SECOND)
        assert contents(path.parent) == before

    async def test_one_that_leaves_a_row_without_what_it_refers_to_is_undone(
        self, path: Path
    ) -> None:
        lost = "CREATE TABLE c (n INTEGER REFERENCES a (n)); INSERT INTO c VALUES (99);"
        first = Migration(1, "0001_a", "CREATE TABLE a (n INTEGER PRIMARY KEY);")
        await migrate(path, first)
        with pytest.raises(DatabaseError, match="refers to"):
            await migrate(path, first, Migration(2, "0002_lost", lost))

    @pytest.mark.parametrize("seed", range(4))
    def test_a_kill_in_the_middle_leaves_nothing_of_it(self, path: Path, seed: int) -> None:
        path.touch()
        log = path.with_name("bot.sqlite3-wal")
        with subprocess.Popen(
            [sys.executable, "-m", "tests.data.storage.test_migrate", str(path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        ) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"migrating\n"
            enough = random.Random(seed).randrange(1_000_000)
            while child.poll() is None and (not log.exists() or log.stat().st_size <= enough):
                pass
            child.kill()
        assert child.returncode == -signal.SIGKILL
        assert log.stat().st_size > enough
        assert state(path) == (1, ["a"], 1)
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


class TestShipped:
    def test_what_was_shipped_is_not_edited(self) -> None:
        found = {m.name: hashlib.sha256(m.sql.encode()).hexdigest() for m in shipped_migrations()}
        assert found == SHIPPED

    def test_they_leave_transactions_to_the_program(self) -> None:
        words = {
            statement.split()[0].upper()
            for migration in shipped_migrations()
            for statement in statements(
                "\n".join(line for line in migration.sql.splitlines() if not line.startswith("--"))
            )
            if statement.split()
        }
        assert words.isdisjoint({"BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "PRAGMA"})

    async def test_every_table_is_strict(self, db: Database) -> None:
        tables = await db.run(lambda tx: tx.execute("PRAGMA table_list").fetchall())
        loose = [row[1] for row in tables if not row[1].startswith("sqlite_") and not row[5]]
        assert loose == []

    @pytest.mark.parametrize(
        ("table", "row"),
        [
            ("progress", {"user_id": 0}),
            ("progress", {"user_id": "somebody"}),
            ("progress", {"user_id": None}),
            ("progress", {"show": ""}),
            ("progress", {"show": None}),
            ("progress", {"episode": ""}),
            ("progress", {"episode": None, "minute": 5}),
            ("progress", {"minute": -1}),
            ("progress", {"minute": 1000}),
            ("progress", {"revision": 0}),
            ("progress", {"had_before": 2}),
            ("progress", {"had_before": 0, "before_episode": "e01"}),
            ("progress", {"had_before": 1, "before_minute": 5}),
            ("progress", {"updated_at": None}),
            ("scope", {"guild_id": 0}),
            ("scope", {"channel_id": -1}),
            ("scope", {"show": ""}),
            ("scope", {"episode": ""}),
            ("scope", {"episode": None, "minute": 5}),
            ("scope", {"minute": 1000}),
            ("server", {"guild_id": 0}),
            ("server", {"default_show": ""}),
            ("server", {"log_channel": 0}),
            ("server", {"keep_days": 0}),
            ("server", {"keep_days": None}),
            ("server", {"reports_to_cover": -1}),
            ("style", {"guild_id": 0}),
            ("style", {"style": "open"}),
            ("helper", {"helper_id": 0}),
            ("helper", {"is_role": 2}),
            ("stub", {"id": 0}),
            ("stub", {"guild_id": 0}),
            ("stub", {"channel_id": None}),
            ("stub", {"kind": "secret"}),
            ("stub", {"kind": "cover"}),
            ("stub", {"source_id": 5}),
            ("stub", {"author_id": 0}),
            ("stub", {"by_id": None}),
            ("stub", {"show": ""}),
            ("stub", {"episode": ""}),
            ("stub", {"episode": None, "minute": 5}),
            ("stub", {"minute": 1000}),
            ("stub", {"style": "open"}),
            ("stub", {"state": "lost"}),
            ("stub", {"state": "gone"}),
            ("stub", {"state": "gone", "sealed": None}),
            ("stub", {"state": "posted"}),
            ("stub", {"state": "standing"}),
            ("stub", {"state": "posted", "message_id": 0}),
            ("stub", {"sealed": None}),
            ("stub", {"sealed": None, "key_id": None}),
            ("stub", {"sealed": b""}),
            ("stub", {"sealed": "words that are not sealed"}),
            ("stub", {"key_id": None}),
            ("stub", {"is_rewritten": 2}),
            ("stub_file", {"stub_id": 99}),
            ("stub_file", {"position": -1}),
            ("stub_file", {"sealed": None}),
            ("waiting", {"user_id": 0}),
            ("waiting", {"stub_id": 99}),
            ("report", {"message_id": 0}),
            ("report", {"episode": None, "minute": 5}),
            ("report", {"state": "lost"}),
            ("report", {"note_id": 5}),
            ("report", {"note_channel_id": 5}),
            ("report", {"sealed": None}),
            ("report", {"has_files": 2}),
            ("writing", {"guild_id": 0}),
            ("writing", {"show": ""}),
            ("writing", {"kind": "poem"}),
            ("writing", {"kind": "character"}),
            ("writing", {"subject": None}),
            ("writing", {"subject": ""}),
            ("writing", {"episode": None, "minute": 5}),
            ("writing", {"author_minute": 5}),
            ("writing", {"author_id": 0}),
            ("writing", {"state": "lost"}),
            ("writing", {"state": "approved", "reviewer_id": 2}),
            ("writing", {"state": "approved", "reviewer_id": 1, "decided_at": 5}),
            ("writing", {"reviewer_id": 2}),
            ("writing", {"decided_at": 5}),
            ("writing", {"sealed": None}),
            ("writing", {"key_id": ""}),
            ("reporter", {"report_id": 99}),
            ("reporter", {"counts": 2}),
            ("memory", {"key": ""}),
            ("show", {"slug": ""}),
            ("show", {"pack": ""}),
        ],
    )
    async def test_a_row_cannot_lie(self, db: Database, table: str, row: dict[str, object]) -> None:
        good: dict[str, dict[str, object]] = {
            "progress": {
                "user_id": 1, "show": "x", "episode": "e01", "had_before": 0, "updated_at": 0
            },
            "scope": {
                "guild_id": 1, "channel_id": 1, "show": "x", "episode": "e01", "updated_at": 0
            },
            "server": {"guild_id": 1},
            "style": {"guild_id": 1, "channel_id": 1, "style": "bars"},
            "helper": {"guild_id": 1, "helper_id": 1, "is_role": 0},
            "stub": {
                "guild_id": 1, "channel_id": 1, "kind": "spoiler", "author_id": 1, "by_id": 1,
                "show": "x", "episode": "e01", "style": "sealed", "state": "draft",
                "is_rewritten": 0, "created_at": 0, "changed_at": 0, "checked_at": 0,
                "key_id": "k", "sealed": b"s",
            },
            "stub_file": {"stub_id": 7, "position": 0, "key_id": "k", "sealed": b"s"},
            "waiting": {"user_id": 1, "stub_id": 7, "since": 0},
            "report": {
                "guild_id": 1, "channel_id": 1, "message_id": 1, "author_id": 1, "show": "x",
                "episode": "e01", "has_files": 0, "state": "open", "created_at": 0,
                "key_id": "k", "sealed": b"s",
            },
            "reporter": {"report_id": 7, "user_id": 1, "counts": 1, "reported_at": 0},
            "writing": {
                "guild_id": 1, "show": "x", "kind": "recap", "subject": "e01", "episode": "e01",
                "author_id": 1, "state": "waiting", "created_at": 0, "key_id": "k", "sealed": b"s",
            },
            "memory": {"key": "k", "value": "v"},
            "show": {"slug": "x", "file": "x.toml", "digest": "d", "pack": "{}"},
        }  # fmt: skip

        async def insert(table: str, values: dict[str, object]) -> None:
            names, marks = ", ".join(values), ", ".join("?" * len(values))
            sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  # our own names
            await db.run(lambda tx: tx.execute(sql, tuple(values.values())))

        owners = {"stub_file": "stub", "waiting": "stub", "reporter": "report"}
        if owner := owners.get(table):
            await insert(owner, good[owner] | {"id": 7})
        with pytest.raises(DatabaseError, match=r"constraint|cannot store"):
            await insert(table, good[table] | row)
        await insert(table, good[table])


class TestStatements:
    @pytest.mark.parametrize(
        "parts",
        [
            ["CREATE TABLE a (n);", " CREATE TABLE b (n);", "\n"],
            ["-- why; and what for\nCREATE TABLE a (n);", ""],
            ["INSERT INTO a VALUES (';');", "/* ; */ INSERT INTO a VALUES ('');", ""],
            [
                "CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; DELETE FROM c; END;",
                "SELECT 1",
            ],
        ],
    )
    def test_they_end_where_sqlite_says(self, parts: list[str]) -> None:
        assert list(statements("".join(parts))) == parts

    async def test_a_forgotten_last_semicolon_loses_nothing(self, path: Path) -> None:
        await migrate(path, FIRST, Migration(2, "0002_b", "CREATE TABLE b (n); UPDATE a SET n = 7"))
        assert state(path) == (2, ["a", "b"], 7)


async def migrate_until_killed(path: Path) -> None:
    await migrate(path, FIRST)
    print("migrating", flush=True)  # noqa: T201  # the parent waits for it
    await migrate(path, FIRST, LONG)


if __name__ == "__main__":
    asyncio.run(migrate_until_killed(Path(sys.argv[1])))
