"""`/party` from its start on: the couch, the clock, and what follows the end."""

from __future__ import annotations

from bot.parties.reaction_writer import WRITTEN_EVERY
from data.parties.clock import PartyClock
from data.parties.party import NOT_BEGUN_LIMIT, UNTOUCHED_LIMIT
from data.points import Point
from tests.support.answers import labels, safe, text
from tests.support.parties import (
    HOUR,
    SHOW,
    asked_to_cancel,
    begun,
    card,
    current,
    end,
    invitation,
    planned,
)
from tests.support.presses import fill, press
from tests.support.rooms import set_scope
from tests.support.world import World, posted


class TestDuring:
    async def test_the_count_and_the_thread(self, couch: World) -> None:
        party = await begun(couch)

        assert any("▶ Play!" in text(m) for m in posted(couch))
        thread = couch.bot.get_guild(couch.guild.id).get_thread(party.thread_id or 0)  # pyright: ignore[reportOptionalMemberAccess]
        assert thread is not None
        assert thread.name == "Hit & Run · S1E4"
        assert party.thread_id == card(couch, "Pause").id
        assert "1 here" in text(card(couch, "Pause"))

    async def test_answers_follow_the_clock_of_who_is_here(self, couch: World) -> None:
        await begun(couch)
        await couch.env.advance_time(24 * 60)

        here = await couch.ann.slash(couch.channel, "recap")
        elsewhere = await couch.ann.slash(couch.guild.create_text_channel("b"), "recap")
        other = await couch.ben.slash(couch.channel, "recap")

        assert safe(here) == "Safe through S1E4@23"
        assert safe(elsewhere) == "Safe through S1E3"
        assert safe(other) == "Safe through S1E1"

    async def test_who_is_behind_is_told_less_and_holds_the_room_back(self, couch: World) -> None:
        await couch.watched(couch.ben, "S1E3")
        party = await begun(couch, couch.ben)
        form = await press(couch.ben, card(couch, "Pause"), "I'm behind")
        await fill(couch.ben, form, behind="10:00")
        await couch.env.advance_time(24 * 60)

        mine = await couch.ann.slash(couch.channel, "recap")
        assert safe(mine) == "Safe through S1E4@23"
        assert safe(await couch.ben.slash(couch.channel, "recap")) == "Safe through S1E4@13"
        await press(couch.ann, mine, "Share here")
        assert "Safe through S1E4@13" in text(posted(couch)[-1])
        assert current(couch, party).is_running

    async def test_whom_the_host_let_in_is_not_carried_on_and_holds_the_room_back(
        self, couch: World
    ) -> None:
        party = await planned(couch)
        offered = await press(couch.ben, card(couch, "Join"), "Join")
        await press(couch.ben, offered, "Ask the host")
        await press(couch.ann, await press(couch.ann, card(couch, "Join"), "Host"), "Let 1 in")
        await couch.env.advance_time(21 * 60)
        for member in (couch.ann, couch.ben):
            await press(member, card(couch, "Start"), "I'm here")
        await press(couch.ann, card(couch, "Start"), "Start")
        await couch.env.advance_time(30 * 60)

        assert safe(await couch.ben.slash(couch.channel, "recap")) == "Safe through S1E1"
        await press(couch.ann, await couch.ann.slash(couch.channel, "recap"), "Share here")
        assert "sealed through **S1E3**" in text(posted(couch)[-1])
        assert current(couch, party).is_running

    async def test_who_comes_late_is_asked_where_they_are(self, couch: World) -> None:
        party = await begun(couch)
        await couch.watched(couch.ben, "S1E3")
        await couch.env.advance_time(30 * 60)

        asked = await press(couch.ben, card(couch, "Pause"), "I'm here")
        assert "The clock is at **30:" in text(asked)
        assert couch.ben.id not in couch.bot.parties.guests(party.id)
        form = await press(couch.ben, asked, "I'm behind")
        await fill(couch.ben, form, behind="30:00")

        assert couch.bot.parties.guests(party.id)[couch.ben.id].lag == 1800

    async def test_nobody_is_carried_along_by_a_jump_but_who_makes_it(self, couch: World) -> None:
        await couch.watched(couch.ben, "S1E3")
        party = await begun(couch, couch.ben)
        await couch.env.advance_time(5 * 60)

        form = await press(couch.ann, card(couch, "Pause"), "Skip to")
        await fill(couch.ann, form, at="40:00")
        await couch.env.advance_time(3)
        assert safe(await couch.ben.slash(couch.channel, "recap")) == "Safe through S1E4@4"
        assert safe(await couch.ann.slash(couch.channel, "recap")) == "Safe through S1E4@39"
        asked = await press(couch.ben, card(couch, "Pause"), "I'm here")
        await press(couch.ben, asked, "Yes, I'm at")
        assert safe(await couch.ben.slash(couch.channel, "recap")) == "Safe through S1E4@39"
        assert current(couch, party).is_running

    async def test_a_bare_number_is_asked_about_before_the_clock_moves(self, couch: World) -> None:
        party = await begun(couch)
        form = await press(couch.ann, card(couch, "Pause"), "Skip to")
        asked = await fill(couch.ann, form, at="40")
        assert labels(asked) == ["40:00", "0:40"]
        assert "minute 40, or second 40" in text(asked)
        clock = current(couch, party).clock
        assert clock is not None
        assert clock.elapsed == 0

        assert "at 40:00 now" in text(await press(couch.ann, asked, "40:00"))
        clock = current(couch, party).clock
        assert clock is not None
        assert clock.elapsed == 2400

    async def test_the_end_long_before_it_is_asked_about(self, couch: World) -> None:
        party = await begun(couch)
        asked = await press(couch.ann, card(couch, "Pause"), "The end")
        assert "Is the party really over?" in text(asked)
        assert current(couch, party).is_running
        await press(couch.ann, asked, "No, leave it")
        assert current(couch, party).is_running

        await end(couch.ann, card(couch, "Pause"))
        assert couch.bot.parties.get(party.id) is None

    async def test_the_next_episode_waits_until_people_say_they_are_there(
        self, couch: World
    ) -> None:
        await couch.watched(couch.ben, "S1E3")
        await set_scope(couch.mod, couch.channel, point="S1E6")
        party = await begun(couch, couch.ben, episodes="S1E4 to S1E5")
        await couch.env.advance_time(20 * 60)

        await press(couch.ann, card(couch, "Pause"), "Next: S1E5")
        assert current(couch, party).clock == PartyClock("e05")
        assert safe(await couch.ann.slash(couch.channel, "recap")) == "Safe through S1E4"
        assert safe(await couch.ben.slash(couch.channel, "recap")) == "Safe through S1E3"
        assert "1 here" in text(card(couch, "Start"))
        await press(couch.ben, card(couch, "Start"), "I'm here")
        assert safe(await couch.ben.slash(couch.channel, "recap")) == "Safe through S1E4"

        await press(couch.ann, card(couch, "Start"), "Start")
        await couch.env.advance_time(12)
        assert current(couch, party).state == "running"

    async def test_pausing_stops_the_clock_for_all(self, couch: World) -> None:
        await begun(couch)
        await couch.env.advance_time(10 * 60)
        await press(couch.ann, card(couch, "Pause"), "Pause")
        await couch.env.advance_time(HOUR)

        assert safe(await couch.ann.slash(couch.channel, "recap")) == "Safe through S1E4@9"
        await press(couch.ann, card(couch, "Resume"), "Resume")
        await couch.env.advance_time(61)
        assert safe(await couch.ann.slash(couch.channel, "recap")) == "Safe through S1E4@10"

    async def test_only_host_and_moderators_move_the_clock_while_the_host_is_there(
        self, couch: World
    ) -> None:
        await couch.watched(couch.ben, "S1E3")
        party = await begun(couch, couch.ben)

        refused = await press(couch.ben, card(couch, "Pause"), "Pause")
        assert "for whoever planned this party" in text(refused)
        assert current(couch, party).state == "running"
        await press(couch.ann, card(couch, "Leave"), "Leave")
        await press(couch.ben, card(couch, "Pause"), "Pause")
        assert current(couch, party).state == "paused"

    async def test_a_host_who_went_away_without_a_word_keeps_nobody_waiting(
        self, couch: World
    ) -> None:
        await couch.watched(couch.ben, "S1E3")
        party = await begun(couch, couch.ben)
        await couch.env.advance_time(HOUR)

        await press(couch.ben, card(couch, "Pause"), "Pause")

        assert current(couch, party).state == "paused"

    async def test_reactions_are_counted_for_ones_own_minute_and_not_posted(
        self, couch: World
    ) -> None:
        party = await begun(couch)
        await couch.env.advance_time(5 * 60)
        before = len(posted(couch))

        for sign in ("😂", "😂", "😱"):
            await press(couch.ann, card(couch, "Pause"), sign)
        refused = await press(couch.ben, card(couch, "Pause"), "😂")

        assert "Press *I'm here* first." in text(refused)
        assert await couch.bot.parties.reactions(party.id) == (
            ("e04", 5, "gasp", 1),
            ("e04", 5, "laugh", 2),
        )
        assert len(posted(couch)) == before

    async def test_reactions_are_written_after_some_seconds_and_when_the_bot_stops(
        self, couch: World
    ) -> None:
        await begun(couch)
        await couch.env.advance_time(5 * 60)

        await press(couch.ann, card(couch, "Pause"), "😂")
        assert await written(couch) == []
        await couch.env.advance_time(WRITTEN_EVERY)
        assert await written(couch) == [1]

        await press(couch.ann, card(couch, "Pause"), "😱")
        await couch.restart()
        assert await written(couch) == [1, 1]

    async def test_a_restart_in_the_middle_of_the_count_goes_on(self, couch: World) -> None:
        party = await planned(couch)
        await couch.env.advance_time(21 * 60)
        await press(couch.ann, card(couch, "Start"), "I'm here")
        await press(couch.ann, card(couch, "Start"), "Start")

        await couch.restart()
        await couch.env.advance_time(130)

        assert current(couch, party).state == "running"
        assert safe(await couch.ann.slash(couch.channel, "recap")) == "Safe through S1E4@1"
        assert "Playing" in text(card(couch, "Pause"))
        assert len([m for m in posted(couch) if "Watch party:" in text(m)]) == 1
        counted = [text(m) for m in posted(couch) if "Get ready" in text(m) or "# " in text(m)]
        assert not [one for one in counted if "Get ready" in one or "# 2" in one]
        assert any("▶ Play!" in one for one in counted)

    async def test_a_second_party_cannot_begin_in_the_room(self, couch: World) -> None:
        first = await begun(couch)
        await couch.env.advance_time(5 * HOUR)
        second = await planned(couch, couch.mod, episodes="S1E2")
        await couch.env.advance_time(21 * 60)
        await couch.watched(couch.mod, "S1E1")
        await press(couch.mod, card(couch, "Start"), "I'm here")

        refused = await press(couch.mod, card(couch, "Start"), "Start")

        assert f"<#{first.thread_id}>" in text(refused)
        assert current(couch, second).state == "planned"


