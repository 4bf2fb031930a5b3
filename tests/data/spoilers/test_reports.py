"""What reports promises: one report a message, each member once, and the words kept sealed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from data.points import PREMISE, Point
from data.spoilers.reports import (
    MOST_REPORTS_AN_HOUR,
    REPORT_COVERED,
    REPORT_DISMISSED,
    REPORT_OPEN,
    REPORTS_KEPT_FOR,
    Report,
    Reports,
)
from data.spoilers.store import HourlyLimitError
from data.storage.database import Database
from data.storage.encryption import Cipher
from tests.data.conftest import NOW
from tests.support.forgetting import forget
from tests.support.query_plans import asked, scans

ANN, BEN, CAT, DAN, BOT = 1, 2, 3, 4, 5
REPORT = Report(100, 101, 555, ANN, "lost", Point("e02", 23), edited_at=NOW - 9, has_files=True)
TEXT = "MARKER in the words \ud83d"


@pytest.fixture
def reports(db: Database) -> Reports:
    return Reports(db, Cipher([Fernet.generate_key().decode()]))


async def reported(
    reports: Reports, by_id: int = BEN, report: Report = REPORT, *, now: int = NOW
) -> Report:
    return (await reports.save(report, TEXT, by_id=by_id, counts=True, now=now))[0]


class TestSaving:
    async def test_a_report_is_kept_with_its_words(self, reports: Reports) -> None:
        saved, is_new, count = await reports.save(REPORT, TEXT, by_id=BEN, counts=True, now=NOW)
        assert saved == replace(REPORT, id=saved.id, created_at=NOW)
        assert (is_new, count) == (True, 1)
        assert await reports.get(saved.id) == saved
        assert await reports.read(saved.id) == (saved, TEXT)

    async def test_others_add_to_the_report_that_there_is(self, reports: Reports) -> None:
        first = await reported(reports)
        other = replace(REPORT, point=PREMISE, edited_at=None)
        again = await reports.save(other, "other", by_id=CAT, counts=True, now=NOW + 1)
        assert again == (first, True, 2)
        assert await reports.reporters(first.id) == (BEN, CAT)
        assert await reports.read(first.id) == (first, TEXT)

    async def test_the_same_member_again_changes_nothing(self, reports: Reports) -> None:
        first = await reported(reports)
        for counts in (True, False):
            again = await reports.save(REPORT, "other", by_id=BEN, counts=counts, now=NOW)
            assert again == (first, False, 1)

    async def test_only_members_whose_reports_count_are_counted(self, reports: Reports) -> None:
        saved, _, count = await reports.save(REPORT, TEXT, by_id=BEN, counts=False, now=NOW)
        assert count == 0
        assert await reports.save(REPORT, TEXT, by_id=CAT, counts=True, now=NOW) == (
            saved, True, 1,
        )  # fmt: skip

    async def test_twenty_at_once_make_one_report_and_all_are_counted(
        self, reports: Reports
    ) -> None:
        answers = await asyncio.gather(
            *(reports.save(REPORT, TEXT, by_id=n, counts=True, now=NOW) for n in range(10, 30))
        )
        assert len({report.id for report, _, _ in answers}) == 1
        assert sorted(count for _, _, count in answers) == list(range(1, 21))

    async def test_a_member_reports_so_many_an_hour(self, reports: Reports) -> None:
        for n in range(MOST_REPORTS_AN_HOUR):
            await reported(reports, report=replace(REPORT, message_id=1000 + n), now=NOW + n)
        late = NOW + 60
        with pytest.raises(HourlyLimitError) as caught:
            await reported(reports, now=late)
        assert caught.value.retry_after == 3600 - 60
        await reported(reports, CAT, now=late)
        known = replace(REPORT, message_id=1000)
        assert not (await reports.save(known, "", by_id=BEN, counts=True, now=late))[1]
        with pytest.raises(HourlyLimitError):
            await reported(reports, now=NOW + 3599)
        await reported(reports, now=NOW + 3600)

    async def test_after_a_clock_that_was_ahead_one_waits_an_hour_at_most(
        self, reports: Reports
    ) -> None:
        for n in range(MOST_REPORTS_AN_HOUR):
            await reported(
                reports, report=replace(REPORT, message_id=1000 + n), now=NOW + REPORTS_KEPT_FOR
            )
        with pytest.raises(HourlyLimitError) as caught:
            await reported(reports)
        assert caught.value.retry_after == 3600

    async def test_nothing_reported_is_readable_in_the_file(
        self, reports: Reports, path: Path
    ) -> None:
        await reported(reports)
        assert all(b"MARKER" not in file.read_bytes() for file in path.parent.glob("bot.sqlite3*"))

    async def test_without_its_key_all_but_the_words_is_there(
        self, db: Database, reports: Reports
    ) -> None:
        saved = await reported(reports)
        other = Reports(db, Cipher([Fernet.generate_key().decode()]))
        assert await other.read(saved.id) == (saved, None)


class TestSettling:
    async def test_one_of_many_settles_it(self, reports: Reports) -> None:
        saved = await reported(reports)
        answers = await asyncio.gather(
            *(reports.settle(saved.id, state) for state in [REPORT_COVERED, REPORT_DISMISSED] * 10)
        )
        (settled,) = filter(None, answers)
        assert await reports.get(saved.id) == settled
        assert settled.state != REPORT_OPEN

    async def test_one_that_nobody_could_be_told_of_is_erased(self, reports: Reports) -> None:
        saved = await reported(reports)
        await reports.remove(saved.id)
        assert await reports.get(saved.id) is None
        assert await reports.reporters(saved.id) == ()

    async def test_one_that_was_dismissed_stays_so_until_its_message_is_edited(
        self, reports: Reports
    ) -> None:
        saved = await reported(reports)
        dismissed = await reports.settle(saved.id, REPORT_DISMISSED)
        again = await reports.save(REPORT, TEXT, by_id=CAT, counts=True, now=NOW + 1)
        assert again == (dismissed, True, 2)

        edited = replace(REPORT, edited_at=NOW + 2)
        anew = await reports.save(edited, "other", by_id=BEN, counts=True, now=NOW + 3)
        assert anew == (replace(edited, id=anew[0].id, created_at=NOW + 3), True, 1)
        assert await reports.get(saved.id) is None
        assert await reports.read(anew[0].id) == (anew[0], "other")

    async def test_one_that_was_covered_or_is_open_stands_though_its_message_was_edited(
        self, reports: Reports
    ) -> None:
        edited = replace(REPORT, edited_at=NOW + 2)
        saved = await reported(reports)
        assert await reported(reports, CAT, edited) == saved
        covered = await reports.settle(saved.id, REPORT_COVERED)
        assert await reported(reports, DAN, edited) == covered

    async def test_its_note_is_remembered(self, reports: Reports) -> None:
        saved = await reported(reports)
        await reports.save_note(saved.id, 7, 8)
        assert await reports.get(saved.id) == replace(saved, note_channel_id=7, note_id=8)

    async def test_what_is_not_there_is_not_found(self, reports: Reports) -> None:
        assert await reports.get(5) is None
        assert await reports.read(5) is None
        assert await reports.settle(5, REPORT_COVERED) is None


class TestErasing:
    async def test_it_is_kept_for_its_time(self, reports: Reports) -> None:
        saved = await reported(reports)
        newer = await reported(reports, report=replace(REPORT, message_id=6), now=NOW + 1)
        assert await reports.expire(before=NOW + REPORTS_KEPT_FOR - REPORTS_KEPT_FOR) == 0
        assert await reports.expire(before=NOW + 1) == 1
        assert await reports.get(saved.id) is None
        assert await reports.get(newer.id) == newer

    async def test_members_see_what_they_reported_and_what_was_reported_of_them(
        self, reports: Reports
    ) -> None:
        of_ann = await reported(reports, BEN)
        of_ben = await reported(
            reports, CAT, replace(REPORT, message_id=6, author_id=BEN), now=NOW + 1
        )
        assert await reports.list(ANN) == (of_ann,)
        assert await reports.list(BEN) == (of_ben, of_ann)
        assert await reports.list(CAT) == (of_ben,)
        assert await reports.list(DAN) == ()

    async def test_forgetting_a_member_leaves_what_others_reported(self, reports: Reports) -> None:
        shared = await reported(reports, BEN)
        await reported(reports, CAT)
        alone = await reported(reports, BEN, replace(REPORT, message_id=6))
        of_ben = await reported(reports, CAT, replace(REPORT, message_id=7, author_id=BEN))

        assert await forget(reports, BEN, reports.erasure(heir=BOT)) == 3
        assert await reports.list(BEN) == ()
        assert await reports.get(shared.id) == shared
        assert await reports.get(alone.id) is None
        # Moderators can still decide on the message, but it has neither its words nor their author.
        nobodys = replace(of_ben, author_id=BOT, has_files=True)
        assert await reports.read(of_ben.id) == (nobodys, "")
        # It is as if the member had never reported it.
        assert await reports.save(REPORT, "", by_id=BEN, counts=True, now=NOW) == (
            shared, True, 2,
        )  # fmt: skip
        assert await forget(reports, DAN, reports.erasure(heir=BOT)) == 0


async def test_no_method_goes_through_a_whole_table(db: Database, reports: Reports) -> None:
    async with asked(db) as queries:
        saved = await reported(reports)
        await reported(reports, CAT)
        await reports.read(saved.id)
        await reports.save_note(saved.id, 7, 8)
        await reports.settle(saved.id, REPORT_COVERED)
        await reports.expire(before=NOW)
        await reports.list(BEN)
        await forget(reports, BEN, reports.erasure(heir=BOT))
        await forget(reports, ANN, reports.erasure(heir=BOT))
    assert len(queries) > 12
    assert await scans(db, queries) == []
