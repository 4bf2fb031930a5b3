"""`/newsdesk` as the bot's owner, those they name, and everybody else use it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.news.editors import FOR_EDITORS, FOR_OWNER
from data.news.status import News
from data.news.subscriptions import Subscription
from data.news_kinds import KIND_BITS, KINDS
from data.storage.errors import DatabaseError
from tests.support.answers import custom_id, labels, safe, shown, with_days
from tests.support.newsdesk import (
    LINK,
    RENEWED,
    SHOW,
    corrected,
    entered,
    fill_in,
    on_list,
    published,
    staffed,
    taken_back,
    today,
    told,
)
from tests.support.presses import forge, preset, press
from tests.support.renewals import timeline
from tests.support.world import World, posted


@pytest.fixture
async def world(world: World) -> World:
    return await staffed(world)


class TestEntering:
    async def test_a_preview_shows_the_announcement_and_tells_nobody(self, world: World) -> None:
        preview = await entered(world)

        assert preview.ephemeral
        assert "**Nothing is told yet.** Channels that follow this kind of news" in with_days(
            preview
        )
        assert "### Hit & Run\n**Renewed: season 2 is ordered.**" in with_days(preview)
        assert "season 2 is ordered" in with_days(preview)
        assert f"-# From [example.com](<{LINK}>)" in with_days(preview)
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
        preview = await world.ann.slash(world.channel, "newsdesk enter", **given)
        previewed = with_days(preview)
        await press(world.ann, preview, "Publish")
        status = with_days(await world.ben.slash(world.channel, "renewal"))

        (news,) = told(world)
        state = previewed.splitlines()[2]
        for card in (previewed, status):
            assert card.count(state.strip("*")) == 1
            assert news.headline not in card.replace(state.strip("*"), "")

    async def test_a_headline_that_says_more_stands_below_the_state(self, world: World) -> None:
        day = world.env.now().date() + timedelta(days=30)
        preview = await entered(world, kind="dated", when=str(day))
        shown_before = with_days(preview)
        await press(world.ann, preview, "Publish")

        headline = f"Season 2 will come on {day}"
        assert f"**\n{headline}\n" in shown_before
        assert f": {headline}" in with_days(await world.ben.slash(world.channel, "renewal"))

    async def test_what_is_published_is_recorded_with_who_entered_it(self, world: World) -> None:
        preview = await entered(world)

        await press(world.ann, preview, "Publish")

        assert "Published." in with_days(preview)
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
        history = await timeline(world.ben, world.channel)
        assert "example.com" in with_days(history)
        assert LINK not in str(shown(history))

    async def test_what_is_thrown_away_was_never_told(self, world: World) -> None:
        preview = await entered(world)

        await press(world.ann, preview, "Throw away")

        assert "Thrown away. Nothing was told." in with_days(preview)
        assert labels(preview) == []
        assert told(world) == ()

    async def test_a_channel_that_follows_the_show_is_told(self, world: World) -> None:
        subscription = Subscription(world.guild.id, world.channel.id, SHOW, frozenset(KIND_BITS), 1)
        await world.bot.subscriptions.save(subscription)

        await published(world)
        await world.env.advance_time(1)

        (message,) = posted(world)
        assert "season 2 is ordered" in with_days(message)

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
        assert (headline or "") in with_days(preview)
        assert any(one.startswith("Publish") for one in labels(preview)) == (headline is not None)

    async def test_the_same_is_told_only_once(self, world: World) -> None:
        await published(world)

        again = await entered(world, confidence="confirmed")

        assert f"I have that already, for {today(world)}." in with_days(again)
        assert labels(again) == []

    async def test_of_two_who_enter_the_same_at_once_the_second_is_told_so(
        self, world: World
    ) -> None:
        first = await entered(world)
        second = await world.mod.slash(world.channel, "newsdesk enter", **RENEWED)

        await press(world.ann, first, "Publish")
        late = await press(world.mod, second, "Publish")

        assert "Somebody changed just that in the meantime." in with_days(late)
        (news,) = told(world)
        assert len(world.bot.news_store.versions(SHOW, news.id)) == 1

    async def test_of_two_buttons_pressed_at_once_the_first_counts(self, world: World) -> None:
        preview = await entered(world)
        both = [custom_id(preview, label) for label in ("Publish", "Publish, naming")]

        await world.at_once(*((world.ann, preview, one) for one in both))

        (news,) = told(world)
        (version,) = world.bot.news_store.versions(SHOW, news.id)
        assert [one.url for one in version.news.citations] == [LINK]
        assert "Published." in with_days(preview)

    async def test_a_button_can_be_pressed_again_after_it_failed(self, world: World) -> None:
        world.forgiven.append(DatabaseError)
        preview = await entered(world)
        await world.bot.db.run(lambda tx: tx.execute("ALTER TABLE news RENAME TO mislaid"))
        assert "that went wrong on my side" in with_days(await press(world.ann, preview, "Publish"))

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

        assert "**Renewed, season 2** is told already, since " in with_days(preview)
        assert ("Reported by TVmaze" in with_days(preview)) == (by is not None)
        assert "*Correct* in `/newsdesk list`" in with_days(preview)
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

        assert "is told already" not in with_days(await entered(world))

    async def test_a_show_that_there_is_not_is_refused(self, world: World) -> None:
        assert "I don't have that show." in with_days(
            await entered(world, show="nonsense of no kind")
        )


class TestCorrecting:
    async def test_only_what_was_given_is_changed_and_the_preview_says_what(
        self, world: World
    ) -> None:
        news = await published(world)

        preview = await corrected(world, news, confidence="confirmed")
        assert "**Nothing is changed yet.** Where it was told" in with_days(preview)
        assert "**Corrected**" in with_days(preview)
        assert labels(preview) == ["Publish", "Throw away"]
        assert told(world) == (news,)

        await press(world.ann, preview, "Publish")

        assert "Corrected. Wherever it was told, it says so now." in with_days(preview)
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
        previewed = with_days(preview)
        await press(world.ann, preview, "Publish")

        for said in (previewed, with_days(preview)):
            assert ("follow this kind of news and did not get it yet" in said) == tells
            assert ("with their ping" in said) == pings
        assert "would get" in previewed or not tells

    async def test_what_is_told_again_says_that_others_are_told_too(self, world: World) -> None:
        news = await published(world)
        await world.bot.news_store.retract(SHOW, news.id, by_id=None, now=5)

        preview = await entered(world)
        assert "did not get it yet would get it, with their ping" in with_days(preview)
        await press(world.ann, preview, "Publish")

        assert "did not get it yet get it now, with their ping" in with_days(preview)

    async def test_a_correction_into_what_stands_already_is_pointed_out(self, world: World) -> None:
        await press(world.ann, await entered(world, date="2020-01-01"), "Publish")
        news = await published(world, season=3)

        preview = await corrected(world, news, season=2)
        assert "is told already" in with_days(preview)
        await press(world.ann, preview, "Publish all")

        preview = await corrected(world, told(world)[-1], confidence="confirmed")
        assert "is told already" not in with_days(preview)

    async def test_another_link_may_be_named_by_its_site_alone(self, world: World) -> None:
        news = await published(world)

        preview = await corrected(world, news, link="https://other.example/a")
        assert "[other.example](<https://other.example/a>)" in with_days(preview)
        await press(world.ann, preview, "Publish, naming")

        assert [(one.site, one.url) for one in told(world)[0].citations] == [
            ("other.example", None)
        ]

    async def test_what_a_pack_says_can_be_corrected_and_stays_so(self, world: World) -> None:
        form = await on_list(world, world.ann, "nc", "2021-09-20-cancelled")
        preview = await fill_in(world.ann, form, confidence="confirmed")
        await press(world.ann, preview, "Publish")
        await world.restart()

        status = await world.ben.slash(world.channel, "renewal")

        assert "Confirmed, 2021-09-20: Netflix will not make" in with_days(status)

    async def test_where_nothing_would_change_that_is_said(self, world: World) -> None:
        news = await published(world)

        assert "Nothing would change." in with_days(await corrected(world, news, season=2))

    async def test_it_cannot_become_what_other_news_say(self, world: World) -> None:
        news = await published(world)
        await published(world, season=3)

        assert "I have that already" in with_days(await corrected(world, news, season=3))

    async def test_news_that_there_are_not_are_refused(self, world: World) -> None:
        for code in ("nc", "ny"):
            answer = await on_list(world, world.ann, code, "nothing-of-the-kind")
            assert "I don't tell that about Hit & Run any more." in with_days(answer)

    async def test_the_form_holds_what_is_told_now(self, world: World) -> None:
        news = await published(world, kind="dated", when="2027-01-05")

        form = await on_list(world, world.ann, "nc", news.id)

        held = {label: preset(form, label) for label in ("What", "How", "Season", "Day", "Link")}
        assert held == {
            "What": "dated",
            "How": "reported",
            "Season": "2",
            "Day": f"{today(world)} 2027-01-05",
            "Link": "",
        }
        assert "Nothing would change." in with_days(await fill_in(world.ann, form))

    async def test_the_day_that_was_announced_can_be_moved(self, world: World) -> None:
        news = await published(world, kind="dated", when="2027-01-05")

        preview = await corrected(world, news, date=f"{today(world)} 2027-02-05")
        await press(world.ann, preview, "Publish")

        assert "2027-02-05" in told(world)[0].headline

    async def test_news_can_become_about_the_whole_show(self, world: World) -> None:
        news = await published(world)

        preview = await corrected(world, news, season=" ")
        await press(world.ann, preview, "Publish")

        assert told(world)[0].season is None

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"season": "two"}, "A season is a number from 0"),
            ({"date": "soon"}, "Write a day like 2026-11-20"),
            ({"date": "2026-11-20 2026-11-21 2026-11-22"}, "Write a day like 2026-11-20"),
            ({"date": "2026-01-01 2026-11-21"}, "Only a *date announced* has a day"),
        ],
    )
    async def test_what_cannot_be_read_is_refused(
        self, world: World, typed: dict[str, str], said: str
    ) -> None:
        news = await published(world)

        assert said in with_days(await corrected(world, news, **typed))
        assert told(world) == (news,)

    async def test_a_form_that_grew_old_changes_nothing(self, world: World) -> None:
        news = await published(world)
        form = await on_list(world, world.ann, "nc", news.id)
        await press(world.ann, await corrected(world, news, season=4), "Publish")

        late = await fill_in(world.ann, form, kind="final")

        assert "Somebody changed just that in the meantime." in with_days(late)
        assert told(world)[0].season == 4

    async def test_what_was_corrected_while_they_looked_is_not_overwritten(
        self, world: World
    ) -> None:
        news = await published(world)
        preview = await corrected(world, news, season=3)
        other = await corrected(world, news, season=4)
        await press(world.ann, other, "Publish")

        late = await press(world.ann, preview, "Publish")

        assert "Somebody changed just that in the meantime." in with_days(late)
        assert told(world)[0].season == 4


class TestTakingBack:
    async def test_it_asks_once_and_then_tells_it_no_more(self, world: World) -> None:
        news = await published(world)
        asked = await taken_back(world, world.ann, news.id)
        assert "**Take this back?**" in with_days(asked)
        assert "season 2 is ordered" in with_days(asked)
        assert labels(asked) == ["Take it back", "Leave it"]
        assert told(world) == (news,)

        await press(world.ann, asked, "Take it back")

        assert "Taken back." in with_days(asked)
        assert told(world) == ()
        last = world.bot.news_store.versions(SHOW, news.id)[-1]
        assert (last.is_retracted, last.by_id) == (True, world.ann.id)

    async def test_it_can_be_left(self, world: World) -> None:
        news = await published(world)
        asked = await taken_back(world, world.ann, news.id)

        await press(world.ann, asked, "Leave it")

        assert "Left as it was." in with_days(asked)
        assert told(world) == (news,)

    async def test_what_somebody_else_took_back_first_is_said(self, world: World) -> None:
        news = await published(world)
        asked = [await taken_back(world, member, news.id) for member in (world.ann, world.mod)]
        await press(world.ann, asked[0], "Take it back")

        late = await press(world.mod, asked[1], "Take it back")

        assert "Somebody changed just that in the meantime." in with_days(late)

    async def test_only_what_was_shown_is_taken_back(self, world: World) -> None:
        news = await published(world)
        asked = await taken_back(world, world.ann, news.id)
        await press(world.ann, await corrected(world, news, kind="cancelled"), "Publish")

        late = await press(world.ann, asked, "Take it back")

        assert "Somebody changed just that in the meantime." in with_days(late)
        assert told(world)[-1].kind == "cancelled"

    async def test_it_can_be_entered_again(self, world: World) -> None:
        news = await published(world)
        asked = await taken_back(world, world.ann, news.id)
        await press(world.ann, asked, "Take it back")

        assert (await published(world)).id == news.id


class TestWho:
    @pytest.mark.parametrize(("command", "options"), [("enter", RENEWED), ("list", {"show": SHOW})])
    async def test_anybody_else_is_told_who_may(
        self, world: World, command: str, options: dict[str, Any]
    ) -> None:
        answer = await world.ben.slash(world.channel, f"newsdesk {command}", **options)

        assert FOR_EDITORS in with_days(answer)
        assert answer.ephemeral
        assert labels(answer) == []

    @pytest.mark.parametrize("code", ["nc", "ny", "nk"])
    async def test_a_forged_button_does_nothing_for_anybody_else(
        self, world: World, code: str
    ) -> None:
        answer = await world.ben.slash(world.channel, "help")

        told = await forge(world.ben, answer, f"{code}|{SHOW}|2021-09-20-cancelled")

        assert FOR_EDITORS in with_days(told)
        assert told.modal is None

    async def test_who_runs_the_bot_need_not_be_named(self, world: World) -> None:
        preview = await world.mod.slash(world.channel, "newsdesk enter", **RENEWED)
        await press(world.mod, preview, "Publish")

        assert len(told(world)) == 1

    async def test_so_does_everybody_in_a_team_that_runs_it(self, world: World) -> None:
        world.bot.owner_id, world.bot.owner_ids = None, {world.ben.id, world.mod.id}

        assert "Publish" in labels(
            await world.ben.slash(world.channel, "newsdesk enter", **RENEWED)
        )

    async def test_a_moderator_of_a_server_is_nobody_special(self, world: World) -> None:
        world.bot.owner_id = world.env.create_user("somebody").id

        assert FOR_EDITORS in with_days(
            await world.mod.slash(world.channel, "newsdesk enter", **RENEWED)
        )
        assert FOR_OWNER in with_days(await world.mod.slash(world.channel, "newsdesk editors"))

    async def test_who_is_no_editor_any_more_publishes_nothing_from_an_old_preview(
        self, world: World
    ) -> None:
        preview = await entered(world)
        news = "2021-09-20-cancelled"
        asked = await taken_back(world, world.ann, news)
        await world.mod.slash(world.channel, "newsdesk editors", remove=world.ann.user)

        for button, answer in (("Publish", preview), ("Take it back", asked)):
            assert FOR_EDITORS in with_days(await press(world.ann, answer, button))

        assert told(world) == ()
        assert world.bot.news_store.list(SHOW)[-1].id == news


class TestEditors:
    async def test_the_owner_names_lists_and_removes_them(self, world: World) -> None:
        add = await world.mod.slash(world.channel, "newsdesk editors", add=world.ben.user)
        assert with_days(add).startswith(
            f"{world.ben.mention} may enter, correct and retract news now."
        )
        lines = {f"- {world.ann.mention}", f"- {world.ben.mention}"}
        assert lines <= set(with_days(add).split("\n"))
        assert labels(add) == ["Remove", "Remove"]
        assert "Publish" in labels(
            await world.ben.slash(world.channel, "newsdesk enter", **RENEWED)
        )

        for member in (world.ann, world.ben):
            gone = await press(world.mod, add, "Remove")
            assert f"{member.mention} may no longer enter news." in with_days(gone)

        assert "Only the person who runs me enters news." in with_days(add)
        assert FOR_EDITORS in with_days(
            await world.ben.slash(world.channel, "newsdesk enter", **RENEWED)
        )

    async def test_somebody_can_be_picked_on_the_card(self, world: World) -> None:
        card = await world.mod.slash(world.channel, "newsdesk editors")
        robot = world.guild.add_member(world.env.create_user("robot", bot=True))

        told = await world.mod.select(card.response, [world.ben], custom_id="ni")
        assert f"{world.ben.mention} may enter, correct and retract" in with_days(told)
        refused = await world.mod.select(card.response, [robot], custom_id="ni")
        assert "A bot uses no commands" in with_days(refused)

        assert set(await world.bot.news_store.editors()) == {world.ann.id, world.ben.id}

    async def test_the_bots_own_channel_is_chosen_on_the_card(self, world: World) -> None:
        news = world.guild.create_news_channel("news")
        card = await world.mod.slash(world.channel, "newsdesk editors")

        told = await world.mod.select(card.response, [news], custom_id="nh")

        assert f"{news.mention} is my announcement channel from now on." in with_days(told)
        (home,) = await world.bot.subscriptions.publishing()
        assert home.channel_id == news.id
        offered = await world.ben.slash(world.channel, "renewal")
        assert labels(offered) == ["Timeline", "Remind me", "Our channel"]

    async def test_to_do_it_twice_says_so(self, world: World) -> None:
        again = await world.mod.slash(world.channel, "newsdesk editors", add=world.ann.user)
        assert "may enter news already" in with_days(again)

        never = await world.mod.slash(world.channel, "newsdesk editors", remove=world.ben.user)
        assert "was never named" in with_days(never)

    async def test_a_bot_is_no_editor(self, world: World) -> None:
        bot = world.env.create_user("robot", bot=True)

        answer = await world.mod.slash(world.channel, "newsdesk editors", add=bot)

        assert "A bot uses no commands" in with_days(answer)
        assert list(await world.bot.news_store.editors()) == [world.ann.id]

    async def test_an_editor_names_no_other(self, world: World) -> None:
        for option in ("add", "remove"):
            answer = await world.ann.slash(
                world.channel, "newsdesk editors", **{option: world.ben.user}
            )
            assert FOR_OWNER in with_days(answer)
        card = await world.ann.slash(world.channel, "newsdesk editors")
        assert FOR_OWNER in with_days(card)
        for forged in ("no|" + str(world.ann.id), "ni", "nh"):
            value = [str(world.ben.id)] if forged != "no|" + str(world.ann.id) else []
            told = await forge(world.ann, card, forged, *value)
            assert "Only " in with_days(told)
        assert list(await world.bot.news_store.editors()) == [world.ann.id]

    async def test_of_many_the_first_are_shown(self, world: World) -> None:
        for number in range(20):
            await world.bot.news_store.add_editor(1000 + number, now=2)

        card = await world.mod.slash(world.channel, "newsdesk editors")

        assert "- and 13 more" in with_days(card)
        assert len(labels(card)) == 8
