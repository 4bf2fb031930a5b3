"""The database: one connection, one transaction at a time, and backups beside it."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar

import aiosqlite

from data.storage.backups import back_up, restore
from data.storage.commits import Outcome, Work, run_together
from data.storage.copies import prune
from data.storage.errors import DatabaseError
from data.storage.file import STOPPED, SYNCED, Lock, connect, translate_errors
from data.storage.migrate import Migration, prepare, shipped_migrations
from data.storage.trusted_time import TrustedTime

__all__ = ["SYNCED", "Database", "DatabaseError", "Migration", "restore", "shipped_migrations"]

T = TypeVar("T")

MOST_TOGETHER = 1000  # transactions in one commit
FILE_REMOVED = (
    "the file was removed or emptied while the bot used it. Put it, or a backup, back and start"
    " again."
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A transaction that somebody waits for."""

    work: Work
    then: Callable[[Any], None] | None
    future: asyncio.Future[Any]
    context: Context  # of the caller, where `then` runs

    def settle(self, outcome: Outcome) -> None:
        """Write through to memory and answer; nobody has to be left who waits."""
        error = outcome.error
        if error is None and self.then is not None:
            try:
                self.context.run(self.then, outcome.result)
            except Exception as raised:  # noqa: BLE001  # the caller gets it, as from `work`
                error = raised
        if self.future.done():  # nobody waits, and the loop is closing
            return
        if error is None:
            self.future.set_result(outcome.result)
        else:
            self.future.set_exception(error)
            self.future.exception()  # it is no fault that a caller was cancelled meanwhile


