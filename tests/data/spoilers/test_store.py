"""What store promises: hidden words kept sealed, each step taken once, nothing left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from data.points import PREMISE, Point
from data.spoilers import rows as stub_rows
from data.spoilers.store import (
    BARS_STYLE,
    COVER,
    DRAFT,
    GONE,
    MOST_STUBS_AN_HOUR,
    POSTED,
    POSTING,
    SHARE,
    STANDING,
    UNDOING,
    AlreadyCoveredError,
    Content,
    HourlyLimitError,
    Stub,
    Stubs,
)
from data.storage.database import Database
from data.storage.encryption import Cipher, DecryptionError
from data.storage.errors import DatabaseError
from tests.data.conftest import NOW
from tests.support.query_plans import asked, scans
from tests.support.stubs import (
    ANN,
    ATTIC,
    BEN,
    CAT,
    DAY,
    E1,
    EMPTIED,
    FULL,
    HOME,
    HOUR,
    LOUNGE,
    PICTURE,
    STUB,
    WORDS,
    forgotten,
    post,
    rows,
    text_of,
)


class TestSaving:
    @pytest.mark.parametrize(
        "stub",
        [
            STUB,
            replace(STUB, kind=COVER, by_id=BEN, source_id=9, style=BARS_STYLE, point=E1),
            replace(STUB, kind=SHARE, state=POSTING, point=PREMISE, reply_to=None),
            replace(STUB, state=POSTED, message_id=9, is_rewritten=True),
            replace(STUB, kind=COVER, source_id=9, source_edited_at=NOW - 5, message_id=8),
        ],
    )
    async def test_it_comes_back_as_it_was(self, stubs: Stubs, stub: Stub) -> None:
        saved = await stubs.save(stub, FULL, now=NOW)
        assert saved == replace(stub, id=saved.id, created_at=NOW)
        assert await stubs.get(saved.id) == saved
        assert await stubs.read(saved.id) == (saved, EMPTIED)
        assert await stubs.files(saved.id) == FULL.files

    async def test_half_characters_survive(self, stubs: Stubs) -> None:
        saved = await stubs.save(STUB, WORDS, now=NOW)
        assert await stubs.read(saved.id) == (saved, WORDS)
        assert await stubs.files(saved.id) == ()

    async def test_ids_tell_nothing(self, stubs: Stubs) -> None:
        ids = [(await stubs.save(STUB, WORDS, now=NOW)).id for _ in range(20)]
        assert ids != sorted(ids)
        assert len(set(ids)) == 20
        assert all(0 < id <= 2**62 for id in ids)
        assert min(ids) < 2**61 < max(ids)

    async def test_what_there_never_was_is_not_found(self, stubs: Stubs) -> None:
        assert await stubs.get(5) is None
        assert await stubs.read(5) is None
        assert await stubs.files(5) == ()
        assert await stubs.edit(5, text="x", style=BARS_STYLE) is None
        assert await stubs.remove(5) is None
        assert not await stubs.keep(ANN, 5, now=NOW)
        assert not await stubs.mark_posted(5, 6, now=NOW)

    async def test_nothing_that_is_hidden_is_readable_in_any_file(
        self, db: Database, stubs: Stubs, path: Path
    ) -> None:
        saved = await stubs.save(STUB, FULL, now=NOW)
        await stubs.edit(saved.id, text="another MARKER")
        await db.backup(path.parent / "backups", now=NOW)
        files = [file for file in path.parent.rglob("*") if file.is_file()]
        assert {"bot.sqlite3", "bot.sqlite3-wal"} < {file.name for file in files}
        assert any(file.parent.name == "backups" for file in files)
        assert max(file.stat().st_size for file in files) > len(PICTURE.content)
        assert not [file for file in files if b"MARKER" in file.read_bytes()]

    async def test_a_row_that_would_lie_is_refused_whole(self, db: Database, stubs: Stubs) -> None:
        with pytest.raises(DatabaseError, match="constraint"):
            await stubs.save(replace(STUB, kind=COVER), FULL, now=NOW)
        assert await rows(db) == [0, 0, 0]


class TestKeys:
    async def test_without_its_key_only_what_was_hidden_is_lost(self, db: Database) -> None:
        saved = await Stubs(db, Cipher([Fernet.generate_key().decode()])).save(STUB, FULL, now=NOW)
        stubs = Stubs(db, Cipher([Fernet.generate_key().decode()]))
        assert await stubs.read(saved.id) == (saved, None)
        assert await stubs.list(ANN) == ((saved, None),)
        with pytest.raises(DecryptionError):
            await stubs.files(saved.id)
        assert await stubs.edit(saved.id, point=E1) == replace(saved, point=E1)
        assert await stubs.read(saved.id) == (replace(saved, point=E1), None)
        assert await stubs.remove(saved.id)

    async def test_who_writes_it_anew_has_it_again_without_the_files_nobody_can_open(
        self, db: Database
    ) -> None:
        saved = await Stubs(db, Cipher([Fernet.generate_key().decode()])).save(STUB, FULL, now=NOW)
        stubs = Stubs(db, Cipher([Fernet.generate_key().decode()]))
        edited = await stubs.edit(saved.id, text="anew", point=E1)
        assert edited == replace(saved, point=E1)
        assert await stubs.read(saved.id) == (edited, Content("anew"))
        assert await stubs.files(saved.id) == ()
        assert await rows(db) == [1, 0, 0]
        assert not await stubs.is_key_missing()

    async def test_an_edit_seals_with_the_new_key_and_leaves_the_files(self, db: Database) -> None:
        old, new = (Fernet.generate_key().decode() for _ in range(2))
        saved = await Stubs(db, Cipher([old])).save(STUB, FULL, now=NOW)
        await Stubs(db, Cipher([new, old])).edit(saved.id, text="x")
        assert await text_of(Stubs(db, Cipher([new])), saved.id) == "x"
        assert await text_of(Stubs(db, Cipher([old])), saved.id) is None
        assert await Stubs(db, Cipher([new, old])).files(saved.id) == FULL.files


class TestLimits:
    async def test_of_eighty_at_once_sixty_get_through(self, db: Database, stubs: Stubs) -> None:
        answers = await asyncio.gather(
            *(stubs.save(STUB, WORDS, now=NOW) for _ in range(80)), return_exceptions=True
        )
        refused = [answer for answer in answers if isinstance(answer, HourlyLimitError)]
        assert len(refused) == 80 - MOST_STUBS_AN_HOUR
        assert {error.retry_after for error in refused} == {HOUR}
        assert await rows(db) == [MOST_STUBS_AN_HOUR, 0, 0]

    async def test_the_oldest_of_the_hour_makes_room(self, stubs: Stubs) -> None:
        for n in range(MOST_STUBS_AN_HOUR):
            await stubs.save(STUB, WORDS, now=NOW + n)
        with pytest.raises(HourlyLimitError) as caught:
            await stubs.save(STUB, WORDS, now=NOW + 100)
        assert caught.value.retry_after == HOUR - 100
        with pytest.raises(HourlyLimitError):
            await stubs.save(STUB, WORDS, now=NOW + HOUR - 1)
        await stubs.save(STUB, WORDS, now=NOW + HOUR)
        with pytest.raises(HourlyLimitError) as caught:
            await stubs.save(STUB, WORDS, now=NOW + HOUR)
        assert caught.value.retry_after == 1

    async def test_after_a_clock_that_was_ahead_one_waits_an_hour_at_most(
        self, stubs: Stubs
    ) -> None:
        for _ in range(MOST_STUBS_AN_HOUR):
            await stubs.save(STUB, WORDS, now=NOW + 300 * DAY)
        with pytest.raises(HourlyLimitError) as caught:
            await stubs.save(STUB, WORDS, now=NOW)
        assert caught.value.retry_after == HOUR
        assert caught.value.minutes == 60

    async def test_removing_makes_no_room_and_others_have_their_own(self, stubs: Stubs) -> None:
        for _ in range(MOST_STUBS_AN_HOUR):
            await stubs.remove((await stubs.save(STUB, WORDS, now=NOW)).id)
        with pytest.raises(HourlyLimitError):
            await stubs.save(STUB, WORDS, now=NOW)
        # It is who makes them that counts, not whose words they are.
        await stubs.save(replace(STUB, kind=COVER, by_id=BEN, source_id=5), WORDS, now=NOW)

    async def test_of_two_who_cover_one_message_one_does(self, db: Database, stubs: Stubs) -> None:
        cover = replace(STUB, kind=COVER, source_id=5)
        answers = await asyncio.gather(
            *(stubs.save(replace(cover, by_id=by), FULL, now=NOW) for by in (BEN, CAT)),
            return_exceptions=True,
        )
        assert {type(answer) for answer in answers} == {Stub, AlreadyCoveredError}
        assert await rows(db) == [1, 2, 0]

    async def test_what_was_uncovered_may_be_covered_again(self, stubs: Stubs) -> None:
        cover = replace(STUB, kind=COVER, by_id=BEN, source_id=5)
        saved = await stubs.save(cover, WORDS, now=NOW)
        await stubs.remove(saved.id)
        assert await stubs.save(cover, WORDS, now=NOW)
        with pytest.raises(AlreadyCoveredError):
            await stubs.save(cover, WORDS, now=NOW)


class TestStates:
    async def test_a_claim_is_won_once(self, stubs: Stubs) -> None:
        saved = await stubs.save(STUB, WORDS, now=NOW)
        answers = await asyncio.gather(
            *(stubs.claim(saved.id, DRAFT, POSTING, now=NOW, style=BARS_STYLE) for _ in range(20))
        )
        assert list(filter(None, answers)) == [replace(saved, state=POSTING, style=BARS_STYLE)]
        assert await stubs.get(saved.id) == replace(saved, state=POSTING, style=BARS_STYLE)

    async def test_without_a_style_it_keeps_its_own(self, stubs: Stubs) -> None:
        saved = await stubs.save(replace(STUB, style=BARS_STYLE), WORDS, now=NOW)
        claimed = await stubs.claim(saved.id, DRAFT, POSTING, now=NOW)
        assert claimed == replace(saved, state=POSTING)

    async def test_a_message_stands_only_from_posting(self, stubs: Stubs) -> None:
        saved = await stubs.save(STUB, WORDS, now=NOW)
        assert not await stubs.mark_posted(saved.id, 9, now=NOW)
        assert await stubs.get(saved.id) == saved
        await stubs.claim(saved.id, DRAFT, POSTING, now=NOW)
        assert await stubs.mark_posted(saved.id, 9, STANDING, now=NOW)
        assert not await stubs.mark_posted(saved.id, 10, now=NOW)
        assert await stubs.get(saved.id) == replace(saved, state=STANDING, message_id=9)

    async def test_two_stubs_never_have_one_message(self, stubs: Stubs) -> None:
        await post(stubs, STUB, 9)
        other = await stubs.save(replace(STUB, state=POSTING), WORDS, now=NOW)
        with pytest.raises(DatabaseError, match="UNIQUE"):
            await stubs.mark_posted(other.id, 9, now=NOW)

    async def test_it_does_not_stand_without_a_message_nor_go_without_removing(
        self, stubs: Stubs
    ) -> None:
        saved = await stubs.save(STUB, WORDS, now=NOW)
        for state in (POSTED, STANDING, GONE):
            with pytest.raises(DatabaseError, match="constraint"):
                await stubs.claim(saved.id, DRAFT, state, now=NOW)
        assert await stubs.get(saved.id) == saved

    async def test_what_hangs_between_two_states_is_found(self, stubs: Stubs) -> None:
        found: list[Stub] = []
        for at, state in enumerate((POSTING, STANDING, UNDOING)):
            saved = await post(stubs, STUB, 10 + at, now=NOW - at)
            found.append(await stubs.claim(saved.id, POSTED, state, now=NOW - at) or saved)
        await post(stubs, STUB, 20)
        await stubs.save(STUB, WORDS, now=NOW - 9)
        assert await stubs.unfinished(before=NOW + 1) == tuple(reversed(found))
        assert await stubs.unfinished(before=NOW) == tuple(reversed(found[1:]))

    async def test_what_a_clock_that_was_ahead_left_unfinished_is_found(self, stubs: Stubs) -> None:
        near = await stubs.save(replace(STUB, state=POSTING), WORDS, now=NOW + DAY)
        far = await stubs.save(replace(STUB, state=POSTING), WORDS, now=NOW + DAY + 1)
        old = await stubs.save(replace(STUB, state=POSTING), WORDS, now=NOW - 1)
        assert await stubs.unfinished(before=NOW) == (far, old)
        assert await stubs.unfinished(before=NOW + DAY + 1) == (old, near)

    async def test_the_longest_unseen_is_looked_at_first(self, stubs: Stubs) -> None:
        first, second, third = [await post(stubs, STUB, 10 + n, now=NOW + n) for n in range(3)]
        await stubs.save(STUB, WORDS, now=NOW)
        assert await stubs.due_for_check(before=NOW + 2, limit=9) == (first, second)
        assert await stubs.due_for_check(before=NOW + 3, limit=1) == (first,)
        await stubs.mark_checked(first.id, now=NOW + 5)
        assert await stubs.due_for_check(before=NOW + 9, limit=9) == (second, third, first)


class TestEditing:
    async def test_what_is_given_changes_and_the_rest_stays(self, stubs: Stubs) -> None:
        saved = await stubs.save(STUB, FULL, now=NOW)
        edited = await stubs.edit(saved.id, text="new \ud83d")
        assert edited == saved
        assert await stubs.read(saved.id) == (saved, replace(EMPTIED, text="new \ud83d"))
        assert await stubs.files(saved.id) == FULL.files

        edited = await stubs.edit(saved.id, point=E1, style=BARS_STYLE, is_rewritten=True)
        assert edited == replace(saved, point=E1, style=BARS_STYLE, is_rewritten=True)
        assert await stubs.edit(saved.id, point=PREMISE, is_rewritten=False) == replace(
            saved, point=PREMISE, style=BARS_STYLE
        )
        assert await text_of(stubs, saved.id) == "new \ud83d"

    async def test_an_empty_text_is_a_text(self, stubs: Stubs) -> None:
        saved = await stubs.save(STUB, WORDS, now=NOW)
        await stubs.edit(saved.id, text="")
        assert await text_of(stubs, saved.id) == ""

    async def test_one_that_is_somewhere_else_by_now_is_not_edited(self, stubs: Stubs) -> None:
        saved = await stubs.save(STUB, WORDS, now=NOW)
        assert await stubs.edit(saved.id, text="x", point=E1, state=POSTED) is None
        assert await stubs.read(saved.id) == (saved, WORDS)
        assert await stubs.edit(saved.id, text="x", state=DRAFT) == saved
        assert await text_of(stubs, saved.id) == "x"

    async def test_of_an_edit_and_a_claim_at_once_one_does_not_lose_the_other(
        self, stubs: Stubs
    ) -> None:
        for _ in range(20):
            saved = await stubs.save(STUB, WORDS, now=NOW)
            edited, claimed = await asyncio.gather(
                stubs.edit(saved.id, style=BARS_STYLE, state=DRAFT),
                stubs.claim(saved.id, DRAFT, POSTING, now=NOW),
            )
            assert claimed is not None
            assert edited is None or edited.state == DRAFT
            assert await stubs.get(saved.id) == replace(
                saved, state=POSTING, style=BARS_STYLE if edited else saved.style
            )

    async def test_edits_at_once_are_each_whole(self, stubs: Stubs) -> None:
        """A text and the point that it needs are never those of two edits."""
        saved = await stubs.save(STUB, WORDS, now=NOW)
        await asyncio.gather(
            *(stubs.edit(saved.id, text=f"e{n}", point=Point(f"e{n}")) for n in range(20)),
            *(stubs.edit(saved.id, style=BARS_STYLE) for _ in range(20)),
        )
        found = await stubs.read(saved.id)
        assert found is not None
        stub, content = found
        assert content == Content(str(stub.point.episode))
        assert stub.style == BARS_STYLE

    async def test_what_is_gone_is_not_edited(self, stubs: Stubs) -> None:
        saved = await stubs.save(STUB, WORDS, now=NOW)
        await stubs.remove(saved.id)
        assert await stubs.edit(saved.id, text="x") is None
        assert await stubs.edit(saved.id, style=BARS_STYLE) is None
        assert await stubs.read(saved.id) is None


class TestWaiting:
    async def test_members_find_what_they_had_kept_the_last_first(self, stubs: Stubs) -> None:
        first = await post(stubs, STUB, 9)
        second = await post(stubs, replace(STUB, show="dark"), 10)
        for at, stub in enumerate((second, first, second)):
            assert await stubs.keep(BEN, stub.id, now=NOW + at)
        assert await stubs.kept(BEN) == (first, second)
        assert await stubs.kept(BEN, "dark") == (second,)
        assert await stubs.kept(CAT) == ()
        await stubs.stop_keeping(BEN, first.id)
        await stubs.stop_keeping(BEN, first.id)
        assert await stubs.kept(BEN) == (second,)

    async def test_only_what_stands_is_found(self, stubs: Stubs) -> None:
        posted = await post(stubs, STUB, 9)
        draft = await stubs.save(STUB, WORDS, now=NOW)
        for stub in (posted, draft):
            await stubs.keep(BEN, stub.id, now=NOW)
        assert await stubs.kept(BEN) == (posted,)
        standing = await stubs.claim(posted.id, POSTED, STANDING, now=NOW)
        assert await stubs.kept(BEN) == (standing,)
        await stubs.claim(posted.id, STANDING, UNDOING, now=NOW)
        assert await stubs.kept(BEN) == ()
        await stubs.remove(posted.id)
        assert not await stubs.keep(BEN, posted.id, now=NOW)

    async def test_two_hundred_are_given_at_most(self, stubs: Stubs) -> None:
        for n in range(205):
            posted = await post(stubs, replace(STUB, by_id=1000 + n), 2000 + n)
            await stubs.keep(BEN, posted.id, now=NOW + n)
        found = await stubs.kept(BEN)
        assert [stub.message_id for stub in found] == list(range(2204, 2004, -1))


CHANGES: dict[str, Callable[[Stubs, Stub], Awaitable[object]]] = {
    "claim": lambda stubs, stub: stubs.claim(stub.id, POSTING, DRAFT, now=NOW, style=BARS_STYLE),
    "posted": lambda stubs, stub: stubs.mark_posted(stub.id, 9, now=NOW),
    "edit": lambda stubs, stub: stubs.edit(stub.id, text="x", point=E1, is_rewritten=True),
    "remove": lambda stubs, stub: stubs.remove(stub.id),
    "remove_channel": lambda stubs, _: stubs.remove_channel(HOME, LOUNGE),
    "forget": lambda stubs, _: forgotten(stubs, ANN),
    "forget who covered": lambda stubs, _: forgotten(stubs, BEN),
    "expire": lambda stubs, _: stubs.expire(now=NOW + 2 * DAY, keep_days={}, default_days=1),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_what_is_in_memory_is_what_is_stored(db: Database, stubs: Stubs, change: str) -> None:
    """One that was read a moment ago is read from memory, and a second reader has none."""
    stub = await stubs.save(replace(STUB, by_id=BEN, state=POSTING), FULL, now=NOW)
    before = await stubs.read(stub.id)

    await CHANGES[change](stubs, stub)

    other = Stubs(db, stubs._cipher)  # noqa: SLF001  # with the same keys
    assert await stubs.read(stub.id) == await other.read(stub.id) != before


async def test_who_stops_waiting_after_another_look_waits_no_more(stubs: Stubs) -> None:
    stub = await post(stubs, STUB, 9)
    await stubs.read(stub.id)
    assert not await stubs.is_kept(BEN, stub.id)
    await stubs.keep(BEN, stub.id, now=NOW)
    assert await stubs.is_kept(BEN, stub.id)
    await stubs.read(stub.id)
    assert await stubs.is_kept(BEN, stub.id)
    assert not await stubs.is_kept(ANN, stub.id)
    await stubs.stop_keeping(BEN, stub.id)
    assert await stubs.kept(BEN) == ()
    assert not await stubs.is_kept(BEN, stub.id)


async def test_only_the_last_pressed_are_in_memory(stubs: Stubs) -> None:
    saved = [await stubs.save(replace(STUB, by_id=n), WORDS, now=NOW) for n in range(1, 20)]
    kept = stub_rows.StubCache(5)
    for stub in saved:
        kept.keep(stub.id, stub_rows.SealedStub(stub, b"x", is_awaited=False))
        kept.get(saved[0].id)
    assert [stub.id for stub in saved if kept.get(stub.id)] == [
        saved[0].id,
        *(stub.id for stub in saved[-4:]),
    ]


async def test_no_method_goes_through_a_whole_table(db: Database, stubs: Stubs) -> None:
    async with asked(db) as queries:
        await use_everything(stubs)
    assert len(queries) > 30
    assert await scans(db, queries) == []


async def test_a_query_without_its_index_is_seen(db: Database, stubs: Stubs) -> None:
    await db.run(lambda tx: tx.execute("DROP INDEX stub_checked"))
    async with asked(db) as queries:
        await stubs.due_for_check(before=NOW, limit=1)
    assert [step for _, step in await scans(db, queries)] == ["SCAN stub"]


async def use_everything(stubs: Stubs) -> None:
    posted = await post(stubs, replace(STUB, kind=COVER, source_id=5), 9)
    await stubs.save(STUB, FULL, now=NOW)
    await stubs.claim(posted.id, POSTED, STANDING, now=NOW, style=BARS_STYLE)
    await stubs.claim(posted.id, STANDING, POSTED, now=NOW)
    await stubs.edit(posted.id, text="x", point=E1)
    await stubs.read(posted.id)
    await stubs.files(posted.id)
    await stubs.keep(BEN, posted.id, now=NOW)
    await stubs.kept(BEN)
    await stubs.kept(BEN, "lost")
    await stubs.stop_keeping(BEN, posted.id)
    await stubs.list(ANN)
    await stubs.unfinished(before=NOW)
    await stubs.due_for_check(before=NOW + 1, limit=5)
    await stubs.mark_checked(posted.id, now=NOW)
    await stubs.reencrypt(limit=5)
    await stubs.expire(now=NOW, keep_days={HOME: 5}, default_days=365)
    await stubs.remove(posted.id)
    await stubs.undeleted_messages(limit=5)
    await stubs.mark_deleted(posted.id)
    await stubs.remove_channel(HOME, ATTIC)
    await forgotten(stubs, ANN)
