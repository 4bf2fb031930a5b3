"""`/spoiler` as people use it: written, looked at, posted, opened, kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord
import pytest

from bot.spoilers.reveal import STUB_GONE
from data.packs.reader import read
from data.spoilers.store import MOST_STUBS_AN_HOUR
from tests.support.answers import custom_id, exactly, labels, safe, shown, text
from tests.support.packs import episodes, write_show
from tests.support.presses import fill, forge, preset, press, use_old
from tests.support.spoilers import SHOW, WORDS, drafted, scoped, stub_of
from tests.support.world import Builder, World, posted

LATER = "2099-01-01T00:00:00+00:00"


def quoted(result: Any) -> str:
    """The words on a card, to the letter."""
    return [part["content"] for part in shown(result) if "content" in part][1]


class TestWriting:
    async def test_nothing_is_posted_before_its_author_has_seen_it(self, world: World) -> None:
        await world.watched(world.ann, "S1E9")

        draft = await drafted(world)

        assert draft.ephemeral
        assert WORDS in text(draft)
        assert "Not posted yet" in text(draft)
        assert labels(draft) == ["Post it", "Edit", "Throw it away"]
        assert posted(world) == []

    async def test_what_is_posted_has_not_a_word_of_it(self, world: World) -> None:
        stub = await stub_of(world)

        assert text(stub) == (f"**Hit & Run** · sealed through **S1E9**\nfrom {world.ann.mention}")
        assert labels(stub) == ["Reveal S1E9", "More"]
        assert "bridge" not in str(shown(stub))

    async def test_without_an_episode_it_is_sealed_as_far_as_its_author_is(
        self, world: World
    ) -> None:
        await world.watched(world.ann, "S1E4")

        assert "through **S1E4**" in text(await drafted(world))

    async def test_somebody_who_has_watched_nothing_seals_it_through_all(
        self, world: World
    ) -> None:
        """They know something from elsewhere, and nobody can say from how far."""
        assert "through **S1E9**" in text(await drafted(world))

    async def test_its_author_can_say_through_which_episode(self, world: World) -> None:
        await world.watched(world.ann, "S1E9")

        assert "through **S1E2**" in text(await drafted(world, through="1x2"))

    async def test_an_episode_that_cannot_be_read_loses_no_words(self, world: World) -> None:
        await world.watched(world.ann, "S1E3")

        draft = await drafted(world, through="the one with the boat")

        assert "I couldn't read “the one with the boat”" in text(draft)
        assert WORDS in text(draft)

    async def test_an_episode_that_cannot_be_read_seals_it_no_sooner_than_was_meant(
        self, world: World
    ) -> None:
        await world.watched(world.ann, "S1E3")

        draft = await drafted(world, through="the one with the boat")
        assert "Whoever has watched through **S1E9**" in text(draft)

        form = await press(world.ann, await drafted(world, through="S1E5"), "Edit")
        draft = await fill(world.ann, form, your=WORDS, through="the one with the boat")
        assert "Whoever has watched through **S1E5**" in text(draft)

    async def test_a_fault_loses_no_words(self, world: World) -> None:
        form = await world.ann.slash(world.channel, "spoiler")
        await world.bot.db.run(lambda tx: tx.execute("ALTER TABLE stub RENAME TO mislaid"))

        told = await fill(world.ann, form, your=WORDS)

        assert "went wrong on my side" in text(told)
        (given_back,) = told.followups
        assert quoted(given_back) == WORDS
        await world.bot.db.run(lambda tx: tx.execute("ALTER TABLE mislaid RENAME TO stub"))

    async def test_a_form_that_is_sent_after_its_draft_was_posted_changes_nothing(
        self, world: World
    ) -> None:
        draft = await drafted(world)
        form = await press(world.ann, draft, "Edit")
        await press(world.ann, draft, "Post it")

        told = await fill(world.ann, form, your="Too late.")

        assert "posted already" in text(told)
        assert quoted(told.followups[0]) == "Too late."
        (kept,) = await world.bot.stubs.list(world.ann.id)
        assert kept[1] is not None
        assert kept[1].text == WORDS

    async def test_a_draft_that_is_being_posted_is_said_to_be(self, world: World) -> None:
        draft = await drafted(world)
        id = int(custom_id(draft, "Post it").partition("|")[2])
        await world.bot.stubs.claim(id, "draft", "posting", now=1)

        told = await press(world.ann, draft, "Throw it away")

        assert "I am still posting that" in text(told)
        assert len(await world.bot.stubs.list(world.ann.id)) == 1

    async def test_the_preview_says_who_will_see_what(self, world: World) -> None:
        assert "don't know how far you have watched, so I took the last" in text(
            await drafted(world)
        )
        await world.watched(world.ann, "S1E4")

        assert text(await drafted(world)).startswith(
            "### Not posted yet\nWhoever has watched through **S1E4** of Hit & Run will read this. "
            "Everybody else sees only that you wrote something through **S1E4**."
        )

    async def test_a_spoiler_through_the_start_is_said_to_open_for_everybody(
        self, world: World
    ) -> None:
        draft = await drafted(world, through="nothing")
        assert "only the start of Hit & Run: **everybody** will read this" in text(draft)
        assert "premise" not in text(draft)
        await press(world.ann, draft, "Post it")

        told = await press(world.ben, posted(world)[0], "Reveal")

        assert "about **Hit & Run** through **the start**" in text(told)
        assert "through **the start**" in text(await press(world.ben, posted(world)[0], "More"))

    @pytest.mark.parametrize("nothing", ["||||", "|| ||", "\u200b", "** **", "> -# ||\u200b||"])
    async def test_a_text_without_words_is_refused(self, world: World, nothing: str) -> None:
        assert "no words" in text(await drafted(world, nothing))
        assert await world.bot.stubs.list(world.ann.id) == ()

    async def test_a_draft_can_be_edited(self, world: World) -> None:
        await world.watched(world.ann, "S1E9")
        draft = await drafted(world, through="S1E5")

        form = await press(world.ann, draft, "Edit")
        assert (preset(form, "Your words"), preset(form, "Through")) == (WORDS, "S1E5")
        draft = await fill(world.ann, form, your="Shorter.", through="S1E6")
        await press(world.ann, draft, "Post it")

        (stub,) = posted(world)
        assert "S1E6" in text(stub)
        assert "Shorter." in text(await press(world.ann, stub, "Reveal"))

    async def test_a_draft_can_be_thrown_away(self, world: World) -> None:
        draft = await drafted(world)

        thrown = await press(world.ann, draft, "Throw it away")

        assert "Nothing was posted" in text(thrown)
        assert posted(world) == []
        assert await world.bot.stubs.list(world.ann.id) == ()

    async def test_a_draft_outlives_a_restart(self, world: World) -> None:
        await world.watched(world.ann, "S1E9")
        draft = await drafted(world)

        await world.restart()
        await press(world.ann, draft, "Post it")

        assert len(posted(world)) == 1

    async def test_two_presses_at_once_post_it_once(self, world: World) -> None:
        draft = await drafted(world)
        button = custom_id(draft, "Post it")

        await world.at_once(*[(world.ann, draft, button)] * 3)

        assert len(posted(world)) == 1

    async def test_somebody_elses_draft_is_neither_shown_nor_posted(self, world: World) -> None:
        draft = await drafted(world)
        own = await world.ben.slash(world.channel, "recap")
        for label in ("Post it", "Edit", "Throw it away"):
            told = await forge(world.ben, own, custom_id(draft, label))
            refused = (told, *told.followups)[-1]
            assert "posted already, or it was thrown away" in text(refused)

        assert posted(world) == []
        assert len(await world.bot.stubs.list(world.ann.id)) == 1

    async def test_when_discord_does_not_take_it_it_is_still_a_draft(self, world: World) -> None:
        draft = await drafted(world)
        world.env.inject_error("POST", "/channels/*/messages", status=403, code=50013)

        refused = await press(world.ann, draft, "Post it")
        assert "still here" in text(refused.followups[0])
        await press(world.ann, draft, "Post it")

        assert len(posted(world)) == 1

    async def test_who_may_not_speak_here_gets_no_form(self, world: World) -> None:
        denied = {world.guild.default_role: discord.PermissionOverwrite(send_messages=False)}
        silent = world.guild.create_text_channel("silent", overwrites=denied)

        told = await world.ann.slash(silent, "spoiler")

        assert told.modal is None
        assert "you need Send Messages" in text(told)

    async def test_a_member_can_write_so_many_an_hour_and_keeps_their_words(
        self, world: World
    ) -> None:
        for _ in range(MOST_STUBS_AN_HOUR):
            await drafted(world)

        told = await drafted(world, "One too many.")

        assert "in 60 minutes" in text(told)
        assert quoted(told.followups[0]) == "One too many."
        assert len(await world.bot.stubs.list(world.ann.id)) == MOST_STUBS_AN_HOUR
        await world.env.advance_time(3600)
        assert labels(await drafted(world))[0] == "Post it"

    async def test_four_thousand_characters_come_back_whole(self, world: World) -> None:
        words = "".join(f"word{number} " for number in range(600))[:4000]
        stub = await stub_of(world, words)

        told = await press(world.ann, stub, "Reveal")

        assert "".join(map(quoted, (told, *told.followups))) == words

    async def test_which_show_is_asked_for_where_there_are_several(
        self, worlds: Builder, tmp_path: Path
    ) -> None:
        write_show(tmp_path / "shows", "other", episodes("S1E1", "S1E2"))
        world = await worlds(tmp_path / "shows")

        draft = await drafted(world, which="other")

        assert "through **S1E2** of Other" in text(draft)

    async def test_a_show_that_was_imported_is_among_them_where_it_is(
        self, world: World, tmp_path: Path
    ) -> None:
        write_show(tmp_path / "kept", "loom", episodes("S1E1", "S1E2"))
        world.bot.library.put([read(tmp_path / "kept" / "loom.toml").pack], imported=True)
        await scoped(world, "S1E1")  # so that it is clear which one is meant first

        elsewhere = await world.ann.slash(world.channel, "spoiler")
        world.bot.library.set_shelf(world.guild.id, ["loom"])
        draft = await drafted(world, which="loom")

        assert "Loom" not in str(elsewhere.modal)
        assert "through **S1E2** of Loom" in text(draft)

    async def test_private_messages_are_no_place_for_it(self, world: World) -> None:
        told = await use_old(world.ann.user, world.ann.user.dm_channel, "spoiler")

        assert "channel of a server" in text(told)


class TestReplying:
    async def test_the_post_answers_the_message(self, world: World) -> None:
        asked = await world.ben.send(world.channel, "Was it the bridge?")
        await world.watched(world.ann, "S1E9")

        form = await world.ann.context_menu(world.channel, "Reply with a spoiler", asked)
        await press(world.ann, await fill(world.ann, form, your=WORDS), "Post it")

        (stub,) = posted(world)
        assert stub.reference.message_id == asked.id


class TestBars:
    async def test_they_stand_where_the_room_has_watched_that_far(self, world: World) -> None:
        await scoped(world, "S1E9")

        stub = await stub_of(world, "The bridge ||fell||.", how="bars")

        heading, container, words, small, *_ = shown(stub)
        assert heading["content"].startswith("Spoilers for **Hit & Run** through **S1E9**")
        assert container["spoiler"]
        assert words["content"] == "||The bridge \\|\\|fell\\|\\|.||"
        assert small["content"] == "-# Safe through S1E9"
        assert labels(stub) == ["More"]

    async def test_what_goes_further_than_the_room_is_sealed(self, world: World) -> None:
        await scoped(world, "S1E8")

        stub = await stub_of(world, how="bars")

        assert labels(stub) == ["Reveal S1E9", "More"]
        assert "bridge" not in text(stub)

    async def test_a_scope_that_is_lowered_before_posting_seals_it(self, world: World) -> None:
        await scoped(world, "S1E9")
        await world.watched(world.ann, "S1E9")
        draft = await drafted(world, how="bars")
        assert "anybody can click on it" in text(draft)

        await scoped(world, "S1E1")
        await press(world.ann, draft, "Post it")

        assert "bridge" not in text(posted(world)[0])

    async def test_a_text_too_long_for_bars_is_sealed(self, world: World) -> None:
        await scoped(world, "S1E9")

        assert (
            labels(await stub_of(world, "|" * 100 + "word " * 760, how="bars"))[0] == "Reveal S1E9"
        )

    async def test_moderators_can_fix_the_style(self, world: World) -> None:
        await scoped(world, "S1E9")
        await world.bot.rooms.set_style(world.guild.id, world.channel.id, "bars")
        await world.watched(world.ann, "S1E9")

        form = await world.ann.slash(world.channel, "spoiler")
        assert [part["label"] for part in form.modal["components"]] == [
            "Your words",
            "Through which episode?",
        ]
        await press(world.ann, await fill(world.ann, form, your=WORDS), "Post it")

        assert safe(posted(world)[0]) == "Safe through S1E9"
        assert labels(posted(world)[0]) == ["More"]

    async def test_they_are_offered_where_the_room_has_a_scope(self, world: World) -> None:
        await world.watched(world.ann, "S1E9")
        for point, is_offered in ((None, False), ("premise", False), ("S1E1", True)):
            if point:
                await scoped(world, point)
            form = await world.ann.slash(world.channel, "spoiler")
            told = [part["label"] for part in form.modal["components"]]
            assert ("How to hide it" in told) is is_offered

    async def test_the_preview_says_why_there_are_none(self, world: World) -> None:
        await world.watched(world.ann, "S1E9")
        await scoped(world, "S1E8")
        far = await drafted(world, how="bars")
        near = await drafted(world, "|" * 100 + "word " * 760, how="bars", through="S1E8")

        assert "further than this room, so it will be sealed" in text(far)
        assert "too long" not in text(far)
        assert "too long for bars, so it will be sealed" in text(near)


class TestRevealing:
    async def test_who_is_there_reads_it_as_it_was_written(self, world: World) -> None:
        stub = await stub_of(world)
        await world.watched(world.ben, "S1E9")

        told = await press(world.ben, stub, "Reveal")

        assert told.ephemeral
        assert quoted(told) == WORDS
        assert safe(told) == "Safe through S1E9"

    async def test_who_is_not_there_gets_a_choice_and_no_word(self, world: World) -> None:
        stub = await stub_of(world)
        await world.watched(world.ben, "S1E3")

        told = await press(world.ben, stub, "Reveal")

        assert told.ephemeral
        assert "bridge" not in text(told)
        assert labels(told) == ["I've watched S1E9", "Tell me when I get there", "Peek once"]
        assert safe(told) == "Safe through S1E3"

    async def test_its_author_is_a_reader_too(self, world: World) -> None:
        stub = await stub_of(world)
        await world.bot.progress.remove(world.ann.id)

        assert "bridge" not in text(await press(world.ann, stub, "Reveal"))

    async def test_saying_that_one_has_watched_it_is_asked_about_and_opens_it(
        self, world: World
    ) -> None:
        stub = await stub_of(world, through="S1E1")
        asked = await press(world.ben, await press(world.ben, stub, "Reveal"), "I've watched")
        assert "Have you watched that far?" in text(asked)
        assert world.bot.progress.get(world.ben.id, SHOW) is None

        told = await press(world.ben, asked, "Yes")

        assert WORDS in text(told)
        (settled,) = told.followups
        assert "You are through **S1E1**" in text(settled)
        assert "Undo" in labels(settled)

    async def test_a_peek_is_asked_about_and_moves_nobody(self, world: World) -> None:
        stub = await stub_of(world)
        await world.watched(world.ben, "S1E2")

        asked = await press(world.ben, await press(world.ben, stub, "Reveal"), "Peek")
        assert "bridge" not in text(asked)
        assert safe(asked) == "Safe through S1E2"
        told = await press(world.ben, asked, "Yes")

        assert WORDS in text(told)
        assert "you are still at S1E2" in text(told)
        assert safe(told) == "Safe through S1E9"
        assert "bridge" not in text(await press(world.ben, stub, "Reveal"))

    async def test_buttons_work_after_a_restart(self, world: World) -> None:
        stub = await stub_of(world)
        choice = await press(world.ben, stub, "Reveal")

        await world.restart()

        assert "S1E9" in text(await press(world.ben, stub, "Reveal"))
        assert "I'll keep it" in text(await press(world.ben, choice, "Tell me"))

    async def test_elsewhere_and_nowhere_are_one_refusal(self, world: World) -> None:
        stub = await stub_of(world)
        forged = custom_id(stub, "Reveal S1E9")
        await world.watched(world.ben, "S1E9")
        other = world.guild.create_text_channel("other")
        elsewhere = await world.ben.slash(other, "recap")

        refused = await forge(world.ben, elsewhere, forged)
        unknown = await forge(world.ben, elsewhere, "r|1234567890")

        assert STUB_GONE in text(refused)
        assert exactly(refused) == exactly(unknown)
        for button in ("a", "q", "p", "z", "m"):
            told = await forge(world.ben, elsewhere, forged.replace("r|", f"{button}|"))
            assert exactly(told) == exactly(unknown)

    async def test_who_was_let_out_of_the_channel_reads_nothing_there(self, world: World) -> None:
        stub = await stub_of(world)
        asked = await press(world.ben, await press(world.ben, stub, "Reveal"), "Peek")
        world.env.backend.get_guild(world.guild.id).roles[world.guild.id].permissions = 0

        await world.at_once((world.ben, asked, custom_id(asked, "Yes")))

        assert WORDS not in text(asked)

    async def test_a_draft_cannot_be_revealed(self, world: World) -> None:
        draft = await drafted(world)
        own = await world.ben.slash(world.channel, "recap")
        id = custom_id(draft, "Post it").partition("|")[2]
        await world.watched(world.ben, "S1E9")

        assert STUB_GONE in text(await forge(world.ben, own, f"r|{id}"))
        assert STUB_GONE in text(await forge(world.ben, own, f"z|{id}"))

    async def test_a_member_who_is_timed_out_reads_nothing(self, world: World) -> None:
        stub = await stub_of(world)
        await world.watched(world.ben, "S1E9")
        guild = world.env.backend.get_guild(world.guild.id)
        guild.members[world.ben.id].timed_out_until = LATER

        told = await press(world.ben, stub, "Reveal")

        assert "timed out" in text(told)

    async def test_a_show_that_is_gone_keeps_it_sealed(
        self, worlds: Builder, tmp_path: Path
    ) -> None:
        write_show(tmp_path / "shows", "other", episodes("S1E1", "S1E2"))
        world = await worlds(tmp_path / "shows")
        await world.watched(world.ann, "S1E2", show="other")
        form = await world.ann.slash(world.channel, "spoiler", show="other")
        await press(world.ann, await fill(world.ann, form, your=WORDS), "Post it")
        (stub,) = posted(world)
        (tmp_path / "shows" / "other.toml").unlink()
        await world.restart()

        for label in ("Reveal", "More"):
            assert "bridge" not in text(await press(world.ann, stub, label))
        assert "stays sealed" in text(await press(world.ann, stub, "Reveal"))

    async def test_a_lost_key_is_said_and_the_bot_runs_on(
        self, world: World, tmp_path: Path
    ) -> None:
        stub = await stub_of(world)
        (tmp_path / "cliffhanger.sqlite3.key").unlink()
        await world.restart()

        assert "the key it was sealed with is gone" in text(await press(world.ann, stub, "Reveal"))
        assert labels(await drafted(world))[0] == "Post it"
