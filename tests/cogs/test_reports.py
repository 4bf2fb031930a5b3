"""*Report a spoiler* as people use it, and what moderators do with the note about it."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import discord
import pytest
import pytest_asyncio

from bot.spoilers.posts import change, stand, take_down
from data.points import Point
from data.rooms.store import Helper, Server
from data.spoilers.reports import COVERED, KEPT, MOST_AN_HOUR, OPEN, Report
from data.spoilers.store import SHARE, SPOILER, Content, Stub
from tests.conftest import (
    Builder,
    World,
    choose,
    custom_id,
    episodes,
    forge,
    labels,
    press,
    text,
    write_show,
)

COMMAND = "Report a spoiler"
SHOW = "hit-and-run"
MARKER = "zephyrmarker"
WORDS = f"Danielle was {MARKER} all along"
LONG_AGO = "2020-01-01T00:00:00+00:00"
LATER = "2099-01-01T00:00:00+00:00"
JUDGE = discord.Permissions(manage_messages=True)


@dataclass
class Desk:
    """A world whose moderators read reports in a channel of their own."""

    world: World
    log: Any
    judge: Any  # a moderator who has finished the show

    @property
    def notes(self) -> list[Any]:
        """The notes in the log channel, without answers to those who pressed them."""
        return [m for m in self.log.history() if not m.flags.ephemeral]

    async def report(self, member: Any, message: Any) -> Any:
        return await member.context_menu(self.world.channel, COMMAND, message)

    async def reported(self, words: str = WORDS, **options: Any) -> Any:
        """Ann writes something, and Ben reports it; returns the message."""
        message = await self.world.ann.send(self.world.channel, words, **options)
        await self.report(self.world.ben, message)
        return message

    async def member(self, name: str, *, joined: str = LONG_AGO) -> Any:
        """Somebody who is on the server since that moment."""
        world = self.world
        member = world.guild.add_member(world.env.create_user(name))
        world.env.backend.get_guild(world.guild.id).members[member.id].joined_at = joined
        return member

    async def stub(self, kind: str = SPOILER, label: str = "S1E9", **more: Any) -> Any:
        """What Ann hid, as it stands in the channel."""
        world = self.world
        channel = world.bot.get_channel(world.channel.id)
        point = world.bot.library.order(SHOW).at(label)
        ids = (world.guild.id, world.channel.id, kind, world.ann.id, world.ann.id)
        await stand(world.bot, channel, Stub(*ids, SHOW, point), Content(WORDS, **more))
        return world.channel.history()[-1]

    def covers(self) -> list[Any]:
        return [m for m in self.world.channel.history() if "covered" in text(m)]


def answering(message: Any) -> Any:
    """A message of a channel, for what presses the buttons of answers."""
    return SimpleNamespace(response=SimpleNamespace(id=message.id, channel_id=message.channel.id))


def told(result: Any) -> Any:
    """The last thing that somebody was answered."""
    return (result, *result.followups)[-1]


def said(result: Any) -> str:
    return text(told(result))


async def furnished(world: World) -> Desk:
    role = world.guild.create_role("Judges", permissions=JUDGE)
    judge = world.guild.add_member(world.env.create_user("judge"), roles=[role])
    log = world.guild.create_text_channel("log")
    await world.bot.rooms.save_server(world.guild.id, Server(log_channel=log.id))
    await world.watched(judge, "S1E9", SHOW)
    return Desk(world, log, judge)


@pytest_asyncio.fixture
async def desk(world: World, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Desk]:
    """The desk; not a word of what was reported is in any channel or log when the test ends."""
    yield await furnished(world)
    sent = [r for r in world.env.http_requests if r.path.startswith("/channels/")]
    assert not [request.path for request in sent if MARKER in str(request.json)]
    assert MARKER not in caplog.text


async def loom(
    worlds: Builder, folder: Path, aired: str, *, is_default: bool = True
) -> tuple[Desk, Any]:
    """A desk, and the note about a message on a show of one episode, then the server's default."""
    write_show(folder / "shows", "loom", episodes("S1E1", aired=aired))
    desk = await furnished(await worlds(folder / "shows"))
    world = desk.world
    message = await world.ann.send(world.channel, WORDS)
    asked = await desk.report(world.ben, message)
    await choose(world.ben, asked, "Loom")
    if is_default:
        await world.bot.rooms.set_default_show(world.guild.id, "loom")
    return desk, desk.notes[0]


