"""What store promises: written for one server, decided by a second person, kept sealed."""

from __future__ import annotations

import asyncio
import gc
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from data.contributions.contribution import Words, Writing
from data.contributions.store import MOST_OF_MEMBER, MOST_WAITING, TooManyWaitingError, Writings
from data.library import Library
from data.packs.reader import read
from data.packs.tables import Pack
from data.points import PREMISE, Point
from data.storage.database import Database
from data.storage.encryption import Cipher, is_key_missing, reencrypt
from data.storage.server_data import erase_some
from tests.data.conftest import NOW
from tests.support.forgetting import forget
from tests.support.loom import E1, E2, E3, LOOM
from tests.support.query_plans import asked, scans

ANN, BEN, CAT = 1, 2, 3
APPROVE, REFUSE = True, False
HERE, THERE = 100, 200
RECAP = Writing(HERE, "loom", "recap", "e2", E2, ANN, Point("e3", 7))
WORDS = Words("MARKER: the loom is sold. \ud83d")
SOLD = Words("The loom is sold.")
OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


@pytest.fixture
def library() -> Library:
    return Library([LOOM])


@pytest.fixture
async def writings(db: Database, library: Library) -> Writings:
    return await Writings.open(db, Cipher([OLD]), library)


async def approved(
    writings: Writings, writing: Writing = RECAP, words: Words = SOLD, *, by: int = BEN
) -> Writing:
    saved = await writings.save(writing, words, NOW)
    decided = await writings.decide(saved.id, APPROVE, by, NOW + 1)
    assert decided is not None
    return decided


def recap(library: Library, guild_id: int | None = HERE, horizon: Point = E2) -> str | None:
    return library.so_far("loom", horizon, guild_id).episodes[1].recap


class TestWaiting:
    async def test_what_is_written_waits_with_its_words(self, writings: Writings) -> None:
        saved = await writings.save(RECAP, WORDS, NOW)
        assert saved == replace(RECAP, id=saved.id, created_at=NOW)
        assert await writings.get(saved.id) == saved
        assert await writings.read(saved.id) == (saved, WORDS)
        assert await writings.waiting(HERE) == (saved,)
        assert await writings.waiting(THERE) == ()

    async def test_nobody_reads_what_waits(self, writings: Writings, library: Library) -> None:
        await writings.save(RECAP, SOLD, NOW)
        assert recap(library) is None

    async def test_every_kind_and_point_is_kept(self, writings: Writings) -> None:
        drawn = [
            Writing(HERE, "loom", "character", None, PREMISE, ANN, PREMISE),
            Writing(HERE, "loom", "alias", "c1", Point("e1", 0), ANN, E1),
            Writing(HERE, "gone", "fact", "w12", E1, BEN, Point("e9", 999)),
        ]
        words = [Words("a", "b"), Words(name="b"), Words("a", fact="status", status="dead")]
        for one, said in zip(drawn, words, strict=True):
            saved = await writings.save(one, said, NOW)
            assert replace(saved, id=0, created_at=0) == one
            assert await writings.read(saved.id) == (saved, said)

    async def test_the_longest_waiting_comes_first(self, writings: Writings) -> None:
        late = await writings.save(RECAP, SOLD, NOW + 5)
        early = await writings.save(RECAP, SOLD, NOW)
        assert await writings.waiting(HERE) == (early, late)
        assert await writings.list(HERE, "loom") == (late, early)
        assert await writings.list(THERE, "loom") == await writings.list(HERE, "dark") == ()

    async def test_ids_are_all_equally_long(self, writings: Writings) -> None:
        ids = [(await writings.save(RECAP, SOLD, NOW)).id for _ in range(MOST_OF_MEMBER)]
        assert {len(str(id)) for id in ids} == {11}

    async def test_a_member_has_so_many_waiting_on_a_server(self, writings: Writings) -> None:
        saved = [await writings.save(RECAP, SOLD, NOW) for _ in range(MOST_OF_MEMBER)]
        with pytest.raises(TooManyWaitingError) as raised:
            await writings.save(RECAP, SOLD, NOW)
        assert raised.value.is_own
        await writings.save(replace(RECAP, author_id=BEN), SOLD, NOW)
        await writings.save(replace(RECAP, guild_id=THERE), SOLD, NOW)
        await writings.decide(saved[0].id, REFUSE, BEN, NOW)
        await writings.save(RECAP, SOLD, NOW)

    async def test_a_server_has_so_many_waiting(self, writings: Writings) -> None:
        for number in range(MOST_WAITING):
            await writings.save(replace(RECAP, author_id=10 + number), SOLD, NOW)
        with pytest.raises(TooManyWaitingError) as raised:
            await writings.save(RECAP, SOLD, NOW)
        assert not raised.value.is_own
        await writings.save(replace(RECAP, guild_id=THERE), SOLD, NOW)

    async def test_of_many_who_write_at_once_no_more_than_that_wait(
        self, writings: Writings
    ) -> None:
        saves = [writings.save(RECAP, SOLD, NOW) for _ in range(MOST_OF_MEMBER + 5)]
        done = await asyncio.gather(*saves, return_exceptions=True)
        assert len([one for one in done if isinstance(one, TooManyWaitingError)]) == 5
        assert len(await writings.waiting(HERE)) == MOST_OF_MEMBER


