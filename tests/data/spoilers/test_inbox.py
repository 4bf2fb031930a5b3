"""Whose inbox holds something is known in memory, and nobody else's progress waits for the disk."""

from __future__ import annotations

import asyncio

from cryptography.fernet import Fernet

from data.spoilers.store import Stubs
from data.storage.database import Database
from data.storage.encryption import Cipher
from tests.data.conftest import NOW
from tests.support.query_plans import asked
from tests.support.stubs import ANN, BEN, CAT, STUB, post


async def test_an_inbox_that_holds_nothing_is_not_asked_for(db: Database, stubs: Stubs) -> None:
    stub = await post(stubs, STUB, 9)
    await stubs.load_inbox()
    await stubs.keep(BEN, stub.id, now=NOW)
    async with asked(db) as statements:
        assert await stubs.kept(ANN) == ()
    assert statements == set()
    async with asked(db) as statements:
        assert await stubs.kept(BEN) == (stub,)
    assert statements


async def test_what_was_kept_before_is_found_after_a_start(db: Database) -> None:
    cipher = Cipher([Fernet.generate_key().decode()])
    before = Stubs(db, cipher)
    stub = await post(before, STUB, 9)
    await before.keep(BEN, stub.id, now=NOW)
    after = Stubs(db, cipher)
    await after.load_inbox()
    assert await after.kept(BEN) == (stub,)


async def test_what_is_kept_while_it_is_read_is_not_missed(stubs: Stubs) -> None:
    stub = await post(stubs, STUB, 9)
    await asyncio.gather(
        stubs.keep(BEN, stub.id, now=NOW), stubs.load_inbox(), stubs.keep(CAT, stub.id, now=NOW)
    )
    assert await stubs.kept(BEN) == await stubs.kept(CAT) == (stub,)