async def limit(desk: Desk, count: int) -> None:
    server = Server(log_channel=desk.log.id, reports_to_cover=count)
    await desk.world.bot.rooms.save_server(desk.world.guild.id, server)


class TestReporting:
    async def test_the_moderators_get_a_note_without_a_word_of_it(self, desk: Desk) -> None:
        message = await desk.world.ann.send(desk.world.channel, WORDS)

        answer = await desk.report(desk.world.ben, message)

        (note,) = desk.notes
        assert answer.ephemeral
        assert "The moderators have a note now" in said(answer)
        assert "nobody else is told" not in said(answer)  # its author's `/privacy` tells of it
        assert message.jump_url in text(note)
        assert desk.world.ann.mention in text(note)
        assert f"Reported by {desk.world.ben.mention}" in text(note)
        assert "Hit & Run through **S1E9**" in text(note)
        assert MARKER not in text(note)
        assert labels(note) == ["Cover", "Not a spoiler", "Read it"]
        assert message.id in [m.id for m in desk.world.channel.history()]

    async def test_nobody_is_pinged_by_a_note(self, desk: Desk) -> None:
        message = await desk.reported()
        await desk.report(desk.world.mod, message)

        bodies = [
            request.json
            for request in desk.world.env.http_requests
            if request.path.startswith(f"/channels/{desk.log.id}/") and request.json
        ]
        assert [body["allowed_mentions"]["parse"] for body in bodies] == [[], []]

    async def test_without_a_log_channel_nobody_is_told_and_the_answer_says_so(
        self, desk: Desk
    ) -> None:
        world = desk.world
        await world.bot.rooms.save_server(world.guild.id, Server())
        message = await world.ann.send(world.channel, WORDS)

        answer = await desk.report(world.ben, message)

        assert "Nobody was told" in said(answer)
        assert "/room log" in said(answer)
        assert await world.bot.reports.list(world.ben.id) == ()

    async def test_a_log_channel_that_the_bot_cannot_write_to_is_no_log_channel(
        self, worlds: Builder
    ) -> None:
        world = await worlds()
        log = world.guild.create_text_channel(
            "closed",
            overwrites={
                world.guild.default_role: discord.PermissionOverwrite(send_messages=False),
                world.bot.user: discord.PermissionOverwrite(send_messages=False),
            },
        )
        await world.bot.rooms.save_server(world.guild.id, Server(log_channel=log.id))
        message = await world.ann.send(world.channel, WORDS)

        answer = await world.ben.context_menu(world.channel, COMMAND, message)

        assert "Nobody was told" in said(answer)
        assert await world.bot.reports.list(world.ben.id) == ()

    async def test_where_discord_refuses_the_note_the_answer_says_so_and_again_works(
        self, desk: Desk
    ) -> None:
        world = desk.world
        message = await world.ann.send(world.channel, WORDS)
        world.env.inject_error("POST", f"/channels/{desk.log.id}/messages", status=403)

        first = await desk.report(world.ben, message)
        second = await desk.report(world.ben, message)

        assert "Nobody was told" in said(first)
        assert "The moderators have a note now" in said(second)
        assert len(desk.notes) == 1

    async def test_a_second_reporter_is_added_to_the_same_note(self, desk: Desk) -> None:
        message = await desk.reported()

        answer = await desk.report(desk.world.mod, message)

        (note,) = desk.notes
        assert "Reported by 2 members: " in text(note)
        assert desk.world.ben.mention in text(note)
        assert desk.world.mod.mention in text(note)
        assert "moderators have a note" in said(answer)
        assert labels(note) == ["Cover", "Not a spoiler", "Read it"]

    async def test_who_reports_twice_is_told_so_and_counts_once(self, desk: Desk) -> None:
        message = await desk.reported()

        answer = await desk.report(desk.world.ben, message)

        (note,) = desk.notes
        assert "reported that one already" in said(answer)
        assert f"Reported by {desk.world.ben.mention}\n" in text(note)

    async def test_a_note_that_was_deleted_is_written_again(self, desk: Desk) -> None:
        message = await desk.reported()
        desk.world.env.backend.delete_message(desk.log.id, desk.notes[0].id)

        await desk.report(desk.world.mod, message)

        assert "Reported by 2 members" in text(desk.notes[0])

    async def test_a_note_that_cannot_be_changed_is_left_as_it_is(self, desk: Desk) -> None:
        message = await desk.reported()
        path = f"/channels/{desk.log.id}/messages/{desk.notes[0].id}"
        desk.world.env.inject_error("PATCH", path, status=403)

        answer = await desk.report(desk.world.mod, message)

        assert "have a note about that one already" in said(answer)
        assert len(desk.notes) == 1

    async def test_ones_own_message_needs_no_report(self, desk: Desk) -> None:
        message = await desk.world.ann.send(desk.world.channel, WORDS)

        answer = await desk.report(desk.world.ann, message)

        assert "*Cover as spoiler*" in said(answer)
        assert desk.notes == []

    async def test_what_discord_or_the_bot_wrote_is_no_spoiler(self, desk: Desk) -> None:
        world = desk.world
        joined = world.guild.create_system_message(
            world.channel, discord.MessageType.new_member.value, author=world.ann
        )
        shared = await desk.stub(SHARE, lookup=("t",))

        for message in (joined, shared):
            answer = await desk.report(world.ben, message)
            assert answer.ephemeral
        assert desk.notes == []

    async def test_a_member_who_is_timed_out_reports_nothing(self, desk: Desk) -> None:
        world = desk.world
        menu = await press(world.ben, await desk.stub(), "More")
        asked = await press(world.ben, menu, "Report")
        members = world.env.backend.get_guild(world.guild.id).members
        members[world.ben.id].timed_out_until = LATER

        answer = await press(world.ben, asked, "Yes")

        assert "timed out" in said(answer)
        assert desk.notes == []

    async def test_who_was_timed_out_while_choosing_the_show_reports_nothing(
        self, worlds: Builder, tmp_path: Path
    ) -> None:
        write_show(tmp_path / "shows", "loom", episodes("S1E1"))
        desk = await furnished(await worlds(tmp_path / "shows"))
        world = desk.world
        asked = await desk.report(world.ben, await world.ann.send(world.channel, WORDS))
        members = world.env.backend.get_guild(world.guild.id).members
        members[world.ben.id].timed_out_until = LATER

        answer = await choose(world.ben, asked, "Loom")

        assert "timed out" in said(answer)
        assert desk.notes == []

    async def test_one_member_reports_so_many_in_an_hour(self, desk: Desk) -> None:
        world = desk.world
        for number in range(MOST_AN_HOUR):
            report = Report(world.guild.id, 5, 100 + number, world.ann.id, SHOW, Point())
            at = int(world.env.now().timestamp())
            await world.bot.reports.save(report, WORDS, by_id=world.ben.id, counts=True, now=at)
        message = await world.ann.send(world.channel, WORDS)

        answer = await desk.report(world.ben, message)

        assert "more in 60 minutes" in said(answer)
        assert desk.notes == []

    async def test_the_show_is_asked_for_where_several_could_be_meant(
        self, worlds: Builder, tmp_path: Path
    ) -> None:
        _, note = await loom(worlds, tmp_path, "2021-08-06")

        assert "Loom through **S1E1**" in text(note)