class TestDeciding:
    async def test_what_is_approved_is_told_on_that_server_alone(
        self, writings: Writings, library: Library
    ) -> None:
        decided = await approved(writings)
        assert (decided.state, decided.reviewer_id, decided.decided_at) == (
            "approved", BEN, NOW + 1
        )  # fmt: skip
        assert recap(library) == SOLD.text
        assert recap(library, THERE) is None
        assert recap(library, None) is None
        assert recap(library, HERE, E1) is None

    async def test_what_is_refused_is_told_nowhere(
        self, writings: Writings, library: Library
    ) -> None:
        saved = await writings.save(RECAP, SOLD, NOW)
        decided = await writings.decide(saved.id, REFUSE, BEN, NOW)
        assert decided is not None
        assert decided.state == "refused"
        assert recap(library) is None
        assert await writings.waiting(HERE) == ()

    async def test_nobody_decides_on_their_own(self, writings: Writings, library: Library) -> None:
        saved = await writings.save(RECAP, SOLD, NOW)
        for approve in (APPROVE, REFUSE):
            assert await writings.decide(saved.id, approve, ANN, NOW) is None
        assert await writings.waiting(HERE) == (saved,)
        assert recap(library) is None

    async def test_of_two_who_decide_at_once_one_does(
        self, writings: Writings, library: Library
    ) -> None:
        saved = await writings.save(RECAP, SOLD, NOW)
        done = await asyncio.gather(
            writings.decide(saved.id, APPROVE, BEN, NOW),
            writings.decide(saved.id, REFUSE, CAT, NOW),
        )
        assert [one is None for one in done].count(True) == 1
        kept = await writings.get(saved.id)
        assert kept in done
        assert (recap(library) is not None) == (kept is not None and kept.state == "approved")

    async def test_what_is_not_there_is_not_decided(self, writings: Writings) -> None:
        assert await writings.decide(1, APPROVE, BEN, NOW) is None
        assert await writings.undo(1, BEN, NOW) is None
        assert await writings.get(1) is await writings.read(1) is None
        assert await writings.clashes(1, E3) == []

    async def test_what_is_undone_is_told_no_more(
        self, writings: Writings, library: Library
    ) -> None:
        other = replace(RECAP, kind="fact", subject="c1")
        await approved(writings, other, Words("Ola weeps."))
        decided = await approved(writings)
        undone = await writings.undo(decided.id, ANN, NOW + 2)
        assert undone is not None
        assert (undone.state, undone.reviewer_id, undone.decided_at) == ("undone", ANN, NOW + 2)
        assert recap(library) is None
        assert "Ola weeps." in repr(library.so_far("loom", E2, HERE))
        assert await writings.undo(decided.id, ANN, NOW) is None
        assert await writings.decide(decided.id, APPROVE, BEN, NOW) is None

    async def test_an_author_can_take_back_what_waits(self, writings: Writings) -> None:
        saved = await writings.save(RECAP, SOLD, NOW)
        assert await writings.undo(saved.id, ANN, NOW) is not None
        assert await writings.waiting(HERE) == ()

    async def test_what_was_refused_stays_refused(self, writings: Writings) -> None:
        saved = await writings.save(RECAP, SOLD, NOW)
        await writings.decide(saved.id, REFUSE, BEN, NOW)
        assert await writings.undo(saved.id, ANN, NOW) is None
        assert await writings.decide(saved.id, APPROVE, BEN, NOW) is None


