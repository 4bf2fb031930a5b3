"""What data.news.reminders promises: who wants to hear of which news, and what they have heard."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.news.reminders import Reminder, Reminders
from data.storage.database import Database
from data.storage.errors import DatabaseError
from tests.data.conftest import NOW
from tests.support.forgetting import forget
from tests.support.query_plans import asked, scans

ANN, BEN = 11, 2**63 - 1
LOST = Reminder(ANN, "lost", only_begun=False, since=NOW, told_at=NOW)
EVERY = Reminder(ANN, None, only_begun=True, since=NOW, told_at=NOW)


@pytest.fixture
async def reminders(db: Database) -> Reminders:
    return await Reminders.open(db)


class TestSaving:
    async def test_who_never_asked_is_reminded_of_nothing(self, reminders: Reminders) -> None:
        assert reminders.list(ANN) == ()
        assert reminders.shows() == frozenset()

    async def test_what_is_saved_is_remembered(self, db: Database, reminders: Reminders) -> None:
        await reminders.save(LOST)
        for store in (reminders, await Reminders.open(db)):
            assert store.list(ANN) == (LOST,)
            assert store.list(BEN) == ()

    async def test_every_show_comes_first(self, db: Database, reminders: Reminders) -> None:
        for one in (LOST, replace(LOST, show="dark"), EVERY):
            await reminders.save(one)
        for store in (reminders, await Reminders.open(db)):
            assert [one.show for one in store.list(ANN)] == [None, "dark", "lost"]

    async def test_to_ask_again_keeps_since_when_it_is_and_what_was_told(
        self, db: Database, reminders: Reminders
    ) -> None:
        await reminders.save(LOST)
        await reminders.save(Reminder(ANN, "lost", only_begun=True, since=NOW + 9, told_at=NOW + 9))
        for store in (reminders, await Reminders.open(db)):
            assert store.list(ANN) == (replace(LOST, only_begun=True),)

    async def test_members_do_not_mix(self, reminders: Reminders) -> None:
        await reminders.save(LOST)
        await reminders.save(replace(LOST, user_id=BEN, only_begun=True))
        assert reminders.list(ANN) == (LOST,)
        assert reminders.list(BEN) == (replace(LOST, user_id=BEN, only_begun=True),)

    async def test_the_shows_that_anybody_is_reminded_of(self, reminders: Reminders) -> None:
        await reminders.save(LOST)
        assert reminders.shows() == {"lost"}
        await reminders.save(replace(EVERY, user_id=BEN))
        assert reminders.shows() == {"lost", None}
        await forget(reminders, ANN, reminders.erasure())
        assert reminders.shows() == {None}

    async def test_what_cannot_be_stored_is_not_remembered(
        self, db: Database, reminders: Reminders
    ) -> None:
        with pytest.raises(DatabaseError):
            await reminders.save(replace(LOST, user_id=0))
        assert reminders.list(0) == (await Reminders.open(db)).list(0) == ()


class TestTelling:
    async def test_who_was_told_knows_it_of_every_show(
        self, db: Database, reminders: Reminders
    ) -> None:
        for one in (LOST, EVERY, replace(LOST, user_id=BEN)):
            await reminders.save(one)
        await reminders.told(ANN, now=NOW + 5)
        for store in (reminders, await Reminders.open(db)):
            assert [(one.since, one.told_at) for one in store.list(ANN)] == [(NOW, NOW + 5)] * 2
            assert store.list(BEN) == (replace(LOST, user_id=BEN),)

    async def test_what_was_told_stays_told_when_the_clock_goes_back(
        self, db: Database, reminders: Reminders
    ) -> None:
        await reminders.save(LOST)
        await reminders.told(ANN, now=NOW - 5)
        for store in (reminders, await Reminders.open(db)):
            assert store.list(ANN) == (LOST,)

    async def test_to_tell_somebody_who_never_asked_changes_nothing(
        self, db: Database, reminders: Reminders
    ) -> None:
        await reminders.told(ANN, now=NOW)
        assert reminders.list(ANN) == (await Reminders.open(db)).list(ANN) == ()


class TestRemoving:
    async def test_one_show(self, db: Database, reminders: Reminders) -> None:
        for one in (LOST, EVERY):
            await reminders.save(one)
        assert await reminders.remove(ANN, "lost") == 1
        assert await reminders.remove(ANN, "lost") == 0
        for store in (reminders, await Reminders.open(db)):
            assert store.list(ANN) == (EVERY,)

    async def test_all_of_one_member(self, db: Database, reminders: Reminders) -> None:
        for one in (LOST, EVERY, replace(LOST, user_id=BEN)):
            await reminders.save(one)
        assert await forget(reminders, ANN, reminders.erasure()) == 2
        for store in (reminders, await Reminders.open(db)):
            assert store.list(ANN) == ()
            assert len(store.list(BEN)) == 1

    async def test_who_asks_anew_begins_anew(self, reminders: Reminders) -> None:
        await reminders.save(LOST)
        await reminders.remove(ANN, "lost")
        later = replace(LOST, since=NOW + 9, told_at=NOW + 9)
        await reminders.save(later)
        assert reminders.list(ANN) == (later,)


async def test_nothing_goes_through_the_whole_table(db: Database, reminders: Reminders) -> None:
    async with asked(db) as queries:
        await reminders.save(LOST)
        await reminders.told(ANN, now=NOW + 1)
        await reminders.remove(ANN, "lost")
        await forget(reminders, ANN, reminders.erasure())
    assert queries
    assert await scans(db, queries) == []


users, shows = st.sampled_from([ANN, BEN]), st.sampled_from(["lost", "dark", None])
moments = st.integers(NOW, NOW + 9)
steps = st.one_of(
    st.builds(Reminder, users, shows, st.booleans(), moments, moments),
    st.tuples(st.just("told"), users, moments),
    st.tuples(st.just("remove"), users, shows),
)
Script = list[Reminder | tuple[str, int, int | str | None]]
Plain = dict[tuple[int, str | None], Reminder]


async def play(reminders: Reminders, script: Script) -> Plain:
    """Do it all; returns what should be kept, as a plain dictionary sees it."""
    kept: Plain = {}
    for step in script:
        if isinstance(step, Reminder):
            await reminders.save(step)
            old = kept.get((step.user_id, step.show), step)
            kept[step.user_id, step.show] = replace(old, only_begun=step.only_begun)
            continue
        action, user, detail = step
        if action == "told" and isinstance(detail, int):
            await reminders.told(user, now=detail)
            for key, one in kept.items():
                if key[0] == user:
                    kept[key] = replace(one, told_at=max(one.told_at, detail))
        elif action == "remove" and not isinstance(detail, int):
            gone = [k for k in kept if k[0] == user and detail in {None, k[1]}]
            assert await reminders.remove(user, detail) == len(gone)
            for key in gone:
                del kept[key]
    return kept


@settings(max_examples=40)
@given(st.lists(steps, max_size=25))
def test_memory_disk_and_a_plain_dictionary_always_agree(script: Script) -> None:
    async def check(path: Path) -> None:
        db = await Database.open(path, now=NOW)
        reminders = await Reminders.open(db)
        kept = await play(reminders, script)
        stored = await Reminders.open(db)
        await db.close()
        for user in (ANN, BEN):
            assert reminders.list(user) == stored.list(user)
            assert set(reminders.list(user)) == {r for k, r in kept.items() if k[0] == user}
        assert reminders.shows() == {show for _, show in kept}

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(check(Path(folder) / "bot.sqlite3"))
