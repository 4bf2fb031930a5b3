"""The outbox: rows that are claimed once, survive whoever claimed them, and end settled."""

from __future__ import annotations

import pytest

from data import outbox
from data.news import planning
from data.news.planning import NewsPlan
from data.news.subject import NewsSubject
from data.news.subscriptions import Subscription, Subscriptions
from data.news_kinds import KIND_BITS
from data.outbox import LONGEST_WAIT, PUBLISHED, TO_PUBLISH, Announcement, Outbox, Post
from data.storage.database import Database
from data.storage.errors import DatabaseError
from tests.data.conftest import NOW

GUILD, DAY = 7, 24 * 60 * 60
PLAN = NewsPlan(NewsSubject("show", "news"), 1, KIND_BITS["renewed"], day_end=NOW + DAY)


async def fill(db: Database, channels: int = 3, *, publishes: bool = False) -> Outbox:
    """Channels 1 and on are each to be told one thing."""
    subscriptions = Subscriptions(db)
    for channel in range(1, channels + 1):
        await subscriptions.save(
            Subscription(GUILD, channel, "show", frozenset({"renewed"}), NOW, 5, publishes)
        )
    await db.run(lambda tx: planning.plan(tx, PLAN, NOW))
    return Outbox(db)


async def claim(box: Outbox, limit: int = 100, now: int = NOW) -> list[Announcement]:
    return list(await box.claim(limit=limit, now=now))


async def test_what_is_planned_is_claimed_once_and_in_order(db: Database) -> None:
    box = await fill(db)

    first, rest = await claim(box, 2), await claim(box)

    assert [row.id for row in first] == [1, 2]
    assert [row.id for row in rest] == [3]
    assert await claim(box) == []
    assert {row.state for row in first} == {"sending"}
    assert {row.attempts for row in first} == {1}


async def test_planning_twice_makes_no_second_row(db: Database) -> None:
    await fill(db)

    assert await db.run(lambda tx: planning.plan(tx, PLAN, NOW)) == 0


async def test_each_row_has_a_nonce_of_its_own_that_discord_takes(db: Database) -> None:
    rows = await claim(await fill(db, 50))

    assert len({row.nonce for row in rows}) == 50
    assert {len(row.nonce) for row in rows} == {24}  # Discord takes 25


async def test_the_first_doubt_is_kept_until_it_is_settled(db: Database) -> None:
    box = await fill(db, 1)
    (row,) = await claim(box)

    await box.stamp(row.id, shown=1, now=NOW)
    await box.again(row.id, due_at=NOW + 5)
    (again,) = await claim(box, now=NOW + 5)
    await box.stamp(row.id, shown=2, now=NOW + 5)
    await box.again(row.id, due_at=NOW + 10)
    (third,) = await claim(box, now=NOW + 10)

    assert (again.uncertain_since, third.uncertain_since) == (NOW, NOW)
    assert third.shown == 1
    assert third.nonce == row.nonce


async def test_what_is_not_due_yet_is_not_claimed(db: Database) -> None:
    box = await fill(db, 1)
    (row,) = await claim(box)
    await box.again(row.id, due_at=NOW + 60)

    assert await claim(box, now=NOW + 59) == []
    assert await box.next_due() == NOW + 60
    assert len(await claim(box, now=NOW + 60)) == 1


async def test_what_was_sent_is_over(db: Database) -> None:
    box = await fill(db, 1)
    (row,) = await claim(box)
    await box.stamp(row.id, shown=1, now=NOW)

    await box.sent(row.id, 99)

    assert await box.next_due() is None
    assert await box.owed(limit=10, now=NOW) == ()
    assert await box.recover(now=NOW) == 0


async def test_what_nobody_sends_any_more_is_due_again_with_its_doubt(db: Database) -> None:
    box = await fill(db, 2)
    rows = await claim(box)
    await box.stamp(rows[0].id, shown=1, now=NOW)

    assert await box.recover(now=NOW, but=[row.id for row in rows]) == 0
    assert await box.recover(now=NOW, but=[rows[1].id]) == 1
    (again,) = await claim(box)

    assert (again.id, again.uncertain_since) == (rows[0].id, NOW)


async def test_what_was_planned_while_the_clock_was_ahead_is_due(db: Database) -> None:
    box = await fill(db, 1)

    assert await claim(box, now=NOW - LONGEST_WAIT - 1) == []
    await box.recover(now=NOW - LONGEST_WAIT - 1)

    assert len(await claim(box, now=NOW - LONGEST_WAIT - 1)) == 1


async def test_what_was_dropped_is_planned_again(db: Database) -> None:
    box = await fill(db, 1)
    (row,) = await claim(box)
    await box.end(row.id, "dropped")

    assert await db.run(lambda tx: planning.plan(tx, PLAN, NOW)) == 1
    assert len(await claim(box)) == 1


