"""`/show write`, `review`, `changes` and `export` as people use them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest_asyncio

from bot.contributions.access import NEED_TRUST
from bot.contributions.review import NOT_THERE, NOT_UNDONE
from data.contributions.contribution import Words
from data.packs.reader import read
from data.rooms.store import Helper
from tests.conftest import (
    MODERATOR,
    Builder,
    World,
    custom_id,
    episodes,
    exactly,
    fill,
    forge,
    labels,
    posted,
    preset,
    press,
    safe,
    text,
    write_show,
)

LOOM = "loom"
STORY = """
[[episode]]
id = "e1"
at = "S1E1"
title = "Warp"
aired = 2021-08-06
recap = "Ada finds a key."
[[episode]]
id = "e2"
at = "S1E2"
title = "Weft"
aired = 2021-08-13
[[episode]]
id = "e3"
at = "S1E3"
title = "Shuttle"
aired = 2021-08-20
[[character]]
id = "c1"
name = "Ada"
known = "S1E1"
[[character]]
id = "c2"
name = "Quill"
known = "S1E3"
"""
WORDS = "Ada hides the key in the clock."
BEYOND = "Something waits at a point past yours.\n-# Safe for everyone"


@pytest_asyncio.fixture
async def loom(worlds: Builder, tmp_path: Path) -> World:
    return await told_by_two(worlds, tmp_path, STORY)


async def told_by_two(worlds: Builder, folder: Path, story: str) -> World:
    """A show that two members, whom the moderators trust, are through S1E2 of."""
    write_show(folder / "shows", LOOM, story)
    world: World = await worlds(folder / "shows")
    await world.bot.rooms.set_default_show(world.guild.id, LOOM)
    for member in (world.ann, world.ben):
        await world.bot.rooms.add_helper(world.guild.id, Helper(member.id, is_role=False))
        await world.watched(member, "S1E2")
    return world


def carla(world: World) -> Any:
    """A third member, whom the moderators trust too."""
    return world.guild.add_member(world.env.create_user("carla"))


async def opened(world: World, member: Any, what: str, **options: str) -> Any:
    return await member.slash(world.channel, f"show write {what}", **options)


async def recap(world: World, words: str = WORDS, member: Any = None) -> Any:
    member = member or world.ann
    return await fill(member, await opened(world, member, "recap", episode="S1E2"), text=words)


async def fact(world: World, words: str = WORDS, member: Any = None, **values: str) -> Any:
    member = member or world.ann
    form = await opened(world, member, "fact", character="Ada")
    return await fill(member, form, text=words, **values)


async def review(world: World, member: Any = None) -> Any:
    return await (member or world.ben).slash(world.channel, "show review")


async def approved(world: World) -> None:
    await press(world.ben, await review(world), "Approve")


async def changes(world: World, member: Any) -> Any:
    return await member.slash(world.channel, "show changes")


async def asked(world: World, member: Any, command: str, **options: str) -> str:
    return text(await member.slash(world.channel, command, **options))


class TestWriting:
    async def test_a_recap_is_told_once_a_second_person_has_approved_it(self, loom: World) -> None:
        taken = await recap(loom)
        assert "It waits for a second person" in text(taken)
        assert taken.ephemeral
        assert WORDS not in await asked(loom, loom.ann, "recap", episode="S1E2")

        shown = await review(loom)
        assert f"<@{loom.ann.id}> wrote a recap of **S1E2**, of Loom:" in text(shown)
        assert WORDS in text(shown)
        assert (shown.ephemeral, safe(shown)) == (True, "Safe through S1E2")
        assert "It is told on this server" in text(await press(loom.ben, shown, "Approve"))

        assert WORDS in await asked(loom, loom.ann, "recap", episode="S1E2")

    async def test_somebody_new_has_a_name_and_a_role(self, loom: World) -> None:
        form = await opened(loom, loom.ann, "character")
        assert preset(form, "Known") == "S1E2"
        await fill(loom.ann, form, name="Bo", role="A clockmaker", known="S1E1")
        await approved(loom)

        told = await asked(loom, loom.ann, "character")
        assert "- **Bo** · A clockmaker · *written here*" in told
        assert "- **Ada**\n" in told
        alone = await asked(loom, loom.ann, "character", name="Bo")
        assert alone.startswith("### Bo\n-# *written here*\nA clockmaker")
        assert "Bo" not in await asked(loom, loom.mod, "character")

    async def test_facts_and_names_are_about_somebody(self, loom: World) -> None:
        form = await opened(loom, loom.ann, "alias", character="Ada")
        await fill(loom.ann, form, name="The Weaver")
        await approved(loom)
        await fact(loom, "Nobody has seen her since the fire.", what="missing")
        await approved(loom)
        await fact(loom, "Breaks the loom.", known="S1E1")
        await approved(loom)

        told = await asked(loom, loom.ann, "character", name="Ada")
        for line in (
            "Also known as The Weaver · *written here*",
            "**Status:** missing · Nobody has seen her since the fire. · *written here*",
            "- S1E1 · Breaks the loom. · *written here*",
        ):
            assert line in told

    async def test_what_was_written_here_is_marked_wherever_it_is_told(self, loom: World) -> None:
        await fill(
            loom.ann, await opened(loom, loom.ann, "recap", episode="S1E1"), text="Ada sleeps."
        )
        await approved(loom)
        await recap(loom)
        await approved(loom)

        first = await asked(loom, loom.ann, "recap", episode="S1E1")
        assert "Ada finds a key.\nAda sleeps.\n-# *written here*" in first
        own = await loom.ann.slash(loom.channel, "recap", episode="S1E2")
        assert f"{WORDS}\n-# *written here*" in text(own)
        await loom.mod.slash(loom.channel, "room scope", point="S1E2", show=LOOM)
        await press(loom.ann, own, "Share here")
        (post,) = [one for one in loom.channel.history(viewer=loom.ben) if WORDS in text(one)]
        assert "-# *written here*" in text(post)

    async def test_a_relation_is_between_two_people_whom_the_writer_knows(
        self, loom: World
    ) -> None:
        form = await opened(loom, loom.ann, "character")
        await fill(loom.ann, form, name="Bo", role="A clockmaker", known="S1E1")
        await approved(loom)

        form = await opened(loom, loom.ann, "fact", character="Ada", other="Bo")
        assert form.modal["title"] == "What two people are to each other"
        taken = await fill(loom.ann, form, text="Bo is her brother.")
        assert "It waits" in text(taken)
        shown = await review(loom)
        assert "what **Ada** and **Bo** are to each other, known from **S1E2** on" in text(shown)
        await press(loom.ben, shown, "Approve")

        told = await asked(loom, loom.ann, "character", name="Ada")
        assert "**People**\n- Bo is her brother. · *written here*" in told
        await loom.watched(loom.mod, "S1E1")
        assert "brother" not in await asked(loom, loom.mod, "character", name="Ada")

    async def test_a_relation_offers_and_finds_nobody_whom_the_writer_does_not_know(
        self, loom: World
    ) -> None:
        hidden = await opened(loom, loom.ann, "fact", character="Ada", other="Quill")
        nobody = await opened(loom, loom.ann, "fact", character="Ada", other="Nobody")
        assert exactly(hidden) == exactly(nobody)
        for option in ("character", "other"):
            offered = await loom.ann.autocomplete(loom.channel, "show write fact", option, "")
            assert [choice["name"] for choice in offered] == ["Ada"]

        own = await opened(loom, loom.ann, "fact", character="Ada", other="Ada")
        assert "one and the same" in text(own)

    async def test_a_relation_that_is_written_anew_is_one_still(self, loom: World) -> None:
        await loom.watched(loom.ann, "S1E3")
        form = await opened(loom, loom.ann, "fact", character="Ada", other="Quill")
        early = await fill(loom.ann, form, text="Quill is her father.", known="S1E2")
        assert "Quill is known only from S1E3 on" in text(early)
        again = await press(loom.ann, early, "Write it anew")
        assert preset(again, "Text") == "Quill is her father."

        await fill(loom.ann, again, known="S1E3")

        (waiting,) = await loom.bot.writings.waiting(loom.guild.id)
        _, words = await loom.bot.writings.read(waiting.id) or (None, None)
        assert words == Words("Quill is her father.", fact="relation", other="c2")

    async def test_who_went_back_before_they_knew_the_other_writes_of_nobody(
        self, loom: World
    ) -> None:
        await loom.watched(loom.ann, "S1E3")
        form = await opened(loom, loom.ann, "fact", character="Ada", other="Quill")
        await loom.watched(loom.ann, "S1E2")

        refused = await fill(loom.ann, form, text="Ada misses him.", known="S1E1")

        assert "Nothing I can show you" in text(refused)
        assert await loom.bot.writings.waiting(loom.guild.id) == ()

    async def test_only_those_whom_the_moderators_trust_write_and_review(self, loom: World) -> None:
        stranger = carla(loom)
        for command, options in (
            ("show write recap", {"episode": "S1E1"}),
            ("show write character", {}),
            ("show write fact", {"character": "Ada"}),
            ("show write alias", {"character": "Ada"}),
            ("show review", {}),
            ("show changes", {}),
        ):
            answer = await stranger.slash(loom.channel, command, **options)
            assert text(answer).startswith(NEED_TRUST)
            assert answer.ephemeral
        await loom.watched(loom.mod, "S1E2")
        assert "It waits" in text(await recap(loom, member=loom.mod))

    async def test_who_is_trusted_no_more_gets_their_words_back(self, loom: World) -> None:
        form = await opened(loom, loom.ann, "recap", episode="S1E2")
        await loom.bot.rooms.remove_helper(loom.guild.id, Helper(loom.ann.id, is_role=False))

        answer = await fill(loom.ann, form, text=WORDS)

        assert NEED_TRUST in text(answer)
        assert WORDS in text(answer.followups[0])
        assert await loom.bot.writings.waiting(loom.guild.id) == ()

    async def test_who_is_timed_out_may_not(self, loom: World) -> None:
        await recap(loom)
        shown, form = await review(loom), await opened(loom, loom.ann, "character")
        listed = await changes(loom, loom.ann)
        members = loom.env.backend.guilds[loom.guild.id].members
        for member in (loom.ann, loom.ben):
            members[member.id].timed_out_until = "2999-01-01T00:00:00+00:00"

        for answer in (
            await fill(loom.ann, form, name="Bo"),
            await press(loom.ann, listed, "Undo"),
            await press(loom.ben, shown, "Approve"),
        ):
            assert "timed out" in text(answer)
        assert len(await loom.bot.writings.waiting(loom.guild.id)) == 1

    async def test_it_is_for_servers_that_the_bot_is_on(self, loom: World) -> None:
        for command in ("show changes", "show write character", "show export"):
            answer = await loom.ann.user.slash(command, show=LOOM)
            assert "on a server that I am on" in text(answer)

    async def test_what_the_writer_does_not_know_is_offered_and_found_nowhere(
        self, loom: World
    ) -> None:
        hidden = await opened(loom, loom.ann, "fact", character="Quill")
        nobody = await opened(loom, loom.ann, "fact", character="Nobody")
        later = await opened(loom, loom.ann, "recap", episode="S1E3")
        never = await opened(loom, loom.ann, "recap", episode="S7E3")

        assert exactly(hidden) == exactly(nobody) == exactly(later) == exactly(never)
        offered = await loom.ann.autocomplete(loom.channel, "show write fact", "character", "")
        assert [choice["name"] for choice in offered] == ["Ada"]

    async def test_a_fault_is_told_at_once_and_the_words_come_back(self, loom: World) -> None:
        answer = await fact(loom, known="S1E3")
        assert "You are at S1E2 yourself" in text(answer)
        assert WORDS in text(answer)

        again = await press(loom.ann, answer, "Write it anew")
        assert (preset(again, "Text"), preset(again, "Known")) == (WORDS, "S1E3")
        assert "It waits" in text(await fill(loom.ann, again, known="S1E2"))

    async def test_the_check_is_no_oracle(self, loom: World) -> None:
        """A name that is known later is taken as one that nobody has, until a reviewer knows it."""
        assert "It waits" in text(await fact(loom, "Quill is her father."))
        assert "It waits" in text(await fact(loom, "Brill is her father."))
        await loom.watched(loom.ben, "S1E3")

        shown = await review(loom)
        told = [text(shown), text(await press(loom.ben, shown, "Next"))]

        minded = {one.splitlines()[-2]: "Mind:" in one for one in told}
        assert minded == {"Quill is her father.": True, "Brill is her father.": False}

    async def test_who_went_back_meanwhile_writes_from_where_they_are(self, loom: World) -> None:
        form = await opened(loom, loom.ann, "recap", episode="S1E2")
        await loom.watched(loom.ann, "S1E1")

        answer = await fill(loom.ann, form, text=WORDS)

        assert "Nothing I can show you" in text(answer)
        assert await loom.bot.writings.waiting(loom.guild.id) == ()

    async def test_what_they_knew_when_they_began_counts(self, loom: World) -> None:
        form = await opened(loom, loom.ann, "character")
        await loom.watched(loom.ann, "S1E1")
        await loom.watched(loom.ben, "S1E1")

        assert "It waits" in text(await fill(loom.ann, form, name="Bo", known="S1E1"))

        assert text(await review(loom)) == BEYOND

    async def test_words_come_back_only_to_who_is_still_there(self, loom: World) -> None:
        answer = await fact(loom, known="S1E3")
        await loom.watched(loom.ann, "S1E1")

        again = await press(loom.ann, answer, "Write it anew")

        assert (preset(again, "Text"), preset(again, "Known")) == ("", "S1E1")

    async def test_a_form_calls_people_what_its_author_calls_them_by_now(
        self, worlds: Builder, tmp_path: Path
    ) -> None:
        renamed = '[[character.alias]]\nname = "Xenia"\nknown = "S1E2"\nnow = true\n'
        story = STORY.replace('known = "S1E1"\n', f'known = "S1E1"\n{renamed}', 1)
        loom = await told_by_two(worlds, tmp_path, story)
        form = await opened(loom, loom.ann, "fact", character="Xenia")
        assert "About Xenia" in str(form.modal)
        answer = await fill(loom.ann, form, text=WORDS, known="S1E3")
        await loom.watched(loom.ann, "S1E1")

        again = await press(loom.ann, answer, "Write it anew")

        assert "About Ada" in str(again.modal)
        assert "Xenia" not in str(again.modal)

    async def test_only_so_much_waits(self, loom: World) -> None:
        for number in range(20):
            await fact(loom, f"Ada turns key number {number}.")

        answer = await fact(loom)

        assert "Enough of yours is waiting" in text(answer)
        assert WORDS in text(answer.followups[0])


class TestReviewing:
    async def test_who_is_behind_is_told_one_sentence_however_much_waits(self, loom: World) -> None:
        await loom.watched(loom.ben, "S1E1")
        assert "Nothing waits for you" in text(await review(loom))
        told = list[str]()
        for _ in range(2):
            await recap(loom)
            told.append(text(await review(loom)))

        assert told == [BEYOND, BEYOND]
        await fact(loom, member=await ahead(loom), known="S1E1")
        assert text(await review(loom)) == BEYOND

    async def test_the_author_may_let_slip_what_they_had_watched(self, loom: World) -> None:
        await fact(loom, known="S1E1")
        await loom.watched(loom.ben, "S1E1")
        assert text(await review(loom)) == BEYOND

        await loom.watched(loom.ben, "S1E2")
        assert WORDS in text(await review(loom))

    async def test_what_is_past_the_reader_is_named_beside_what_is_not(self, loom: World) -> None:
        await recap(loom)
        await fact(loom, "Far ahead.", member=await ahead(loom), known="S1E3")

        shown = text(await review(loom))

        assert WORDS in shown
        assert "Something waits at a point past yours." in shown
        assert "Far ahead" not in shown

    async def test_nobody_approves_their_own(self, loom: World) -> None:
        await recap(loom)
        assert "Only what you wrote yourself waits" in text(await review(loom, loom.ann))

        shown = await review(loom)
        mine = await forge(loom.ann, await changes(loom, loom.ann), custom_id(shown, "Approve"))

        assert NOT_THERE in text(mine)
        assert len(await loom.bot.writings.waiting(loom.guild.id)) == 1

    async def test_forged_ids_are_all_answered_alike(self, loom: World) -> None:
        await recap(loom)
        (waiting,) = await loom.bot.writings.waiting(loom.guild.id)
        await loom.watched(loom.ben, "S1E1")

        answers = [
            text(await forge(loom.ben, await review(loom), f"{name}|{id}"))
            for name in ("wa", "wr")
            for id in (waiting.id, 12345, "x", "-1", "9" * 30)
        ]

        assert set(answers) == {f"{NOT_THERE}\n-# Safe for everyone"}
        for parts in ("wa", "wn|1|2", "wo", "wo|nothing|x", "wu|1|2"):
            await forge(loom.ben, await review(loom), parts)
        assert len(await loom.bot.writings.waiting(loom.guild.id)) == 1

    async def test_of_two_reviewers_at_once_one_decides(self, loom: World) -> None:
        await loom.watched(loom.mod, "S1E2")
        await recap(loom)
        first, second = await review(loom), await review(loom, loom.mod)

        await loom.at_once(
            (loom.ben, first, custom_id(first, "Approve")),
            (loom.mod, second, custom_id(second, "Refuse")),
        )

        (one,) = await loom.bot.writings.list(loom.guild.id, LOOM)
        told = [text(card).split(".")[0] for card in (first, second)]
        is_first = one.reviewer_id == loom.ben.id
        assert told[not is_first] == {"approved": "Approved", "refused": "Refused"}[one.state]
        assert "wrote a recap" in told[is_first]

    async def test_what_is_refused_is_told_nowhere(self, loom: World) -> None:
        await recap(loom)
        shown = await review(loom)

        assert "Refused" in text(await press(loom.ben, shown, "Refuse"))

        assert WORDS not in await asked(loom, loom.ann, "recap", episode="S1E2")
        assert "Nothing waits" in text(await review(loom))

    async def test_next_goes_round(self, loom: World) -> None:
        for number in range(3):
            await fact(loom, f"Ada turns key number {number}.")
        shown, seen = await review(loom), list[str]()
        for _ in range(4):
            seen += [line for line in text(shown).splitlines() if "key number" in line]
            shown = await press(loom.ben, shown, "Next")

        assert len(set(seen[:3])) == 3
        assert seen[3] == seen[0]

    async def test_the_longest_words_fit(self, loom: World) -> None:
        await loom.watched(loom.ann, "S1E3")
        await loom.watched(loom.ben, "S1E3")
        refused = await recap(loom, "Quill *_~|" * 150)
        assert "is known only from S1E3 on" in text(refused)
        await recap(loom, "*_~|`<>#[a" * 150)
        assert "wrote a recap" in text(await review(loom))
        for _ in range(7):
            await fact(loom, "*_~|`<>#[a" * 60)

        assert text(await changes(loom, loom.ann)).count("waits for") == 6

    async def test_buttons_and_what_was_approved_outlive_a_restart(self, loom: World) -> None:
        await recap(loom)
        shown = await review(loom)
        await loom.restart()

        await press(loom.ben, shown, "Approve")
        await loom.restart()

        assert WORDS in await asked(loom, loom.ann, "recap", episode="S1E2")

    async def test_a_show_that_is_gone_has_nothing_to_review(self, loom: World) -> None:
        await recap(loom)
        shown = await review(loom)
        loom.bot.library.drop(LOOM)

        assert "Nothing waits" in text(await review(loom))
        assert NOT_THERE in text(await press(loom.ben, shown, "Approve"))
        answer = await loom.ann.slash(loom.channel, "show changes", show=LOOM)
        assert "I don't have that show" in text(answer)


class TestChanges:
    async def test_each_has_its_author_time_and_state_and_words_for_those_past_it(
        self, loom: World
    ) -> None:
        await recap(loom)
        (one,) = await loom.bot.writings.list(loom.guild.id, LOOM)

        told = await changes(loom, loom.ben)
        assert (
            f"<@{loom.ann.id}> · <t:{one.created_at}:f> · waits for a second person\n"
            f"a recap of **S1E2**: {WORDS}"
        ) in text(told)
        assert "Undo" not in labels(told)

        behind = await changes(loom, loom.mod)
        assert "At a point past yours" in text(behind)
        assert "recap" not in text(behind)
        assert labels(behind) == ["Undo"]
        await loom.watched(loom.ben, "S1E1")
        assert "Something was written at a point past yours." in text(await changes(loom, loom.ben))
        assert "<t:" not in text(await changes(loom, loom.ben))

    async def test_authors_and_moderators_undo_and_nobody_else(self, loom: World) -> None:
        for member in (loom.ann, loom.mod):
            await recap(loom)
            await approved(loom)
            button = custom_id(await changes(loom, member), "Undo")
            assert NOT_UNDONE in text(await forge(loom.ben, await review(loom), button))
            assert WORDS in await asked(loom, loom.ann, "recap", episode="S1E2")

            await press(member, await changes(loom, member), "Undo")

            assert WORDS not in await asked(loom, loom.ann, "recap", episode="S1E2")
            assert "taken back" in text(await changes(loom, loom.ann))
            assert NOT_UNDONE in text(await forge(member, await changes(loom, member), button))

    async def test_what_is_long_has_pages(self, loom: World) -> None:
        for number in range(8):
            await fact(loom, f"Ada turns key number {number}. " + "<@&1> `x` ||y|| " * 30)

        shown = await changes(loom, loom.ann)
        told = text(shown)
        told += text(await press(loom.ann, shown, "Older"))

        assert all(told.count(f"key number {number}") == 1 for number in range(8))
        assert "Older" not in labels(shown)
        assert text(await press(loom.ann, shown, "Newer")) in told


class TestExporting:
    async def test_the_whole_version_is_a_pack_for_those_who_finished(
        self, loom: World, tmp_path: Path
    ) -> None:
        await recap(loom)
        await approved(loom)
        refused = await loom.ann.slash(loom.channel, "show export", show=LOOM)
        assert "those who have watched all of Loom" in text(refused)
        assert not refused.response.attachments
        await loom.watched(loom.ann, "S1E3")

        answer = await loom.ann.slash(loom.channel, "show export", show=LOOM)

        (file,) = answer.response.attachments
        path = tmp_path / "exported.toml"
        path.write_bytes(await file.read())
        pack = read(path).pack
        assert [one.recap for one in pack.episode][:2] == ["Ada finds a key.", WORDS]
        assert answer.ephemeral

    async def test_nobody_gets_a_file_that_tells_of_what_is_not_out(
        self, worlds: Builder, tmp_path: Path
    ) -> None:
        told = STORY + episodes("S2E1", aired="2099-01-01")
        silent = STORY + '[[episode]]\nid = "e4"\nat = "S2E1"\naired = 2099-01-01\n'
        write_show(tmp_path / "shows", "told", told)
        write_show(tmp_path / "shows", "silent", silent)
        world = await worlds(tmp_path / "shows")
        answers = list[Any]()
        for show in ("told", "silent"):
            await world.watched(world.ann, "S1E3", show)
            answers.append(await world.ann.slash(world.channel, "show export", show=show))

        assert "not out yet" in text(answers[0])
        assert [len(one.response.attachments) for one in answers] == [0, 1]

    async def test_no_page_is_named_that_tells_of_what_is_not_out(
        self, worlds: Builder, tmp_path: Path
    ) -> None:
        page = '[source.END]\ntitle = "How it ends"\nurl = "https://example.com/end"\n'
        to_come = '[[episode]]\nid = "e4"\nat = "S2E1"\naired = 2099-01-01\n'
        loom = await told_by_two(worlds, tmp_path, page + STORY + to_come)
        await loom.watched(loom.ann, "S1E3")

        answer = await loom.ann.slash(loom.channel, "show export", show=LOOM)

        (file,) = answer.response.attachments
        assert "How it ends" not in (await file.read()).decode()


async def test_who_peeks_at_what_was_shared_sees_what_has_become_of_it(loom: World) -> None:
    form = await opened(loom, loom.ann, "character")
    await fill(loom.ann, form, name="Bo", role="A clockmaker")
    await approved(loom)
    await press(loom.ann, await loom.ann.slash(loom.channel, "character", name="Bo"), "Share here")
    (stub,) = posted(loom)

    async def peeked() -> str:
        choice = await press(loom.mod, stub, "Reveal")
        return text(await press(loom.mod, await press(loom.mod, choice, "Peek once"), "Yes"))

    assert "A clockmaker" in await peeked()
    await press(loom.ann, await changes(loom, loom.ann), "Undo")
    assert "clockmaker" not in await peeked()


async def ahead(world: World) -> Any:
    """Somebody who is trusted and has watched everything."""
    member = carla(world)
    await world.bot.rooms.add_helper(world.guild.id, Helper(member.id, is_role=False))
    await world.watched(member, "S1E3")
    return member


async def test_what_one_server_wrote_is_told_on_no_other(loom: World) -> None:
    """Every command that tells of a show is asked on both servers, as the same person."""
    form = await opened(loom, loom.ann, "character")
    await fill(loom.ann, form, name="Marker One", role="Marker two")
    await approved(loom)
    form = await opened(loom, loom.ann, "alias", character="Ada")
    await fill(loom.ann, form, name="Marker Three")
    await approved(loom)
    for write in (recap, fact):
        await write(loom, "Marker four, Ada.")
        await approved(loom)
    await fact(loom, "Marker waiting.")
    await loom.watched(loom.mod, "S1E3")
    other = loom.env.create_guild("Elsewhere")
    there = other.create_text_channel("couch")
    role = other.create_role("Moderators", permissions=MODERATOR)
    stranger = other.add_member(loom.mod.user, roles=[role])
    await loom.env.settle()

    told = {"here": "", "there": ""}
    for member, channel, place in ((loom.mod, loom.channel, "here"), (stranger, there, "there")):
        for command, options in (
            ("recap", {"episode": "S1E2"}),
            ("recap", {"since": "premise", "length": "full"}),
            ("character", {}),
            ("character", {"name": "Ada"}),
            ("character", {"name": "Marker One"}),
            ("room preview", {"as": "S1E2"}),
            ("show info", {}),
            ("show list", {}),
            ("show review", {}),
            ("show changes", {}),
            ("progress show", {}),
        ):
            asks_show = command not in {"show list", "show review", "progress show"}
            given = options | ({"show": LOOM} if asks_show else {})
            told[place] += text(await member.slash(channel, command, **given))
        exported = await member.slash(channel, "show export", show=LOOM)
        (file,) = exported.response.attachments
        told[place] += (await file.read()).decode()
        told[place] += str(
            await member.autocomplete(channel, "character", "name", "Marker", show=LOOM)
        )

    assert all(f"Marker {which}" in told["here"] for which in ("One", "Three", "four", "waiting"))
    assert "Marker" not in told["there"]
    (waiting,) = await loom.bot.writings.waiting(loom.guild.id)
    for button, refusal in (("wa", NOT_THERE), ("wr", NOT_THERE), ("wu", NOT_UNDONE)):
        elsewhere = await stranger.slash(there, "show review")
        assert refusal in text(await forge(stranger, elsewhere, f"{button}|{waiting.id}"))
    assert await loom.bot.writings.waiting(loom.guild.id) == (waiting,)
