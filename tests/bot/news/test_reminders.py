"""Reminders as members meet them: asked for, heard once below an answer, and ended."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.readers.show_choice import NO_SUCH_SHOW
from bot.ui.errors import OUT_OF_DATE
from data.news.status import News
from tests.support.answers import custom_id, shown, with_days
from tests.support.packs import write_show
from tests.support.presses import choose, press
from tests.support.renewals import remind_me, timeline
from tests.support.world import Builder, World, posted

SHOW = "hit-and-run"
MINUTE = 60


def today(world: World) -> date:
    return world.env.now().date()


def renewed(world: World, id: str = "r", **more: Any) -> News:
    given = {"season": 2, "confidence": "reported", "headline": f"Headline of {id}"} | more
    return News(id, **{"date": today(world), "kind": "renewed"} | given)


def chosen(card: Any) -> list[str]:
    """What the selects of a card have chosen already."""
    options = [option for part in shown(card) for option in part.get("options", [])]
    return [option["value"] for option in options if option.get("default")]


async def record(world: World, *news: News, show: str = SHOW) -> None:
    """A minute later than everything before."""
    await world.env.advance_time(MINUTE)
    await world.bot.news_store.record(show, news, now=int(world.env.now().timestamp()))


async def take_back(world: World, id: str = "r") -> None:
    """A minute later than everything before."""
    await world.env.advance_time(MINUTE)
    moment = int(world.env.now().timestamp())
    await world.bot.news_store.retract(SHOW, id, by_id=None, now=moment)


async def asked(world: World, when: str = "always", show: str = SHOW) -> str:
    """What Ann is answered when she asks to be reminded."""
    card = await world.ann.slash(world.channel, "help")
    return with_days(await ask_on(world, card, when, show))


async def ask_on(world: World, card: Any, when: str = "always", show: str = SHOW) -> Any:
    """Ann's choice on a card that she has open; `show` may be "all"."""
    every = show == "all"
    return await remind_me(world.ann, card, when, SHOW if every else show, every=every)


async def heard(world: World) -> str:
    """What Ann is told below her next answer."""
    answer = await world.ann.slash(world.channel, "progress")
    return "\n".join(map(with_days, answer.followups))


class TestAsking:
    @pytest.mark.parametrize(
        ("when", "show", "told"),
        [
            ("always", SHOW, "I remind you of news about Hit & Run. They stand below"),
            ("begun", SHOW, "I remind you of news about Hit & Run, once you have begun it."),
            ("never", SHOW, "I don't remind you of news about Hit & Run."),
            ("always", "fauda", "I remind you of news about Fauda."),
            ("always", "all", "I remind you of news about every show."),
            ("begun", "all", "I remind you of news about the shows that you have"),
            ("never", "all", "I don't remind you of any news."),
            ("always", "nonsense", NO_SUCH_SHOW),
            ("tomorrow", SHOW, OUT_OF_DATE),
        ],
    )
    async def test_the_answer_says_what_comes_of_it(
        self, world: World, when: str, show: str, told: str
    ) -> None:
        card = await world.ann.slash(world.channel, "help")
        answer = await ask_on(world, card, when, show)

        assert told in with_days(answer)

    async def test_the_card_shows_what_is_set_and_leads_back(self, world: World) -> None:
        await asked(world, "begun", "all")
        card = await world.ann.slash(world.channel, "renewal")
        status = with_days(card)

        await press(world.ann, card, "Remind me")
        assert "When shall I remind you of news about Hit & Run?" in with_days(card)
        assert chosen(card) == ["never", "begun"]
        await choose(world.ann, card, "Always")
        assert "From today on I remind you of news about Hit & Run." in with_days(card)
        assert chosen(card) == ["always", "begun"]

        await press(world.ann, card, "Will there be more?")
        assert with_days(card) == status

    async def test_never_ends_it(self, world: World) -> None:
        await asked(world)
        await asked(world, "never")
        await record(world, renewed(world))

        assert await heard(world) == ""

    async def test_never_for_all_ends_all(self, world: World) -> None:
        for show in (SHOW, "all"):
            await asked(world, show=show)

        await asked(world, "never", show="all")

        assert world.bot.reminders.list(world.ann.id) == ()

    async def test_never_for_one_show_says_that_every_show_still_counts(self, world: World) -> None:
        await asked(world, show="all")

        assert "I remind you of news about every show, and now of Hit & Run" in await asked(
            world, "never"
        )

    @pytest.mark.parametrize("when", ["always", "begun"])
    async def test_asking_for_one_show_forgets_nothing_that_was_to_be_told(
        self, world: World, when: str
    ) -> None:
        await world.watched(world.ann, "S1E1", SHOW)
        await asked(world, show="all")
        card = await world.ann.slash(world.channel, "help")
        await record(world, renewed(world))
        await world.env.advance_time(MINUTE)

        answer = await ask_on(world, card, when)

        assert "Headline of r" in "\n".join(map(with_days, answer.followups))

    async def test_asking_for_one_show_tells_nothing_twice(self, world: World) -> None:
        await asked(world, show="all")
        await record(world, renewed(world))
        await heard(world)

        answer = await ask_on(world, await world.ann.slash(world.channel, "help"))

        assert answer.followups == []