async def test_a_clock_that_was_set_back_makes_nobody_wait(db: Database) -> None:
    box = await fill(db, 2)
    ahead = NOW + 365 * DAY
    rows = await claim(box, now=ahead)
    await box.again(rows[0].id, due_at=ahead + 60)

    assert await box.recover(now=NOW) == 1
    assert len(await claim(box)) == 2


async def test_a_correction_is_owed_where_it_stands_and_only_there(db: Database) -> None:
    box = await fill(db, 2)
    rows = await claim(box)
    await box.stamp(rows[0].id, shown=1, now=NOW)
    await box.sent(rows[0].id, 99)
    await box.end(rows[1].id, "dead", "no_access")

    await db.run(lambda tx: outbox.revise(tx, "news", str(PLAN.subject), 2, NOW))
    (owed,) = await box.owed(limit=10, now=NOW)

    assert (owed.message_id, owed.shown, owed.wanted) == (99, 1, 2)
    assert await box.owed(limit=10, now=NOW, but=[owed.id]) == ()
    await box.edited(owed.id, shown=2)
    assert await box.owed(limit=10, now=NOW) == ()


async def test_a_correction_before_it_was_sent_is_what_is_sent(db: Database) -> None:
    box = await fill(db, 1)
    await db.run(lambda tx: outbox.revise(tx, "news", str(PLAN.subject), 2, NOW))

    (row,) = await claim(box)
    await box.stamp(row.id, shown=row.wanted, now=NOW)
    await box.sent(row.id, 99)

    assert row.wanted == 2
    assert await box.owed(limit=10, now=NOW) == ()


async def test_a_message_that_goes_on_to_other_channels_is_published_once(db: Database) -> None:
    box = await fill(db, 1, publishes=True)
    (row,) = await claim(box)
    await box.stamp(row.id, shown=1, now=NOW)
    await box.sent(row.id, 99)

    (owed,) = await box.owed(limit=10, now=NOW)
    await box.published(owed.id)

    assert (row.publish, PUBLISHED) == (TO_PUBLISH, 2)
    assert await box.owed(limit=10, now=NOW) == ()


async def test_what_is_owed_can_wait_and_can_be_let_go(db: Database) -> None:
    box = await fill(db, 1, publishes=True)
    (row,) = await claim(box)
    await box.sent(row.id, 99)

    await box.later(row.id, due_at=NOW + 60)
    assert await box.owed(limit=10, now=NOW) == ()
    assert await box.next_due() == NOW + 60
    await box.gone(row.id)

    assert await box.next_due() is None


async def test_troubles_are_told_of_ones_own_server_the_newest_first(db: Database) -> None:
    box = await fill(db, 3)
    rows = await claim(box)
    await box.end(rows[0].id, "dead", "no_access")
    await box.end(rows[1].id, "unknown", "unseen")
    await box.end(rows[2].id, "dropped")

    troubles = await box.troubles(GUILD)

    assert [row.reason for row in troubles] == ["unseen", "no_access"]
    assert await box.troubles(GUILD + 1) == ()


async def test_a_row_without_a_reason_cannot_be_dead(db: Database) -> None:
    box = await fill(db, 1)
    (row,) = await claim(box)

    with pytest.raises(DatabaseError, match="CHECK"):
        await db.run(lambda tx: tx.execute("UPDATE outbox SET state = 'dead'"))
    assert row.reason is None


async def test_what_is_settled_is_forgotten_after_a_while_and_what_is_due_never(
    db: Database,
) -> None:
    box = await fill(db, 2)
    (row,) = await claim(box, 1)
    await box.sent(row.id, 99)
    assert await box.prune(before=NOW, in_use={"news": ()}) == 0
    assert await box.prune(before=NOW + 1, in_use={"news": ()}) == 1
    assert len(await claim(box)) == 1


async def test_what_is_in_use_is_kept_and_so_is_what_has_no_feature_today(db: Database) -> None:
    box = Outbox(db)
    subjects = [("party", "1/card"), ("party", "11/card"), ("news", "1/a"), ("old", "1/a")]
    for topic, subject in subjects:
        await box.post(Post(topic, subject, GUILD, 1, NOW), now=NOW)
    for row in await claim(box):
        await box.sent(row.id, row.id)
    await box.post(Post("news", "1/later", GUILD, 1, NOW), now=NOW + DAY + 1)

    assert await box.prune(before=NOW + 1, in_use={"party": {"1"}, "news": ()}) == 2

    assert await box.standing("party", "1/card") is not None
    assert await box.standing("party", "11/card") is None
    assert await box.standing("news", "1/a") is None
    assert await box.standing("old", "1/a") is not None
