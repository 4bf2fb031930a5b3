"""The cache of a source: fresh answers, and how long the headers let each stay fresh."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?([0-9]{1,9})", re.IGNORECASE)
NEVER = re.compile(r"(?:^|[\s,])no-(?:store|cache)\b", re.IGNORECASE)
# Callers that ask for changes allow for answers of this age.
LONGEST_LIFETIME = 3600  # seconds


def lifetime(headers: Mapping[str, str]) -> int:
    """The seconds that an answer with these headers stays fresh, an hour at most."""
    control = headers.get("Cache-Control", "")
    allowed = MAX_AGE.search(control)
    if allowed is None or NEVER.search(control):
        return 0
    age = headers.get("Age", "")
    spent = int(age[:9]) if age.isascii() and age.isdecimal() else 0
    return max(0, min(int(allowed[1]) - spent, LONGEST_LIFETIME))


@dataclass(frozen=True, slots=True)
class _Answer:
    body: bytes
    since: float
    until: float


class FreshAnswers:
    """The newest answers by address: at most `most` of them, and at most `room` bytes."""

    def __init__(self, most: int, room: int) -> None:
        self._most = most
        self._room = room
        self._answers: OrderedDict[str, _Answer] = OrderedDict()
        self._held = 0  # bytes

    def get(self, address: str, now: float) -> bytes | None:
        answer = self._answers.get(address)
        if answer is None:
            return None
        # If `now` is before `since`, the clock was set back, and the age is unknown.
        if answer.since <= now < answer.until:
            return answer.body
        self._drop(address)
        return None

    def keep(self, address: str, body: bytes, now: float, lifetime: int) -> None:
        self._drop(address)
        if lifetime <= 0 or len(body) > self._room:
            return
        self._answers[address] = _Answer(body, now, now + lifetime)
        self._held += len(body)
        while len(self._answers) > self._most or self._held > self._room:
            self._drop(next(iter(self._answers)))

    def _drop(self, address: str) -> None:
        if dropped := self._answers.pop(address, None):
            self._held -= len(dropped.body)