class TestHearing:
    async def test_fresh_news_stand_privately_below_the_next_answer(self, world: World) -> None:
        await asked(world)
        await record(world, renewed(world))

        answer = await world.ann.slash(world.channel, "progress")

        (told,) = answer.followups
        assert with_days(told) == (
            f"### News since we last spoke\n- **Hit & Run** · {today(world)} · Headline of r"
            " (reported)\n-# `/renewal` tells who says so, and what was before.\n"
            "-# Safe for everyone"
        )
        assert told.flags.ephemeral
        assert posted(world) == []

    async def test_they_are_told_once_also_after_a_restart(self, world: World) -> None:
        await asked(world)
        await record(world, renewed(world))

        assert "Headline of r" in await heard(world)
        assert await heard(world) == ""
        await world.restart()
        assert await heard(world) == ""

    async def test_a_press_is_an_answer_too(self, world: World) -> None:
        await asked(world)
        answer = await world.ann.slash(world.channel, "renewal", show="fauda")
        await record(world, renewed(world))

        pressed = await press(world.ann, answer, "Timeline")

        assert "Headline of r" in "\n".join(map(with_days, pressed.followups))
        assert "its news so far" in with_days(answer)
        assert await heard(world) == ""

    async def test_so_is_one_in_a_direct_message(self, world: World) -> None:
        await asked(world)
        await record(world, renewed(world))

        answer = await world.ann.user.slash("progress")

        assert "Headline of r" in "\n".join(map(with_days, answer.followups))

    async def test_who_did_not_ask_hears_nothing(self, world: World) -> None:
        await asked(world)
        await record(world, renewed(world))

        answer = await world.ben.slash(world.channel, "progress")

        assert answer.followups == []

    async def test_news_of_other_shows_are_not_told(self, world: World) -> None:
        await asked(world)
        await record(world, renewed(world), show="fauda")

        assert await heard(world) == ""

    async def test_whoever_wants_every_show_hears_of_every_show(self, world: World) -> None:
        await asked(world, show="all")
        await record(world, renewed(world), show="fauda")

        assert "**Fauda**" in await heard(world)

    async def test_what_was_known_before_they_asked_is_not_told(self, world: World) -> None:
        await record(world, renewed(world))
        await asked(world)

        assert await heard(world) == ""

    async def test_what_is_dated_before_the_day_they_asked_is_not_told(self, world: World) -> None:
        await asked(world)
        await record(world, renewed(world, date=today(world) - timedelta(days=1)))

        assert await heard(world) == ""

    async def test_rumours_are_not_told_until_they_are_more(self, world: World) -> None:
        await asked(world, show="all")
        await record(world, renewed(world, confidence="rumour"))
        await record(world, renewed(world, "other"), show="fauda")
        assert "Headline of r" not in await heard(world)

        await record(world, renewed(world, confidence="confirmed"))

        assert "Headline of r (confirmed)" in await heard(world)

    async def test_what_was_taken_back_before_they_heard_it_is_not_told(self, world: World) -> None:
        await asked(world)
        await record(world, renewed(world))
        await world.bot.news_store.retract(SHOW, "r", by_id=None, now=2**31)

        assert await heard(world) == ""

    async def test_what_was_corrected_is_told_as_it_is_now_and_not_told_anew(
        self, world: World
    ) -> None:
        await asked(world)
        await record(world, renewed(world))
        await record(world, renewed(world, headline="Mended"))
        assert "Mended" in await heard(world)

        await record(world, renewed(world, headline="Mended again"))

        assert await heard(world) == ""

    async def test_what_was_taken_back_after_they_heard_it_is_said_once(self, world: World) -> None:
        await asked(world)
        await record(world, renewed(world))
        await heard(world)
        await take_back(world)

        told = await heard(world)

        assert f"- **Hit & Run** · {today(world)} · Taken back: Renewed, season 2\n" in told
        assert "Headline of r" not in told
        assert await heard(world) == ""

    async def test_what_was_told_and_taken_back_and_told_again_is_heard_each_time(
        self, world: World
    ) -> None:
        await asked(world)
        await record(world, renewed(world))
        await heard(world)
        await take_back(world)
        await heard(world)

        await record(world, renewed(world))
        assert f"{today(world)} · Headline of r (reported)" in await heard(world)
        await take_back(world)
        assert "Taken back" in await heard(world)

    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            ({"kind": "cancelled"}, "Corrected: Headline of r (reported)"),
            ({"season": 3}, "Corrected: Headline of r (reported)"),
            ({"confidence": "rumour"}, "Corrected: Headline of r (rumour)"),
        ],
    )
    async def test_what_became_something_else_after_they_heard_it_is_said_once(
        self, world: World, changed: dict[str, Any], told: str
    ) -> None:
        await asked(world)
        await record(world, renewed(world))
        await heard(world)
        await record(world, renewed(world, **changed))

        assert told in await heard(world)
        assert await heard(world) == ""

    async def test_what_is_again_as_they_heard_it_is_not_told(self, world: World) -> None:
        await asked(world)
        await record(world, renewed(world))
        await heard(world)
        await take_back(world)
        await record(world, renewed(world))

        assert await heard(world) == ""

    async def test_a_rumour_that_they_never_heard_is_taken_back_in_silence(
        self, world: World
    ) -> None:
        await asked(world, show="all")
        await record(world, renewed(world, confidence="rumour"))
        await record(world, renewed(world, "other"), show="fauda")
        await heard(world)
        await take_back(world)

        assert await heard(world) == ""

    async def test_a_show_is_told_of_once_it_is_begun(self, world: World) -> None:
        await asked(world, "begun")
        await record(world, renewed(world))
        await world.watched(world.ann, "nothing")
        assert await heard(world) == ""

        answer = await world.ann.slash(world.channel, "progress", point="S1E1")

        assert "Headline of r" in "\n".join(map(with_days, answer.followups))

    async def test_what_was_said_of_one_show_goes_before_every_show(self, world: World) -> None:
        await asked(world, show="all")
        await asked(world, "begun")
        await record(world, renewed(world))
        await record(world, renewed(world), show="fauda")

        told = await heard(world)

        assert "**Fauda**" in told
        assert "Hit & Run" not in told

    async def test_of_many_the_five_newest_are_told_and_the_others_counted(
        self, world: World
    ) -> None:
        await asked(world)
        days = [today(world) + timedelta(days=7 - n) for n in range(7)]
        await record(world, *(renewed(world, f"n{n}", date=day) for n, day in enumerate(days)))

        told = await heard(world)

        assert [f"Headline of n{n}" in told for n in range(7)] == [True] * 5 + [False] * 2
        assert told.index("Headline of n0") < told.index("Headline of n4")
        assert "The newest 5 of 7." in told
        assert await heard(world) == ""

    async def test_what_news_say_cannot_form_markup(self, world: World) -> None:
        await asked(world)
        await record(world, renewed(world, headline="# @everyone ||x|| <@1>"))

        assert r"\# \@everyone \|\|x\|\| \<\@1\>" in await heard(world)