class TestAfter:
    async def test_the_thread_goes_on_about_what_was_watched(self, couch: World) -> None:
        party = await begun(couch)
        await end(couch.ann, card(couch, "Pause"))
        await couch.env.advance_time(5)

        assert couch.bot.parties.get(party.id) is None
        scope = couch.bot.rooms.scope(couch.guild.id, party.thread_id or 0, SHOW)
        assert scope == Point("e04")
        assert "**Over.**" in text(card(couch, "I'm here"))

    async def test_what_nobody_starts_is_called_off_and_says_so(self, couch: World) -> None:
        await planned(couch)

        await couch.env.advance_time(20 * 60 + NOT_BEGUN_LIMIT + 120)

        assert couch.bot.parties.every() == ()
        assert "nobody started it" in text(invitation(couch))

    async def test_what_nobody_touches_is_closed_also_by_a_bot_that_was_away(
        self, couch: World
    ) -> None:
        party = await begun(couch)
        await couch.bot.close()

        await couch.env.advance_time(UNTOUCHED_LIMIT)
        await couch.restart()
        await couch.env.advance_time(120)

        assert couch.bot.parties.get(party.id) is None
        assert "so I closed it" in text(card(couch, "I'm here"))
        assert safe(await couch.ann.slash(couch.channel, "recap")) == "Safe through S1E3"

    async def test_a_weekly_one_goes_on_with_the_show(self, couch: World) -> None:
        await set_scope(couch.mod, couch.channel, point="S1E9")
        party = await begun(couch, episodes="S1E4 to S1E5", weekly=True)
        await press(couch.ann, card(couch, "Pause"), "Next: S1E5")
        await end(couch.ann, card(couch, "Start"))

        (upcoming,) = couch.bot.parties.list(couch.guild.id)
        assert (upcoming.first, upcoming.last, upcoming.state) == ("e06", "e07", "planned")
        assert upcoming.starts_at == (party.starts_at or 0) + 7 * 24 * HOUR

    async def test_calling_it_off_asks_first_and_ends_it_for_all(self, couch: World) -> None:
        party = await planned(couch)

        for member in (couch.ben, couch.ann):
            asked = await asked_to_cancel(couch, member, party)
            if member is couch.ann:
                await press(member, asked, "Yes, call it off")
        await couch.env.advance_time(5)

        assert couch.bot.parties.every() == ()
        assert "**Called off.**" in text(invitation(couch))

    async def test_the_room_deleted_under_it_ends_it(self, couch: World) -> None:
        party = await begun(couch)

        couch.env.backend.delete_channel(couch.channel.id)
        await couch.env.settle()

        assert couch.bot.parties.get(party.id) is None

    async def test_its_thread_deleted_it_goes_on_in_the_room(self, couch: World) -> None:
        party = await begun(couch)
        couch.env.backend.delete_channel(party.thread_id)
        await couch.env.settle()

        assert current(couch, party).thread_id is None
        await end(couch.ann, card(couch, "Pause"))
        await couch.env.advance_time(5)
        assert any("That was" in text(m) for m in posted(couch))


async def written(world: World) -> list[int]:
    """The counts of reactions that a crash would not lose."""
    query = "SELECT pressed FROM reaction ORDER BY kind"
    rows = await world.bot.db.run(lambda tx: tx.execute(query).fetchall())
    return [pressed for (pressed,) in rows]
