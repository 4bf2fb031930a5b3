"""`/party`: what people get of a watch party, from the plan to the end."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import discord
import pytest

from data.parties.party import VOTE_CLOSES_BEFORE
from data.points import Point
from tests.support.answers import exactly, labels, options, safe, shown, text
from tests.support.forgetting import forget
from tests.support.packs import episodes, write_show
from tests.support.parties import HOUR, SHOW, card, changed, current, invitation, planned
from tests.support.presses import forge, press, slash_and_press
from tests.support.rooms import set_scope
from tests.support.world import Builder, World, posted


class TestPlanning:
    async def test_it_is_shown_first_and_posted_only_then(self, couch: World) -> None:
        answer = await couch.ann.slash(
            couch.channel, "party plan", episodes="S1E4 to S1E6", when="fri 20:30", weekly=True
        )

        assert answer.ephemeral
        told = text(answer)
        assert "Hit & Run · S1E4 to S1E6" in told
        assert "In your time zone, Europe/Berlin: 2026-01-02 20:30" in told
        assert "<t:1767382200:F>" in told
        assert "every week" in told
        assert "be through **S1E3**" in told
        assert "a moderator of it has to agree" in told
        assert posted(couch) == []

        await press(couch.ann, answer, "Not like this")
        assert couch.bot.parties.every() == ()

    async def test_the_card_says_what_and_when_and_no_title_of_an_episode(
        self, couch: World
    ) -> None:
        await planned(couch)

        told = text(card(couch, "Join"))
        assert "Watch party: Hit & Run · S1E4" in told
        assert "1 coming" in told
        assert f"Hosted by <@{couch.ann.id}>" in told
        story = couch.bot.library.so_far(SHOW, Point("e09"))
        assert not any(episode.title in told for episode in story.episodes if episode.title)

    async def test_without_words_it_is_the_next_episode_now(self, couch: World) -> None:
        await forget(
            couch.bot.zones, couch.ann.id, couch.bot.zones.erasure()
        )  # which now does not need
        answer = await couch.ann.slash(couch.channel, "party plan")

        assert "**Hit & Run · S1E4**" in text(answer)

    async def test_no_time_zone_is_asked_for_where_it_does_not_matter(self, couch: World) -> None:
        await forget(couch.bot.zones, couch.ann.id, couch.bot.zones.erasure())
        plan = partial(couch.ann.slash, couch.channel, "party plan")

        answer = await plan(when="in 2 minutes")
        assert "**Hit & Run · S1E4**" in text(answer)
        assert "In your time zone" not in text(answer)
        weekly = await plan(when="in 2 minutes", weekly=True)
        assert len(options(weekly)) == 24

    async def test_a_time_zone_is_asked_for_once(self, couch: World) -> None:
        await forget(couch.bot.zones, couch.ann.id, couch.bot.zones.erasure())

        asked = await couch.ann.slash(
            couch.channel, "party plan", episodes="S1E4", when="fri 20:30"
        )
        assert len(options(asked)) == 24
        select = next(part for part in shown(asked) if part.get("options"))
        await couch.ann.select(asked.response, ["Asia/Tokyo"], custom_id=select["custom_id"])
        assert "Asia/Tokyo: 2026-01-02 20:30" in text(asked)

        again = await couch.ann.slash(couch.channel, "party plan", when="fri 20:30")
        assert "Asia/Tokyo: 2026-01-02 20:30" in text(again)

    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            ({"when": "2025-12-30 20:00"}, "over already"),
            ({"when": "some day"}, "like `"),
            ({"when": "fri"}, "like `"),
            ({"zone": "Mars/Base"}, "I don't know that time zone"),
            ({"episodes": "S1E99"}, "I can't read that as a place"),
            ({"episodes": "S1E4@12"}, "whole episodes"),
            ({"episodes": "S1E5 to S1E2"}, "goes backwards"),
            ({"episodes": "nothing"}, "whole episodes"),
            ({"show": "Lost"}, "I don't have that show"),
            ({"show": "Fauda"}, "I only follow the news"),
        ],
    )
    async def test_what_cannot_be_is_said_in_a_sentence(
        self, couch: World, given: dict[str, str], sentence: str
    ) -> None:
        asked = {"episodes": "S1E4", "when": "fri 20:30", **given}
        answer = await couch.ann.slash(couch.channel, "party plan", **asked)

        assert sentence in text(answer)
        assert answer.ephemeral
        assert couch.bot.parties.every() == ()

    async def test_a_range_is_read_in_the_season_of_its_first_part(
        self, worlds: Builder, tmp_path: Any
    ) -> None:
        at = ("S1E1", "S1E2", "S1E3", "S2E1", "S2E2", "S2E3")
        write_show(tmp_path / "shows", "loom", episodes(*at))
        world = await worlds(tmp_path / "shows")
        await world.watched(world.ann, "S2E2", show="loom")

        for typed in ("S1E1-3", "1x01\u201303", "S01E01E03", "S1E1 to E3"):
            asked = {"episodes": typed, "when": "in 2 hours", "show": "loom", "zone": "UTC"}
            preview = await world.ann.slash(world.channel, "party plan", **asked)
            assert "S1E1 to S1E3" in text(preview)

    async def test_what_can_mean_two_times_is_asked_back(self, couch: World) -> None:
        asked = await couch.ann.slash(
            couch.channel, "party plan", episodes="S1E4", when="25 Oct 2026 02:30"
        )

        assert len(labels(asked)) == 2
        await press(couch.ann, asked, labels(asked)[1])
        assert "2026-10-25 02:30" in text(asked)
        assert "<t:1792891800:F>" in text(asked)  # the second of the two

    async def test_two_in_one_room_at_one_time_are_refused_with_the_way_to_the_first(
        self, couch: World
    ) -> None:
        await planned(couch)

        again = await couch.ben.slash(
            couch.channel, "party plan", episodes="S1E2", when="in 2 hours"
        )
        later = await couch.ben.slash(
            couch.channel, "party plan", episodes="S1E2", when="in 9 hours"
        )

        link = f"https://discord.com/channels/{couch.guild.id}/{couch.channel.id}/"
        assert f"{link}{card(couch, 'Join').id}" in text(again)
        assert "Post it" in labels(later)

    async def test_nobody_plans_where_they_may_not_write(self, couch: World) -> None:
        silent = discord.PermissionOverwrite(send_messages=False)
        room = couch.guild.create_text_channel("quiet", overwrites={couch.ann: silent})

        answer = await couch.ann.slash(room, "party plan", episodes="S1E4")

        assert "you need Send Messages there" in text(answer)


class TestGuests:
    async def test_joining_leaving_and_maybe_are_counted_on_the_card(self, couch: World) -> None:
        party = await planned(couch)
        await couch.watched(couch.mod, "S1E3")
        await couch.watched(couch.ben, "S1E3")

        assert "You're in" in text(await press(couch.mod, card(couch, "Join"), "Join"))
        await press(couch.ben, card(couch, "Join"), "Maybe")
        await couch.env.advance_time(5)
        assert "2 coming · 1 maybe" in text(card(couch, "Join"))

        await press(couch.mod, card(couch, "Join"), "Leave")
        await couch.env.advance_time(5)
        assert "1 coming · 1 maybe" in text(card(couch, "Join"))
        assert set(couch.bot.parties.guests(party.id)) == {couch.ann.id, couch.ben.id}

    async def test_who_is_not_there_yet_says_so_or_asks_and_the_host_learns_no_more(
        self, couch: World
    ) -> None:
        party = await planned(couch)

        offered = await press(couch.ben, card(couch, "Join"), "Join")
        assert "begins after **S1E3**" in text(offered)
        assert labels(offered) == ["I've watched S1E3", "Ask the host"]
        assert couch.ben.id not in couch.bot.parties.guests(party.id)

        await press(couch.ben, offered, "Ask the host")
        menu = await press(couch.ann, card(couch, "Join"), "Host")
        assert f"1. <@{couch.ben.id}>" in text(menu)
        assert "S1E1" not in text(menu)
        await press(couch.ann, menu, "Let 1 in")
        assert couch.bot.parties.guests(party.id)[couch.ben.id].answer == "coming"

    async def test_saying_that_one_has_watched_it_joins_at_once(self, couch: World) -> None:
        party = await planned(couch)

        offered = await press(couch.ben, card(couch, "Join"), "Join")
        await press(couch.ben, offered, "I've watched S1E3")

        assert couch.bot.parties.guests(party.id)[couch.ben.id].answer == "coming"
        mark = couch.bot.progress.get(couch.ben.id, SHOW)
        assert mark is not None
        assert mark.point == Point("e03")

    async def test_whom_nobody_let_in_lets_nobody_in(self, couch: World) -> None:
        party = await planned(couch)
        offered = await press(couch.ben, card(couch, "Join"), "Join")
        await press(couch.ben, offered, "Ask the host")

        for forged in (f"pi|{party.id}|{couch.ben.id}", f"po|{party.id}|cancelled|yes"):
            refused = await forge(couch.ben, offered, forged)
            assert "Only whoever planned this party" in text(refused)
        pressed = await forge(couch.ben, offered, f"pp|{party.id}|x")

        assert "They have not decided yet" in text(pressed)
        assert couch.bot.parties.guests(party.id)[couch.ben.id].answer == "asking"

    async def test_many_at_once_are_all_counted(self, couch: World) -> None:
        party = await planned(couch, episodes="S1E1")
        users = [couch.env.create_user(f"guest {number}") for number in range(40)]
        members = [couch.guild.add_member(user) for user in users]
        opened = [await member.slash(couch.channel, "help") for member in members]
        join = f"pj|{party.id}|coming|x"

        await couch.at_once(*((one, it, join) for one, it in zip(members, opened, strict=True)))
        await couch.env.advance_time(10)

        assert "41 coming" in text(invitation(couch))

    async def test_a_party_of_another_server_is_none(self, couch: World) -> None:
        party = await planned(couch)
        other = couch.env.create_guild("Elsewhere")
        channel = other.create_text_channel("attic")
        eve = other.add_member(couch.env.create_user("eve"))

        answer = await eve.slash(channel, "recap", show=SHOW)
        refused = await forge(eve, answer, f"pj|{party.id}|coming|x")
        unknown = await forge(eve, answer, "pj|12345|coming|x")

        assert text(refused) == text(unknown)
        assert couch.bot.parties.guests(party.id).keys() == {couch.ann.id}


class TestVoting:
    async def test_one_vote_each_and_the_host_settles_it(self, couch: World) -> None:
        party = await planned(couch, when="fri 20:00 or sat 21:00")
        for member, label in ((couch.ann, "Time 1"), (couch.ben, "Time 1"), (couch.ben, "Time 2")):
            await press(member, card(couch, "Time 1"), label)
        await couch.env.advance_time(5)

        told = text(card(couch, "Time 1"))
        assert told.count("· 1 vote\n") == 2

        menu = await press(couch.ann, card(couch, "Join"), "Host")
        await press(couch.ann, menu, "Take time 2")
        settled = current(couch, party)
        assert (settled.state, settled.wall) == ("planned", "2026-01-03T21:00")

    async def test_most_votes_win_an_hour_before_the_first(self, couch: World) -> None:
        party = await planned(couch, when="in 3 hours or in 5 hours")
        await press(couch.ben, card(couch, "Time 1"), "Time 2")

        await couch.env.advance_time(3 * HOUR - VOTE_CLOSES_BEFORE + 60)

        settled = current(couch, party)
        assert settled.state == "planned"
        assert settled.starts_at == couch.bot.parties.proposals(party.id)[1].starts_at


class TestBefore:
    async def test_the_reminder_tells_no_more_than_the_least_advanced_guest_knows(
        self, couch: World
    ) -> None:
        party = await planned(couch)
        offered = await press(couch.ben, card(couch, "Join"), "Join")
        await press(couch.ben, offered, "Ask the host")
        await press(couch.ann, await press(couch.ann, card(couch, "Join"), "Host"), "Let 1 in")

        await couch.env.advance_time(6 * 60)

        reminder = next(m for m in posted(couch) if "Previously on" in text(m))
        assert safe(reminder) == "Safe through S1E1"
        assert "S1E2" not in text(reminder)
        assert current(couch, party).state == "planned"

    async def test_who_goes_further_than_the_room_needs_its_moderator(self, couch: World) -> None:
        party = await planned(couch, episodes="S1E4 to S1E5")
        await couch.env.advance_time(21 * 60)
        await press(couch.ann, card(couch, "Start"), "I'm here")

        refused = await press(couch.ann, card(couch, "Start"), "Start")
        assert "has to press *Agree*" in text(refused)
        assert "You need Manage Channels" in text(
            await press(couch.ann, card(couch, "Agree"), "Agree")
        )
        await press(couch.mod, card(couch, "Agree"), "Agree")
        await press(couch.ann, card(couch, "Start"), "Start")

        assert current(couch, party).agreed_by == couch.mod.id
        assert current(couch, party).is_running

    async def test_what_is_not_out_cannot_be_on(self, worlds: Builder, tmp_path: Any) -> None:
        story = episodes("S1E1") + "\n" + episodes("S1E2", aired="2026-03-01")
        write_show(tmp_path / "shows", "loom", story)
        world = await worlds(tmp_path / "shows")
        await world.bot.zones.save(world.ann.id, "UTC")
        await world.watched(world.ann, "S1E1", show="loom")
        await set_scope(world.mod, world.channel, show="loom", point="S1E2")
        await planned(world, episodes="S1E2", show="loom")
        await world.env.advance_time(21 * 60)
        await press(world.ann, card(world, "Start"), "I'm here")

        refused = await press(world.ann, card(world, "Start"), "Start")

        assert "**S1E2** is not out yet" in text(refused)


class TestLists:
    async def test_the_list_has_what_one_may_see(self, couch: World) -> None:
        closed = discord.PermissionOverwrite(view_channel=False)
        room = couch.guild.create_text_channel("closed", overwrites={couch.ben: closed})
        none = await couch.ben.slash(couch.channel, "party list")
        asked = await couch.ann.slash(couch.channel, "party plan", channel=room, when="fri 8pm")
        await press(couch.ann, asked, "Post it")

        hidden = await couch.ben.slash(couch.channel, "party list")
        seen = await couch.ann.slash(couch.channel, "party list")

        assert exactly(hidden) == exactly(none)
        assert "No party is planned" in text(hidden)
        assert "**Hit & Run · S1E4**" in text(seen)
        assert "[its card](" in text(seen)

    async def test_a_card_that_does_not_stand_yet_is_not_linked(self, couch: World) -> None:
        # Also the second try, which comes after 5 to 7 seconds: as early as the card is looked for.
        path = f"/channels/{couch.channel.id}/messages"
        couch.env.inject_error("POST", path, status=503, times=2)
        party = await planned(couch)

        listed = await couch.ann.slash(couch.channel, "party list")

        assert text(listed).splitlines()[1] == (
            f"- **Hit & Run · S1E4** · <t:{party.starts_at}:F> · in <#{couch.channel.id}>"
        )

    async def test_another_time_moves_what_is_announced(self, couch: World) -> None:
        party = await planned(couch)

        answer = await changed(couch, couch.ann, party, when="in 3 hours")
        assert "Changed." in text(answer)
        await couch.env.advance_time(30 * 60)
        assert not any("Start: 3·2·1" in labels(m) for m in posted(couch))
        await couch.env.advance_time(3 * HOUR)
        assert any("Start: 3·2·1" in labels(m) for m in posted(couch))

    async def test_other_episodes_need_a_new_agreement(self, couch: World) -> None:
        party = await planned(couch, episodes="S1E5")
        await press(couch.mod, card(couch, "Agree"), "Agree")

        await changed(couch, couch.ann, party, episodes="S1E6")

        assert current(couch, party).agreed_by is None

    async def test_only_its_host_and_moderators_change_it(self, couch: World) -> None:
        party = await planned(couch)

        refused = await changed(couch, couch.ben, party, when="in 3 hours")

        assert "Only whoever planned this party" in text(refused)

    async def test_what_is_kept_of_a_guest_is_shown_and_forgotten(self, couch: World) -> None:
        party = await planned(couch)

        told = text(await couch.ann.slash(couch.channel, "privacy"))
        assert "You planned and answered (coming): Hit & Run · S1E4" in told
        assert "Your time zone: Europe/Berlin" in told
        asked = await slash_and_press(couch.ann, couch.channel, "privacy", "Forget")
        await press(couch.ann, asked, "Yes")

        assert current(couch, party).host_id is None
        assert couch.bot.zones.get(couch.ann.id) is None
        await couch.env.advance_time(5)
        assert str(couch.ann.id) not in text(card(couch, "Join"))


async def test_at_a_start_with_a_party_nothing_of_the_bot_runs_in_the_database_s_thread(
    couch: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await planned(couch)
    threads = set[threading.Thread]()
    dispatch = discord.Client.dispatch

    def noted(client: discord.Client, event: str, *args: Any, **options: Any) -> None:
        threads.add(threading.current_thread())
        dispatch(client, event, *args, **options)

    monkeypatch.setattr(discord.Client, "dispatch", noted)
    await couch.restart()

    assert len(couch.bot.parties.every()) == 1
    assert threads == {threading.current_thread()}
