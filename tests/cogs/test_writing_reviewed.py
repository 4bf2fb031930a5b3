"""What members wrote, as reviewers see it, and as it is changed and exported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord

from bot.contributions.access import NEED_TRUST
from bot.contributions.review import NOT_THERE, NOTHING_TO_TAKE_BACK
from data.packs.reader import read
from data.rooms.settings import Helper
from tests.support.answers import custom_id, labels, text
from tests.support.packs import episodes, write_show
from tests.support.presses import fill, forge, press
from tests.support.world import Builder, World
from tests.support.writing import (
    BEYOND,
    LOOM,
    STORY,
    WORDS,
    ahead,
    approved,
    asked,
    changes,
    downloaded,
    fact,
    opened,
    recap,
    review,
    told_by_two,
)


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
        assert len(await loom.bot.contributions.waiting(loom.guild.id)) == 1

    async def test_forged_ids_are_all_answered_alike(self, loom: World) -> None:
        await recap(loom)
        (waiting,) = await loom.bot.contributions.waiting(loom.guild.id)
        await loom.watched(loom.ben, "S1E1")

        answers = [
            text(await forge(loom.ben, await review(loom), f"{name}|{id}"))
            for name in ("wa", "wr")
            for id in (waiting.id, 12345, "x", "-1", "9" * 30)
        ]

        assert set(answers) == {f"{NOT_THERE}"}
        for parts in ("wa", "wn|1|2", "wo", "wo|nothing|x", "wu|1|2"):
            await forge(loom.ben, await review(loom), parts)
        assert len(await loom.bot.contributions.waiting(loom.guild.id)) == 1

    async def test_who_is_not_trusted_any_more_decides_nothing(self, loom: World) -> None:
        await recap(loom)
        shown = await review(loom)
        await loom.bot.rooms.remove_helper(loom.guild.id, Helper(loom.ben.id, is_role=False))

        for label in ("Approve", "Send back"):
            assert NEED_TRUST in text(await press(loom.ben, shown, label))
        assert len(await loom.bot.contributions.waiting(loom.guild.id)) == 1

    async def test_who_decides_on_another_server_decides_nothing_here(self, loom: World) -> None:
        await recap(loom)
        (waiting,) = await loom.bot.contributions.waiting(loom.guild.id)
        away = loom.env.create_guild("Away")
        room = away.create_text_channel("away")
        keepers = away.create_role("Keepers", permissions=discord.Permissions(manage_guild=True))
        keeper = away.add_member(loom.ben.user, roles=[keepers])
        own = await keeper.slash(room, "help")

        for code in ("wa", "wr"):
            assert NOT_THERE in text(await forge(keeper, own, f"{code}|{waiting.id}"))
        assert NOTHING_TO_TAKE_BACK in text(await forge(keeper, own, f"wu|{waiting.id}"))
        assert len(await loom.bot.contributions.waiting(loom.guild.id)) == 1

    async def test_of_two_reviewers_at_once_one_decides(self, loom: World) -> None:
        await loom.watched(loom.mod, "S1E2")
        await recap(loom)
        first, second = await review(loom), await review(loom, loom.mod)

        await loom.at_once(
            (loom.ben, first, custom_id(first, "Approve")),
            (loom.mod, second, custom_id(second, "Send back")),
        )

        (one,) = await loom.bot.contributions.list(loom.guild.id, LOOM)
        told = [text(card).split(".")[0] for card in (first, second)]
        is_first = one.reviewer_id == loom.ben.id
        assert told[not is_first] == {"approved": "Approved", "refused": "Sent back"}[one.state]
        assert "wrote a recap" in told[is_first]

    async def test_what_is_refused_is_told_nowhere(self, loom: World) -> None:
        await recap(loom)
        shown = await review(loom)

        assert "Sent back" in text(await press(loom.ben, shown, "Send back"))

        assert WORDS not in await asked(loom, loom.ann, "recap", episode="S1E2")
        assert "Nothing waits" in text(await review(loom))

    async def test_its_author_finds_what_was_sent_back_with_a_kind_word(self, loom: World) -> None:
        await fact(loom, known="S1E1")
        await press(loom.ben, await review(loom), "Send back")

        mine = text(await changes(loom, loom.ann))

        assert "sent back" in mine
        assert "Thank you for this one." in mine
        assert "somebody who has just watched S1E1" in mine
        assert "Thank you" not in text(await changes(loom, loom.ben))

    async def test_what_names_somebody_later_is_told_from_there_on_alone(self, loom: World) -> None:
        await fact(loom, "Quill calls.", known="S1E1")  # by somebody who cannot know that name
        reviewer = await ahead(loom)
        shown = await review(loom, reviewer)
        assert labels(shown)[:2] == ["Show it from S1E3 on", "Send back"]

        told = await press(reviewer, shown, "Show it from S1E3 on")

        assert "to those who have reached **S1E3**" in text(told)
        assert "Quill" not in await asked(loom, loom.ann, "character", name="Ada")
        assert "Quill calls." in await asked(loom, reviewer, "character", name="Ada")

    async def test_a_recap_that_names_somebody_later_is_never_told_as_it_is(
        self, loom: World
    ) -> None:
        await recap(loom, "Quill hides the key.")
        reviewer = await ahead(loom)
        shown = await review(loom, reviewer)
        assert labels(shown)[0] == "Send back"

        (waiting,) = await loom.bot.contributions.waiting(loom.guild.id)
        forged = await forge(reviewer, shown, f"wa|{waiting.id}")

        assert "can't be shown as it is" in text(forged)
        assert len(await loom.bot.contributions.waiting(loom.guild.id)) == 1

    async def test_who_does_not_know_that_name_learns_nothing_and_tells_nothing(
        self, loom: World
    ) -> None:
        """Ben is through S1E2, like the author; a name of S1E3 is a word like any other to them."""
        for words in ("Quill hides the key.", "Quell hides the key."):
            await fact(loom, words, known="S1E1")
        answers = list[str]()
        for _ in range(2):
            shown = await review(loom)
            answers.append(text(await press(loom.ben, shown, "Approve")))
        assert len(set(answers)) == 1

        ada = await asked(loom, loom.ann, "character", name="Ada")
        assert ("Quill" in ada, "Quell" in ada) == (False, True)

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
        answer = await loom.ann.slash(loom.channel, "review", show=LOOM)
        assert "I don't have that show" in text(answer)


class TestChanges:
    async def test_each_has_its_author_time_and_state_and_words_for_those_past_it(
        self, loom: World
    ) -> None:
        await recap(loom)
        (one,) = await loom.bot.contributions.list(loom.guild.id, LOOM)

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
            assert NOTHING_TO_TAKE_BACK in text(await forge(loom.ben, await review(loom), button))
            assert WORDS in await asked(loom, loom.ann, "recap", episode="S1E2")

            await press(member, await changes(loom, member), "Undo")

            assert WORDS not in await asked(loom, loom.ann, "recap", episode="S1E2")
            assert "taken back" in text(await changes(loom, loom.ann))
            assert NOTHING_TO_TAKE_BACK in text(
                await forge(member, await changes(loom, member), button)
            )

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
        refused = await downloaded(loom.ann, loom.channel)
        assert "those who have watched all of Loom" in text(refused)
        assert not refused.response.attachments
        await loom.watched(loom.ann, "S1E3")

        answer = await downloaded(loom.ann, loom.channel)

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
            answers.append(await downloaded(world.ann, world.channel, show))

        assert "not out yet" in text(answers[0])
        assert [len(one.response.attachments) for one in answers] == [0, 1]

    async def test_no_page_is_named_that_tells_of_what_is_not_out(
        self, worlds: Builder, tmp_path: Path
    ) -> None:
        page = '[source.END]\ntitle = "How it ends"\nurl = "https://example.com/end"\n'
        to_come = '[[episode]]\nid = "e4"\nat = "S2E1"\naired = 2099-01-01\n'
        loom = await told_by_two(worlds, tmp_path, page + STORY + to_come)
        await loom.watched(loom.ann, "S1E3")

        answer = await downloaded(loom.ann, loom.channel)

        (file,) = answer.response.attachments
        assert "How it ends" not in (await file.read()).decode()


SITE = """
[source.SITE]
title = "All of the loom"
url = "https://www.loom.example/guide"
through = "S1E1"
"""


async def test_what_members_wrote_carries_no_source_of_the_pack(
    worlds: Builder, tmp_path: Path
) -> None:
    story = SITE + STORY
    for line in ('at = "S1E1"\n', 'at = "S1E2"\n', 'name = "Ada"\n'):
        story = story.replace(line, f'{line}source = ["SITE"]\n')
    loom = await told_by_two(worlds, tmp_path, story)
    await fact(loom, "Breaks the loom.", known="S1E1")
    await approved(loom)
    await recap(loom)
    await approved(loom)
    form = await opened(loom, loom.ann, "recap", episode="S1E1")
    await fill(loom.ann, form, text="Ada sleeps.")
    await approved(loom)

    for command, options, ours in (
        ("recap", {"episode": "S1E1"}, "Ada sleeps."),
        ("character", {"name": "Ada"}, "Breaks the loom."),
        ("character", {"name": "Ada", "since": "premise"}, "Breaks the loom."),
    ):
        answer = await loom.ann.slash(loom.channel, command, **options)
        assert ours in text(answer)
        await press(loom.ann, answer, "Sources")
        assert "loom.example" in text(answer)
        assert ours not in text(answer)
    written = await loom.ann.slash(loom.channel, "recap", episode="S1E2")
    assert "loom.example" not in text(written)
