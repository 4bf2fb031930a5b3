"""Laws: the few things that may be told to those who are not there, as a person decided so."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

from bot.spoilers.reveal import Peek
from bot.ui.custom_ids import decode
from cogs.covers import UndoCover
from data.spoilers.store import COVER, SHARE, SPOILER
from tests.leak.controls import Control
from tests.leak.judge import Lawful, is_stub, stub_id
from tests.leak.planted import Planted, Room
from tests.leak.show import Rank
from tests.leak.wire import Sent
from tests.leak.written import entrusted

if TYPE_CHECKING:
    from tests.leak.sweep import Sweep


class Law:
    """For one thing that one person does, who was at `horizon` when they did it."""

    def __init__(self, sweep: Sweep, actor: Any, horizon: Rank) -> None:
        self._sweep, self._actor, self._horizon = sweep, actor, horizon

    async def of(
        self, control: Control | None, room: Room, typed: frozenset[str], sent: list[Sent]
    ) -> Lawful:
        """What this press may tell: words just typed, and what is asked for of one stub here."""
        private, opened = typed, frozenset[str]()
        about = self._about(control, room)
        if control is not None and about is not None:
            code, _ = decode(control.custom_id)
            if about.kind == "draft" and about.by_id == self._actor.id:
                private |= about.markers
            if code == Peek.yes_code and about.kind in {SPOILER, COVER, SHARE}:
                private |= about.markers
            if code == UndoCover.yes_code and about.kind == COVER and self._may_undo(about):
                opened = about.markers
        ranks = frozenset([entry async for entry in self._ranks(typed, sent)])
        alone = frozenset(entrusted(self._sweep, self._actor, room)) if self._sweep.written else ()
        return Lawful(private, opened, ranks, frozenset(alone))

    def _about(self, control: Control | None, room: Room) -> Planted | None:
        """The hidden message of this room that a button is about."""
        parts = decode(control.custom_id).parts if control else ()
        here = [one for one in self._sweep.planted if one.channel_id == room.handle.id]
        return next((one for one in here if str(one.id) in parts), None)

    def _may_undo(self, about: Planted) -> bool:
        """Who covered it has read it; a moderator must have got there."""
        is_moderator = self._actor.id == self._sweep.guard.id
        return self._actor.id == about.by_id or (is_moderator and self._horizon >= about.rank)

    async def _ranks(self, typed: frozenset[str], sent: list[Sent]) -> AsyncIterator[Any]:
        """Where a stub that was put or moved just now belongs, as whoever did it said."""
        for id in [stub_id(one) for one in sent if is_stub(one)]:
            stub = await self._sweep.world.bot.stubs.get(id or 0)
            planted = [one.markers for one in self._sweep.planted if one.id == id]
            if stub is not None:
                for marker in typed.union(*planted):
                    yield marker, self._sweep.show.of(stub.point.token)

    def sooner(self, points: dict[int, str]) -> list[str]:
        """Nobody but its author lets a stub open sooner, and for a cover nobody who is behind."""
        return list(self._sooner(points))

    def _sooner(self, points: dict[int, str]) -> Iterator[str]:
        for planted in [one for one in self._sweep.planted if one.id in points]:
            rank = self._sweep.show.of(points[planted.id])
            is_author = planted.kind in {SPOILER, "draft"} and self._actor.id == planted.author_id
            is_there = planted.kind == COVER and self._horizon >= planted.rank
            if rank < planted.rank and not is_author and not is_there:
                yield f"a {planted.kind} opens at {rank} instead of {planted.rank}"
