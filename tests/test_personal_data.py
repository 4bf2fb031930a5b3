"""Every column that holds a member's id is erased with a kind of personal data."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable

import pytest

from bot.personal_data import PersonalData
from tests.support import ROOT
from tests.support.world import World

PAGE = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")

# Columns that hold ids, and none of a member, each as table.column.
OTHER_IDS = {
    "greeting.guild_id",
    "guest.guild_id",
    "guest.party_id",
    "helper.guild_id",
    "imported_show.tvmaze",
    "news.id",
    "outbox.channel_id",
    "outbox.guild_id",
    "outbox.id",
    "outbox.message_id",
    "party.channel_id",
    "party.event_id",
    "party.guild_id",
    "party.id",
    "party.thread_id",
    "proposal.guild_id",
    "proposal.party_id",
    "rating.guild_id",
    "reaction.guild_id",
    "reaction.party_id",
    "regular.channel_id",
    "regular.guild_id",
    "report.channel_id",
    "report.guild_id",
    "report.id",
    "report.key_id",
    "report.message_id",
    "report.note_channel_id",
    "report.note_id",
    "report.stub_id",
    "reporter.report_id",
    "scope.channel_id",
    "scope.guild_id",
    "server.guild_id",
    "server.log_channel",
    "shelf.guild_id",
    "sighting.listed_id",
    "stub.channel_id",
    "stub.guild_id",
    "stub.id",
    "stub.key_id",
    "stub.message_id",
    "stub.reply_to",
    "stub.source_id",
    "stub_file.key_id",
    "stub_file.stub_id",
    "style.channel_id",
    "style.guild_id",
    "subscription.channel_id",
    "subscription.guild_id",
    "subscription.role_id",
    "vote.guild_id",
    "vote.party_id",
    "waiting.stub_id",
    "writing.guild_id",
    "writing.id",
    "writing.key_id",
}
# Names of columns that hold a number, in whatever table; besides those that end in _at.
NUMBERS = re.compile(
    r".+_at|((author|before|next)_)?(minute|season|since)|((is|has|had)_\w+)|attempts|counts|"
    r"elapsed|event_shown|failures|keep_days|kinds|lag|only_begun|opens_cast|place|position|poster|"
    r"pressed|publish|publishes|reports_to_cover|revision|shown|stars|summary|told_until|"
    r"uncertain_since|wanted|weekly"
)
NAMED_ID = re.compile(r"(.*_)?(id|by|to|of|user|member|author|owner|host)")


def columns(tx: sqlite3.Connection) -> dict[str, str]:
    """Every column of every table, as table.column, and its type."""
    query = (
        "SELECT made.name || '.' || has.name, has.type FROM sqlite_schema AS made,"
        " pragma_table_info(made.name) AS has WHERE made.type = 'table'"
        " AND made.name NOT LIKE 'sqlite_%'"
    )
    return dict(tx.execute(query).fetchall())


def may_hold_ids(name: str, kind: str) -> bool:
    """Ids are whole numbers, and whatever is called one is one."""
    column = name.split(".")[1]
    is_number = kind == "INTEGER" and NUMBERS.fullmatch(column) is None
    return is_number or NAMED_ID.fullmatch(column) is not None


def uncovered(found: dict[str, str], kinds: Iterable[PersonalData]) -> list[str]:
    """The columns that may hold a member's id, and that no kind covers."""
    covered = {column for one in kinds for column in one.erasure().columns}
    ids = {name for name, kind in found.items() if may_hold_ids(name, kind)}
    return sorted(ids - covered - OTHER_IDS)


async def test_every_column_with_the_id_of_a_member_belongs_to_a_kind(world: World) -> None:
    found = await world.bot.db.run(columns)
    covered = [it for kind in world.bot.registry.personal_data for it in kind.erasure().columns]

    assert uncovered(found, world.bot.registry.personal_data) == []
    assert len(covered) == len(set(covered))
    assert OTHER_IDS.isdisjoint(covered)
    assert {*OTHER_IDS, *covered} <= found.keys()


async def test_a_kind_that_is_missing_is_seen(world: World) -> None:
    found = await world.bot.db.run(columns)

    for kind in world.bot.registry.personal_data:
        others = [it for it in world.bot.registry.personal_data if it is not kind]
        assert uncovered(found, others) == sorted(kind.erasure().columns)


@pytest.mark.parametrize(
    "column", ["user_id INTEGER", "friend INTEGER", "friend_id TEXT", "kissed_by TEXT"]
)
async def test_a_new_column_that_may_hold_ids_is_seen(world: World, column: str) -> None:
    table = f"CREATE TABLE diary ({column}, season INTEGER, written_at INTEGER, words TEXT) STRICT"
    await world.bot.db.run(lambda tx: tx.execute(table))

    found = await world.bot.db.run(columns)

    assert uncovered(found, world.bot.registry.personal_data) == [
        f"diary.{column.split(maxsplit=1)[0]}"
    ]


async def test_each_kind_has_a_key_and_a_place_of_its_own(world: World) -> None:
    kinds = [*world.bot.registry.personal_data]

    assert len(kinds) == len({kind.key for kind in kinds}) == len({kind.order for kind in kinds})
    for phrases in ("summary", "question", "consequence"):
        places = [phrase.place for kind in kinds if (phrase := getattr(kind, phrases))]
        assert len(places) == len(set(places)) > 1


async def test_the_table_of_what_is_stored_has_a_row_for_every_kind_and_no_other(
    world: World,
) -> None:
    told = re.findall(r"^\| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
    rows = {(it.retention.what, it.retention.how_long) for it in world.bot.registry.personal_data}

    assert told[0] == ("what", "how long")
    assert sorted(told[1:]) == sorted(rows)
