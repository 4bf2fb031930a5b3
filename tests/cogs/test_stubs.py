"""The menu of a stub as people use it, and the rounds that look after all of them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import discord

from bot.spoilers.reveal import STUB_GONE
from data.rooms.settings import Helper
from tests.support.answers import custom_id, labels, text
from tests.support.presses import fill, forge, preset, press
from tests.support.spoilers import WORDS, drafted, scoped, stub_of
from tests.support.stub_menus import id_of, moved, moving
from tests.support.world import World, posted

DAY = 24 * 60 * 60


def moderators(world: World) -> None:
    """Let the moderators manage messages, too."""
    role = world.guild.create_role(
        "Sweepers", permissions=discord.Permissions(manage_messages=True)
    )
    world.env.backend.get_guild(world.guild.id).members[world.mod.id].role_ids.append(role.id)


async def menu(member: Any, stub: Any) -> list[str]:
    return labels(await press(member, stub, "More"))


class TestMenu:
    async def test_it_offers_each_what_they_may_do(self, world: World) -> None:
        stub = await stub_of(world)
        own = ["Change the words", "Change the episode", "Take it down"]

        assert (await menu(world.ann, stub))[:3] == own
        assert "Take it down" not in await menu(world.ben, stub)
        moderators(world)
        assert (await menu(world.mod, stub))[:2] == own[1:]
        await world.bot.rooms.add_helper(world.guild.id, Helper(world.ben.id, is_role=False))
        assert (await menu(world.ben, stub))[:1] == own[1:2]

    async def test_taking_it_down_erases_its_words(self, world: World, tmp_path: Path) -> None:
        stub = await stub_of(world)

        asked = await press(world.ann, await press(world.ann, stub, "More"), "Take it down")
        told = await press(world.ann, asked, "Yes")

        assert "words are erased" in text(told)
        assert posted(world) == []
        assert await world.bot.stubs.list(world.ann.id) == ()
        with closing(sqlite3.connect(tmp_path / "cliffhanger.sqlite3")) as file:
            assert file.execute("SELECT count(*) FROM stub WHERE sealed NOT NULL").fetchone() == (
                0,
            )

    async def test_nobody_else_takes_it_down(self, world: World) -> None:
        stub = await stub_of(world)
        own = await world.ben.slash(world.channel, "help")

        told = await forge(world.ben, own, custom_id(stub, "More").replace("m|", "dd|"))

        assert "Only its author and the moderators" in text(told)
        assert len(posted(world)) == 1

    async def test_its_author_writes_it_anew(self, world: World) -> None:
        stub = await stub_of(world)

        form = await press(world.ann, await press(world.ann, stub, "More"), "Change the words")
        assert preset(form, "Your words") == WORDS
        await fill(world.ann, form, your="Milder.")

        assert "Milder." in text(await press(world.ann, stub, "Reveal"))

    async def test_an_author_who_went_back_gets_an_empty_form(self, world: World) -> None:
        stub = await stub_of(world)
        await world.bot.progress.remove(world.ann.id)

        form = await press(world.ann, await press(world.ann, stub, "More"), "Change the words")

        assert preset(form, "Your words") == ""

    async def test_an_author_whose_key_was_lost_can_write_it_anew(
        self, world: World, tmp_path: Path
    ) -> None:
        stub = await stub_of(world)
        (tmp_path / "cliffhanger.sqlite3.key").unlink()
        await world.restart()

        form = await press(world.ann, await press(world.ann, stub, "More"), "Change the words")
        assert preset(form, "Your words") == ""
        await fill(world.ann, form, your="Said again.")

        assert "Said again." in text(await press(world.ann, stub, "Reveal"))

    async def test_a_stub_that_was_deleted_in_discord_is_erased_when_it_is_used(
        self, world: World
    ) -> None:
        stub = await stub_of(world)
        form = await press(world.ann, await press(world.ann, stub, "More"), "Change the words")
        moderators(world)
        await world.mod.delete(stub)

        told = await fill(world.ann, form, your="Milder.")

        assert STUB_GONE in text(told)
        assert await world.bot.stubs.list(world.ann.id) == ()

    async def test_words_that_come_too_late_are_given_back(self, world: World) -> None:
        stub = await stub_of(world)
        form = await press(world.ann, await press(world.ann, stub, "More"), "Change the words")
        await world.bot.stubs.remove(id_of(stub))

        told = await fill(world.ann, form, your="Milder.")

        assert STUB_GONE in text(told)
        assert "Milder." in text(told.followups[0])

    async def test_while_one_changes_it_others_wait(self, world: World) -> None:
        stub = await stub_of(world)
        more = await press(world.ann, stub, "More")
        form, sure = (
            await press(world.ann, more, "Change the words"),
            await press(world.ann, more, "Take it down"),
        )
        move = await forge(world.ann, await world.ann.slash(world.channel, "help"), moving(stub))
        await world.bot.stubs.claim(id_of(stub), "posted", "undoing", now=1)

        for told in (
            await press(world.ann, sure, "Yes"),
            await fill(world.ann, form, your="Milder."),
            await fill(world.ann, move, through="S1E2"),
        ):
            assert "Try again in a minute" in text(told)

        await world.bot.stubs.claim(id_of(stub), "undoing", "posted", now=1)
        assert WORDS in text(await press(world.ann, stub, "Reveal"))
        assert "S1E9" in text(posted(world)[0])

    async def test_what_discord_does_not_delete_is_told(self, world: World) -> None:
        await scoped(world, "S1E9")
        stub = await stub_of(world, how="bars")
        asked = await press(world.ann, await press(world.ann, stub, "More"), "Take it down")
        world.env.inject_error("DELETE", "/channels/*/messages/*", status=503)

        assert "did not let me delete" in text(await press(world.ann, asked, "Yes"))
        await world.env.advance_time(3600)
        assert posted(world) == []


class TestMoving:
    async def test_its_author_can_move_it_either_way(self, world: World) -> None:
        stub = await stub_of(world, through="S1E5")

        await moved(world, world.ann, stub, "S1E7")
        assert "S1E7" in text(posted(world)[0])
        await moved(world, world.ann, stub, "S1E2")
        assert "S1E2" in text(posted(world)[0])

    async def test_a_trusted_member_can_move_it_to_a_later_episode_only(self, world: World) -> None:
        stub = await stub_of(world, through="S1E5")
        assert "Only its author" in text(await moved(world, world.ben, stub, "S1E7"))
        await world.bot.rooms.add_helper(world.guild.id, Helper(world.ben.id, is_role=False))

        assert "to an episode after" in text(await moved(world, world.ben, stub, "S1E4"))
        assert "S1E5" in text(posted(world)[0])
        assert "through **S1E7**" in text(await moved(world, world.ben, stub, "S1E7"))
        assert "S1E7" in text(posted(world)[0])

    async def test_behind_bars_it_is_sealed_when_it_goes_past_the_room(self, world: World) -> None:
        await scoped(world, "S1E9")
        stub = await stub_of(world, through="S1E5", how="bars")
        await scoped(world, "S1E6")

        await moved(world, world.ann, stub, "S1E7")

        (now,) = posted(world)
        assert "bridge" not in text(now)
        assert labels(now) == ["Reveal S1E7", "More"]

    async def test_a_point_that_cannot_be_read_changes_nothing(self, world: World) -> None:
        stub = await stub_of(world, through="S1E5")

        assert "I can't read that" in text(await moved(world, world.ann, stub, "soon"))
        assert "S1E5" in text(posted(world)[0])

    async def test_the_form_opens_with_where_it_is(self, world: World) -> None:
        stub = await stub_of(world, through="S1E5")

        form = await press(world.ann, await press(world.ann, stub, "More"), "Change the episode")

        assert preset(form, "Through") == "S1E5"

    async def test_what_was_done_is_said_as_it_is(self, world: World) -> None:
        await scoped(world, "S1E9")
        sealed, barred = await stub_of(world), await stub_of(world, how="bars")

        assert "sealed through **S1E5**" in text(await moved(world, world.ann, sealed, "S1E5"))
        assert "It still stands behind bars" in text(await moved(world, world.ann, barred, "S1E5"))
        told = await moved(world, world.ann, sealed, "nothing")
        assert "it opens for everybody" in text(told)

    async def test_a_cover_is_moved_by_those_who_moderate_and_never_to_the_start(
        self, world: World
    ) -> None:
        message = await world.ann.send(world.channel, "The bridge!")
        await world.ann.context_menu(world.channel, "Cover as spoiler", message)
        (stub,) = posted(world)
        await world.watched(world.ann, "S1E9")
        assert "Change the episode" not in await menu(world.ann, stub)
        assert "Only moderators" in text(await moved(world, world.ann, stub, "S1E5"))

        moderators(world)
        await world.watched(world.mod, "S1E9")
        told = await moved(world, world.mod, stub, "nothing")
        assert "open for everybody" in text(told)
        assert "S1E9" in text(posted(world)[0])
        await moved(world, world.mod, stub, "S1E5")
        assert "S1E5" in text(posted(world)[0])


class TestShares:
    async def shared(self, world: World) -> Any:
        await scoped(world, "S1E2")
        await world.watched(world.ann, "S1E9")
        answer = await world.ann.slash(world.channel, "recap", episode="S1E5")
        told = await press(world.ann, answer, "Share here")
        assert "sealed it through **S1E5**" in text(told.followups[0] if told.followups else told)
        return posted(world)[-1]

    async def test_what_goes_past_the_room_is_sealed_where_viewers_first_find_it(
        self, world: World
    ) -> None:
        stub = await self.shared(world)

        assert "through **S1E5**" in text(stub)
        assert "it goes further than this room" in text(stub)

    async def test_each_reads_it_as_far_as_they_are(self, world: World) -> None:
        stub = await self.shared(world)
        await world.watched(world.ben, "S1E6")

        told = await press(world.ben, stub, "Reveal")

        assert "S1E5" in text(told)
        assert text(told).endswith("Safe through S1E6")

    async def test_who_is_not_there_can_peek_at_it_alone(self, world: World) -> None:
        stub = await self.shared(world)

        asked = await press(world.ben, await press(world.ben, stub, "Reveal"), "Peek")
        told = await press(world.ben, asked, "Yes")

        assert "S1E5" in text(told)
        assert text(told).endswith("Safe through S1E5")
        assert labels(told) == []

    async def test_its_menu_is_no_dead_end(self, world: World) -> None:
        stub = await self.shared(world)
        moderators(world)

        assert await menu(world.ann, stub) == ["Take it down"]
        assert "Take it down" in await menu(world.mod, stub)
        told = text(await press(world.ben, stub, "More"))
        assert f"Only <@{world.ann.id}> and the moderators can take it down." in told


class TestRounds:
    async def hour(self, world: World, hours: int = 1) -> None:
        for _ in range(hours):
            await world.env.advance_time(3600)

    async def test_a_stub_deleted_in_discord_is_erased_within_a_day(self, world: World) -> None:
        stub = await stub_of(world)
        moderators(world)
        await world.mod.delete(stub)

        await self.hour(world, 26)

        assert await world.bot.stubs.list(world.ann.id) == ()

    async def test_one_that_stands_stays(self, world: World) -> None:
        stub = await stub_of(world)

        await self.hour(world, 26)

        assert WORDS in text(await press(world.ann, stub, "Reveal"))

    async def test_it_expires_when_the_server_says_so(self, world: World) -> None:
        stub = await stub_of(world)
        rooms = world.bot.rooms
        server = rooms.server(world.guild.id)
        await rooms.save_server(world.guild.id, type(server)(keep_days=1))

        await self.hour(world, 26)

        assert STUB_GONE in text(await press(world.ann, stub, "Reveal"))

    async def test_a_channel_that_is_deleted_takes_its_stubs_along(self, world: World) -> None:
        await stub_of(world)

        world.env.backend.delete_channel(world.channel.id)
        await world.env.settle()

        assert await world.bot.stubs.list(world.ann.id) == ()

    async def test_a_draft_that_was_being_posted_when_the_bot_was_killed_stands_or_is_a_draft(
        self, world: World
    ) -> None:
        stub = await stub_of(world)
        draft = await drafted(world, "Another.")
        id = int(custom_id(draft, "Post it").partition("|")[2])
        await world.bot.stubs.claim(id, "draft", "posting", now=1)
        await forget_that_it_stands(world, stub)

        await self.hour(world)

        found = await world.bot.stubs.get(id)
        assert found is not None
        assert found.state == "draft"
        assert WORDS in text(await press(world.ann, stub, "Reveal"))
        await press(world.ann, draft, "Post it")
        assert len(posted(world)) == 2

    async def test_its_button_works_before_the_round_does(self, world: World) -> None:
        stub = await stub_of(world)
        await forget_that_it_stands(world, stub)

        assert WORDS in text(await press(world.ann, stub, "Reveal"))

        found = await world.bot.stubs.get(int(custom_id(stub, "Reveal").partition("|")[2]))
        assert found is not None
        assert (found.state, found.message_id) == ("posted", stub.id)


async def forget_that_it_stands(world: World, stub: Any) -> None:
    """What a kill between posting and noting it leaves behind."""
    id = int(custom_id(stub, "Reveal").partition("|")[2])
    await world.bot.db.run(
        lambda tx: tx.execute(
            "UPDATE stub SET state = 'posting', message_id = NULL, changed_at = 1 WHERE id = ?",
            (id,),
        )
    )
