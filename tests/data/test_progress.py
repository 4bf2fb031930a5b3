"""What data.progress promises: everybody's own word, remembered, and taken back when they ask."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.points import PREMISE, Point
from data.progress import Mark, Origin, Progress
from data.storage.database import Database
from data.storage.errors import DatabaseError
from tests.data.conftest import NOW

ANN, BOB = 11, 2**63 - 1
E1, E2, E2_MINUTE_0, E3 = Point("e01"), Point("e02"), Point("e02", 0), Point("e03")


@pytest.fixture
async def progress(db: Database) -> Progress:
    return await Progress.open(db)


class TestOrigins:
    async def test_a_point_from_a_file_says_which_and_when(
        self, db: Database, progress: Progress
    ) -> None:
        saved = await progress.save(ANN, "lost", E1, now=NOW, file="trakt-history")

        assert saved.origin == Origin("trakt-history", NOW)
        assert (await Progress.open(db)).get(ANN, "lost") == saved

    async def test_a_point_of_their_own_has_none_and_knows_that_of_the_one_before(
        self, db: Database, progress: Progress
    ) -> None:
        await progress.save(ANN, "lost", E1, now=NOW, file="kodi-rpc")
        saved = await progress.save(ANN, "lost", E3, now=NOW + 5)

        assert (saved.origin, saved.before_origin) == (None, Origin("kodi-rpc", NOW))
        assert (await Progress.open(db)).get(ANN, "lost") == saved

    async def test_an_undo_goes_back_to_where_the_point_came_from(self, progress: Progress) -> None:
        await progress.save(ANN, "lost", E1, now=NOW, file="kodi-rpc")
        saved = await progress.save(ANN, "lost", E3, now=NOW + 5)
        await progress.undo(ANN, "lost", saved.revision, now=NOW + 9)

        undone = progress.get(ANN, "lost")
        assert undone is not None
        assert (undone.point, undone.origin) == (E1, Origin("kodi-rpc", NOW))


class TestSaving:
    async def test_who_never_said_is_unknown(self, progress: Progress) -> None:
        assert progress.get(ANN, "lost") is None
        assert progress.list(ANN) == ()

    async def test_a_first_mark_replaced_nothing(self, progress: Progress) -> None:
        mark = await progress.save(ANN, "lost", E1, now=NOW)
        assert mark == Mark("lost", E1, None, mark.revision, NOW)
        assert progress.get(ANN, "lost") == mark

    async def test_the_next_one_knows_what_it_replaced(self, progress: Progress) -> None:
        first = await progress.save(ANN, "lost", E1, now=NOW)
        second = await progress.save(ANN, "lost", E3, now=NOW + 5)
        assert (second.point, second.before, second.updated_at) == (E3, E1, NOW + 5)
        assert second.revision > first.revision

    async def test_the_premise_is_something_to_come_from(self, progress: Progress) -> None:
        await progress.save(ANN, "lost", PREMISE, now=NOW)
        mark = await progress.save(ANN, "lost", E1, now=NOW)
        assert mark.before == PREMISE

    async def test_minute_0_is_not_the_end(self, db: Database, progress: Progress) -> None:
        await progress.save(ANN, "lost", E2_MINUTE_0, now=NOW)
        mark = (await Progress.open(db)).get(ANN, "lost")
        assert mark is not None
        assert mark.point == E2_MINUTE_0 != E2

    async def test_a_lower_point_counts_at_once(self, progress: Progress) -> None:
        await progress.save(ANN, "lost", E3, now=NOW)
        await progress.save(ANN, "lost", PREMISE, now=NOW)
        mark = progress.get(ANN, "lost")
        assert mark is not None
        assert mark.point == PREMISE

    async def test_to_say_the_same_again_keeps_what_undo_goes_back_to(
        self, progress: Progress
    ) -> None:
        await progress.save(ANN, "lost", E1, now=NOW)
        second = await progress.save(ANN, "lost", E2, now=NOW)
        assert await progress.save(ANN, "lost", E2, now=NOW + 5) == second
        assert await progress.undo(ANN, "lost", second.revision, now=NOW + 6)
        mark = progress.get(ANN, "lost")
        assert mark is not None
        assert mark.point == E1

    async def test_members_and_shows_do_not_mix(self, progress: Progress) -> None:
        mine = await progress.save(ANN, "lost", E1, now=NOW)
        other = await progress.save(ANN, "dark", E2, now=NOW)
        await progress.save(BOB, "lost", E3, now=NOW)
        assert progress.get(ANN, "lost") == mine
        assert progress.list(ANN) == (other, mine)

    async def test_the_list_begins_with_what_changed_last(self, progress: Progress) -> None:
        for show in ("lost", "dark", "you"):
            await progress.save(ANN, show, E1, now=NOW)
        await progress.save(ANN, "lost", E2, now=NOW - 100)  # the clock was put back
        await progress.save(ANN, "you", E1, now=NOW)  # nothing new
        assert [mark.show for mark in progress.list(ANN)] == ["lost", "you", "dark"]

    @pytest.mark.parametrize("point", [Point(None, 5), Point("e01", 1000), Point("")])
    async def test_a_point_that_cannot_be_is_refused_and_not_remembered(
        self, progress: Progress, point: Point
    ) -> None:
        kept = await progress.save(ANN, "lost", E1, now=NOW)
        with pytest.raises(DatabaseError, match="constraint"):
            await progress.save(ANN, "lost", point, now=NOW)
        assert progress.get(ANN, "lost") == kept

    async def test_two_presses_at_once_are_two_changes(self, progress: Progress) -> None:
        first, second = await asyncio.gather(
            progress.save(ANN, "lost", E1, now=NOW), progress.save(ANN, "lost", E2, now=NOW)
        )
        assert {first.before, second.before} == {None, first.point}
        assert progress.get(ANN, "lost") == second

    async def test_a_cancelled_press_counts_in_memory_as_on_disk(
        self, db: Database, progress: Progress
    ) -> None:
        press = asyncio.create_task(progress.save(ANN, "lost", E1, now=NOW))
        await asyncio.sleep(0)
        press.cancel()
        with pytest.raises(asyncio.CancelledError):
            await press
        stored = (await Progress.open(db)).get(ANN, "lost")
        assert stored is not None
        assert progress.get(ANN, "lost") == stored


class TestUndoing:
    async def test_it_goes_back_to_what_was_before(self, progress: Progress) -> None:
        await progress.save(ANN, "lost", E1, now=NOW)
        mark = await progress.save(ANN, "lost", E3, now=NOW)
        assert await progress.undo(ANN, "lost", mark.revision, now=NOW + 5)
        undone = progress.get(ANN, "lost")
        assert undone is not None
        assert (undone.point, undone.before, undone.updated_at) == (E1, E3, NOW + 5)

    async def test_where_nothing_was_nothing_is_again(
        self, db: Database, progress: Progress
    ) -> None:
        mark = await progress.save(ANN, "lost", E3, now=NOW)
        assert await progress.undo(ANN, "lost", mark.revision, now=NOW)
        assert progress.get(ANN, "lost") is None
        assert (await Progress.open(db)).get(ANN, "lost") is None

    async def test_a_premise_that_was_said_is_said_again(self, progress: Progress) -> None:
        await progress.save(ANN, "lost", PREMISE, now=NOW)
        mark = await progress.save(ANN, "lost", E3, now=NOW)
        assert await progress.undo(ANN, "lost", mark.revision, now=NOW)
        undone = progress.get(ANN, "lost")
        assert undone is not None
        assert undone.point == PREMISE

    async def test_it_undoes_once(self, progress: Progress) -> None:
        await progress.save(ANN, "lost", E1, now=NOW)
        mark = await progress.save(ANN, "lost", E3, now=NOW)
        done = await asyncio.gather(
            *(progress.undo(ANN, "lost", mark.revision, now=NOW) for _ in range(2))
        )
        assert done == [True, False]

    async def test_a_change_since_is_not_undone(self, progress: Progress) -> None:
        old = await progress.save(ANN, "lost", E1, now=NOW)
        new = await progress.save(ANN, "lost", E2, now=NOW)
        assert not await progress.undo(ANN, "lost", old.revision, now=NOW)
        assert progress.get(ANN, "lost") == new

    async def test_an_old_button_never_fits_a_mark_made_anew(self, progress: Progress) -> None:
        old = await progress.save(ANN, "lost", E1, now=NOW)
        await progress.remove(ANN, "lost")
        new = await progress.save(ANN, "lost", E2, now=NOW)
        assert not await progress.undo(ANN, "lost", old.revision, now=NOW)
        assert progress.get(ANN, "lost") == new

    async def test_nobody_undoes_for_somebody_else(self, progress: Progress) -> None:
        mark = await progress.save(ANN, "lost", E1, now=NOW)
        assert not await progress.undo(BOB, "lost", mark.revision, now=NOW)
        assert not await progress.undo(ANN, "dark", mark.revision, now=NOW)
        assert progress.get(ANN, "lost") == mark


class TestForgetting:
    async def test_one_show(self, db: Database, progress: Progress) -> None:
        await progress.save(ANN, "lost", E1, now=NOW)
        kept = await progress.save(ANN, "dark", E1, now=NOW)
        assert await progress.remove(ANN, "lost") == 1
        assert progress.list(ANN) == (kept,)
        assert (await Progress.open(db)).list(ANN) == (kept,)

    async def test_everything_of_one_member(self, db: Database, progress: Progress) -> None:
        for show in ("lost", "dark"):
            await progress.save(ANN, show, E1, now=NOW)
            await progress.save(BOB, show, E1, now=NOW)
        assert await progress.remove(ANN) == 2
        for store in (progress, await Progress.open(db)):
            assert store.list(ANN) == ()
            assert len(store.list(BOB)) == 2

    async def test_what_is_gone_is_gone_quietly(self, progress: Progress) -> None:
        assert await progress.remove(ANN, "lost") == 0
        assert await progress.remove(ANN) == 0


users = st.sampled_from([ANN, BOB])
shows = st.sampled_from(["lost", "dark"])
points = st.sampled_from([PREMISE, E1, E2, E2_MINUTE_0, E3])
steps = st.one_of(
    st.tuples(st.just("save"), users, shows, points),
    st.tuples(st.just("undo"), users, shows, st.integers(0, 3)),
    st.tuples(st.just("remove"), users, shows | st.none(), st.none()),
)
Said = dict[tuple[int, str], list[Point]]


async def play(progress: Progress, script: list[tuple[str, int, str, object]]) -> Said:
    """Do it all; returns what everybody should stand at, as a plain dictionary sees it."""
    said: Said = {}
    for action, user, show, detail in script:
        key, mark = (user, show), progress.get(user, show)
        if isinstance(detail, Point):
            await progress.save(user, show, detail, now=NOW)
            if said.get(key, [])[-1:] != [detail]:
                said[key] = [*said.get(key, [])[-1:], detail]
        elif action == "undo" and mark is not None:
            undone = await progress.undo(user, show, mark.revision - int(str(detail)), now=NOW)
            assert undone == (detail == 0)
            if undone and len(said[key]) == 1:
                del said[key]
            elif undone:
                said[key].reverse()
        elif action == "remove":
            gone = [k for k in said if k == key or (show is None and k[0] == user)]
            assert await progress.remove(user, show) == len(gone)
            for k in gone:
                del said[k]
    return said


@settings(max_examples=40)
@given(st.lists(steps, max_size=25))
def test_memory_disk_and_a_plain_dictionary_always_agree(
    script: list[tuple[str, int, str, object]],
) -> None:
    async def check(path: Path) -> None:
        db = await Database.open(path, now=NOW)
        progress = await Progress.open(db)
        said = await play(progress, script)
        stored = await Progress.open(db)
        await db.close()
        for user in (ANN, BOB):
            assert progress.list(user) == stored.list(user)
            now_at = {(user, mark.show): mark.point for mark in progress.list(user)}
            assert now_at == {k: points[-1] for k, points in said.items() if k[0] == user}

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(check(Path(folder) / "bot.sqlite3"))
