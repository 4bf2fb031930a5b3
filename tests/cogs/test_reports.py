"""*Report a spoiler* as people use it, and what moderators do with the note about it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import discord

from data.points import Point
from data.rooms.settings import Server
from data.spoilers.reports import MOST_REPORTS_AN_HOUR, Report
from data.spoilers.store import SHARE
from tests.support.answers import labels, text
from tests.support.forgetting import forget
from tests.support.packs import episodes, write_show
from tests.support.presses import choose, press
from tests.support.reports import (
    COMMAND,
    LATER,
    MARKER,
    SHOW,
    WORDS,
    Desk,
    furnished,
    limit,
    loom,
    said,
    told,
)
from tests.support.world import Builder


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
        assert f"Reported by {desk.world.ben.mention}" in text(note)

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
        for number in range(MOST_REPORTS_AN_HOUR):
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
            assert "Only its reporter says" in said(answer)
            assert MARKER not in said(answer)
        assert desk.covers() == []
        await world.bot.rooms.set_default_show(world.guild.id, "loom")
        assert WORDS in said(await press(desk.judge, note, "Read it"))

    async def test_its_author_had_it_forgotten_and_it_is_decided_on_the_spot(
        self, desk: Desk
    ) -> None:
        message = await desk.reported()
        bot = desk.world.bot
        await forget(bot.reports, desk.world.ann.id, bot.reports.erasure(heir=bot.own_id))

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
        assert "I could not cover it. Please look at it." in text(desk.notes[0])
        assert labels(desk.notes[0])[0] == "Cover"
        assert message.id in [m.id for m in desk.world.channel.history()]
