"""What data.time_zones promises: each member's zone is kept as they last said it."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.storage.database import Database
from data.storage.errors import DatabaseError
from data.time_zones import TimeZones
from tests.data.conftest import NOW
from tests.support.forgetting import forget

ANN, BEN = 1, 2


async def test_nobody_has_a_zone_before_they_say_so(db: Database) -> None:
    assert (await TimeZones.open(db)).get(ANN) is None


async def test_the_last_zone_said_counts_and_only_for_who_said_it(db: Database) -> None:
    zones = await TimeZones.open(db)
    await zones.save(ANN, "Europe/Berlin")
    await zones.save(BEN, "Asia/Kathmandu")
    await zones.save(ANN, "America/New_York")
    assert (zones.get(ANN), zones.get(BEN)) == ("America/New_York", "Asia/Kathmandu")


async def test_zones_outlive_a_restart(db: Database, path: Path) -> None:
    zones = await TimeZones.open(db)
    await zones.save(ANN, "Europe/Berlin")
    await zones.save(BEN, "Europe/Berlin")
    await forget(zones, BEN, zones.erasure())
    await db.close()
    again = await Database.open(path, now=NOW)
    try:
        reopened = await TimeZones.open(again)
        assert (reopened.get(ANN), reopened.get(BEN)) == ("Europe/Berlin", None)
    finally:
        await again.close()


async def test_a_member_is_forgotten_once(db: Database) -> None:
    zones = await TimeZones.open(db)
    await zones.save(ANN, "Europe/Berlin")
    assert await forget(zones, ANN, zones.erasure())
    assert zones.get(ANN) is None
    assert not await forget(zones, ANN, zones.erasure())


async def test_what_is_refused_is_not_kept_in_memory(db: Database) -> None:
    zones = await TimeZones.open(db)
    await zones.save(ANN, "Europe/Berlin")
    with pytest.raises(DatabaseError):
        await zones.save(ANN, "")
    assert zones.get(ANN) == "Europe/Berlin"