class TestRestarts:
    async def test_what_was_approved_is_told_after_a_restart(
        self, db: Database, writings: Writings
    ) -> None:
        await approved(writings)
        await approved(writings, replace(RECAP, guild_id=THERE), Words("Another end."))
        library = Library([LOOM])
        await Writings.open(db, Cipher([OLD]), library)
        assert recap(library) == SOLD.text
        assert recap(library, THERE) == "Another end."

    async def test_a_show_that_comes_later_or_back_has_it(
        self, db: Database, writings: Writings
    ) -> None:
        await approved(writings)
        library = Library([])
        await Writings.open(db, Cipher([OLD]), library)
        library.put([LOOM])
        assert recap(library) == SOLD.text
        library.drop("loom")
        library.put([LOOM], imported=True)
        assert recap(library) == SOLD.text

    async def test_a_server_that_was_erased_has_nothing_any_more(
        self, db: Database, writings: Writings, library: Library
    ) -> None:
        await approved(writings)
        kept = await approved(writings, replace(RECAP, guild_id=THERE))
        await db.run(lambda tx: erase_some(tx, HERE))
        await writings.reread(HERE)
        assert recap(library) is None
        assert recap(library, THERE) == SOLD.text
        assert await writings.list(HERE, "loom") == ()
        await writings.reread(THERE)
        assert recap(library, THERE) == SOLD.text
        assert await writings.list(THERE, "loom") == (kept,)


class TestForgetting:
    async def test_an_author_is_forgotten_with_all_they_wrote(
        self, writings: Writings, library: Library
    ) -> None:
        await approved(writings)
        await writings.save(RECAP, SOLD, NOW)
        kept = await approved(writings, replace(RECAP, author_id=CAT), Words("Ola leaves."))
        assert len(await writings.of(ANN)) == 2
        gone, decided = await forget(writings, ANN, writings.erasure())
        assert (len(gone), decided) == (2, 0)
        assert await writings.of(ANN) == ()
        assert await writings.list(HERE, "loom") == (kept,)
        assert recap(library) == "Ola leaves."

    async def test_who_decided_is_forgotten_and_the_decision_is_not(
        self, writings: Writings, library: Library
    ) -> None:
        decided = await approved(writings)
        assert await writings.of(BEN) == (decided,)
        assert await forget(writings, BEN, writings.erasure()) == ([], 1)
        assert await writings.of(BEN) == ()
        assert await writings.get(decided.id) == replace(decided, reviewer_id=None)
        assert recap(library) == SOLD.text


