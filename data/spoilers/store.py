"""The store of stubs (hidden messages), from the draft until the last row is erased."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from data.points import Point
from data.spoilers import inbox, maintenance
from data.spoilers import rows as stub_rows
from data.spoilers.content import Content, StubFile, pack, unpack
from data.spoilers.deletion import delete_stubs
from data.spoilers.rows import (
    BARS_STYLE,
    COVER,
    DRAFT,
    GONE,
    LIMIT_WINDOW,
    MOST_STUBS_AN_HOUR,
    POSTED,
    POSTING,
    SEALED_STYLE,
    SHARE,
    SPOILER,
    STANDING,
    UNDOING,
    AlreadyCoveredError,
    HourlyLimitError,
    Stub,
)
from data.storage.database import Database
from data.storage.encryption import Cipher, DecryptionError, is_key_missing, reencrypt
from data.storage.erasure import Erasure
from data.storage.trusted_time import TrustedTime

__all__ = [
    "BARS_STYLE",
    "COVER",
    "DRAFT",
    "GONE",
    "MOST_STUBS_AN_HOUR",
    "POSTED",
    "POSTING",
    "SEALED_STYLE",
    "SHARE",
    "SPOILER",
    "STANDING",
    "UNDOING",
    "AlreadyCoveredError",
    "Content",
    "HourlyLimitError",
    "Stub",
    "StubFile",
    "Stubs",
]

CACHE_SIZE = 512  # stubs in memory, encrypted; a few KB each


class Stubs:
    """All stubs, in the database; only those pressed last are cached, encrypted.

    Each method is one transaction where possible. A change reaches the cache after its commit.
    """

    def __init__(self, db: Database, cipher: Cipher) -> None:
        self._db = db
        self._cipher = cipher
        self.busy = set[int]()  # ids of stubs that are being changed now
        self._cache = stub_rows.StubCache(CACHE_SIZE)
        self._holders = inbox.Holders()
        self._resting = dict[int, int]()  # user id -> when they may make stubs again; not stored

    async def load_inbox(self) -> None:
        """Reads whose inbox may hold something: afterwards the others' cost no transaction."""
        await self._db.run(inbox.read_holders, self._holders.take)

    async def save(self, stub: Stub, content: Content, *, now: int) -> Stub:
        """Stores a new stub, and returns it with its `id` and `created_at`.

        Raises `AlreadyCoveredError` if `source_id` has a stub that is not gone, and
        `HourlyLimitError` if `by_id` made `MOST_STUBS_AN_HOUR` on the server in the last hour,
        removed ones included.
        """
        if (until := self._resting.get(stub.by_id, 0)) > now:
            raise HourlyLimitError(until - now)
        stub = replace(stub, id=stub_rows.random_stub_id(), created_at=now)

        def sealed() -> tuple[bytes, list[bytes]]:
            files = [self._cipher.encrypt(file.content) for file in content.files]
            return self._cipher.encrypt(pack(content)), files

        # Encrypting megabytes would block the event loop.
        body, files = await asyncio.to_thread(sealed) if content.files else sealed()

        def work(tx: sqlite3.Connection) -> None:
            stub_rows.check_uncovered(tx, stub)
            stub_rows.check_hourly_limit(tx, stub, now)
            stub_rows.insert(tx, stub, self._cipher.key_id, body)
            tx.executemany(
                "INSERT INTO stub_file (stub_id, position, key_id, sealed) VALUES (?, ?, ?, ?)",
                [(stub.id, at, self._cipher.key_id, file) for at, file in enumerate(files)],
            )

        await self._db.run(work)
        return stub

    async def get(self, id: int) -> Stub | None:
        """A stub by its id; None if there is none, or it is gone."""
        found = await self._whole(id)
        return found and found.stub

    async def read(self, id: int) -> tuple[Stub, Content | None] | None:
        """A stub and its content with empty files; the content is None if its key is gone."""
        found = await self._whole(id)
        return found and (found.stub, self._opened(found.body))

    async def _whole(self, id: int) -> stub_rows.SealedStub | None:
        found = self._cache.get(id)
        if found is None:
            work = partial(stub_rows.read_with_body, id=id)
            found = await self._db.run(work, partial(self._cache.keep, id))
        return found

    async def size_of_files(self, id: int) -> int:
        """How many bytes the files of a stub have together, or a few more."""
        # In base64, so a third more are stored.
        query = "SELECT coalesce(sum(length(sealed)), 0) * 3 / 4 FROM stub_file WHERE stub_id = ?"
        return await self._db.run(lambda tx: tx.execute(query, (id,)).fetchone()[0])

    async def files(self, id: int) -> tuple[StubFile, ...]:
        """The files of a stub with their bytes; empty if it is gone.

        Raises `DecryptionError` if their key is gone.
        """

        def work(tx: sqlite3.Connection) -> tuple[bytes | None, list[bytes]]:
            rows = tx.execute(
                "SELECT sealed FROM stub_file WHERE stub_id = ? ORDER BY position", (id,)
            )
            return stub_rows.read_sealed(tx, id), [row[0] for row in rows]

        def opened(body: bytes, files: list[bytes]) -> tuple[StubFile, ...]:
            named = unpack(self._cipher.decrypt(body)).files
            return tuple(
                replace(file, content=self._cipher.decrypt(sealed))
                for file, sealed in zip(named, files, strict=True)
            )

        body, files = await self._db.run(work)
        return () if body is None else await asyncio.to_thread(opened, body, files)

    async def claim(
        self, id: int, state: str, to: str, *, now: int, style: str | None = None
    ) -> Stub | None:
        """Moves a stub from `state` to another state; None if it is not in `state`.

        If several callers claim it at the same time, one gets it. Only `remove` leads to GONE.
        """

        def work(tx: sqlite3.Connection) -> stub_rows.SealedStub | None:
            claimed = tx.execute(
                "UPDATE stub SET state = ?, style = coalesce(?, style), changed_at = ?"
                " WHERE id = ? AND state = ?",
                (to, style, now, id, state),
            ).rowcount
            return stub_rows.read_with_body(tx, id) if claimed else None

        claimed = await self._db.run(work, partial(self._cache.keep, id))
        return claimed and claimed.stub

    async def mark_posted(self, id: int, message_id: int, state: str = POSTED, *, now: int) -> bool:
        """Stores the message of a POSTING stub; False, without a change, if it is not POSTING.

        Raises `DatabaseError` if another stub has this message.
        """

        def work(tx: sqlite3.Connection) -> bool:
            return bool(
                tx.execute(
                    "UPDATE stub SET message_id = ?, state = ?, changed_at = ?, checked_at = ?"
                    " WHERE id = ? AND state = 'posting'",
                    (message_id, state, now, now, id),
                ).rowcount
            )

        return await self._db.run(work, partial(self._cache.drop, id))

    async def edit(  # noqa: PLR0913  # each may be left out
        self,
        id: int,
        *,
        text: str | None = None,
        point: Point | None = None,
        style: str | None = None,
        is_rewritten: bool | None = None,
        state: str | None = None,
    ) -> Stub | None:
        """Changes the given fields of a stub; None if it is gone, or not in the given `state`.

        Its files stay, unless a text is given and the old content cannot be decrypted: then the
        description of the files is lost, and only the new text remains.
        """
        values: dict[str, object] = {
            "style": style,
            "is_rewritten": is_rewritten,
            "has_moved": point is not None,
            "episode": point and point.episode,
            "minute": point and point.minute,
            "key_id": None if text is None else self._cipher.key_id,
        }
        read = partial(stub_rows.read_with_body, id=id)
        while (old := await self._db.run(read)) and state in {None, old.stub.state}:
            content = None if text is None else self._opened(old.body)
            new = old.body if text is None else self._rewritten(content or Content(), text)
            then = {"old": old.body, "new": new, "state": old.stub.state}
            is_anew = text is not None and content is None
            work = partial(stub_rows.edit, id=id, values=values | then, is_anew=is_anew)
            if (stub := await self._db.run(work, partial(self._cache.drop, id))) is not None:
                return stub  # else it was changed or encrypted anew in between: try again
        return None

    async def remove(self, id: int) -> Stub | None:
        """Erases the content of a stub and takes it out of all inboxes.

        Returns the stub as it was; None if it was gone already. A row without text stays for a day,
        so that removing does not reset the hourly limit. The row knows its message until
        `mark_deleted`, as Discord may refuse to delete it.
        """

        def work(tx: sqlite3.Connection) -> Stub | None:
            stub = stub_rows.read(tx, id)
            if stub is not None:
                tx.execute(
                    "UPDATE stub SET state = 'gone', reply_to = NULL, source_edited_at = NULL,"
                    " key_id = NULL, sealed = NULL WHERE id = ?",
                    (id,),
                )
                tx.execute("DELETE FROM stub_file WHERE stub_id = ?", (id,))
                tx.execute("DELETE FROM waiting WHERE stub_id = ?", (id,))
            return stub

        return await self._db.run(work, partial(self._cache.drop, id))

    async def remove_channel(self, guild_id: int, channel_id: int) -> int:
        """Erases all stubs of a channel; returns their number, without removed ones."""
        work = partial(maintenance.ids_in_channel, guild_id=guild_id, channel_id=channel_id)
        rows = await self._db.run(work)
        await self._delete([id for id, _ in rows])
        return sum(state != GONE for _, state in rows)

    async def remove_guild(self, guild_id: int, *, before: TrustedTime) -> int:
        """Erases all stubs of a server that the bot was removed from before that moment."""
        work = partial(maintenance.ids_of_left, guild_id=guild_id, before=before)
        count = 0
        while ids := await self._db.run(work):
            count += await self._delete(ids)
        return count

    async def keep(self, user_id: int, id: int, *, now: int) -> bool:
        """Adds a stub to a member's inbox, once; False if the stub is gone."""
        work = partial(inbox.keep, user_id=user_id, id=id, now=now)
        self._holders.add(user_id)
        return await self._db.run(work, partial(self._cache.drop, id))

    async def stop_keeping(self, user_id: int, id: int) -> None:
        found = self._cache.get(id)
        if found is None or found.is_awaited:
            work = partial(inbox.stop_keeping, user_id=user_id, id=id)
            await self._db.run(work, partial(self._cache.drop, id))

    async def is_kept(self, user_id: int, id: int) -> bool:
        """Whether a stub is in a member's inbox."""
        found = self._cache.get(id)
        if found is not None and not found.is_awaited:
            return False
        return await self._db.run(partial(inbox.is_kept, user_id=user_id, id=id))

    async def kept(self, user_id: int, show: str | None = None) -> tuple[Stub, ...]:
        """The posted stubs in a member's inbox, the last added first; at most 200."""
        if not self._holders.may_hold(user_id):
            return ()
        return await self._db.run(partial(inbox.kept_stubs, user_id=user_id, show=show))

    async def list(self, user_id: int) -> tuple[tuple[Stub, Content | None], ...]:
        """All stubs that a member wrote or made, drafts too, newest first; see `read`."""

        def work(tx: sqlite3.Connection) -> tuple[tuple[Stub, bytes | None], ...]:
            rows = tx.execute(
                stub_rows.SELECT_STUB + " WHERE (author_id = ? OR by_id = ?) AND state <> 'gone'"
                " ORDER BY created_at DESC, id",
                (user_id, user_id),
            )
            return tuple(
                (stub, stub_rows.read_sealed(tx, stub.id))
                for stub in map(stub_rows.to_stub, rows.fetchall())
            )

        found = await self._db.run(work)
        return await asyncio.to_thread(
            lambda: tuple((stub, self._opened(body)) for stub, body in found if body)
        )

    def erasure(self, *, heir: int, now: int) -> Erasure[maintenance.ErasedStubs]:
        """Hides all stubs of an author; their covers of others stay, with `heir` as the maker.

        `delete_hidden` then deletes in small steps what nobody can see any more.
        A member who made a stub in the last hour cannot make a new one for an hour: without that,
        erasing would reset the hourly limit.
        """

        def then(user_id: int, forgotten: maintenance.ErasedStubs) -> None:
            self._cache.clear()
            self._resting = {id: until for id, until in self._resting.items() if until > now}
            if forgotten.was_busy:
                self._resting[user_id] = now + LIMIT_WINDOW

        work = partial(maintenance.forget_author, heir=heir, now=now)
        return Erasure(("stub.author_id", "stub.by_id"), work, then)

    async def delete_hidden(self) -> int:
        """Deletes what erasures have hidden, also before a crash; returns the number of stubs."""
        return await self._delete(await self._db.run(maintenance.hidden_ids))

    def inbox_erasure(self) -> Erasure[int]:
        """Empties a member's inbox; the result is how many stubs were in it."""
        return Erasure(("waiting.user_id",), inbox.forget_inbox, lambda _, __: self._cache.clear())

    async def unfinished(self, *, before: int) -> tuple[Stub, ...]:
        """Stubs POSTING, STANDING or UNDOING since before a moment, oldest first, a few hundred.

        Stubs from a clock that was ahead, more than a day after that moment, come first.
        """
        return await self._db.run(partial(maintenance.unfinished, before=before))

    async def due_for_check(self, *, before: int, limit: int) -> tuple[Stub, ...]:
        """POSTED stubs not checked since a moment, the longest unchecked first."""
        return await self._db.run(partial(maintenance.due_for_check, before=before, limit=limit))

    async def undeleted_messages(self, *, limit: int) -> tuple[Stub, ...]:
        """Stubs that are gone but whose message may remain, the longest unchecked first.

        Each one is returned again until `mark_deleted`; after `mark_checked` it comes last.
        """
        return await self._db.run(partial(maintenance.undeleted_messages, limit=limit))

    async def mark_deleted(self, id: int) -> None:
        """Stores that the message of a removed stub is deleted."""
        clear = "UPDATE stub SET message_id = NULL WHERE id = ? AND state = 'gone'"
        await self._db.run(lambda tx: tx.execute(clear, (id,)))

    async def mark_checked(self, id: int, *, now: int) -> None:
        """Stores that the message of a stub was checked, and may exist."""
        await self._db.run(
            lambda tx: tx.execute("UPDATE stub SET checked_at = ? WHERE id = ?", (now, id))
        )

    async def expire(
        self, *, now: TrustedTime, keep_days: Mapping[int, int], default_days: int
    ) -> int:
        """Deletes stubs that are older than their server keeps them; returns the number of rows.

        `keep_days` is by guild id. Drafts and removed stubs are deleted after a day, but not those
        in `undeleted_messages`. Stubs behind bars stay.
        """
        passed = await self._db.run(partial(maintenance.short_lived_ids, now=now))
        old = partial(
            maintenance.expired_ids, now=now, keep_days=keep_days, default_days=default_days
        )
        return await self._delete(list({*passed, *await self._db.run(old)}))

    def clear_cache(self) -> None:
        """Empties the cache, after other code erased rows of these tables."""
        self._cache.clear()

    async def is_key_missing(self) -> bool:
        """As `encryption.is_key_missing`, for all that is encrypted, reports too."""
        return await is_key_missing(self._db, self._cipher)

    async def reencrypt(self, *, limit: int) -> int:
        """As `encryption.reencrypt`, for all that is encrypted, reports too."""
        reencrypted = await reencrypt(self._db, self._cipher, limit=limit)
        self._cache.clear()
        return reencrypted

    async def _delete(self, ids: Sequence[int]) -> int:
        return await delete_stubs(self._db, ids, self._cache.clear)

    def _opened(self, body: bytes) -> Content | None:
        try:
            return unpack(self._cipher.decrypt(body))
        except DecryptionError:
            return None

    def _rewritten(self, content: Content, text: str) -> bytes:
        return self._cipher.encrypt(pack(replace(content, text=text)))
