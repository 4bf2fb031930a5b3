"""Reports of hidden messages, and buttons that are forged."""

from __future__ import annotations

from typing import Any

import pytest

from bot.spoilers.posts import change_stub, take_down
from data.rooms.settings import Helper
from data.spoilers.reports import REPORT_OPEN
from tests.support.answers import custom_id, labels, text
from tests.support.presses import forge, press
from tests.support.reports import JUDGE, MARKER, SHOW, WORDS, Desk, answering, said, told


class TestStubs:
    async def menu(self, desk: Desk, member: Any, stub: Any) -> Any:
        return await press(member, stub, "More")

    async def test_a_stub_is_reported_by_the_command_and_in_its_menu(self, desk: Desk) -> None:
        stub = await desk.stub(label="S1E4")

        await desk.report(desk.world.ben, stub)
        menu = await self.menu(desk, desk.world.mod, stub)
        asked = await press(desk.world.mod, menu, "Report")
        assert "Reported by 2" not in text(desk.notes[0])
        answer = await press(desk.world.mod, asked, "Yes")

        (note,) = desk.notes
        assert "moderators have a note" in said(answer)
        assert "A sealed spoiler was reported" in text(note)
        assert "Hit & Run through **S1E4**" in text(note)
        assert stub.jump_url in text(note)
        assert "Reported by 2 members" in text(note)
        assert labels(note) == ["Take it down", "Not a spoiler", "Read it"]

    async def test_two_who_report_at_once_are_on_one_note(self, desk: Desk) -> None:
        world, stub = desk.world, await desk.stub()
        asked = [
            (who, await press(who, await self.menu(desk, who, stub), "Report"))
            for who in (world.ben, world.mod)
        ]

        await world.at_once(*((who, card, custom_id(card, "Yes")) for who, card in asked))

        (note,) = desk.notes
        assert "Reported by 2 members" in text(note)

    async def test_its_author_is_pointed_to_its_menu(self, desk: Desk) -> None:
        stub = await desk.stub()

        answer = await desk.report(desk.world.ann, stub)
        menu = await self.menu(desk, desk.world.ann, stub)

        assert "*More*" in said(answer)
        assert "Report" not in labels(menu)
        assert desk.notes == []

    async def test_what_was_reported_can_be_read_when_the_stub_is_taken_down(
        self, desk: Desk
    ) -> None:
        stub = await desk.stub()
        await desk.report(desk.world.ben, stub)

        asked = await press(desk.judge, desk.notes[0], "Take it down")
        done = await press(desk.judge, told(asked), "Yes")
        read = await press(desk.judge, desk.notes[0], "Read it")

        assert "Taken down" in said(done)
        assert f"**Taken down** by {desk.judge.mention}" in text(desk.notes[0])
        assert stub.id not in [m.id for m in desk.world.channel.history()]
        assert WORDS in said(read)

    @pytest.mark.parametrize(("reported", "moved"), [("S1E4", "S1E7"), ("S1E7", "S1E4")])
    async def test_the_later_of_what_was_reported_and_where_it_is_now_must_be_open(
        self, desk: Desk, reported: str, moved: str
    ) -> None:
        world = desk.world
        await desk.report(world.ben, await desk.stub(label=reported))
        (stub, _), *_ = await world.bot.stubs.list(world.ann.id)
        await world.bot.stubs.edit(stub.id, point=world.bot.library.order(SHOW).at(moved))

        await world.watched(desk.judge, "S1E6", SHOW)
        shut = await press(desk.judge, desk.notes[0], "Read it")
        await world.watched(desk.judge, "S1E8", SHOW)
        read = await press(desk.judge, desk.notes[0], "Read it")

        assert "not there yet" in said(shut)
        assert MARKER not in said(shut)
        assert WORDS in said(read)
        assert "Safe through S1E7" in said(read)

    async def test_where_it_was_moved_to_counts_after_it_was_taken_down(self, desk: Desk) -> None:
        world = desk.world
        posted = await desk.stub(label="S1E4")
        await desk.report(world.ben, posted)
        channel: Any = world.bot.get_channel(world.channel.id)
        (stub, _), *_ = await world.bot.stubs.list(world.ann.id)
        later = world.bot.library.order(SHOW).at("S1E7")
        moved = await change_stub(world.bot, channel, stub, point=later)
        await take_down(world.bot, channel, moved)
        await world.watched(desk.judge, "S1E5", SHOW)

        read = await press(desk.judge, desk.notes[0], "Read it")

        assert "not there yet" in said(read)
        assert MARKER not in said(read)

    async def test_a_helper_does_not_take_it_down(self, desk: Desk) -> None:
        stub = await desk.stub()
        await desk.report(desk.world.ben, stub)
        await desk.world.bot.rooms.add_helper(
            desk.world.guild.id, Helper(desk.world.mod.id, is_role=False)
        )

        answer = await press(desk.world.mod, desk.notes[0], "Take it down")

        assert "You need Manage Messages" in said(answer)
        assert stub.id in [m.id for m in desk.world.channel.history()]

    async def test_one_that_is_gone_already_is_said_to_be(self, desk: Desk) -> None:
        stub = await desk.stub()
        await desk.report(desk.world.ben, stub)
        menu = await self.menu(desk, desk.world.ann, stub)
        await press(desk.world.ann, await press(desk.world.ann, menu, "Take it down"), "Yes")

        asked = await press(desk.judge, desk.notes[0], "Take it down")
        done = await press(desk.judge, told(asked), "Yes")

        assert "gone already" in said(done)
        assert labels(desk.notes[0]) == ["Read it"]


