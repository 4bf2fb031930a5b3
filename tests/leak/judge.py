"""The judge: whether what was sent may be read by those who will read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.leak.show import MARKER, PREMISE, Marked, Rank
from tests.leak.wire import Sent

SAFE = re.compile(r"-# Safe (?:for everyone|through (?P<label>S\d+E\d+(?:@\d+)?)(?:,[^\n]*)?)\Z")
BROKEN = "went wrong on my side"
BARS = "||"
TEXT, CONTAINER = 10, 17

_MARKER = re.compile(MARKER, re.IGNORECASE)
_LIMITS = {"choices": 25, "choice": 100}


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads: their horizons, and the labels that they and their room go by."""

    own: Rank
    room: Rank
    own_label: str
    room_label: str

    def of(self, sent: Sent) -> Rank:
        """How far those who read a payload have watched."""
        if sent.private:
            return self.own
        # Names of threads and events, and everything else in the open, is read by anybody.
        return min(self.own, self.room) if sent.channel is not None else PREMISE


class Judge:
    """Holds the marked show's order, and remembers what it has judged before."""

    def __init__(self, show: Marked) -> None:
        self._show = show
        self._judged: dict[tuple[str, bool, Readers], tuple[str, ...]] = {}

    def faults(self, sent: Sent, readers: Readers) -> tuple[str, ...]:
        key = (f"{sent.kind}{sent.channel is None}{sent.shape}", sent.private, readers)
        found = self._judged.get(key)
        if found is None:
            found = self._judged[key] = tuple(self._faults(sent, readers))
        return found

    def _faults(self, sent: Sent, readers: Readers) -> Iterator[str]:
        horizon = readers.of(sent)
        for marker in self.markers(sent.text):
            if self._show.known[marker] > horizon:
                yield f"{marker}, known at {self._show.known[marker]}, was told at {horizon}"
        if BROKEN in sent.text:
            yield "an error of ours was told"
        if sent.kind in ("answer", "post"):
            yield from self._message_faults(sent, readers)
        if sent.kind == "choices":
            yield from _choice_faults(sent.body)

    def _message_faults(self, sent: Sent, readers: Readers) -> Iterator[str]:
        if not _pings_nobody(sent.body):
            yield "somebody may be pinged"
        texts = list(_texts(sent.body))
        safe = SAFE.search(texts[-1]) if texts else None
        if safe is None:
            yield "the safe line is missing"
        else:
            through = self._show.said(safe["label"])
            if any(self._show.known[marker] > through for marker in self.markers(sent.text)):
                yield f"it is not safe as it says: {safe[0]}"
        if not sent.private:
            yield from self._public_faults(sent, readers, texts)

    def _public_faults(self, sent: Sent, readers: Readers, texts: list[str]) -> Iterator[str]:
        first = texts[0].partition("\n")[0] if texts else ""
        told = re.search(rf"\b{re.escape(readers.own_label)}\b(?!@)", first)
        if told and readers.own_label != readers.room_label:
            yield "a public message begins with the asker's own point"
        covered = [part for part in sent.body.get("components", []) if part.get("spoiler")]
        hidden = [text for part in covered for text in _texts({"components": [part]})]
        for text in texts:
            beyond = [m for m in self.markers(text) if self._show.known[m] > PREMISE]
            if (beyond or readers.room > PREMISE) and text not in hidden and self.markers(text):
                yield "a public message tells something outside the spoiler"
            if text in hidden and not _is_barred(text):
                yield "what is in the spoiler is not behind bars"

    def markers(self, text: str) -> list[str]:
        found = (match.lower() for match in _MARKER.findall(text))
        return [marker for marker in dict.fromkeys(found) if marker in self._show.known]


def _texts(body: dict[str, Any]) -> Iterator[str]:
    """What a message says, from its first words to its last; buttons and selects aside."""
    if body.get("content"):
        yield body["content"]
    for part in body.get("components", []):
        if part["type"] == TEXT:
            yield part["content"]
        yield from _texts({"components": part.get("components", [])})


def _is_barred(text: str) -> bool:
    inside = text.removeprefix(BARS).removesuffix(BARS)
    return len(text) == len(inside) + 2 * len(BARS) and BARS not in inside


def _pings_nobody(body: dict[str, Any]) -> bool:
    allowed = body.get("allowed_mentions")
    if allowed is None:
        return False
    return not any(allowed.get(who) for who in ("parse", "users", "roles", "replied_user"))


def _choice_faults(body: dict[str, Any]) -> Iterator[str]:
    choices = body["choices"]
    if len(choices) > _LIMITS["choices"]:
        yield "too many choices"
    for choice in choices:
        sizes = (len(choice["name"]), len(str(choice["value"])))
        if not all(1 <= size <= _LIMITS["choice"] for size in sizes):
            yield "a choice that Discord refuses"
