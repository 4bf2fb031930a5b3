"""Reports of spoilers as moderators settle them, and what becomes of them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from data.points import Point
from data.rooms.settings import Helper
from data.spoilers.reports import REPORT_COVERED, REPORT_OPEN, REPORTS_KEPT_FOR, Report
from data.spoilers.store import Stub
from tests.support.answers import custom_id, labels, text
from tests.support.presses import forge, press
from tests.support.reports import MARKER, SHOW, WORDS, Desk, answering, furnished, limit, said
from tests.support.world import Builder


class TestDeciding:
    async def test_not_a_spoiler_settles_it_once(self, desk: Desk) -> None:
        await desk.reported()
        dismiss = custom_id(desk.notes[0], "Not")

        answer = await press(desk.judge, desk.notes[0], "Not a spoiler")
        (note,) = desk.notes
        again = await forge(desk.judge, answering(note), dismiss)

        assert "stays as it is" in said(answer)
        assert "has decided on that one already" in said(again)
        assert f"**Not a spoiler**, says {desk.judge.mention}" in text(note)
        assert f"Reported by {desk.world.ben.mention}" in text(note)
        assert labels(note) == ["Read it"]

    async def test_what_was_settled_is_not_settled_again(self, desk: Desk) -> None:
        message = await desk.reported()
        note = desk.notes[0]
        await desk.world.at_once(
            (desk.judge, answering(note), custom_id(note, "Not")),
            (desk.judge, answering(note), custom_id(note, "Cover")),
        )

        (after,) = desk.notes
        stands = message.id in [m.id for m in desk.world.channel.history()]
        assert stands is ("**Not a spoiler**" in text(after))
        assert len(desk.covers()) == (0 if stands else 1)

    async def test_cover_puts_a_stub_in_its_place(self, desk: Desk) -> None:
        message = await desk.reported()

        answer = await press(desk.judge, desk.notes[0], "Cover")

        note = desk.notes[0]
        assert "Covered." in said(answer)
        assert message.id not in [m.id for m in desk.world.channel.history()]
        (stub,) = desk.covers()
        assert desk.world.ann.mention in text(stub)
        assert f"**Covered** by {desk.judge.mention}" in text(note)
        assert labels(note) == ["Read it"]
        revealed = await press(desk.judge, stub, "Reveal")
        assert WORDS in said(revealed)

    async def test_who_is_not_there_covers_it_unread_and_cannot_undo_that(self, desk: Desk) -> None:
        await desk.reported()
        await desk.world.watched(desk.judge, "S1E8")

        await press(desk.judge, desk.notes[0], "Cover")

        assert "Undo the cover" not in labels(await self.menu_of_cover(desk))
        assert any(f"{desk.judge.mention} covered what" in text(m) for m in desk.notes)

    async def test_who_has_read_it_may_undo_the_cover(self, desk: Desk) -> None:
        await desk.reported()

        await press(desk.judge, desk.notes[0], "Cover")
        await desk.world.watched(desk.judge, "S1E8")

        assert "Undo the cover" in labels(await self.menu_of_cover(desk))

    async def menu_of_cover(self, desk: Desk) -> Any:
        (stub,) = desk.covers()
        return await press(desk.judge, stub, "More")

    async def test_nobody_calls_it_covered_while_it_stands(self, desk: Desk) -> None:
        """A kill may come at any moment, and what is stored then must be true."""
        await desk.reported()
        bot, states = desk.world.bot, list[str]()

        def look(_: Stub) -> tuple[()]:
            with closing(sqlite3.connect(bot.config.database_path)) as database:
                states.extend(state for (state,) in database.execute("SELECT state FROM report"))
            return ()

        bot.registry.stub_buttons.add(look, owner=None)
        await press(desk.judge, desk.notes[0], "Cover")

        assert set(states) == {REPORT_OPEN}
        (report,) = await bot.reports.list(desk.world.ann.id)
        assert report.state == REPORT_COVERED

    async def test_a_message_that_was_edited_since_is_covered_on_the_spot_only(
        self, desk: Desk
    ) -> None:
        message = await desk.reported()
        await desk.world.ann.edit(message, "Nothing happened")

        answer = await press(desk.judge, desk.notes[0], "Cover")

        assert "*Cover as spoiler*" in said(answer)
        assert message.jump_url in said(answer)
        assert message.id in [m.id for m in desk.world.channel.history()]
        assert labels(desk.notes[0])[0] == "Cover"

    async def test_a_message_with_files_is_covered_on_the_spot_only(self, desk: Desk) -> None:
        message = await desk.reported(WORDS, attachments=[("picture.png", b"x")])

        answer = await press(desk.judge, desk.notes[0], "Cover")

        assert "*Cover as spoiler*" in said(answer)
        assert message.id in [m.id for m in desk.world.channel.history()]

    async def test_a_message_that_is_gone_needs_no_cover(self, desk: Desk) -> None:
        message = await desk.reported()
        await desk.world.ann.delete(message)

        answer = await press(desk.judge, desk.notes[0], "Cover")

        assert "gone already" in said(answer)
        assert "**Gone already**" in text(desk.notes[0])
        assert desk.covers() == []

    async def test_a_cover_that_fails_leaves_the_decision_open(self, desk: Desk) -> None:
        message = await desk.reported()
        path = f"/channels/{desk.world.channel.id}/messages"
        desk.world.env.inject_error("POST", path, status=403)

        failed = await press(desk.judge, desk.notes[0], "Cover")
        assert labels(desk.notes[0])[0] == "Cover"
        assert message.id in [m.id for m in desk.world.channel.history()]
        assert "Covered." not in said(failed)

        await press(desk.judge, desk.notes[0], "Cover")
        assert len(desk.covers()) == 1

    @pytest.mark.parametrize("label", ["Cover", "Not a spoiler", "Read it"])
    async def test_a_member_who_sees_the_note_decides_nothing(self, desk: Desk, label: str) -> None:
        message = await desk.reported()
        await desk.world.watched(desk.world.ben, "S1E9")

        answer = await press(desk.world.ben, desk.notes[0], label)

        assert "To decide on this you need Manage Messages in " in said(answer)
        assert MARKER not in said(answer)
        assert message.id in [m.id for m in desk.world.channel.history()]
        assert len(labels(desk.notes[0])) == 3

    async def test_a_trusted_helper_decides(self, desk: Desk) -> None:
        await desk.reported()
        await desk.world.bot.rooms.add_helper(
            desk.world.guild.id, Helper(desk.world.mod.id, is_role=False)
        )

        await press(desk.world.mod, desk.notes[0], "Not a spoiler")

        assert "**Not a spoiler**" in text(desk.notes[0])

    async def test_a_helper_does_not_decide_on_a_moderators_message(self, desk: Desk) -> None:
        world = desk.world
        await desk.report(world.ben, await desk.judge.send(world.channel, WORDS))
        await world.bot.rooms.add_helper(world.guild.id, Helper(world.mod.id, is_role=False))

        answer = await press(world.mod, desk.notes[0], "Not a spoiler")

        assert "You need Manage Messages in " in said(answer)
        assert len(labels(desk.notes[0])) == 3

    async def test_its_author_does_not_call_it_harmless(self, desk: Desk) -> None:
        await desk.reported()

        answer = await press(desk.world.ann, desk.notes[0], "Not a spoiler")

        assert "You wrote that one" in said(answer)
        assert len(labels(desk.notes[0])) == 3

    async def test_the_buttons_work_after_a_restart(self, desk: Desk) -> None:
        message = await desk.reported()
        await desk.world.restart()
        await desk.report(desk.world.mod, message)

        read = await press(desk.judge, desk.notes[0], "Read it")
        await press(desk.judge, desk.notes[0], "Cover")

        assert WORDS in said(read)
        assert "Reported by 2 members" in text(desk.notes[0])
        assert len(desk.covers()) == 1

    async def test_a_later_report_of_what_is_settled_changes_nothing(self, desk: Desk) -> None:
        message = await desk.reported()
        await press(desk.judge, desk.notes[0], "Not a spoiler")
        note = text(desk.notes[0])

        answer = await desk.report(desk.world.mod, message)

        assert "have decided about that one" in said(answer)
        assert text(desk.notes[0]) == note

    async def test_what_was_changed_after_it_was_found_harmless_is_reported_anew(
        self, desk: Desk
    ) -> None:
        world = desk.world
        message = await desk.reported("Nothing happened")
        await press(desk.judge, desk.notes[0], "Not a spoiler")
        await world.ann.edit(message, WORDS)
        message = next(m for m in world.channel.history() if m.id == message.id)
        await limit(desk, 2)

        first = await desk.report(world.ben, message)
        old, new = desk.notes
        outdated = await press(desk.judge, old, "Read it")
        read = await press(desk.judge, new, "Read it")
        for name in ("one", "two"):
            await desk.report(await desk.member(name), message)

        assert "have a note now" in said(first)
        assert "I know nothing of that report any more" in said(outdated)
        assert WORDS in said(read)
        assert len(desk.covers()) == 1


async def test_reports_are_erased_after_thirty_days(desk: Desk) -> None:
    world = desk.world
    at = int(world.env.now().timestamp())
    for number, age in ((1, REPORTS_KEPT_FOR + 60), (2, REPORTS_KEPT_FOR - 600)):
        report = Report(world.guild.id, 5, number, world.ann.id, SHOW, Point())
        await world.bot.reports.save(report, WORDS, by_id=world.ben.id, counts=True, now=at - age)

    await world.restart()

    assert [report.message_id for report in await world.bot.reports.list(world.ben.id)] == [2]


class TestPutBack:
    """Words that the bot put back are their author's, wherever they came from."""

    async def put_back(self, desk: Desk) -> Any:
        channel = desk.world.channel
        message = await desk.world.ann.send(channel, WORDS)
        await desk.judge.context_menu(channel, "Cover as spoiler", message)
        (stub,) = desk.covers()
        asked = await press(desk.judge, await press(desk.judge, stub, "More"), "Undo")
        await press(desk.judge, asked, "Yes")
        return desk.world.channel.history()[-1]

    async def test_they_are_reported_and_covered_like_their_authors_message(
        self, worlds: Builder
    ) -> None:
        desk = await furnished(await worlds())
        message = await self.put_back(desk)

        await desk.report(desk.world.ben, message)
        note = next(m for m in desk.notes if "Reported as a spoiler" in text(m))
        read = await press(desk.judge, note, "Read it")
        await press(desk.judge, note, "Cover")

        assert f"{desk.world.ann.mention} wrote it" in text(note)
        assert MARKER not in text(note)
        assert WORDS in said(read)
        (stub,) = desk.covers()
        assert message.id not in [m.id for m in desk.world.channel.history()]
        assert WORDS in said(await press(desk.judge, stub, "Reveal"))

    async def test_enough_reports_cover_them_too(self, worlds: Builder) -> None:
        desk = await furnished(await worlds())
        message = await self.put_back(desk)
        await limit(desk, 1)

        answer = await desk.report(await desk.member("one"), message)

        assert "I have covered it" in said(answer)
        (stub,) = desk.covers()
        assert WORDS in said(await press(desk.judge, stub, "Reveal"))

    async def test_their_author_covers_them_without_a_report(self, worlds: Builder) -> None:
        desk = await furnished(await worlds())
        message = await self.put_back(desk)

        answer = await desk.report(desk.world.ann, message)

        assert "You wrote that one yourself" in said(answer)
