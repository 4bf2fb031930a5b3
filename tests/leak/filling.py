"""Filling: forms sent in as soon as they are opened, in another way each time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from tests.leak import forms
from tests.leak.controls import Control
from tests.leak.mischief import POINTS, ROUGH, hidden_names
from tests.leak.planted import Room
from tests.leak.wire import Sent
from tests.support.presses import interact

if TYPE_CHECKING:
    from tests.leak.sweep import Sweep

SUBMIT = 5  # the interaction of a form
AT_ONCE = 2  # ways in which one form is filled in each time it is opened


class Forms:
    """What has been filled in so far, and what comes next."""

    def __init__(self, sweep: Sweep) -> None:
        self._sweep = sweep
        self._filled: Counter[str] = Counter()
        self._typed = sweep.show.marker(sweep.show.last().rank)

    def begin_anew(self) -> None:
        """Fill everything in as at first, to compare what comes of it."""
        self._filled.clear()

    async def fill_in(  # noqa: PLR0913, PLR0917  # what was done, by whom, and what came of it
        self,
        actor: Any,
        room: Room,
        what: str,
        action: Callable[[], Awaitable[Any]],
        sent: list[Sent],
        control: Control | None,
    ) -> None:
        """Send in the form that was opened, each time in other ways."""
        form = next((one.body for one in sent if one.kind == "modal"), None)
        for number in range(AT_ONCE if form else 0):
            if number:
                await self._sweep.take_back(actor)
                self._sweep.wire.pressed_in_private = control is None or control.private
                await action()
                sent = self._sweep.wire.sent
                form = next((one.body for one in sent if one.kind == "modal"), None)
            assert form is not None, "what opened a form once opens it again"
            await self._submit(actor, room, f"{what}, then filling in", form, control)

    async def _submit(
        self, actor: Any, room: Room, what: str, form: dict[str, Any], control: Control | None
    ) -> None:
        values = self._next_filling(actor, form)
        data = forms.submitted(form, values)
        message = None
        if control is not None:
            id = self._sweep.anchor(room, private=control.private)
            bot_id = self._sweep.world.env.backend.bot_user.id
            message = control.message(id, room.handle.id, bot_id)
        typed = frozenset(self._sweep.judge.markers(" ".join(values.values())))
        message_id = 0

        async def submit() -> Any:
            nonlocal message_id
            record = await interact(actor, room.handle, SUBMIT, data, message)
            message_id = record.message_id
            return record

        sent = await self._sweep.act(
            actor,
            room,
            f"{what} {[value[:60] for value in values.values()]}",
            submit,
            control=control,
            depth=1,
            typed=typed,
        )
        await self._sweep.go_on(actor, room, sent, message_id, typed)

    def _next_filling(self, actor: Any, form: dict[str, Any]) -> dict[str, str]:
        """Another way to fill in a form of this kind than the last time."""
        horizon = self._sweep.horizon(actor)
        words = (f"I saw {self._typed} || then", *ROUGH, f"|| {self._typed} ||")
        points = [place.label for place in self._sweep.show.places.values()]
        ways = list(
            forms.fillings(
                form, words, (*points, *POINTS, *hidden_names(self._sweep.show, horizon))
            )
        )
        turn = self._filled[form["title"]]
        self._filled[form["title"]] += 1
        # The first way is the usual one, and everything else comes of it.
        return ways[0] if turn % AT_ONCE == 0 else ways[turn * 7 % len(ways)]