class TestReading:
    async def test_a_moderator_past_the_point_reads_it_privately(self, desk: Desk) -> None:
        await desk.reported()

        answer = await press(desk.judge, desk.notes[0], "Read it")

        assert answer.ephemeral
        assert WORDS in said(answer)
        assert "Safe through S1E9" in said(answer)

    async def test_a_moderator_behind_the_point_reads_nothing(self, desk: Desk) -> None:
        await desk.reported()
        await desk.world.watched(desk.judge, "S1E8")

        answer = await press(desk.judge, desk.notes[0], "Read it")

        assert "not there yet" in said(answer)
        assert MARKER not in str(told(answer))
        assert MARKER not in said(answer)

    async def test_nobody_is_there_before_the_first_episode_is_out(
        self, worlds: Builder, tmp_path: Path
    ) -> None:
        desk, note = await loom(worlds, tmp_path, "2098-01-01")

        answer = await press(desk.judge, note, "Read it")

        assert "not there yet" in said(answer)

    async def test_without_its_show_nobody_can_say_who_may_read_it(
        self, worlds: Builder, tmp_path: Path
    ) -> None:
        desk, note = await loom(worlds, tmp_path, "2021-08-06")
        (tmp_path / "shows" / "loom.toml").unlink()
        await desk.world.restart()

        for label in ("Read it", "Cover"):
            answer = await press(desk.judge, note, label)
            assert "I don't have that show any more" in said(answer)
        dismissed = await press(desk.judge, note, "Not a spoiler")
        assert "stays as it is" in said(dismissed)

    async def test_a_message_without_words_says_so(self, desk: Desk) -> None:
        await desk.reported("", attachments=[("picture.png", b"x")])

        answer = await press(desk.judge, desk.notes[0], "Read it")

        assert "no words of that one" in said(answer)

    async def test_what_only_a_reporter_calls_its_show_opens_and_covers_nothing(
        self, worlds: Builder, tmp_path: Path
    ) -> None:
        desk, note = await loom(worlds, tmp_path, "2021-08-06", is_default=False)
        world = desk.world
        await world.watched(desk.judge, "S1E1", "loom")

        for label in ("Read it", "Cover"):
            answer = await press(desk.judge, note, label)
            assert "only what its reporter chose" in said(answer)
            assert MARKER not in said(answer)
        assert desk.covers() == []
        await world.bot.rooms.set_default_show(world.guild.id, "loom")
        assert WORDS in said(await press(desk.judge, note, "Read it"))

    async def test_its_author_had_it_forgotten_and_it_is_decided_on_the_spot(
        self, desk: Desk
    ) -> None:
        message = await desk.reported()
        await desk.world.bot.reports.forget(desk.world.ann.id, heir=desk.world.bot.user.id)

        second = await desk.report(desk.world.mod, message)
        read = await press(desk.judge, desk.notes[0], "Read it")
        covered = await press(desk.judge, desk.notes[0], "Cover")

        (note,) = desk.notes
        assert "moderators have a note" in said(second)
        assert "Reported by 2 members" in text(note)
        assert "Somebody wrote it" in text(note)
        assert "no words of that one" in said(read)
        assert "Use *Cover as spoiler* on the message itself" in said(covered)
        assert message.id in [m.id for m in desk.world.channel.history()]

    async def test_it_can_be_read_when_it_is_settled_and_the_message_gone(self, desk: Desk) -> None:
        message = await desk.reported()
        await press(desk.judge, desk.notes[0], "Not a spoiler")
        await desk.world.ann.delete(message)

        answer = await press(desk.judge, desk.notes[0], "Read it")

        assert WORDS in said(answer)


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

        bot.beside_stubs.append(look)
        await press(desk.judge, desk.notes[0], "Cover")

        assert set(states) == {OPEN}
        (report,) = await bot.reports.list(desk.world.ann.id)
        assert report.state == COVERED

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
        moved = await change(world.bot, channel, stub, point=later)
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
        assert report.state == OPEN
        assert message.id in [m.id for m in desk.world.channel.history()]

    async def test_a_message_that_only_bears_a_stubs_button_is_no_stub(self, desk: Desk) -> None:
        world = desk.world
        stub = await desk.stub()
        hello = await world.bot.get_channel(world.channel.id).send("Hello")
        await forge(world.ben, answering(hello), custom_id(stub, "Reveal"))

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
        assert report.state == OPEN
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


