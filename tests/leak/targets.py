"""Targets: messages that somebody finds in a room and applies a command of their menu to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tests.leak.controls import V2
from tests.leak.snapshots import Snapshot

if TYPE_CHECKING:
    from tests.leak.planted import Room
    from tests.leak.sweep import Sweep

ROW = 1
JOINED = 7  # the type of Discord's own message about who came in
EMPTY = ("mentions", "mention_roles", "embeds")
SHARED = [{"type": 10, "content": "This room: nothing watched yet"}]


class Targets:
    """What stands in each room before anybody acts."""

    def __init__(self, sweep: Sweep, snapshot: Snapshot) -> None:
        self._sweep, self._snapshot = sweep, snapshot
        self._found: dict[int, list[Any]] = {}

    def of(self, room: Room) -> list[Any]:
        """Messages of members, of the bot, and of Discord itself."""
        if room.handle.id not in self._found:
            self._found[room.handle.id] = list(self._make(room))
        return self._found[room.handle.id]

    def _make(self, room: Room) -> Iterator[Any]:
        """With words beyond all who read here; a shared answer holds what its room may know."""
        world, show = self._sweep.world, self._sweep.show
        backend, id = world.env.backend, room.handle.id
        bot_id = backend.bot_user.id
        kinds = {_kind(stored): stored for stored in backend.messages.get(id, {}).values()}
        yield from [stored for kind, stored in kinds.items() if kind != (bot_id,)]
        for author in (world.ben.id, world.ann.id) if room.is_in_server else (world.ann.id,):
            words = f"what {show.marker(show.last().rank)} did"
            yield self._kept(backend.create_message(id, author, words))
        yield self._kept(backend.create_message(id, bot_id, components=SHARED, flags=V2))
        joined = backend.create_message(id, world.ann.id, "-")
        joined.type, joined.content = JOINED, ""
        yield self._kept(joined)

    def _kept(self, stored: Any) -> Any:
        self._snapshot.keep(stored.channel_id, stored.id)
        return stored

    def told(self, stored: Any) -> dict[str, Any]:
        """A message, as Discord tells of it."""
        is_bot = stored.author_id == self._sweep.world.env.backend.bot_user.id
        return {
            "id": str(stored.id),
            "channel_id": str(stored.channel_id),
            "author": member(stored.author_id, is_bot=is_bot),
            "content": stored.content,
            "timestamp": "2026-01-01T00:00:00+00:00",
            "edited_timestamp": stored.edited_timestamp,
            "tts": False,
            "mention_everyone": False,
            "pinned": False,
            "type": stored.type,
            "flags": stored.flags,
            "attachments": list(stored.attachments),
            "components": list(stored.components),
        } | {key: [] for key in EMPTY}


def _kind(stored: Any) -> tuple[Any, ...]:
    """Messages of one author that bear the same buttons are of one kind."""
    rows = [row for row in stored.components if row["type"] == ROW]
    return (stored.author_id, *(item["label"] for row in rows for item in row["components"]))


def member(id: int, *, is_bot: bool = False) -> dict[str, Any]:
    """A person, as Discord tells of them."""
    return {
        "id": str(id),
        "username": "somebody",
        "discriminator": "0",
        "avatar": None,
        "bot": is_bot,
    }
