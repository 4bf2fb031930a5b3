"""What store promises: written for one server, decided by a second person, kept sealed."""

from __future__ import annotations

import asyncio
import gc
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from data.contributions.contribution import Contribution, ContributionText
from data.contributions.store import (
    MOST_WAITING,
    MOST_WAITING_OF_MEMBER,
    Contributions,
    TooManyWaitingError,
)
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
RECAP = Contribution(HERE, "loom", "recap", "e2", E2, ANN, Point("e3", 7))
WORDS = ContributionText("MARKER: the loom is sold. \ud83d")
SOLD = ContributionText("The loom is sold.")
OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


@pytest.fixture
def library() -> Library:
    return Library([LOOM])


@pytest.fixture
async def contributions(db: Database, library: Library) -> Contributions:
    return await Contributions.open(db, Cipher([OLD]), library)


async def approved(
    contributions: Contributions,
    contribution: Contribution = RECAP,
    words: ContributionText = SOLD,
    *,
    by: int = BEN,
) -> Contribution:
    saved = await contributions.save(contribution, words, NOW)
    decided = await contributions.decide(saved.id, APPROVE, by, NOW + 1)
    assert decided is not None
    return decided


def recap(library: Library, guild_id: int | None = HERE, horizon: Point = E2) -> str | None:
    return library.so_far("loom", horizon, guild_id).episodes[1].recap


class TestWaiting:
    async def test_what_is_written_waits_with_its_words(self, contributions: Contributions) -> None:
        saved = await contributions.save(RECAP, WORDS, NOW)
        assert saved == replace(RECAP, id=saved.id, created_at=NOW)
        assert await contributions.get(saved.id) == saved
        assert await contributions.read(saved.id) == (saved, WORDS)
        assert await contributions.waiting(HERE) == (saved,)
        assert await contributions.waiting(THERE) == ()

    async def test_nobody_reads_what_waits(
        self, contributions: Contributions, library: Library
    ) -> None:
        await contributions.save(RECAP, SOLD, NOW)
        assert recap(library) is None

    async def test_every_kind_and_point_is_kept(self, contributions: Contributions) -> None:
        drawn = [
            Contribution(HERE, "loom", "character", None, PREMISE, ANN, PREMISE),
            Contribution(HERE, "loom", "alias", "c1", Point("e1", 0), ANN, E1),
            Contribution(HERE, "gone", "fact", "w12", E1, BEN, Point("e9", 999)),
        ]
        words = [
            ContributionText("a", "b"),
            ContributionText(name="b"),
            ContributionText("a", fact="status", status="dead"),
        ]
        for one, said in zip(drawn, words, strict=True):
            saved = await contributions.save(one, said, NOW)
            assert replace(saved, id=0, created_at=0) == one
            assert await contributions.read(saved.id) == (saved, said)

    async def test_the_longest_waiting_comes_first(self, contributions: Contributions) -> None:
        late = await contributions.save(RECAP, SOLD, NOW + 5)
        early = await contributions.save(RECAP, SOLD, NOW)
        assert await contributions.waiting(HERE) == (early, late)
        assert await contributions.list(HERE, "loom") == (late, early)
        assert (
            await contributions.list(THERE, "loom") == await contributions.list(HERE, "dark") == ()
        )

    async def test_ids_are_all_equally_long(self, contributions: Contributions) -> None:
        ids = [
            (await contributions.save(RECAP, SOLD, NOW)).id for _ in range(MOST_WAITING_OF_MEMBER)
        ]
        assert {len(str(id)) for id in ids} == {11}

    async def test_a_member_has_so_many_waiting_on_a_server(
        self, contributions: Contributions
    ) -> None:
        saved = [await contributions.save(RECAP, SOLD, NOW) for _ in range(MOST_WAITING_OF_MEMBER)]
        with pytest.raises(TooManyWaitingError) as raised:
            await contributions.save(RECAP, SOLD, NOW)
        assert raised.value.is_own
        await contributions.save(replace(RECAP, author_id=BEN), SOLD, NOW)
        await contributions.save(replace(RECAP, guild_id=THERE), SOLD, NOW)
        await contributions.decide(saved[0].id, REFUSE, BEN, NOW)
        await contributions.save(RECAP, SOLD, NOW)

    async def test_a_server_has_so_many_waiting(self, contributions: Contributions) -> None:
        for number in range(MOST_WAITING):
            await contributions.save(replace(RECAP, author_id=10 + number), SOLD, NOW)
        with pytest.raises(TooManyWaitingError) as raised:
            await contributions.save(RECAP, SOLD, NOW)
        assert not raised.value.is_own
        await contributions.save(replace(RECAP, guild_id=THERE), SOLD, NOW)

    async def test_of_many_who_write_at_once_no_more_than_that_wait(
        self, contributions: Contributions
    ) -> None:
        saves = [contributions.save(RECAP, SOLD, NOW) for _ in range(MOST_WAITING_OF_MEMBER + 5)]
        done = await asyncio.gather(*saves, return_exceptions=True)
        assert len([one for one in done if isinstance(one, TooManyWaitingError)]) == 5
        assert len(await contributions.waiting(HERE)) == MOST_WAITING_OF_MEMBER


