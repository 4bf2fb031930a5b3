"""`/renewal report` as the bot's owner, those they name, and everybody else use it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.news.editors import FOR_EDITORS, FOR_OWNER
from data.news.status import News
from data.news.subscriptions import Subscription
from data.news_kinds import KIND_BITS, KINDS
from data.storage.errors import DatabaseError
from tests.support.answers import custom_id, labels, safe, shown, text
from tests.support.newsdesk import (
    LINK,
    RENEWED,
    SHOW,
    corrected,
    entered,
    published,
    staffed,
    today,
    told,
)
from tests.support.presses import press
from tests.support.world import World, posted


@pytest.fixture
async def world(world: World) -> World:
    return await staffed(world)


class TestEntering:
    async def test_a_preview_shows_the_announcement_and_tells_nobody(self, world: World) -> None:
        preview = await entered(world)

        assert preview.ephemeral
        assert "**Nothing is told yet.** Channels that follow such news" in text(preview)
        assert "### Hit & Run\n**Renewed: season 2 is ordered.**" in text(preview)
        assert "season 2 is ordered" in text(preview)
        assert f"-# From [example.com](<{LINK}>)" in text(preview)
        assert labels(preview) == ["Publish", "Publish, naming only the site", "Throw away"]
        assert safe(preview) == "Safe for everyone"
        assert told(world) == ()
        assert posted(world) == []

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("options", [{"season": 2}, {}])
    async def test_what_happened_is_said_once(
        self, world: World, kind: str, options: dict[str, int]
    ) -> None:
        given = {"show": SHOW, "kind": kind, "link": LINK, "confidence": "confirmed"} | options
        preview = await world.ann.slash(world.channel, "renewal report enter", **given)
        previewed = text(preview)
        await press(world.ann, preview, "Publish")
        status = text(await world.ben.slash(world.channel, "renewal status"))

        (news,) = told(world)
        state = previewed.splitlines()[2]
        for card in (previewed, status):
            assert card.count(state.strip("*")) == 1
            assert news.headline not in card.replace(state.strip("*"), "")

    async def test_a_headline_that_says_more_stands_below_the_state(self, world: World) -> None:
        day = world.env.now().date() + timedelta(days=30)
        preview = await entered(world, kind="dated", when=str(day))
        shown_before = text(preview)
        await press(world.ann, preview, "Publish")

        headline = f"Season 2 will come on {day}"
        assert f"**\n{headline}\n" in shown_before
        assert f": {headline}" in text(await world.ben.slash(world.channel, "renewal status"))

    async def test_what_is_published_is_recorded_with_who_entered_it(self, world: World) -> None:
        preview = await entered(world)

        await press(world.ann, preview, "Publish")

        assert "Published." in text(preview)
        (news,) = told(world)
        assert news.id == f"{today(world)}-renewed-s2"
        assert (news.kind, news.season, news.confidence) == ("renewed", 2, "reported")
        assert news.headline == "Season 2 is ordered"
        assert [one.url for one in news.citations] == [LINK]
        (version,) = world.bot.news_store.versions(SHOW, news.id)
        assert (version.by_id, version.origin) == (world.ann.id, "person")

    async def test_where_the_link_tells_of_the_plot_only_the_site_is_named(
        self, world: World
    ) -> None:
        await press(world.ann, await entered(world), "Publish, naming")

        assert [(one.site, one.url) for one in told(world)[0].citations] == [("example.com", None)]
        history = await world.ben.slash(world.channel, "renewal history")
        assert "example.com" in text(history)
        assert LINK not in str(shown(history))

    async def test_what_is_thrown_away_was_never_told(self, world: World) -> None:
        preview = await entered(world)

        await press(world.ann, preview, "Throw away")

        assert "Thrown away. Nothing was told." in text(preview)
        assert labels(preview) == []
        assert told(world) == ()

    async def test_a_channel_that_follows_the_show_is_told(self, world: World) -> None:
        subscription = Subscription(world.guild.id, world.channel.id, SHOW, frozenset(KIND_BITS), 1)
        await world.bot.subscriptions.save(subscription)

        await published(world)
        await world.env.advance_time(1)

        (message,) = posted(world)
        assert "season 2 is ordered" in text(message)

    @pytest.mark.parametrize(
        ("options", "headline"),
        [
            ({"kind": "dated", "when": "2099-01-01"}, None),
            ({"kind": "cancelled"}, "season 2 will not be made"),
            ({"confidence": "rumour"}, "It is said that season 2 is ordered"),
            ({"confidence": "confirmed"}, "season 2 is ordered"),
            ({"date": "2000-01-01"}, "season 2 is ordered"),
            ({"date": "2999-01-01"}, None),
            ({"date": "soon"}, None),
            ({"link": "example.com"}, None),
        ],
    )
    async def test_options_count_or_are_refused_in_a_sentence(
        self, world: World, options: dict[str, str], headline: str | None
    ) -> None:
        preview = await entered(world, **options)

        assert preview.ephemeral
        assert (headline or "") in text(preview)
        assert any(one.startswith("Publish") for one in labels(preview)) == (headline is not None)

    async def test_the_same_is_told_only_once(self, world: World) -> None:
        await published(world)

        again = await entered(world, confidence="confirmed")

        assert f"I have that already, for {today(world)}." in text(again)
        assert labels(again) == []

    async def test_of_two_who_enter_the_same_at_once_the_second_is_told_so(
        self, world: World
    ) -> None:
        first = await entered(world)
        second = await world.mod.slash(world.channel, "renewal report enter", **RENEWED)

        await press(world.ann, first, "Publish")
        late = await press(world.mod, second, "Publish")

        assert "Somebody changed just that in the meantime." in text(late)
        (news,) = told(world)
        assert len(world.bot.news_store.versions(SHOW, news.id)) == 1

    async def test_of_two_buttons_pressed_at_once_the_first_counts(self, world: World) -> None:
        preview = await entered(world)
        both = [custom_id(preview, label) for label in ("Publish", "Publish, naming")]

        await world.at_once(*((world.ann, preview, one) for one in both))

        (news,) = told(world)
        (version,) = world.bot.news_store.versions(SHOW, news.id)
        assert [one.url for one in version.news.citations] == [LINK]
        assert "Published." in text(preview)

    async def test_a_button_can_be_pressed_again_after_it_failed(self, world: World) -> None:
        world.forgiven.append(DatabaseError)
        preview = await entered(world)
        await world.bot.db.run(lambda tx: tx.execute("ALTER TABLE news RENAME TO mislaid"))
        assert "that went wrong on my side" in text(await press(world.ann, preview, "Publish"))

        await world.bot.db.run(lambda tx: tx.execute("ALTER TABLE mislaid RENAME TO news"))
        await press(world.ann, preview, "Publish")

        assert len(told(world)) == 1

    @pytest.mark.parametrize("by", ["tvmaze", None])
    async def test_what_stands_already_is_pointed_to_whatever_its_day_and_whoever_said_it(
        self, world: World, by: str | None
    ) -> None:
        day = world.env.now().date() - timedelta(days=1)
        news = News("f", day, "renewed", 2, "reported", "Season 2 is ordered", (), by)
        await world.bot.news_store.record(SHOW, [news], now=5)

        preview = await entered(world)

        assert "**Renewed, season 2** stands already since <t:" in text(preview)
        assert ("Reported by TVmaze" in text(preview)) == (by is not None)
        assert "`/renewal report correct`" in text(preview)
        assert labels(preview) == [
            "Publish all the same",
            "Publish all the same, naming only the site",
            "Throw away",
        ]
        await press(world.ann, preview, "Publish all")
        assert len(told(world)) == 1

    @pytest.mark.parametrize(
        "more", [{"season": 3}, {"kind": "final"}, {"confidence": "rumour"}, {"season": None}]
    )
    async def test_what_is_something_else_is_not_pointed_to(
        self, world: World, more: dict[str, Any]
    ) -> None:
        day = world.env.now().date() - timedelta(days=1)
        given = {"kind": "renewed", "season": 2, "confidence": "reported"} | more
        news = News("f", day, headline="Another", **given)
        await world.bot.news_store.record(SHOW, [news], now=5)

        assert "stands already" not in text(await entered(world))

    async def test_it_works_in_a_direct_message(self, world: World) -> None:
        preview = await world.ann.user.slash("renewal report enter", **RENEWED)

        await world.ann.user.click(preview.response, label="Publish")

        assert len(told(world)) == 1

    async def test_a_show_that_there_is_not_is_refused(self, world: World) -> None:
        assert "I don't have that show." in text(await entered(world, show="nonsense of no kind"))


class TestCorrecting:
    async def test_only_what_was_given_is_changed_and_the_preview_says_what(
        self, world: World
    ) -> None:
        news = await published(world)

        preview = await corrected(world, news, confidence="confirmed")
        assert "**Nothing is changed yet.** Where it was told" in text(preview)
        assert "**Corrected**" in text(preview)
        assert labels(preview) == ["Publish", "Throw away"]
        assert told(world) == (news,)

        await press(world.ann, preview, "Publish")

        assert "Corrected. Wherever it was told, it says so now." in text(preview)
        (mended,) = told(world)
        assert (mended.id, mended.confidence) == (news.id, "confirmed")
        assert mended.citations == news.citations

    @pytest.mark.parametrize(
        ("before", "change", "tells", "pings"),
        [
            ({"confidence": "rumour"}, {"confidence": "reported"}, True, True),
            ({}, {"kind": "final"}, True, True),
            ({"confidence": "rumour"}, {"kind": "final"}, True, False),
            ({}, {"confidence": "rumour"}, False, False),
            ({}, {"confidence": "confirmed"}, False, False),
            ({}, {"season": 3}, False, False),
        ],
    )
    async def test_who_is_told_for_the_first_time_is_said_before_and_after(
        self, world: World, before: Any, change: Any, *, tells: bool, pings: bool
    ) -> None:
        news = await published(world, **before)

        preview = await corrected(world, news, **change)
        previewed = text(preview)
        await press(world.ann, preview, "Publish")

        for said in (previewed, text(preview)):
            assert ("follow such news and have not been told so" in said) == tells
            assert ("with their ping" in said) == pings
        assert "would be told" in previewed or not tells

    async def test_what_is_told_again_says_that_others_are_told_too(self, world: World) -> None:
        news = await published(world)
        await world.bot.news_store.retract(SHOW, news.id, by_id=None, now=5)

        preview = await entered(world)
        assert "have not been told so would be told, with their ping" in text(preview)
        await press(world.ann, preview, "Publish")

        assert "have not been told so are told now, with their ping" in text(preview)

    async def test_a_correction_into_what_stands_already_is_pointed_out(self, world: World) -> None:
        await press(world.ann, await entered(world, date="2020-01-01"), "Publish")
        news = await published(world, season=3)

        preview = await corrected(world, news, season=2)
        assert "stands already" in text(preview)
        await press(world.ann, preview, "Publish all")

        preview = await corrected(world, told(world)[-1], confidence="confirmed")
        assert "stands already" not in text(preview)

    async def test_another_link_may_be_named_by_its_site_alone(self, world: World) -> None:
        news = await published(world)

        preview = await corrected(world, news, link="https://other.example/a")
        assert "[other.example](<https://other.example/a>)" in text(preview)
        await press(world.ann, preview, "Publish, naming")

        assert [(one.site, one.url) for one in told(world)[0].citations] == [
            ("other.example", None)
        ]

    async def test_what_a_pack_says_can_be_corrected_and_stays_so(self, world: World) -> None:
        given = {"show": SHOW, "news": "2021-09-20-cancelled", "confidence": "confirmed"}
        preview = await world.ann.slash(world.channel, "renewal report correct", **given)
        await press(world.ann, preview, "Publish")
        await world.restart()

        status = await world.ben.slash(world.channel, "renewal status")

        assert "Confirmed, 2021-09-20: Netflix will not make" in text(status)

    async def test_where_nothing_would_change_that_is_said(self, world: World) -> None:
        news = await published(world)

        assert "Nothing would change." in text(await corrected(world, news, season=2))

    async def test_it_cannot_become_what_other_news_say(self, world: World) -> None:
        news = await published(world)
        await published(world, season=3)

        assert "I have that already" in text(await corrected(world, news, season=3))

    async def test_news_that_there_are_not_are_refused(self, world: World) -> None:
        options = {"show": SHOW, "news": "nothing-of-the-kind"}
        for command, more in (("correct", {"season": 3}), ("retract", {})):
            answer = await world.ann.slash(
                world.channel, f"renewal report {command}", **options, **more
            )
            assert "I have no such news about Hit & Run." in text(answer)

    async def test_what_was_corrected_while_they_looked_is_not_overwritten(
        self, world: World
    ) -> None:
        news = await published(world)
        preview = await corrected(world, news, season=3)
        other = await corrected(world, news, season=4)
        await press(world.ann, other, "Publish")

        late = await press(world.ann, preview, "Publish")

        assert "Somebody changed just that in the meantime." in text(late)
        assert told(world)[0].season == 4

    async def test_news_are_offered_by_any_of_their_words_and_of_the_show_typed(
        self, world: World
    ) -> None:
        for command in ("renewal report correct", "renewal report retract"):
            offered = await world.ann.autocomplete(
                world.channel, command, "news", "rumour 2021-08-10", show=SHOW
            )
            assert offered == [
                {
                    "name": "2021-08-10 · Renewed, season 2 · Only a rumour",
                    "value": "2021-08-10-filming-rumour",
                }
            ]
            every = await world.ann.autocomplete(world.channel, command, "news", "", show=SHOW)
            assert every[0]["value"] == "2021-09-20-cancelled"
            assert (
                await world.ann.autocomplete(world.channel, command, "news", "", show="fauda")
                != every
            )
            assert not await world.ann.autocomplete(
                world.channel, command, "news", "", show="nonsense of no kind"
            )


class TestTakingBack:
    async def test_it_asks_once_and_then_tells_it_no_more(self, world: World) -> None:
        news = await published(world)
        asked = await world.ann.slash(
            world.channel, "renewal report retract", show=SHOW, news=news.id
        )
        assert "**Take this back?**" in text(asked)
        assert "season 2 is ordered" in text(asked)
        assert labels(asked) == ["Take it back", "Leave it"]
        assert told(world) == (news,)

        await press(world.ann, asked, "Take it back")

        assert "Taken back." in text(asked)
        assert told(world) == ()
        last = world.bot.news_store.versions(SHOW, news.id)[-1]
        assert (last.is_retracted, last.by_id) == (True, world.ann.id)

    async def test_it_can_be_left(self, world: World) -> None:
        news = await published(world)
        asked = await world.ann.slash(
            world.channel, "renewal report retract", show=SHOW, news=news.id
        )

        await press(world.ann, asked, "Leave it")

        assert "Left as it was." in text(asked)
        assert told(world) == (news,)

    async def test_what_somebody_else_took_back_first_is_said(self, world: World) -> None:
        news = await published(world)
        asked = [
            await member.slash(world.channel, "renewal report retract", show=SHOW, news=news.id)
            for member in (world.ann, world.mod)
        ]
        await press(world.ann, asked[0], "Take it back")

        late = await press(world.mod, asked[1], "Take it back")

        assert "Somebody changed just that in the meantime." in text(late)

    async def test_only_what_was_shown_is_taken_back(self, world: World) -> None:
        news = await published(world)
        asked = await world.ann.slash(
            world.channel, "renewal report retract", show=SHOW, news=news.id
        )
        await press(world.ann, await corrected(world, news, kind="cancelled"), "Publish")

        late = await press(world.ann, asked, "Take it back")

        assert "Somebody changed just that in the meantime." in text(late)
        assert told(world)[-1].kind == "cancelled"

    async def test_it_can_be_entered_again(self, world: World) -> None:
        news = await published(world)
        asked = await world.ann.slash(
            world.channel, "renewal report retract", show=SHOW, news=news.id
        )
        await press(world.ann, asked, "Take it back")

        assert (await published(world)).id == news.id


class TestWho:
    @pytest.mark.parametrize(
        ("command", "options"),
        [
            ("enter", RENEWED),
            ("correct", {"show": SHOW, "news": "2021-09-20-cancelled", "season": 3}),
            ("retract", {"show": SHOW, "news": "2021-09-20-cancelled"}),
        ],
    )
    async def test_anybody_else_is_told_who_may(
        self, world: World, command: str, options: dict[str, Any]
    ) -> None:
        answer = await world.ben.slash(world.channel, f"renewal report {command}", **options)

        assert FOR_EDITORS in text(answer)
        assert answer.ephemeral
        assert labels(answer) == []

    async def test_who_runs_the_bot_need_not_be_named(self, world: World) -> None:
        preview = await world.mod.slash(world.channel, "renewal report enter", **RENEWED)
        await press(world.mod, preview, "Publish")

        assert len(told(world)) == 1

    async def test_so_does_everybody_in_a_team_that_runs_it(self, world: World) -> None:
        world.bot.owner_id, world.bot.owner_ids = None, {world.ben.id, world.mod.id}

        assert "Publish" in labels(
            await world.ben.slash(world.channel, "renewal report enter", **RENEWED)
        )

    async def test_a_moderator_of_a_server_is_nobody_special(self, world: World) -> None:
        world.bot.owner_id = world.env.create_user("somebody").id

        assert FOR_EDITORS in text(
            await world.mod.slash(world.channel, "renewal report enter", **RENEWED)
        )
        assert FOR_OWNER in text(await world.mod.slash(world.channel, "renewal editors list"))

    async def test_who_is_no_editor_any_more_publishes_nothing_from_an_old_preview(
        self, world: World
    ) -> None:
        preview = await entered(world)
        news = "2021-09-20-cancelled"
        asked = await world.ann.slash(world.channel, "renewal report retract", show=SHOW, news=news)
        await world.mod.slash(world.channel, "renewal editors remove", who=world.ann.user)

        for button, answer in (("Publish", preview), ("Take it back", asked)):
            assert FOR_EDITORS in text(await press(world.ann, answer, button))

        assert told(world) == ()
        assert world.bot.news_store.list(SHOW)[-1].id == news


class TestEditors:
    async def test_the_owner_names_lists_and_removes_them(self, world: World) -> None:
        add = await world.mod.slash(world.channel, "renewal editors add", who=world.ben.user)
        assert text(add).startswith(f"{world.ben.mention} may enter, correct and retract news now.")
        listed = text(await world.mod.slash(world.channel, "renewal editors list"))
        assert {world.ann.mention, world.ben.mention} <= set(listed.replace("- ", "").split("\n"))
        assert "Publish" in labels(
            await world.ben.slash(world.channel, "renewal report enter", **RENEWED)
        )

        for member in (world.ann, world.ben):
            gone = await world.mod.slash(world.channel, "renewal editors remove", who=member.user)
            assert f"{member.mention} may no longer enter news." in text(gone)

        empty = await world.mod.slash(world.channel, "renewal editors list")
        assert "Only the person who runs me enters news." in text(empty)
        assert FOR_EDITORS in text(
            await world.ben.slash(world.channel, "renewal report enter", **RENEWED)
        )

    async def test_to_do_it_twice_says_so(self, world: World) -> None:
        again = await world.mod.slash(world.channel, "renewal editors add", who=world.ann.user)
        assert "may enter news already" in text(again)

        never = await world.mod.slash(world.channel, "renewal editors remove", who=world.ben.user)
        assert "was never named" in text(never)

    async def test_a_bot_is_no_editor(self, world: World) -> None:
        bot = world.env.create_user("robot", bot=True)

        answer = await world.mod.slash(world.channel, "renewal editors add", who=bot)

        assert "A bot uses no commands" in text(answer)
        assert list(await world.bot.news_store.editors()) == [world.ann.id]

    async def test_an_editor_names_no_other(self, world: World) -> None:
        for command in ("add", "remove"):
            answer = await world.ann.slash(
                world.channel, f"renewal editors {command}", who=world.ben.user
            )
            assert FOR_OWNER in text(answer)
        assert FOR_OWNER in text(await world.ann.slash(world.channel, "renewal editors list"))
        assert list(await world.bot.news_store.editors()) == [world.ann.id]
