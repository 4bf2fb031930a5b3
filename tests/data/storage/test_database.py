"""What storage.database promises: whole transactions, one process, no doubtful file ever used."""

from __future__ import annotations

import asyncio
import inspect
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import aiosqlite
import pytest

from data.storage.database import Database
from data.storage.errors import DatabaseError
from data.storage.file import require_sqlite, translate_errors
from tests.data.conftest import NOW
from tests.support import ROOT
from tests.support.disks import contents, largest_file, unprivileged


def insert(key: str) -> Callable[[sqlite3.Connection], str]:
    def work(tx: sqlite3.Connection) -> str:
        tx.execute("INSERT INTO memory (key, value) VALUES (?, '')", (key,))
        return key

    return work


def keys(tx: sqlite3.Connection) -> list[str]:
    return [row[0] for row in tx.execute("SELECT key FROM memory ORDER BY key")]


def pragma(tx: sqlite3.Connection, name: str) -> object:
    return tx.execute(f"PRAGMA {name}").fetchone()[0]


async def fill(path: Path, rows: int = 400) -> None:
    """Make a database of some thirty pages and close it."""
    database = await Database.open(path, now=NOW)

    def work(tx: sqlite3.Connection) -> None:
        many = [(f"{row:05}", "x" * 250) for row in range(rows)]
        tx.executemany("INSERT INTO memory (key, value) VALUES (?, ?)", many)

    await database.run(work)
    await database.close()


def no_thread_is_left() -> None:
    for thread in threading.enumerate():
        if "_connection_worker_thread" in thread.name:
            thread.join(timeout=10)  # it has been told to end, and may be about to
            assert not thread.is_alive()


async def refused(path: Path) -> str:
    """Open, which must fail without a trace; returns what the operator is told."""
    before = contents(path.parent)
    with pytest.raises(DatabaseError) as caught:
        await Database.open(path, now=NOW)
    assert contents(path.parent) == before
    no_thread_is_left()
    assert str(path) in str(caught.value)
    return str(caught.value)