class TestDeciding:
    async def test_what_is_approved_is_told_on_that_server_alone(
        self, contributions: Contributions, library: Library
    ) -> None:
        decided = await approved(contributions)
        assert (decided.state, decided.reviewer_id, decided.decided_at) == (
            "approved", BEN, NOW + 1
        )  # fmt: skip
        assert recap(library) == SOLD.text
        assert recap(library, THERE) is None
        assert recap(library, None) is None
        assert recap(library, HERE, E1) is None

    async def test_what_is_refused_is_told_nowhere(
        self, contributions: Contributions, library: Library
    ) -> None:
        saved = await contributions.save(RECAP, SOLD, NOW)
        decided = await contributions.decide(saved.id, REFUSE, BEN, NOW)
        assert decided is not None
        assert decided.state == "refused"
        assert recap(library) is None
        assert await contributions.waiting(HERE) == ()

    async def test_nobody_decides_on_their_own(
        self, contributions: Contributions, library: Library
    ) -> None:
        saved = await contributions.save(RECAP, SOLD, NOW)
        for approve in (APPROVE, REFUSE):
            assert await contributions.decide(saved.id, approve, ANN, NOW) is None
        assert await contributions.waiting(HERE) == (saved,)
        assert recap(library) is None

    async def test_of_two_who_decide_at_once_one_does(
        self, contributions: Contributions, library: Library
    ) -> None:
        saved = await contributions.save(RECAP, SOLD, NOW)
        done = await asyncio.gather(
            contributions.decide(saved.id, APPROVE, BEN, NOW),
            contributions.decide(saved.id, REFUSE, CAT, NOW),
        )
        assert [one is None for one in done].count(True) == 1
        kept = await contributions.get(saved.id)
        assert kept in done
        assert (recap(library) is not None) == (kept is not None and kept.state == "approved")

    async def test_what_is_not_there_is_not_decided(self, contributions: Contributions) -> None:
        assert await contributions.decide(1, APPROVE, BEN, NOW) is None
        assert await contributions.undo(1, BEN, NOW) is None
        assert await contributions.get(1) is await contributions.read(1) is None
        assert await contributions.clashes(1, E3) == []

    async def test_what_is_undone_is_told_no_more(
        self, contributions: Contributions, library: Library
    ) -> None:
        other = replace(RECAP, kind="fact", subject="c1")
        await approved(contributions, other, ContributionText("Ola weeps."))
        decided = await approved(contributions)
        undone = await contributions.undo(decided.id, ANN, NOW + 2)
        assert undone is not None
        assert (undone.state, undone.reviewer_id, undone.decided_at) == ("undone", ANN, NOW + 2)
        assert recap(library) is None
        assert "Ola weeps." in repr(library.so_far("loom", E2, HERE))
        assert await contributions.undo(decided.id, ANN, NOW) is None
        assert await contributions.decide(decided.id, APPROVE, BEN, NOW) is None

    async def test_an_author_can_take_back_what_waits(self, contributions: Contributions) -> None:
        saved = await contributions.save(RECAP, SOLD, NOW)
        assert await contributions.undo(saved.id, ANN, NOW) is not None
        assert await contributions.waiting(HERE) == ()

    async def test_what_was_refused_stays_refused(self, contributions: Contributions) -> None:
        saved = await contributions.save(RECAP, SOLD, NOW)
        await contributions.decide(saved.id, REFUSE, BEN, NOW)
        assert await contributions.undo(saved.id, ANN, NOW) is None
        assert await contributions.decide(saved.id, APPROVE, BEN, NOW) is None


