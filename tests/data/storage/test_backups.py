"""What storage.backups promises: copies that were checked, and a way back that loses nothing."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from data.storage.database import SYNCED, Database, restore
from data.storage.errors import DatabaseError
from tests.data.conftest import NOW
from tests.support.disks import contents, largest_file

DAY = 86_400


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "safe" / "backups"


@pytest.fixture
async def db(path: Path) -> AsyncIterator[Database]:
    database = await Database.open(path, now=NOW)
    await database.remember("is", "here")
    yield database
    await database.close()


async def recalled(path: Path) -> str | None:
    db = await Database.open(path, now=NOW)
    found = await db.recall("is")
    await db.close()
    return found


class TestBackingUp:
    async def test_a_backup_holds_everything(self, db: Database, folder: Path) -> None:
        backup = await db.backup(folder, now=NOW)
        assert backup == folder / "bot-20210803T141320Z.sqlite3"
        assert await recalled(backup) == "here"

    async def test_it_is_for_the_bot_alone(self, db: Database, folder: Path) -> None:
        backup = await db.backup(folder, now=NOW)
        assert backup.stat().st_mode & 0o777 == 0o600
        assert folder.stat().st_mode & 0o777 == 0o700

    async def test_what_a_killed_bot_left_half_written_is_cleared_away(
        self, db: Database, folder: Path
    ) -> None:
        folder.mkdir(parents=True)
        (folder / "bot-20200101T000000Z.sqlite3.partial").write_text("half")
        (folder / "film.partial").write_text("mine")
        backup = await db.backup(folder, now=NOW)
        assert set(contents(folder)) == {backup.name, "film.partial"}

    async def test_several_at_once_are_each_whole(self, db: Database, folder: Path) -> None:
        writes = [db.remember(f"k{n}", "v") for n in range(20)]
        backups = [db.backup(folder, now=NOW + n) for n in range(3)]
        await asyncio.gather(*writes, *backups)
        assert await db.recall("k19") == "v"
        assert [await recalled(folder / name) for name in contents(folder)] == ["here"] * 3

    async def test_no_writer_waits_for_it_and_it_holds_what_was_committed(
        self, db: Database, folder: Path
    ) -> None:
        begun, is_copied = Event(), Event()

        def work(tx: sqlite3.Connection) -> bool:
            tx.execute("UPDATE memory SET value = 'half' WHERE key = 'is'")
            begun.set()
            return is_copied.wait(20)

        writing = asyncio.create_task(db.run(work))
        assert await asyncio.to_thread(begun.wait, 20)
        backup = await db.backup(folder, now=NOW)
        is_copied.set()
        assert await writing
        assert await db.recall("is") == "half"
        assert await recalled(backup) == "here"

    async def test_a_file_that_took_the_place_of_ours_is_not_copied(
        self, db: Database, path: Path, folder: Path
    ) -> None:
        path.rename(path.with_name("elsewhere"))
        path.write_bytes(b"another")
        with pytest.raises(DatabaseError, match="removed or emptied"):
            await db.backup(folder, now=NOW)
        assert not folder.exists()

    async def test_closing_waits_for_it(self, path: Path, folder: Path) -> None:
        db = await Database.open(path, now=NOW)
        backup = asyncio.create_task(db.backup(folder, now=NOW))
        await asyncio.sleep(0)
        await db.close()
        assert (await backup).exists()

    async def test_a_copy_that_is_not_sound_is_not_kept(self, db: Database, folder: Path) -> None:
        def lie(tx: sqlite3.Connection) -> None:
            tx.execute("PRAGMA ignore_check_constraints = ON")
            tx.execute("INSERT INTO memory VALUES ('', 'a key that may not be')")
            tx.execute("PRAGMA ignore_check_constraints = OFF")

        await db.run(lie)
        with pytest.raises(DatabaseError, match="damaged"):
            await db.backup(folder, now=NOW)
        assert contents(folder) == {}

    async def test_a_folder_that_cannot_be_is_told(self, db: Database, folder: Path) -> None:
        folder.parent.write_text("no folder")
        with pytest.raises(DatabaseError, match=r"backups.*Check BACKUP_PATH"):
            await db.backup(folder, now=NOW)
        assert await db.recall("is") == "here"

    async def test_a_full_disk_leaves_no_half_backup(self, db: Database, folder: Path) -> None:
        with largest_file(4096), pytest.raises(DatabaseError, match="Free some space"):
            await db.backup(folder, now=NOW)
        assert contents(folder) == {}
        assert await db.recall("is") == "here"
        assert (await db.backup(folder, now=NOW)).exists()


class TestRestoring:
    async def test_what_was_backed_up_is_back(self, path: Path, folder: Path) -> None:
        db = await Database.open(path, now=NOW)
        await db.remember("is", "then")
        backup = await db.backup(folder, now=NOW)
        await db.remember("is", "later")
        await db.close()

        kept = restore(backup, path)

        assert await recalled(path) == "then"
        assert kept is not None
        assert await recalled(kept) == "later"
        assert path.stat().st_mode & 0o777 == 0o600

    async def test_it_takes_the_place_of_a_damaged_file(self, path: Path, folder: Path) -> None:
        db = await Database.open(path, now=NOW)
        await db.remember("is", "here")
        backup = await db.backup(folder, now=NOW)
        await db.close()
        path.write_bytes(b"damage" * 5000)

        kept = restore(backup, path)

        assert await recalled(path) == "here"
        assert kept is not None
        assert kept.read_bytes() == b"damage" * 5000

    async def test_the_log_of_the_replaced_file_is_kept_and_not_played(
        self, path: Path, folder: Path, tmp_path: Path
    ) -> None:
        db = await Database.open(path, now=NOW)
        await db.remember("is", "then")
        backup = await db.backup(folder, now=NOW)
        await db.remember("is", "only in the log")
        killed = tmp_path / "killed" / path.name
        killed.parent.mkdir()
        for file in path.parent.glob("bot.sqlite3*"):
            shutil.copy(file, killed.parent)
        await db.close()

        kept = restore(backup, killed)

        assert await recalled(killed) == "then"
        assert kept is not None
        assert await recalled(kept) == "only in the log"

    async def test_it_takes_the_place_of_a_file_that_is_gone(
        self, path: Path, folder: Path
    ) -> None:
        db = await Database.open(path, now=NOW)
        await db.remember("is", "here")
        backup = await db.backup(folder, now=NOW)
        await db.close()
        path.unlink()

        assert restore(backup, path) is None

        assert await recalled(path) == "here"

    async def test_what_discord_was_told_of_the_replaced_file_is_forgotten(
        self, path: Path, folder: Path
    ) -> None:
        db = await Database.open(path, now=NOW)
        await db.remember(SYNCED, "the hash of other commands")
        backup = await db.backup(folder, now=NOW)
        await db.close()

        restore(backup, path)

        db = await Database.open(path, now=NOW)
        assert await db.recall(SYNCED) == ""
        await db.close()

    async def test_nothing_is_kept_where_nothing_was(self, db: Database, folder: Path) -> None:
        backup = await db.backup(folder, now=NOW)
        elsewhere = folder / "new.sqlite3"
        assert restore(backup, elsewhere) is None
        assert await recalled(elsewhere) == "here"

    async def test_every_replaced_file_is_kept(self, db: Database, folder: Path) -> None:
        backup = await db.backup(folder, now=NOW)
        elsewhere = folder / "new.sqlite3"
        kept = {restore(backup, elsewhere) for _ in range(4)}
        assert len(kept) == 4

    async def test_a_running_bot_keeps_its_file(
        self, db: Database, path: Path, folder: Path
    ) -> None:
        backup = await db.backup(folder, now=NOW)
        with pytest.raises(DatabaseError, match="Stop the bot"):
            restore(backup, path)
        await db.remember("is", "still here")

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (None, r"no such file.*Choose another backup"),
            (b"", r"nothing is in it.*Choose another backup"),
            (b"not a database" * 1000, r"not a database.*Choose another backup"),
        ],
    )
    async def test_what_is_no_backup_is_refused(
        self, db: Database, path: Path, tmp_path: Path, content: bytes | None, told: str
    ) -> None:
        await db.close()
        backup = tmp_path / "backup"
        if content is not None:
            backup.write_bytes(content)
        before = contents(tmp_path)
        with pytest.raises(DatabaseError, match=told):
            restore(backup, path)
        assert contents(tmp_path) == before

    async def test_what_is_no_file_is_no_backup(self, path: Path, tmp_path: Path) -> None:
        with pytest.raises(DatabaseError, match="no regular file"):
            restore(tmp_path, path)

    async def test_the_file_of_another_program_is_no_backup(
        self, path: Path, tmp_path: Path
    ) -> None:
        with closing(sqlite3.connect(tmp_path / "other")) as other:
            other.execute("CREATE TABLE bookmarks (url TEXT)")
        with pytest.raises(DatabaseError, match=r"another program.*Choose another backup"):
            restore(tmp_path / "other", path)

    async def test_a_damaged_backup_is_refused(
        self, db: Database, path: Path, folder: Path
    ) -> None:
        backup = await db.backup(folder, now=NOW)
        await db.close()
        content = backup.read_bytes()
        backup.write_bytes(content[:8192] + bytes(4096) + content[12288:])
        before = contents(path.parent)
        with pytest.raises(DatabaseError, match=r"damaged.*Choose another backup"):
            restore(backup, path)
        assert contents(path.parent) == before

    async def test_a_backup_of_a_newer_bot_is_refused(
        self, db: Database, path: Path, folder: Path
    ) -> None:
        backup = await db.backup(folder, now=NOW)
        await db.close()
        with closing(sqlite3.connect(backup)) as newer:
            newer.execute("PRAGMA user_version = 9000")
        with pytest.raises(DatabaseError, match="newer version"):
            restore(backup, path)
        assert await recalled(path) == "here"

    async def test_a_full_disk_leaves_the_file_as_it_was(
        self, db: Database, path: Path, folder: Path
    ) -> None:
        backup = await db.backup(folder, now=NOW)
        await db.close()
        before = contents(path.parent)
        with largest_file(4096), pytest.raises(DatabaseError, match="Free some space"):
            restore(backup, path)
        assert contents(path.parent) == before

    async def test_a_missing_folder_is_told(self, db: Database, folder: Path) -> None:
        backup = await db.backup(folder, now=NOW)
        with pytest.raises(DatabaseError, match="folder does not exist"):
            restore(backup, folder / "nowhere" / "bot.sqlite3")


class TestTheJournalOfAStartThatWasKilled:
    """Until it writes into a log, SQLite keeps what it overwrites in a journal."""

    async def test_it_does_not_undo_what_is_restored(
        self, path: Path, db: Database, folder: Path
    ) -> None:
        backup = await db.backup(folder, now=NOW)
        await db.close()
        killed_while_writing(path)
        kept = restore(backup, path)
        assert await recalled(path) == "here"
        assert kept is not None
        assert await recalled(kept) == "here"


def killed_while_writing(path: Path) -> None:
    """Leave the file half written, with the journal that undoes it."""
    sides = [path.with_name(path.name + suffix) for suffix in ("", "-journal")]
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE memory SET value = 'half'")
        for number in range(500):
            connection.execute("INSERT INTO memory VALUES (?, ?)", (str(number), "x" * 4000))
        halves = [side.read_bytes() for side in sides]
    for side, half in zip(sides, halves, strict=True):
        side.write_bytes(half)
