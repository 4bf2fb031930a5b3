"""Parties: each change is whole, with the rows of all that it has to announce."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from data.outbox import Announcement, Outbox
from data.parties.clock import LONGEST_POSITION, PartyClock
from data.parties.party import (
    NOT_BEGUN_LIMIT,
    REMINDER_LEAD,
    UNTOUCHED_LIMIT,
    VOTE_CLOSES_BEFORE,
    Guest,
    Party,
    ProposedTime,
    parse_subject,
)
from data.parties.store import Parties
from data.storage.database import Database
from data.storage.errors import DatabaseError
from tests.data.conftest import NOW
from tests.support.forgetting import forget
from tests.support.query_plans import asked, scans

GUILD, ROOM, HOST, HOUR = 7, 70, 1, 3600


def party(id: int = 5, **fields: Any) -> Party:
    made = Party(
        id=id,
        guild_id=GUILD,
        channel_id=ROOM,
        show="show",
        host_id=HOST,
        first="e1",
        last="e2",
        state="planned",
        starts_at=NOW + HOUR,
        zone="Europe/Berlin",
        wall="2021-08-03T17:13",
        weekly=False,
        touched_at=NOW,
        created_at=NOW,
    )
    return replace(made, **fields)


class Bell:
    """Counts how often somebody is woken."""

    rung = 0

    def ring(self) -> None:
        self.rung += 1


async def opened(db: Database) -> Parties:
    return await Parties.open(db)


async def rows(db: Database, now: int = NOW + 100 * HOUR) -> dict[str, Announcement]:
    """All that is to be announced until then, by what it is about."""
    claimed = await Outbox(db).claim(limit=1000, now=now)
    return {parse_subject(row.subject)[1]: row for row in claimed}


def here(guest: Guest) -> Guest:
    return replace(guest, is_present=True)


async def test_a_planned_party_is_announced_from_the_card_to_the_clock(db: Database) -> None:
    parties = await opened(db)

    await parties.plan(party())

    assert {what: row.due_at for what, row in (await rows(db)).items()} == {
        "card": NOW,
        "reminder": NOW + HOUR - REMINDER_LEAD,
        "clock": NOW + HOUR,
    }


async def test_nobody_is_reminded_of_what_begins_at_once(db: Database) -> None:
    parties = await opened(db)

    await parties.plan(party(starts_at=NOW + REMINDER_LEAD))

    assert set(await rows(db)) == {"card", "clock"}


async def test_a_party_at_another_time_is_announced_for_that_time_too(db: Database) -> None:
    parties = await opened(db)
    await parties.plan(party())

    await parties.change(5, lambda it: replace(it, starts_at=NOW + 9 * HOUR), now=NOW)

    claimed = await Outbox(db).claim(limit=1000, now=NOW + 100 * HOUR)
    clocks = [parse_subject(row.subject)[2] for row in claimed if "clock" in row.subject]
    assert clocks == [NOW + HOUR, NOW + 9 * HOUR]


async def test_what_changes_is_shown_by_every_card_that_stands(db: Database) -> None:
    parties, box = await opened(db), Outbox(db)
    await parties.plan(party())
    card = (await rows(db, NOW))["card"]
    await box.stamp(card.id, shown=card.wanted, now=NOW)
    await box.sent(card.id, 900)

    for user in range(100, 130):
        await parties.answer(5, user, lambda guest: guest, now=NOW)

    (owed,) = await box.owed(limit=9, now=NOW)
    assert (owed.message_id, owed.wanted) == (900, 31)  # one edit for all of them


async def test_everybody_is_waked_who_announces(db: Database) -> None:
    bell = Bell()
    parties = await Parties.open(db)
    parties.listen(bell.ring)
    await parties.plan(party())
    before = bell.rung

    await parties.answer(5, 100, here, now=NOW)

    assert bell.rung > before


async def test_all_of_it_is_there_after_a_restart(db: Database) -> None:
    parties = await opened(db)
    await parties.plan(
        party(state="voting", starts_at=None), [ProposedTime(0, NOW + HOUR, "2021-08-03T17:13")]
    )
    await parties.plan(party(6, channel_id=71))
    await parties.answer(6, 100, lambda guest: replace(guest, is_present=True, lag=40), now=NOW)
    await parties.vote(5, 100, 0, now=NOW)
    await parties.change(6, lambda it: it.begun(NOW + 8, 72, NOW), now=NOW)

    again = await opened(db)

    for store in (parties, again):
        assert sorted(store.every(), key=lambda it: it.id) == sorted(
            parties.every(), key=lambda it: it.id
        )
        assert store.guests(6) == {100: Guest(100, "coming", is_present=True, lag=40)}
        assert store.votes(5) == {100: 0}
        assert [one.starts_at for one in store.proposals(5)] == [NOW + HOUR]
        assert store.running_in(71) == store.running_in(72) == store.get(6)
        assert store.running_in(ROOM) is None
    assert again.get(6) is not None
    assert again.get(6).clock == PartyClock("e1", 0, NOW + 8)  # pyright: ignore[reportOptionalMemberAccess]


async def test_two_parties_never_run_in_one_room(db: Database) -> None:
    parties = await opened(db)
    for id in (5, 6, 7):
        await parties.plan(party(id, channel_id=ROOM if id < 7 else 99))

    begun = await asyncio.gather(
        *(parties.change(id, lambda it: it.begun(NOW, None, NOW), now=NOW) for id in (5, 6, 7))
    )

    assert [one is not None for one in begun] == [True, False, True]
    assert parties.running_in(ROOM) == begun[0]


async def test_who_moves_the_clock_is_followed_by_nobody_who_did_not_say_so(db: Database) -> None:
    parties = await opened(db)
    await parties.plan(party())
    for user in (HOST, 100):
        await parties.answer(5, user, here, now=NOW)
    await parties.answer(5, 101, lambda guest: guest, now=NOW)
    await parties.change(5, lambda it: it.begun(NOW, None, NOW), now=NOW)

    def stay(guest: Guest) -> Guest:
        return guest if guest.user_id == HOST else guest.left_behind(600)

    await parties.change(
        5, lambda it: it.with_clock(PartyClock("e1", 600), NOW), now=NOW, guests=stay
    )

    lags = {id: guest.lag for id, guest in parties.guests(5).items()}
    assert lags == {HOST: 0, 100: 600, 101: 0}  # who is not here is nowhere
    assert (await opened(db)).guests(5) == parties.guests(5)


def test_whom_the_clock_left_is_not_ready_until_they_say_so() -> None:
    guest = Guest(1, is_present=True)

    assert guest.is_ready
    assert not guest.left_behind().is_ready
    assert guest.left_behind(30).left_behind(12).lag == 42
    assert guest.left_behind(LONGEST_POSITION).left_behind(LONGEST_POSITION).lag == LONGEST_POSITION


async def test_a_vote_is_one_and_the_last_counts(db: Database) -> None:
    parties = await opened(db)
    proposals = [ProposedTime(n, NOW + n * HOUR, "2021-08-03T17:13") for n in range(2)]
    await parties.plan(party(state="voting", starts_at=None, wall=None), proposals)

    assert await parties.vote(5, 100, 0, now=NOW)
    assert await parties.vote(5, 100, 1, now=NOW)
    assert not await parties.vote(5, 100, 2, now=NOW)

    assert parties.votes(5) == {100: 1}
    settled = await parties.change(5, lambda it: it.settled(proposals[1]), now=NOW)
    assert settled is not None
    assert (settled.state, settled.starts_at) == ("planned", NOW + HOUR)
    assert not await parties.vote(5, 101, 0, now=NOW)


async def test_reactions_are_counted_and_nobody_is_named(db: Database) -> None:
    parties = await opened(db)
    await parties.plan(party())

    for minute, kind in ((3, "laugh"), (3, "laugh"), (3, "gasp"), (5000, "laugh")):
        await parties.react(5, "e1", minute, kind)

    assert await parties.reactions(5) == (
        ("e1", 3, "gasp", 1),
        ("e1", 3, "laugh", 2),
        ("e1", 999, "laugh", 1),
    )


async def test_reactions_are_written_together_and_later(db: Database) -> None:
    parties = await opened(db)
    await parties.plan(party())
    told = list[int]()
    parties.reaction_counts.listen(lambda: told.append(1))

    async with asked(db) as statements:
        for _ in range(100):
            await parties.react(5, "e1", 3, "laugh")
    assert statements == set()
    assert len(told) == 100

    async with asked(db) as statements:
        await parties.reaction_counts.write()
    assert len(statements) == 1

    async with asked(db) as statements:
        await parties.reaction_counts.write()
    assert statements == set()
    assert await parties.reactions(5) == (("e1", 3, "laugh", 100),)


async def test_a_reaction_that_could_not_be_written_counts_the_next_time(db: Database) -> None:
    parties = await opened(db)
    await parties.plan(party())
    await parties.react(5, "e1", 3, "laugh")
    await db.run(lambda tx: tx.execute("ALTER TABLE reaction RENAME TO away"))
    with pytest.raises(DatabaseError):
        await parties.reaction_counts.write()
    await parties.react(5, "e1", 3, "laugh")
    await db.run(lambda tx: tx.execute("ALTER TABLE away RENAME TO reaction"))
    assert await parties.reactions(5) == (("e1", 3, "laugh", 2),)


async def test_a_reaction_at_a_party_that_is_erased_meanwhile_is_dropped(db: Database) -> None:
    parties = await opened(db)
    await parties.plan(party())
    await parties.react(5, "e1", 3, "laugh")
    await db.run(lambda tx: tx.execute("DELETE FROM party"))
    assert await parties.reactions(5) == ()


async def test_what_is_over_is_announced_in_its_thread_and_changes_no_more(db: Database) -> None:
    parties = await opened(db)
    await parties.plan(party())
    await parties.change(5, lambda it: it.begun(NOW, 72, NOW), now=NOW)

    over = await parties.change(5, lambda it: it.closed("finished", now=NOW), now=NOW)

    assert over is not None
    assert over.state == "over"
    assert (await rows(db))["end"].channel_id == 72
    assert parties.get(5) is parties.running_in(ROOM) is parties.running_in(72) is None
    assert await parties.answer(5, 100, here, now=NOW) is None
    assert await parties.change(5, lambda it: it.closed("again", now=NOW), now=NOW) is None
    found = await parties.find(5)
    assert found == over


async def test_one_that_never_began_is_called_off_and_has_no_end(db: Database) -> None:
    parties = await opened(db)
    await parties.plan(party())

    off = await parties.change(5, lambda it: it.closed("cancelled", now=NOW), now=NOW)

    assert off is not None
    assert off.state == "cancelled"
    assert "end" not in await rows(db)


async def test_the_next_one_is_planned_with_the_end_or_not_at_all(db: Database) -> None:
    parties = await opened(db)
    await parties.plan(party())
    upcoming = party(6, starts_at=NOW + 200 * HOUR)

    refused = await parties.change(5, lambda _: None, now=NOW, following=upcoming)
    assert (refused, parties.get(6)) == (None, None)

    await parties.change(5, lambda it: it.closed("x", now=NOW), now=NOW, following=upcoming)
    assert parties.list(GUILD) == (upcoming,)


@pytest.mark.parametrize(
    ("one", "moment"),
    [
        (party(), NOW + HOUR + NOT_BEGUN_LIMIT),
        (party().begun(NOW, None, NOW), NOW + UNTOUCHED_LIMIT),
        (party(state="voting", starts_at=None), NOW + 9 * HOUR - VOTE_CLOSES_BEFORE),
    ],
)
def test_what_nobody_goes_on_with_is_overdue_some_time(one: Party, moment: int) -> None:
    assert not one.overdue(moment - 1, NOW + 9 * HOUR)
    assert one.overdue(moment, NOW + 9 * HOUR)


async def test_a_member_who_wants_to_be_forgotten_is(db: Database) -> None:
    parties = await opened(db)
    await parties.plan(party(agreed_by=HOST))
    await parties.plan(party(6, channel_id=71))
    await parties.answer(6, HOST, here, now=NOW)
    await parties.change(6, lambda it: it.closed("x", now=NOW), now=NOW)

    assert len(await parties.of(HOST)) == 2
    _, rows = await forget(parties, HOST, parties.erasure(now=NOW))
    assert rows >= 3

    assert await parties.of(HOST) == ()
    current = parties.get(5)
    assert current is not None
    assert (current.host_id, current.agreed_by) == (None, None)
    assert (await opened(db)).get(5) == current


async def test_who_came_is_forgotten_long_before_the_party(db: Database) -> None:
    parties = await opened(db)
    await parties.plan(party())
    await parties.plan(party(6, channel_id=71))
    for id in (5, 6):
        await parties.answer(id, 100, here, now=NOW)
    await parties.change(5, lambda it: it.closed("x", now=NOW), now=NOW)

    await parties.prune(guests_before=NOW + 1, parties_before=NOW)
    assert [(one.id, guest) for one, guest in await parties.of(100)] == [
        (6, Guest(100, is_present=True))
    ]
    await parties.prune(guests_before=NOW + 1, parties_before=NOW + 1)
    assert await parties.find(5) is None


async def test_five_hundred_who_press_at_once_are_all_counted(db: Database) -> None:
    parties = await opened(db)
    await parties.plan(party())

    await asyncio.gather(*(parties.answer(5, user, here, now=NOW) for user in range(1000, 1500)))

    assert Counter(g.is_present for g in parties.guests(5).values()) == {True: 500}
    assert (await opened(db)).guests(5) == parties.guests(5)
    current = parties.get(5)
    assert current is not None
    assert current.revision == 501


async def test_a_party_whose_server_is_erased_is_not_in_memory_for_ever(db: Database) -> None:
    parties = await opened(db)
    await parties.plan(party())
    await db.run(lambda tx: tx.execute("DELETE FROM party WHERE guild_id = ?", (GUILD,)).rowcount)

    assert await parties.change(5, lambda it: it, now=NOW) is None

    assert parties.every() == ()


async def test_no_press_goes_through_a_whole_table(db: Database) -> None:
    parties = await opened(db)
    async with asked(db) as statements:
        await parties.plan(party())
        await parties.answer(5, 100, here, now=NOW)
        await parties.react(5, "e1", 3, "laugh")
        await parties.reactions(5)
        await parties.threads(GUILD)
        await parties.of(100)
        await forget(parties, 100, parties.erasure(now=NOW))
        await parties.change(5, lambda it: it.closed("x", now=NOW), now=NOW)

    assert await scans(db, statements) == []