class TestRestarts:
    async def test_what_was_approved_is_told_after_a_restart(
        self, db: Database, contributions: Contributions
    ) -> None:
        await approved(contributions)
        await approved(
            contributions, replace(RECAP, guild_id=THERE), ContributionText("Another end.")
        )
        library = Library([LOOM])
        await Contributions.open(db, Cipher([OLD]), library)
        assert recap(library) == SOLD.text
        assert recap(library, THERE) == "Another end."

    async def test_a_show_that_comes_later_or_back_has_it(
        self, db: Database, contributions: Contributions
    ) -> None:
        await approved(contributions)
        library = Library([])
        await Contributions.open(db, Cipher([OLD]), library)
        library.put([LOOM])
        assert recap(library) == SOLD.text
        library.drop("loom")
        library.put([LOOM], imported=True)
        assert recap(library) == SOLD.text

    async def test_a_server_that_was_erased_has_nothing_any_more(
        self, db: Database, contributions: Contributions, library: Library
    ) -> None:
        await approved(contributions)
        kept = await approved(contributions, replace(RECAP, guild_id=THERE))
        await db.run(lambda tx: erase_some(tx, HERE))
        await contributions.reread(HERE)
        assert recap(library) is None
        assert recap(library, THERE) == SOLD.text
        assert await contributions.list(HERE, "loom") == ()
        await contributions.reread(THERE)
        assert recap(library, THERE) == SOLD.text
        assert await contributions.list(THERE, "loom") == (kept,)


class TestForgetting:
    async def test_an_author_is_forgotten_with_all_they_wrote(
        self, contributions: Contributions, library: Library
    ) -> None:
        await approved(contributions)
        await contributions.save(RECAP, SOLD, NOW)
        kept = await approved(
            contributions, replace(RECAP, author_id=CAT), ContributionText("Ola leaves.")
        )
        assert len(await contributions.of(ANN)) == 2
        gone, decided = await forget(contributions, ANN, contributions.erasure())
        assert (len(gone), decided) == (2, 0)
        assert await contributions.of(ANN) == ()
        assert await contributions.list(HERE, "loom") == (kept,)
        assert recap(library) == "Ola leaves."

    async def test_who_decided_is_forgotten_and_the_decision_is_not(
        self, contributions: Contributions, library: Library
    ) -> None:
        decided = await approved(contributions)
        assert await contributions.of(BEN) == (decided,)
        assert await forget(contributions, BEN, contributions.erasure()) == ([], 1)
        assert await contributions.of(BEN) == ()
        assert await contributions.get(decided.id) == replace(decided, reviewer_id=None)
        assert recap(library) == SOLD.text


