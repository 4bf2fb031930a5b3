"""Hidden messages, and what a database holds of them."""

from __future__ import annotations

from dataclasses import replace

from data.points import Point
from data.spoilers.store import (
    POSTED,
    POSTING,
    SPOILER,
    Content,
    Stub,
    StubFile,
    Stubs,
)
from data.storage.database import Database
from tests.data.conftest import NOW
from tests.support.forgetting import forget

HOUR, DAY = 3600, 86_400
HOME, AWAY = 100, 200  # servers
LOUNGE, ATTIC = 101, 102  # channels
ANN, BEN, CAT, BOT = 1, 2, 3, 4
E1, E2 = Point("e01"), Point("e02", 23)
STUB = Stub(HOME, LOUNGE, SPOILER, ANN, ANN, "lost", E2, reply_to=77)
WORDS = Content("MARKER of the text \ud83d")
PICTURE = StubFile("MARKER.png", "image/png", "MARKER of a picture", True, b"MARKER" * 20_000)  # noqa: FBT003
NOTES = StubFile("notes", None, None, False, b"")  # noqa: FBT003
FULL = Content("MARKER", (PICTURE, NOTES), ("recap", "MARKER"))
EMPTIED = replace(FULL, files=tuple(replace(file, content=b"") for file in FULL.files))


async def post(stubs: Stubs, stub: Stub, message_id: int, *, now: int = NOW) -> Stub:
    """Save one and bring it to where its message stands."""
    saved = await stubs.save(replace(stub, state=POSTING), FULL, now=now)
    assert await stubs.mark_posted(saved.id, message_id, now=now)
    return replace(saved, state=POSTED, message_id=message_id)


async def rows(db: Database) -> list[int]:
    """How many rows there are of stubs, of files, and of members who wait."""
    tables = ("stub", "stub_file", "waiting")
    query = "SELECT count(*) FROM "
    return await db.run(lambda tx: [tx.execute(query + t).fetchone()[0] for t in tables])


async def text_of(stubs: Stubs, id: int) -> str | None:
    found = await stubs.read(id)
    return found[1].text if found and found[1] else None


async def forgotten(stubs: Stubs, user_id: int, *, now: int = NOW) -> int:
    """Forget a member; returns how many stubs that were."""
    of_author = stubs.erasure(heir=BOT, now=now)
    count = (await forget(stubs, user_id, stubs.inbox_erasure(), of_author)).count
    await stubs.delete_hidden()
    return count