class TestForged:
    PARTS = ("", "0", "-1", "1", "x", "9" * 19, "9" * 40, "1|2")

    @pytest.mark.parametrize("name", ["g", "ga", "gb", "gc", "gd", "ge", "gf"])
    async def test_a_forged_button_opens_and_settles_nothing(self, desk: Desk, name: str) -> None:
        message = await desk.reported()
        note = answering(desk.notes[0])

        for part in self.PARTS:
            answer = await forge(desk.judge, note, f"{name}|{part}")
            assert MARKER not in said(answer)
            assert "went wrong on my side" not in said(answer), part
        (report,) = await desk.world.bot.reports.list(desk.world.ann.id)
        assert report.state == REPORT_OPEN
        assert message.id in [m.id for m in desk.world.channel.history()]

    async def test_a_message_that_only_bears_a_stubs_button_is_no_stub(self, desk: Desk) -> None:
        world = desk.world
        stub = await desk.stub()
        hello = await world.bot.get_channel(world.channel.id).send("Hello")
        await forge(world.ben, answering(hello), custom_id(stub, "Reveal S1E9"))

        bearing = next(m for m in world.channel.history() if m.id == hello.id)
        answer = await desk.report(world.ben, bearing)

        assert "That one is mine" in said(answer)
        assert desk.notes == []

    async def test_what_is_no_stub_is_not_taken_down(self, desk: Desk) -> None:
        message = await desk.reported()
        id = custom_id(desk.notes[0], "Read").split("|")[1]

        for name in ("gd", "ge"):
            await forge(desk.judge, answering(desk.notes[0]), f"{name}|{id}")

        (report,) = await desk.world.bot.reports.list(desk.world.ann.id)
        assert report.state == REPORT_OPEN
        assert message.id in [m.id for m in desk.world.channel.history()]

    @pytest.mark.parametrize("name", ["ga", "gb", "gc"])
    async def test_a_note_works_in_its_own_channel_only(self, desk: Desk, name: str) -> None:
        message = await desk.reported()
        id = custom_id(desk.notes[0], "Read").split("|")[1]

        answer = await forge(desk.judge, answering(message), f"{name}|{id}")

        assert "I know nothing of that report" in said(answer)

    async def test_a_note_works_on_its_own_server_only(self, desk: Desk) -> None:
        await desk.reported()
        id = custom_id(desk.notes[0], "Read").split("|")[1]
        world = desk.world
        other = world.env.create_guild("Elsewhere")
        role = other.create_role("Judges", permissions=JUDGE)
        away = other.add_member(world.env.create_user("away"), roles=[role])
        place = other.create_text_channel("away")
        seen = await away.send(place, "hello")

        for name in ("ga", "gb", "gc"):
            answer = await forge(away, answering(seen), f"{name}|{id}")
            assert "I know nothing of that report" in said(answer)