class TestShownAlready:
    async def test_what_an_answer_showed_is_not_told_below_it_nor_later(self, world: World) -> None:
        await asked(world)
        await record(world, renewed(world))

        answer = await world.ann.slash(world.channel, "renewal")

        assert "Headline of r" in with_days(answer)
        assert answer.followups == []
        assert await heard(world) == ""
        await world.restart()
        assert await heard(world) == ""

    async def test_what_a_press_showed_is_not_told_either(self, world: World) -> None:
        await asked(world)
        answer = await world.ann.slash(world.channel, "renewal")
        await record(world, renewed(world))

        pressed = await press(world.ann, answer, "Timeline")

        assert "Headline of r" in with_days(answer)
        assert pressed.followups == []
        assert await heard(world) == ""

    async def test_what_it_did_not_show_is_told_below_it(self, world: World) -> None:
        await asked(world, show="all")
        await record(world, renewed(world))
        await record(world, renewed(world, "f", season=6), show="fauda")
        await record(world, renewed(world, "u", kind="undecided", season=3))

        answer = await world.ann.slash(world.channel, "renewal")

        assert "Headline of u" in with_days(answer)
        (below,) = map(with_days, answer.followups)
        assert "Headline of u" not in below
        assert all(f"Headline of {id}" in below for id in "rf")
        assert await heard(world) == ""

    async def test_only_the_page_that_was_shown_counts(self, world: World) -> None:
        await asked(world)
        answer = await world.ann.slash(world.channel, "renewal")
        await record(world, *(renewed(world, f"n{n}", season=n) for n in range(2, 9)))

        pressed = await press(world.ann, answer, "Timeline")

        (below,) = map(with_days, pressed.followups)
        for n in range(2, 9):
            assert (f"Headline of n{n} " in below) != (f"Headline of n{n}\n" in with_days(answer))

    async def test_what_somebody_else_was_shown_is_told_all_the_same(self, world: World) -> None:
        await asked(world)
        await record(world, renewed(world))

        await world.ben.slash(world.channel, "renewal")

        assert "Headline of r" in await heard(world)

    async def test_a_later_correction_of_it_is_told(self, world: World) -> None:
        await asked(world)
        await record(world, renewed(world))
        await world.ann.slash(world.channel, "renewal")

        await record(world, renewed(world, season=3))

        assert "Corrected: Headline of r" in await heard(world)

    async def test_that_it_was_taken_back_is_told_below_what_is_left(self, world: World) -> None:
        await asked(world)
        await record(world, renewed(world))
        await world.ann.slash(world.channel, "renewal")
        await take_back(world)

        answer = await timeline(world.ann, world.channel)

        assert "Taken back: Renewed, season 2" in "\n".join(map(with_days, answer.followups))