class TestTransactions:
    async def test_an_error_rolls_everything_back(self, db: Database) -> None:
        def work(tx: sqlite3.Connection) -> None:
            insert("a")(tx)
            raise LookupError

        with pytest.raises(LookupError):
            await db.run(work)
        assert await db.run(keys) == []

    async def test_so_does_what_is_no_exception(self, db: Database) -> None:
        class Halt(BaseException):
            pass

        def work(tx: sqlite3.Connection) -> None:
            insert("a")(tx)
            raise Halt

        with pytest.raises(Halt):
            await db.run(work)
        assert await db.run(keys) == []

    async def test_work_that_raises_stop_iteration_does_not_hang_the_caller(
        self, db: Database
    ) -> None:
        def work(tx: sqlite3.Connection) -> object:
            insert("a")(tx)
            return next(iter(()))

        with pytest.raises(RuntimeError, match="StopIteration"):
            await asyncio.wait_for(db.run(work), timeout=10)
        assert await db.run(keys) == []

    async def test_a_failed_commit_rolls_back(self, db: Database) -> None:
        await db.run(
            lambda tx: tx.execute(
                "CREATE TABLE child (key TEXT REFERENCES memory DEFERRABLE INITIALLY DEFERRED)"
            )
        )
        with pytest.raises(DatabaseError, match="constraint"):
            await db.run(lambda tx: tx.execute("INSERT INTO child VALUES ('nobody')"))
        assert await db.run(insert("a")) == "a"

    async def test_a_writer_is_not_lost_in_the_rollback_of_another(self, db: Database) -> None:
        other_is_waiting = threading.Event()

        def fails_late(tx: sqlite3.Connection) -> None:
            insert("lost")(tx)
            assert other_is_waiting.wait(timeout=10)
            raise LookupError

        first = asyncio.create_task(db.run(fails_late))
        second = asyncio.create_task(db.run(insert("kept")))
        for _ in range(10):  # turns of the loop, so that the second waits behind the first
            await asyncio.sleep(0)
        other_is_waiting.set()
        with pytest.raises(LookupError):
            await first
        await second
        assert await db.run(keys) == ["kept"]

    async def test_many_writers_add_up(self, db: Database) -> None:
        await db.remember("count", "0")

        def work(tx: sqlite3.Connection) -> None:
            count = int(tx.execute("SELECT value FROM memory").fetchone()[0])
            tx.execute("UPDATE memory SET value = ?", (str(count + 1),))

        await asyncio.gather(*(db.run(work) for _ in range(200)))
        assert await db.recall("count") == "200"

    async def test_memory_is_written_in_the_order_of_the_commits(self, db: Database) -> None:
        memory: list[int] = []

        def work(tx: sqlite3.Connection) -> int:
            tx.execute("INSERT INTO memory SELECT 'k' || count(*), '' FROM memory")
            return int(tx.execute("SELECT count(*) FROM memory").fetchone()[0])

        await asyncio.gather(*(db.run(work, memory.append) for _ in range(100)))
        assert memory == list(range(1, 101))

    async def test_memory_is_not_written_when_the_work_fails(self, db: Database) -> None:
        await db.run(insert("a"))
        memory: list[str] = []
        with pytest.raises(DatabaseError, match="constraint"):
            await db.run(insert("a"), memory.append)
        assert memory == []

    async def test_a_cancelled_caller_leaves_a_whole_transaction(self, db: Database) -> None:
        begun, go_on = threading.Event(), threading.Event()
        memory: list[str] = []

        def work(tx: sqlite3.Connection) -> str:
            insert("a")(tx)
            begun.set()
            assert go_on.wait(timeout=10)
            insert("b")(tx)
            return "both"

        caller = asyncio.create_task(db.run(work, memory.append))
        await asyncio.to_thread(begun.wait, 10)
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
        go_on.set()
        assert await db.run(keys) == ["a", "b"]
        assert memory == ["both"]

    async def test_closing_waits_for_what_was_begun(self, path: Path) -> None:
        db = await Database.open(path, now=NOW)
        begun, go_on = threading.Event(), threading.Event()

        def work(tx: sqlite3.Connection) -> str:
            begun.set()
            assert go_on.wait(timeout=10)
            return insert("a")(tx)

        memory: list[str] = []
        caller = asyncio.create_task(db.run(work, memory.append))
        await asyncio.to_thread(begun.wait, 10)
        closing_ = asyncio.create_task(db.close())
        await asyncio.sleep(0)
        caller.cancel()
        go_on.set()
        await closing_
        assert memory == ["a"]
        again = await Database.open(path, now=NOW)
        assert await again.run(keys) == ["a"]
        await again.close()

    async def test_nothing_is_begun_after_closing(self, path: Path) -> None:
        db = await Database.open(path, now=NOW)
        await asyncio.gather(db.close(), db.close())
        await db.close()
        with pytest.raises(DatabaseError, match="closed"):
            await db.run(keys)

    async def test_a_full_disk_fails_the_command_and_nothing_else(self, db: Database) -> None:
        await db.run(insert("before"))
        pages = await db.run(lambda tx: pragma(tx, "page_count"))
        await db.run(lambda tx: pragma(tx, f"max_page_count = {pages}"))
        memory: list[None] = []

        def work(tx: sqlite3.Connection) -> None:
            insert("half")(tx)
            tx.execute("INSERT INTO memory VALUES ('rest', ?)", ("x" * 100_000,))

        with pytest.raises(DatabaseError, match=r"the disk is full.*Free some space"):
            await db.run(work, memory.append)
        assert memory == []
        assert await db.run(keys) == ["before"]
        await db.run(lambda tx: pragma(tx, "max_page_count = 100000"))
        await db.run(work)
        assert await db.run(keys) == ["before", "half", "rest"]

    async def test_a_disk_that_refuses_a_write_fails_the_command_and_nothing_else(
        self, db: Database, path: Path
    ) -> None:
        await db.run(insert("before"))
        with largest_file(path.with_name("bot.sqlite3-wal").stat().st_size):
            with pytest.raises(DatabaseError, match="Free some space"):
                await db.run(insert("refused"))
            assert await db.run(keys) == ["before"]
        await db.run(insert("after"))
        assert await db.run(keys) == ["after", "before"]
        assert await db.run(lambda tx: pragma(tx, "integrity_check")) == "ok"