class TestSealing:
    async def test_the_file_holds_no_words(
        self, db: Database, path: Path, writings: Writings
    ) -> None:
        await approved(writings, words=WORDS)
        await db.close()
        for file in path.parent.iterdir():
            assert b"MARKER" not in file.read_bytes()

    async def test_words_are_sealed_anew_with_a_new_key(
        self, db: Database, writings: Writings
    ) -> None:
        decided = await approved(writings)
        assert await reencrypt(db, Cipher([NEW, OLD]), limit=9) == 1
        fresh = await Writings.open(db, Cipher([NEW]), Library([LOOM]))
        assert await fresh.read(decided.id) == (decided, SOLD)

    async def test_without_its_key_it_is_there_without_its_words(
        self, db: Database, writings: Writings
    ) -> None:
        decided = await approved(writings)
        waiting = await writings.save(RECAP, SOLD, NOW)
        library = Library([LOOM])
        fresh = await Writings.open(db, Cipher([NEW]), library)
        assert await is_key_missing(db, Cipher([NEW]))
        assert await fresh.read(decided.id) == (decided, None)
        assert await fresh.clashes(waiting.id, E3) == []
        assert recap(library) is None
        assert await fresh.decide(waiting.id, APPROVE, BEN, NOW) is not None
        assert await fresh.undo(decided.id, ANN, NOW) is not None
        assert recap(library) is None


class TestCriticism:
    async def test_it_is_the_servers_own_version_that_is_looked_at(
        self, writings: Writings
    ) -> None:
        una = replace(RECAP, kind="character", subject=None)
        words = Words("", "Una")
        await approved(writings, una, words)
        assert len(await writings.problems(una, words, E2)) == 1
        assert await writings.problems(replace(una, guild_id=THERE), words, E2) == []

    async def test_clashes_are_told_as_far_as_the_reviewer_is(self, writings: Writings) -> None:
        saved = await writings.save(RECAP, Words("Ivo weaves."), NOW)
        assert await writings.clashes(saved.id, E2) == []
        assert len(await writings.clashes(saved.id, E3)) == 1
        assert len(await writings.clashes(saved.id)) == 1  # to the premise the episode is not told

    async def test_a_show_that_is_gone_is_told_so(
        self, writings: Writings, library: Library
    ) -> None:
        saved = await writings.save(RECAP, SOLD, NOW)
        library.drop("loom")
        assert await writings.clashes(saved.id, E3) == []
        with pytest.raises(KeyError):
            await writings.problems(RECAP, SOLD, E3)
        with pytest.raises(KeyError):
            await writings.export(HERE, "loom", E3)


class TestExporting:
    async def test_a_server_takes_its_whole_version_along(
        self, tmp_path: Path, writings: Writings
    ) -> None:
        await approved(writings)
        path = tmp_path / "loom.toml"
        for guild_id, expected in ((HERE, SOLD.text), (THERE, None)):
            path.write_text(await writings.export(guild_id, "loom", E3), encoding="utf-8")
            assert read(path).pack.episode[1].recap == expected

    async def test_an_edition_that_becomes_everybodys_is_told_once(
        self, tmp_path: Path, writings: Writings, library: Library
    ) -> None:
        await approved(writings)
        path = tmp_path / "loom.toml"
        path.write_text(await writings.export(HERE, "loom", E3), encoding="utf-8")
        library.put([read(path).pack])
        assert recap(library) == recap(library, THERE) == SOLD.text


def test_a_pack_that_was_lent_is_not_kept_by_what_readers_get(library: Library) -> None:
    assert library.whole_pack("loom", HERE) == LOOM
    story = library.so_far("loom", E1, HERE)
    assert not [one for one in gc.get_referents(story) if isinstance(one, Pack)]


async def test_no_question_goes_through_all_writings(db: Database, writings: Writings) -> None:
    async with asked(db) as queries:
        decided = await approved(writings)
        await writings.get(decided.id)
        await writings.read(decided.id)
        await writings.waiting(HERE)
        await writings.list(HERE, "loom")
        await writings.of(ANN)
        await writings.undo(decided.id, ANN, NOW)
        await forget(writings, ANN, writings.erasure())
        await writings.reread(HERE)
        await reencrypt(db, Cipher([OLD]), limit=9)
    assert await scans(db, queries) == []
