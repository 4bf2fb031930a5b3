"""Parties as strangers tried them: slips, jumps, stale questions, other rooms and bad days."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from bot.clock import now
from bot.delivery.topic import in_use
from data.outbox import LONGEST_WAIT
from data.parties.party import Guest, Party, random_party_id
from data.points import Point
from tests.support.answers import labels, safe, text
from tests.support.parties import (
    HOUR,
    SHOW,
    asked_to_cancel,
    begun,
    card,
    changed,
    current,
    end,
    invitation,
    planned,
)
from tests.support.presses import fill, forge, press
from tests.support.rooms import set_scope
from tests.support.world import World, lose_answer, posted

DAY = 24 * HOUR


async def together(couch: World, **given: Any) -> Party:
    """A party in a room that talks far enough, with Ben, who is through S1E3, beside Ann."""
    await couch.watched(couch.ben, "S1E3")
    await set_scope(couch.mod, couch.channel, point="S1E8")
    return await begun(couch, couch.ben, **given)


async def told_through(couch: World) -> str:
    """How far Ben is told things in the room."""
    return safe(await couch.ben.slash(couch.channel, "recap"))


async def skip(couch: World, at: str) -> None:
    form = await press(couch.ann, card(couch, "Skip"), "Skip to")
    await fill(couch.ann, form, at=at)


class TestNobodyIsCarriedAlong:
    async def test_by_one_episode_after_another(self, couch: World) -> None:
        await together(couch, episodes="S1E4 to S1E8")
        await couch.env.advance_time(10 * 60)

        for label in ("Next: S1E5", "Next: S1E6", "Next: S1E7", "Next: S1E8"):
            await press(couch.ann, card(couch, "Next"), label)

            assert await told_through(couch) == "Safe through S1E3"

    async def test_by_the_longest_jump_in_the_next_one(self, couch: World) -> None:
        await together(couch, episodes="S1E4 to S1E5")
        await press(couch.ann, card(couch, "Next"), "Next: S1E5")

        await skip(couch, "59999")

        assert await told_through(couch) == "Safe through S1E3"

    async def test_by_a_question_that_is_older_than_the_jump(self, couch: World) -> None:
        await couch.watched(couch.ben, "S1E3")
        await begun(couch)
        await couch.env.advance_time(5 * 60)
        asked = await press(couch.ben, card(couch, "Pause"), "I'm here")
        form = await press(couch.ben, card(couch, "Pause"), "I'm behind")

        await skip(couch, "50:00")
        await press(couch.ben, asked, "Yes, I'm at 5:")
        assert await told_through(couch) == "Safe through S1E4@4"

        await fill(couch.ben, form, behind="40")
        assert await told_through(couch) == "Safe through S1E4@3"

    async def test_by_a_question_about_another_episode(self, couch: World) -> None:
        await couch.watched(couch.ben, "S1E3")
        await set_scope(couch.mod, couch.channel, point="S1E8")
        await begun(couch, episodes="S1E4 to S1E5")
        await couch.env.advance_time(5 * 60)
        asked = await press(couch.ben, card(couch, "Pause"), "I'm here")
        assert "of **S1E4** already" in text(asked)

        await press(couch.ann, card(couch, "Next"), "Next: S1E5")
        told = await press(couch.ben, asked, "Yes, I'm at 5:")

        assert "The clock went on meanwhile" in text(told)
        assert await told_through(couch) == "Safe through S1E3"

    async def test_who_comes_to_a_later_episode_is_asked_about_all_before_it(
        self, couch: World
    ) -> None:
        await couch.watched(couch.ben, "S1E3")
        await set_scope(couch.mod, couch.channel, point="S1E8")
        await begun(couch, episodes="S1E4 to S1E5")
        await press(couch.ann, card(couch, "Next"), "Next: S1E5")
        await press(couch.ann, card(couch, "Start"), "Start")
        await couch.env.advance_time(70)

        asked = await press(couch.ben, card(couch, "Pause"), "I'm here")

        assert "of **S1E5** already" in text(asked)
        assert await told_through(couch) == "Safe through S1E3"

    async def test_a_slip_that_is_set_right_leaves_nobody_behind(self, couch: World) -> None:
        party = await together(couch)
        await couch.env.advance_time(10 * 60)

        await skip(couch, "1:10:00")
        await skip(couch, "10:20")

        assert couch.bot.parties.guests(party.id)[couch.ben.id].lag < 60

    async def test_whom_the_clock_left_is_asked_whether_they_watched_it(self, couch: World) -> None:
        party = await together(couch, episodes="S1E4 to S1E5")
        await press(couch.ann, card(couch, "Next"), "Next: S1E5")
        await end(couch.ann, card(couch, "The end"))
        await couch.env.advance_time(5)
        thread: Any = couch.bot.get_channel(party.thread_id or 0)
        (card_after,) = [m async for m in thread.history() if "I watched it" in labels(m)]

        told = await press(couch.ben, card_after, "I watched it")

        assert "Have you watched that far?" in text(told)


class TestRooms:
    async def test_a_second_party_says_nothing_of_who_is_at_the_first(self, couch: World) -> None:
        await planned(couch)
        offered = await press(couch.ben, card(couch, "Join"), "Join")
        await press(couch.ben, offered, "Ask the host")
        await press(couch.ann, await press(couch.ann, card(couch, "Join"), "Host"), "Let 1 in")
        await couch.env.advance_time(21 * 60)
        for member in (couch.ann, couch.ben):
            await press(member, card(couch, "Start"), "I'm here")
        await press(couch.ann, card(couch, "Start"), "Start")

        asked = await couch.ann.slash(
            couch.channel, "party plan", episodes="S1E4", when="tomorrow 20:00"
        )
        await press(couch.ann, asked, "Post it")
        await couch.env.advance_time(15)

        assert "a moderator" not in text(asked)
        assert "S1E1" not in text(invitation(couch))

    async def test_a_thread_in_which_another_party_is_on_is_not_taken_over(
        self, couch: World
    ) -> None:
        party = await planned(couch)
        await couch.env.advance_time(21 * 60)
        start = card(couch, "Start")
        with couch.env._bot_scope():  # noqa: SLF001  # somebody opens a thread by hand
            room: Any = couch.bot.get_channel(couch.channel.id)
            thread = await (await room.fetch_message(start.id)).create_thread(name="by hand")
            at = now()
            other = Party(
                random_party_id(), couch.guild.id, thread.id, SHOW, couch.ben.id, "e02", "e02",
                "planned", at, "UTC", None, weekly=False, touched_at=at, created_at=at,
            )  # fmt: skip
            await couch.bot.parties.plan(other, (), [Guest(couch.ben.id, is_present=True)])
            await couch.bot.parties.change(other.id, lambda it: it.begun(at, None, at), now=at)

        await press(couch.ann, start, "I'm here")
        await press(couch.ann, start, "Start")

        running = couch.bot.parties.running_in(thread.id)
        assert running is not None
        assert running.id == other.id
        assert current(couch, party).thread_id is None

    async def test_the_reminder_comes_down_to_whom_the_host_lets_in(self, couch: World) -> None:
        await planned(couch)
        await couch.env.advance_time(6 * 60)
        offered = await press(couch.ben, card(couch, "Join"), "Join")
        await press(couch.ben, offered, "Ask the host")
        await press(couch.ann, await press(couch.ann, card(couch, "Host"), "Host"), "Let 1 in")
        await couch.env.advance_time(5)

        reminder = next(m for m in posted(couch) if "Previously on" in text(m))
        assert safe(reminder) == "Safe through S1E1"

    async def test_the_room_shows_the_way_to_what_is_left(self, couch: World) -> None:
        party = await begun(couch)
        await end(couch.ann, card(couch, "The end"))
        await couch.env.advance_time(5)

        assert f"in <#{party.thread_id}>" in text(invitation(couch))


class TestOtherTimes:
    async def test_no_card_of_another_time_begins_it(self, couch: World) -> None:
        party = await planned(couch)
        await couch.env.advance_time(21 * 60)
        old = card(couch, "Start")

        await changed(couch, couch.ann, party, when="tomorrow 8pm")
        await couch.env.advance_time(5)

        assert not any("Start: 3·2·1" in labels(m) for m in posted(couch))
        assert not any(f"begins <t:{party.starts_at}" in text(m) for m in posted(couch))
        await couch.watched(couch.ben, "S1E3")
        for forged in (f"pp|{party.id}|x", f"pc|{party.id}|start|x"):
            answer = await forge(couch.ben, await couch.ben.slash(couch.channel, "help"), forged)
        assert "It is not time yet" in text(answer)
        assert current(couch, party).state == "planned"
        assert old.id in {m.id for m in posted(couch)}

    async def test_a_weekly_one_begun_early_comes_back_a_week_later(self, couch: World) -> None:
        party = await planned(couch, when="in 3 hours", weekly=True)
        await press(couch.ann, await press(couch.ann, card(couch, "Host"), "Host"), "Begin now")
        await couch.env.advance_time(5)
        await press(couch.ann, card(couch, "Start"), "I'm here")
        await press(couch.ann, card(couch, "Start"), "Start")
        await couch.env.advance_time(50 * 60)
        await end(couch.ann, card(couch, "The end"))

        (upcoming,) = couch.bot.parties.list(couch.guild.id)
        assert upcoming.starts_at == (party.starts_at or 0) + 7 * DAY
        assert upcoming.wall == "2026-01-08T04:00"

    async def test_calling_a_weekly_one_off_says_when_the_next_is(self, couch: World) -> None:
        party = await planned(couch, when="fri 20:30", weekly=True)

        asked = await asked_to_cancel(couch, couch.ann, party)
        told = await press(couch.ann, asked, "Yes")

        (upcoming,) = couch.bot.parties.list(couch.guild.id)
        assert upcoming.wall == "2026-01-09T20:30"
        assert f"<t:{upcoming.starts_at}:F>" in text(told) or f"<t:{upcoming.starts_at}:F>" in text(
            asked
        )

    async def test_a_weekly_one_ends_where_its_zone_is_no_more(self, couch: World) -> None:
        party = await planned(couch, weekly=True)
        couch.bot.parties._open[party.id] = await _with_zone(couch, party, "Mars/Base")  # noqa: SLF001

        asked = await asked_to_cancel(couch, couch.ann, party)
        await press(couch.ann, asked, "Yes")

        assert couch.bot.parties.every() == ()

    async def test_a_vote_is_settled_on_what_is_still_to_come(self, couch: World) -> None:
        party = await planned(couch, when="tomorrow 20:00 or 2026-01-05 20:00")
        await couch.bot.close()
        await couch.env.advance_time(2 * DAY)

        await couch.restart()
        await couch.env.advance_time(11 * 60)

        assert current(couch, party).wall == "2026-01-05T20:00"

    async def test_nothing_comes_early_where_a_clock_was_wrong(self, couch: World) -> None:
        party = await planned(couch, when="2026-01-20 20:00")

        await couch.bot.outbox.recover(now=party.created_at - 2 * LONGEST_WAIT)
        await couch.env.advance_time(120)

        assert len([m for m in posted(couch) if "From now on" not in m.content]) == 1

    async def test_what_tells_of_a_party_is_kept_until_it_is_over(self, couch: World) -> None:
        await planned(couch, when="2026-01-20 20:00")
        await couch.bot.db.run(lambda tx: tx.execute("UPDATE outbox SET created_at = 0"))
        await planned(couch, when="2026-01-25 20:00")

        await couch.bot.outbox.prune(before=2**40, in_use=in_use(couch.bot.registry.topics))
        await press(couch.mod, card(couch, "Maybe"), "Maybe")
        await couch.env.advance_time(5)

        assert len([m for m in posted(couch) if "Watch party:" in text(m)]) == 2


async def _with_zone(couch: World, party: Party, zone: str) -> Party:
    await couch.bot.db.run(lambda tx: tx.execute("UPDATE party SET zone = ?", (zone,)))
    found = await couch.bot.parties.find(party.id)
    assert found is not None
    return found


class TestBadDays:
    async def test_calling_off_one_that_is_on_stops_it_where_it_is(self, couch: World) -> None:
        party = await begun(couch)
        await couch.env.advance_time(12 * 60)

        asked = await asked_to_cancel(couch, couch.ann, party)
        assert "Stop it here?" in text(asked)
        await press(couch.ann, asked, "Yes")

        over = await couch.bot.parties.find(party.id)
        assert over is not None
        assert over.reached(couch.bot.library.order(SHOW)) == Point("e04", 11)

    async def test_a_reminder_of_what_was_called_off_says_so(self, couch: World) -> None:
        party = await planned(couch)
        await couch.env.advance_time(6 * 60)

        asked = await asked_to_cancel(couch, couch.ann, party)
        await press(couch.ann, asked, "Yes")
        await couch.env.advance_time(5)

        assert not any(f"begins <t:{party.starts_at}" in text(m) for m in posted(couch))

    async def test_a_clock_that_was_deleted_is_posted_anew(self, couch: World) -> None:
        await begun(couch)
        couch.env.backend.delete_message(couch.channel.id, card(couch, "Pause").id)

        await press(
            couch.ann, await press(couch.ann, invitation(couch), "Host"), "Post the clock again"
        )
        await couch.env.advance_time(5)

        assert "1 here" in text(card(couch, "Pause"))

    async def test_a_thread_whose_answer_was_lost_is_found(self, couch: World) -> None:
        party = await planned(couch)
        await couch.env.advance_time(21 * 60)
        await press(couch.ann, card(couch, "Start"), "I'm here")
        lose_answer(couch, "POST", "/channels/{channel_id}/messages/{message_id}/threads")

        await press(couch.ann, card(couch, "Start"), "Start")
        await couch.env.advance_time(12)

        assert current(couch, party).thread_id == card(couch, "Pause").id

    async def test_an_end_that_its_thread_does_not_take_comes_to_the_room(
        self, couch: World
    ) -> None:
        party = await begun(couch)
        path = f"/channels/{party.thread_id}/messages"
        couch.env.inject_error("POST", path, status=403, code=50013)

        await end(couch.ann, card(couch, "Pause"))
        await couch.env.advance_time(5)

        assert any("That was" in text(m) for m in posted(couch))

    async def test_a_host_who_has_left_the_server_keeps_nobody_waiting(self, couch: World) -> None:
        party = await together(couch)
        couch.env.backend.remove_member(couch.guild.id, couch.ann.id)

        await press(couch.ben, card(couch, "Pause"), "Pause")

        assert current(couch, party).state == "paused"

    async def test_an_episode_that_is_no_more_opens_nothing_to_anybody(self, couch: World) -> None:
        party = await planned(couch)
        await couch.bot.parties.change(
            party.id, lambda it: Party(**{**_fields(it), "first": "gone"}), now=party.created_at
        )

        assert not couch.bot.audience.is_ready_for(couch.ben.id, current(couch, party))

    async def test_who_came_is_forgotten_a_month_after_it(self, couch: World) -> None:
        party = await begun(couch)
        await end(couch.ann, card(couch, "The end"))
        kept = text(await couch.ann.slash(couch.channel, "privacy"))
        assert "answered (coming)" in kept

        for days, is_kept in ((29, True), (31, False)):
            moment = int(couch.env.now().timestamp()) - days * DAY
            await couch.bot.db.run(
                lambda tx, at=moment: tx.execute("UPDATE party SET touched_at = ?", (at,))
            )
            await couch.restart()

            assert [guest is not None for _, guest in await couch.bot.parties.of(couch.ann.id)] == [
                is_kept
            ]
        assert await couch.bot.parties.find(party.id) is not None

    async def test_somebody_who_asks_is_seen_on_the_card(self, couch: World) -> None:
        await planned(couch)
        offered = await press(couch.ben, card(couch, "Join"), "Join")
        await press(couch.ben, offered, "Ask the host")
        await couch.env.advance_time(5)

        assert "1 asks the host to come" in text(invitation(couch))
        assert str(couch.ben.id) not in text(invitation(couch))

    @pytest.mark.parametrize("what", ["create_public_threads", "send_messages_in_threads"])
    async def test_without_a_thread_the_room_does(self, couch: World, what: str) -> None:
        lacking = discord.PermissionOverwrite(**{what: False})
        room = couch.guild.create_text_channel("bare", overwrites={couch.bot.user: lacking})
        await set_scope(couch.mod, room, point="S1E4")
        couch.channel = room

        party = await begun(couch)

        assert party.thread_id is None
        await end(couch.ann, card(couch, "Pause"))
        await couch.env.advance_time(5)
        assert any("That was" in text(m) for m in posted(couch))


def _fields(party: Party) -> dict[str, Any]:
    return {name: getattr(party, name) for name in Party.__slots__}