class TestConnection:
    async def test_it_is_set_up_to_lose_nothing(self, db: Database) -> None:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "temp_store")
        settings = await db.run(lambda tx: [pragma(tx, name) for name in names])
        assert settings == ["wal", 2, 1, 5000, 2]

    async def test_its_files_are_for_the_bot_alone(self, db: Database, path: Path) -> None:
        await db.run(insert("a"))
        modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
        assert modes == dict.fromkeys(
            ("bot.sqlite3", "bot.sqlite3-wal", "bot.sqlite3-shm", "bot.sqlite3.lock"), 0o600
        )

    async def test_a_file_that_others_may_read_is_closed_to_them(self, path: Path) -> None:
        await fill(path)
        path.chmod(0o644)
        db = await Database.open(path, now=NOW)
        assert path.stat().st_mode & 0o777 == 0o600
        await db.close()

    async def test_a_transaction_is_one_hop_to_one_thread(self, db: Database) -> None:
        threads = {await db.run(lambda _: threading.get_ident()) for _ in range(3)}
        assert len(threads) == 1
        assert threads != {threading.get_ident()}

    def test_aiosqlite_still_has_the_door_we_use(self) -> None:
        door = inspect.signature(aiosqlite.Connection._execute)  # noqa: SLF001
        assert list(door.parameters) == ["self", "fn", "args", "kwargs"]
        assert inspect.iscoroutinefunction(aiosqlite.Connection._execute)  # noqa: SLF001
        assert isinstance(aiosqlite.Connection._conn, property)  # noqa: SLF001

    async def test_a_program_that_forgets_to_close_ends_all_the_same(self, path: Path) -> None:
        code = (
            "import asyncio, sys; from pathlib import Path\n"
            "from data.storage.database import Database\n"
            "db = asyncio.run(Database.open(Path(sys.argv[1]), now=1))"
        )
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, str(path), cwd=ROOT
        )
        assert await asyncio.wait_for(process.wait(), timeout=30) == 0
        await (await Database.open(path, now=NOW)).close()

    async def test_the_bot_remembers(self, path: Path) -> None:
        db = await Database.open(path, now=NOW)
        assert await db.recall("commands") is None
        await db.remember("commands", "one")
        await db.remember("commands", "two")
        await db.close()
        again = await Database.open(path, now=NOW)
        assert await again.recall("commands") == "two"
        await again.close()

    async def test_a_file_taken_away_under_the_bot_is_noticed(
        self, db: Database, path: Path
    ) -> None:
        assert db.is_in_place()
        path.rename(path.with_name("moved"))
        assert not db.is_in_place()
        path.touch()
        assert not db.is_in_place()
        path.with_name("moved").replace(path)
        assert db.is_in_place()

    async def test_a_file_emptied_under_the_bot_is_noticed(self, db: Database, path: Path) -> None:
        path.write_bytes(b"")
        assert not db.is_in_place()


class TestOneProcess:
    async def test_a_second_instance_is_refused(self, db: Database, path: Path) -> None:
        with pytest.raises(DatabaseError, match="another process uses it"):
            await Database.open(path, now=NOW)
        await db.run(insert("a"))

    async def test_so_is_one_that_comes_through_a_link(self, db: Database, path: Path) -> None:
        link = path.with_name("link.sqlite3")
        link.symlink_to(path)
        with pytest.raises(DatabaseError, match="another process uses it"):
            await Database.open(link, now=NOW)
        await db.run(insert("a"))

    async def test_so_is_a_second_process_which_then_ends(self, db: Database, path: Path) -> None:
        code = (
            "import asyncio, sys; from pathlib import Path\n"
            "from data.storage.database import Database\n"
            "asyncio.run(Database.open(Path(sys.argv[1]), now=1))"
        )
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, str(path), cwd=ROOT, stderr=subprocess.PIPE
        )
        _, errors = await asyncio.wait_for(process.communicate(), timeout=30)
        assert process.returncode == 1
        assert b"another process uses it" in errors
        await db.run(insert("a"))

    async def test_the_next_may_open_what_was_closed(self, path: Path) -> None:
        for _ in range(3):
            await (await Database.open(path, now=NOW)).close()

    async def test_a_cancelled_opening_leaves_neither_thread_nor_lock(self, path: Path) -> None:
        opening = asyncio.create_task(Database.open(path, now=NOW))
        await asyncio.sleep(0)
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        no_thread_is_left()
        await (await Database.open(path, now=NOW)).close()