class TestCoveringByReports:
    async def test_by_default_no_number_of_reports_covers(self, desk: Desk) -> None:
        message = await desk.world.ann.send(desk.world.channel, WORDS)

        for number in range(5):
            await desk.report(await desk.member(f"old{number}"), message)

        assert "Reported by 5 members" in text(desk.notes[0])
        assert desk.covers() == []

    async def test_enough_members_of_a_week_cover_it_with_what_is_attached(
        self, desk: Desk
    ) -> None:
        await limit(desk, 2)
        file = [("picture.png", b"pixels")]
        message = await desk.world.ann.send(desk.world.channel, WORDS, attachments=file)

        first = await desk.report(await desk.member("one"), message)
        assert desk.covers() == []
        second = await desk.report(await desk.member("two"), message)

        (stub,) = desk.covers()
        assert "have a note now" in said(first)
        assert "I have covered it" in said(second)
        assert message.id not in [m.id for m in desk.world.channel.history()]
        note = next(m for m in desk.notes if "Reported as a spoiler" in text(m))
        assert "**Covered**, as enough members reported it" in text(note)
        assert labels(note) == ["Read it"]
        revealed = await press(desk.judge, stub, "Reveal")
        assert "spoiler-1.png" in str([a.filename for a in told(revealed).attachments])

    async def test_members_of_less_than_a_week_do_not_count(self, desk: Desk) -> None:
        await limit(desk, 2)
        message = await desk.world.ann.send(desk.world.channel, WORDS)
        now = desk.world.env.now()

        await desk.report(await desk.member("one"), message)
        for days in (0, 6.9):
            joined = (now - timedelta(days=days)).isoformat()
            await desk.report(await desk.member(f"new{days}", joined=joined), message)
        assert desk.covers() == []
        joined = (now - timedelta(days=7.1)).isoformat()
        await desk.report(await desk.member("two", joined=joined), message)

        assert len(desk.covers()) == 1

    async def test_a_show_that_only_reporters_name_covers_nothing(
        self, worlds: Builder, tmp_path: Path
    ) -> None:
        desk, note = await loom(worlds, tmp_path, "2021-08-06", is_default=False)
        await limit(desk, 1)
        message = next(m for m in desk.world.channel.history() if MARKER in m.content)

        member = await desk.member("one")
        await choose(member, await desk.report(member, message), "Loom")

        assert desk.covers() == []
        assert labels(note)[0] == "Cover"

    async def test_a_moderators_message_is_only_noted(self, desk: Desk) -> None:
        await limit(desk, 1)
        message = await desk.judge.send(desk.world.channel, WORDS)

        answer = await desk.report(await desk.member("one"), message)

        assert "have a note now" in said(answer)
        assert desk.covers() == []
        assert labels(desk.notes[0])[0] == "Cover"

    async def test_what_a_moderator_found_harmless_is_not_covered(self, desk: Desk) -> None:
        await limit(desk, 2)
        message = await desk.world.ann.send(desk.world.channel, WORDS)
        await desk.report(await desk.member("one"), message)
        await press(desk.judge, desk.notes[0], "Not a spoiler")
        note = text(desk.notes[0])

        await desk.report(await desk.member("two"), message)

        assert desk.covers() == []
        assert text(desk.notes[0]) == note

    async def test_where_it_fails_the_moderators_are_told(self, desk: Desk) -> None:
        await limit(desk, 1)
        message = await desk.world.ann.send(desk.world.channel, WORDS)
        path = f"/channels/{desk.world.channel.id}/messages"
        desk.world.env.inject_error("POST", path, status=403)

        answer = await desk.report(await desk.member("one"), message)

        assert "have a note now" in said(answer)
        assert "I could not. Please look at it." in text(desk.notes[0])
        assert labels(desk.notes[0])[0] == "Cover"
        assert message.id in [m.id for m in desk.world.channel.history()]


async def test_reports_are_erased_after_thirty_days(desk: Desk) -> None:
    world = desk.world
    at = int(world.env.now().timestamp())
    for number, age in ((1, KEPT + 60), (2, KEPT - 600)):
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