class Database:
    """The only way to the file. One process holds it; no coroutine sees an open transaction."""

    def __init__(self, connection: aiosqlite.Connection, lock: Lock) -> None:
        self._path = lock.path
        self._connection = connection
        self._lock = lock
        self._identity = _identity(lock.path)
        self._queue = deque[_Asked]()
        self._is_committing = False
        self.group_sizes = Counter[int]()  # of all commits: how many transactions each held
        self._in_flight: set[asyncio.Task[Any]] = set()
        self._backing_up = asyncio.Lock()
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    async def open(
        cls, path: Path, *, now: int, migrations: Sequence[Migration] | None = None
    ) -> Self:
        """Lock, check and migrate the file at `path`, or create it. Raises `DatabaseError`."""
        steps = shipped_migrations() if migrations is None else migrations
        opening = asyncio.create_task(cls._open(path, now, steps))
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            # Otherwise its thread and its lock would stay, and nobody could close them.
            await (await opening).close()
            raise

    @classmethod
    async def _open(cls, path: Path, now: int, migrations: Sequence[Migration]) -> Self:
        lock = await asyncio.to_thread(prepare, path, now=now, migrations=migrations)
        try:
            with translate_errors(lock.path):
                connection = await _connection(lock.path)
        except BaseException:
            lock.release()
            raise
        return cls(connection, lock)

    async def run(
        self, work: Callable[[sqlite3.Connection], T], then: Callable[[T], None] | None = None
    ) -> T:
        """Run `work` as one transaction; returns what it returns. Many at once share a commit.

        On any error all that `work` did is rolled back and the error raised; SQLite's errors become
        `DatabaseError`. `work` may be run twice (see `run_together`), so it changes nothing but the
        database. Right after the commit, in the order in which they were asked for, `then` is
        called with the result on the event loop, to bring memory up to date. Cancelling the caller
        cancels neither: a transaction is completed or not begun.
        """
        self._require_open()
        future = asyncio.get_running_loop().create_future()
        asked = _Asked(work, then, future, copy_context())
        self._queue.append(asked)
        if not self._is_committing:
            self._is_committing = True
            self._keep(asyncio.create_task(self._commit()))
        return await asyncio.shield(asked.future)

    async def _commit(self) -> None:
        """Run what is asked for, group after group; what comes meanwhile is in the next one."""
        try:
            while self._queue:
                group = list(itertools.islice(self._queue, MOST_TOGETHER))
                outcomes = await self._hop(group)
                self.group_sizes[len(outcomes)] += 1
                for _ in outcomes:
                    self._queue.popleft()
                lost = None if self.is_in_place() else self._file_removed()
                for asked, outcome in zip(group, outcomes, strict=False):
                    asked.settle(lost if lost and outcome.error is None else outcome)
        finally:
            self._is_committing = False

    def _file_removed(self) -> Outcome:
        """SQLite goes on writing into a file that was removed."""
        return Outcome(error=DatabaseError(f"{self._path}: {FILE_REMOVED}"))

    async def _hop(self, group: Sequence[_Asked]) -> list[Outcome]:
        """Run on the connection's thread; aiosqlite has no public method for this."""
        inside: Any = self._connection  # a test pins the private names
        works = [asked.work for asked in group]
        function = partial(run_together, path=self._path, works=works)
        try:
            return await inside._execute(function, inside._conn)  # noqa: SLF001
        except Exception as error:  # noqa: BLE001  # each is told, or they would wait for ever
            return [Outcome(error=error) for _ in group]

    @property
    def queue_length(self) -> int:
        """How many transactions wait, with those that are run just now."""
        return len(self._queue)

    def _require_open(self) -> None:
        if self._closing is not None:
            raise DatabaseError(f"{self._path}: the database is closed.")

    def _keep(self, task: asyncio.Task[T]) -> asyncio.Task[T]:
        """Let `close` wait for it."""
        self._in_flight.add(task)
        task.add_done_callback(self._in_flight.discard)
        return task

    async def _finish(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for `work`. It ends even if the caller is cancelled; `close` waits for it."""
        try:
            self._require_open()
        except DatabaseError:
            work.close()
            raise
        return await asyncio.shield(self._keep(asyncio.create_task(work)))

    async def remember(self, key: str, value: str) -> None:
        """Store a value for the bot itself, such as the hash of the commands it synced.

        Raises `DatabaseError`.
        """
        await self.run(
            lambda tx: tx.execute(
                "INSERT INTO memory (key, value) VALUES (?, ?)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (key, value),
            )
        )

    async def recall(self, key: str) -> str | None:
        """The value that `remember` stored, or None. Raises `DatabaseError`."""

        def work(tx: sqlite3.Connection) -> str | None:
            found = tx.execute("SELECT value FROM memory WHERE key = ?", (key,)).fetchone()
            return found[0] if found else None

        return await self.run(work)

    async def backup(self, folder: Path, *, now: int) -> Path:
        """Write a checked copy into `folder`; returns its path. Raises `DatabaseError`.

        It takes seconds per 100 MB, in a thread and over a connection of its own. Only `close` and
        the next backup wait for it.
        """
        return await self._finish(self._copying(partial(back_up, folder=folder, now=now)))

    async def prune_copies(self, folder: Path, *, now: TrustedTime) -> list[Path]:
        """Delete the copies that are too old, in `folder` and beside the file; returns them.

        Raises `DatabaseError`. See `copies.prune`.
        """
        return await self._finish(self._copying(partial(prune, folder=folder, now=now)))

    async def _copying(self, work: Callable[[Path], T]) -> T:
        async with self._backing_up:  # each clears away unfinished copies of others
            if not self.is_in_place():  # otherwise another file would be copied
                raise DatabaseError(f"{self._path}: {FILE_REMOVED}")
            return await asyncio.to_thread(work, self._path)

    def is_in_place(self) -> bool:
        """Whether the path still names the file in use; if not, everything saved will be lost."""
        return _identity(self._path) == self._identity

    async def close(self) -> None:
        """Wait for running work, then close. A second call waits for the first."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._close())
        await asyncio.shield(self._closing)

    async def _close(self) -> None:
        try:
            if self._in_flight:
                await asyncio.wait(self._in_flight)
            await self._connection.close()
            self._lock.write_state(STOPPED)
        finally:
            self._lock.release()


def _connection(path: Path) -> aiosqlite.Connection:
    connection = aiosqlite.Connection(partial(connect, path), 64)
    inside: Any = connection
    # Without this, a program that ends without closing would wait for this thread for ever.
    inside._thread.daemon = True  # noqa: SLF001
    return connection


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return (status.st_dev, status.st_ino) if status.st_size else None