class TestDoubtfulFiles:
    async def test_a_missing_folder(self, tmp_path: Path) -> None:
        path = tmp_path / "nowhere" / "bot.sqlite3"
        with pytest.raises(DatabaseError, match=r"folder does not exist\. Create it"):
            await Database.open(path, now=NOW)
        assert not path.parent.exists()

    async def test_a_folder_for_a_file(self, path: Path) -> None:
        path.mkdir()
        with pytest.raises(DatabaseError, match="it is a folder"):
            await Database.open(path, now=NOW)

    async def test_what_is_no_regular_file(self, path: Path) -> None:
        os.mkfifo(path)
        assert "no regular file" in await refused(path)
        path.unlink()
        path.symlink_to(path)
        assert "no regular file" in await refused(path)
        assert list(path.parent.iterdir()) == [path]

    async def test_a_file_that_is_gone(self, path: Path) -> None:
        await fill(path)
        path.unlink()
        told = await refused(path)
        assert f"it is gone. Put it, or a backup, back; to begin anew remove {path}.lock" in told
        path.with_name("bot.sqlite3.lock").unlink()
        await (await Database.open(path, now=NOW)).close()

    async def test_a_file_that_is_gone_but_for_its_log(self, path: Path) -> None:
        log = path.with_name("bot.sqlite3-wal")
        log.write_bytes(b"what was said last")
        assert f"it is gone. Put it, or a backup, back; to begin anew remove {log}" in (
            await refused(path)
        )

    async def test_a_folder_that_may_not_be_written(self) -> None:
        with unprivileged() as folder:
            folder.chmod(0o500)
            with pytest.raises(DatabaseError, match=r"cannot be written.* the right to write"):
                await Database.open(folder / "bot.sqlite3", now=NOW)
            folder.chmod(0o700)

    async def test_a_file_that_may_not_be_written(self) -> None:
        with unprivileged() as folder:
            path = folder / "bot.sqlite3"
            await fill(path)
            path.chmod(0o400)
            assert "cannot be written" in await refused(path)

    @pytest.mark.parametrize(
        "content", [b"Dear diary, " * 1000, b"SQLite format 3\0" + b"?" * 9000]
    )
    async def test_what_is_not_a_database(self, path: Path, content: bytes) -> None:
        path.write_bytes(content)
        assert "python -m bot restore" in await refused(path)

    @pytest.mark.parametrize("seed", range(12))
    @pytest.mark.parametrize("damage", ["zeroed", "scrambled", "truncated"])
    async def test_a_damaged_file(self, path: Path, damage: str, seed: int) -> None:
        await fill(path)
        dice = random.Random(seed)
        content = bytearray(path.read_bytes())
        start = dice.randrange(1, len(content) // 4096) * 4096
        if damage == "truncated":
            del content[start:]
        else:
            zeroed = damage == "zeroed"
            content[start : start + 4096] = bytes(4096) if zeroed else dice.randbytes(4096)
        path.write_bytes(content)
        told = await refused(path)
        assert "damaged" in told
        assert "python -m bot restore" in told

    async def test_a_row_that_lies(self, path: Path) -> None:
        await fill(path)
        with closing(sqlite3.connect(path)) as liar:
            liar.execute("PRAGMA ignore_check_constraints = ON")
            liar.execute("INSERT INTO scope VALUES (1, 1, 'x', NULL, 5, 0)")
            liar.commit()
        told = await refused(path)
        assert "CHECK constraint failed in scope" in told
        assert "python -m bot restore" in told

    async def test_a_file_of_which_nothing_is_left(self, path: Path) -> None:
        await fill(path)
        path.write_bytes(b"")
        assert "python -m bot restore" in await refused(path)

    async def test_an_empty_file_that_never_was_more_is_a_new_database(self, path: Path) -> None:
        path.touch()
        await (await Database.open(path, now=NOW)).close()

    async def test_the_file_of_another_program(self, path: Path) -> None:
        with closing(sqlite3.connect(path)) as other:
            other.execute("CREATE TABLE bookmarks (url TEXT)")
        assert "another program" in await refused(path)

    async def test_a_file_of_a_newer_bot(self, path: Path) -> None:
        await fill(path)
        with closing(sqlite3.connect(path)) as newer:
            newer.execute("PRAGMA user_version = 9000")
        assert "Update the bot" in await refused(path)

    async def test_a_full_disk_before_the_first_page(self, path: Path) -> None:
        with largest_file(2048), pytest.raises(DatabaseError, match=r"full.*Free some space"):
            await Database.open(path, now=NOW)
        await (await Database.open(path, now=NOW)).close()

    async def test_a_file_that_another_program_is_writing(self, path: Path) -> None:
        await fill(path)
        with closing(sqlite3.connect(path)) as one, closing(sqlite3.connect(path)) as other:
            one.execute("BEGIN EXCLUSIVE")
            other.execute("PRAGMA busy_timeout = 0")
            with pytest.raises(DatabaseError, match="another program"), translate_errors(path):
                other.execute("BEGIN EXCLUSIVE")

    def test_an_sqlite_that_is_too_old(self) -> None:
        with pytest.raises(DatabaseError, match=r"SQLite 3\.36\.0.* needs 3\.37\.0"):
            require_sqlite((3, 36, 0))


class TestAfterACrash:
    async def crash(
        self, path: Path, folder: Path, work: Callable[[sqlite3.Connection], object]
    ) -> Path:
        """The files of a bot that did `work`, as a kill would leave them."""
        folder.mkdir()
        db = await Database.open(path, now=NOW)
        await db.run(work)
        for file in path.parent.glob("bot.sqlite3*"):
            shutil.copy(file, folder)
        await db.close()
        return folder / path.name

    async def test_what_was_acknowledged_is_there(self, path: Path, tmp_path: Path) -> None:
        db = await Database.open(
            await self.crash(path, tmp_path / "crashed", insert("kept")), now=NOW
        )
        assert await db.run(keys) == ["kept"]
        await db.close()

    async def test_what_only_the_log_says_counts(self, path: Path, tmp_path: Path) -> None:
        def work(tx: sqlite3.Connection) -> None:
            tx.execute("PRAGMA user_version = 9000")

        crashed = await self.crash(path, tmp_path / "crashed", work)
        assert "version 9000" in await refused(crashed)

    async def test_damage_that_the_quick_check_overlooks_is_found(
        self, path: Path, tmp_path: Path
    ) -> None:
        """After a clean stop it is not looked for, which shows what the lock's note is for."""
        old = tmp_path / "old"
        row = "INSERT INTO progress (user_id, show, had_before, updated_at) VALUES (?, 'x', 0, 0)"
        index = "SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_progress_1'"
        await fill(path)
        shutil.copy(path, old)
        db = await Database.open(path, now=NOW)
        await db.run(lambda tx: tx.execute(row, (1,)))
        root = await db.run(lambda tx: int(tx.execute(index).fetchone()[0]))
        await db.close()
        with path.open("r+b") as file:  # the index as it was before the row
            file.seek((root - 1) * 4096)
            file.write(old.read_bytes()[(root - 1) * 4096 : root * 4096])

        lock = path.with_name("bot.sqlite3.lock")
        db = await Database.open(path, now=NOW)
        running = lock.read_bytes()
        await db.close()
        lock.write_bytes(running)
        assert "python -m bot restore" in await refused(path)


async def test_nothing_is_acknowledged_once_the_file_was_taken_away(tmp_path: Path) -> None:
    db = await Database.open(tmp_path / "db.sqlite3", now=NOW)
    await db.remember("kept", "yes")
    (tmp_path / "db.sqlite3").rename(tmp_path / "elsewhere")

    with pytest.raises(DatabaseError, match="removed or emptied"):
        await db.remember("lost", "yes")
    await db.close()