class TestManners:
    async def test_no_card_follows_a_form_and_it_comes_with_the_next_answer(
        self, world: World
    ) -> None:
        await asked(world)
        await record(world, renewed(world))

        form = await world.ann.slash(world.channel, "spoiler")

        assert form.modal
        assert form.followups == []
        assert "Headline of r" in await heard(world)

    async def test_nothing_is_told_while_somebody_types(self, world: World) -> None:
        await asked(world)
        await record(world, renewed(world))

        await world.ann.autocomplete(world.channel, "renewal", "show", "")

        assert "Headline of r" in await heard(world)

    async def test_two_answers_at_once_tell_it_once(self, world: World) -> None:
        await asked(world)
        fauda = {"show": "fauda"}
        answers = [await world.ann.slash(world.channel, "renewal", **fauda) for _ in "ab"]
        await record(world, renewed(world))

        await world.at_once(*((world.ann, one, custom_id(one, "Timeline")) for one in answers))

        stored = world.env.backend.messages[world.channel.id].values()
        assert sum("News since we last spoke" in str(message.components) for message in stored) == 1

    async def test_where_discord_takes_it_not_the_answer_stands_and_it_comes_later(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        await asked(world)
        await record(world, renewed(world))
        world.env.inject_error("POST", "/webhooks/*/*", status=404)

        answer = await world.ann.slash(world.channel, "progress")

        assert answer.response is not None
        assert answer.followups == []
        assert "could not remind a member of news: NotFound" in caplog.text
        assert "Headline of r" in await heard(world)

    async def test_where_it_cannot_be_noted_it_is_not_told_twice(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        await asked(world)
        await record(world, renewed(world))
        await world.bot.db.run(lambda tx: tx.execute("ALTER TABLE reminder RENAME TO mislaid"))

        assert "Headline of r" in await heard(world)
        assert "could not note that a member was told of news" in caplog.text
        assert await heard(world) == ""

    async def test_a_refused_command_tells_nothing(self, world: World) -> None:
        await asked(world)
        await record(world, renewed(world))

        refused = await world.ann.slash(world.channel, "renewal", show="no such show")

        assert refused.followups == []

    async def test_no_log_line_names_anybody(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG, logger="bot")
        await asked(world)
        await record(world, renewed(world))
        await heard(world)

        assert str(world.ann.id) not in caplog.text


async def test_news_of_a_show_that_is_gone_are_not_told(worlds: Builder, tmp_path: Path) -> None:
    write_show(tmp_path / "shows", "loom")
    world = await worlds(tmp_path / "shows")
    await asked(world, show="loom")
    await record(world, renewed(world), show="loom")
    (tmp_path / "shows" / "loom.toml").unlink()

    await world.restart()

    assert await heard(world) == ""