class TestSealing:
    async def test_the_file_holds_no_words(
        self, db: Database, path: Path, contributions: Contributions
    ) -> None:
        await approved(contributions, words=WORDS)
        await db.close()
        for file in path.parent.iterdir():
            assert b"MARKER" not in file.read_bytes()

    async def test_words_are_sealed_anew_with_a_new_key(
        self, db: Database, contributions: Contributions
    ) -> None:
        decided = await approved(contributions)
        assert await reencrypt(db, Cipher([NEW, OLD]), limit=9) == 1
        fresh = await Contributions.open(db, Cipher([NEW]), Library([LOOM]))
        assert await fresh.read(decided.id) == (decided, SOLD)

    async def test_without_its_key_it_is_there_without_its_words(
        self, db: Database, contributions: Contributions
    ) -> None:
        decided = await approved(contributions)
        waiting = await contributions.save(RECAP, SOLD, NOW)
        library = Library([LOOM])
        fresh = await Contributions.open(db, Cipher([NEW]), library)
        assert await is_key_missing(db, Cipher([NEW]))
        assert await fresh.read(decided.id) == (decided, None)
        assert await fresh.clashes(waiting.id, E3) == []
        assert recap(library) is None
        assert await fresh.decide(waiting.id, APPROVE, BEN, NOW) is not None
        assert await fresh.undo(decided.id, ANN, NOW) is not None
        assert recap(library) is None


class TestCriticism:
    async def test_it_is_the_servers_own_version_that_is_looked_at(
        self, contributions: Contributions
    ) -> None:
        una = replace(RECAP, kind="character", subject=None)
        words = ContributionText("", "Una")
        await approved(contributions, una, words)
        assert len(await contributions.problems(una, words, E2)) == 1
        assert await contributions.problems(replace(una, guild_id=THERE), words, E2) == []

    async def test_clashes_are_told_as_far_as_the_reviewer_is(
        self, contributions: Contributions
    ) -> None:
        saved = await contributions.save(RECAP, ContributionText("Ivo weaves."), NOW)
        assert await contributions.clashes(saved.id, E2) == []
        assert len(await contributions.clashes(saved.id, E3)) == 1
        assert (
            len(await contributions.clashes(saved.id)) == 1
        )  # to the premise the episode is not told

    async def test_a_show_that_is_gone_is_told_so(
        self, contributions: Contributions, library: Library
    ) -> None:
        saved = await contributions.save(RECAP, SOLD, NOW)
        library.drop("loom")
        assert await contributions.clashes(saved.id, E3) == []
        with pytest.raises(KeyError):
            await contributions.problems(RECAP, SOLD, E3)
        with pytest.raises(KeyError):
            await contributions.export(HERE, "loom", E3)


class TestExporting:
    async def test_a_server_takes_its_whole_version_along(
        self, tmp_path: Path, contributions: Contributions
    ) -> None:
        await approved(contributions)
        path = tmp_path / "loom.toml"
        for guild_id, expected in ((HERE, SOLD.text), (THERE, None)):
            path.write_text(await contributions.export(guild_id, "loom", E3), encoding="utf-8")
            assert read(path).pack.episode[1].recap == expected

    async def test_an_edition_that_becomes_everybodys_is_told_once(
        self, tmp_path: Path, contributions: Contributions, library: Library
    ) -> None:
        await approved(contributions)
        path = tmp_path / "loom.toml"
        path.write_text(await contributions.export(HERE, "loom", E3), encoding="utf-8")
        library.put([read(path).pack])
        assert recap(library) == recap(library, THERE) == SOLD.text


def test_a_pack_that_was_lent_is_not_kept_by_what_readers_get(library: Library) -> None:
    assert library.whole_pack("loom", HERE) == LOOM
    story = library.so_far("loom", E1, HERE)
    assert not [one for one in gc.get_referents(story) if isinstance(one, Pack)]


async def test_no_question_goes_through_all_writings(
    db: Database, contributions: Contributions
) -> None:
    async with asked(db) as queries:
        decided = await approved(contributions)
        await contributions.get(decided.id)
        await contributions.read(decided.id)
        await contributions.waiting(HERE)
        await contributions.list(HERE, "loom")
        await contributions.of(ANN)
        await contributions.undo(decided.id, ANN, NOW)
        await forget(contributions, ANN, contributions.erasure())
        await contributions.reread(HERE)
        await reencrypt(db, Cipher([OLD]), limit=9)
    assert await scans(db, queries) == []
