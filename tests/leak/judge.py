"""The judge: whether what was sent may be read by those who will read it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.leak.show import MARKER, PREMISE, Marked, Rank
from tests.leak.wire import Sent

SAFE = re.compile(r"-# Safe (?:for everyone|through (?P<label>S\d+E\d+(?:@\d+)?)(?:,[^\n]*)?)\Z")
BROKEN = "went wrong on my side"
# A button or select that stands on one certain stub, report or channel.
ABOUT_ONE = re.compile(r"(?:.*\|)?(\d{10,19})(?:\|.*)?")
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


@dataclass(frozen=True, slots=True)
class Lawful:
    """What may be told although its readers are not there, as somebody decided so just now.

    `private` are words that the actor typed, or asked to be shown all the same, for them alone;
    `opened` those of a message that they put back; `ranks` where a person said that words belong;
    `entrusted` the same, of what only this reader may be told there.
    """

    private: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()
    ranks: frozenset[tuple[str, Rank]] = frozenset()
    entrusted: frozenset[tuple[str, Rank]] = frozenset()


NOTHING = Lawful()


class Judge:
    """Holds the marked show's order, and remembers what it has judged before."""

    def __init__(self, show: Marked) -> None:
        self._show = show
        self.seen = set[str]()  # every word that was ever told, lawfully or not
        self._judged: dict[tuple[str, bool, Readers, Lawful], tuple[str, ...]] = {}

    def faults(self, sent: Sent, readers: Readers, lawful: Lawful = NOTHING) -> tuple[str, ...]:
        key = (f"{sent.kind}{sent.channel is None}{sent.shape}", sent.private, readers, lawful)
        found = self._judged.get(key)
        if found is None:
            found = self._judged[key] = tuple(self._faults(sent, readers, lawful))
        return found

    def _faults(self, sent: Sent, readers: Readers, lawful: Lawful) -> Iterator[str]:
        markers = set(self.markers(sent.text))
        self.seen |= markers
        is_put_back = sent.kind == "post" and bool(markers & lawful.opened)
        let_through = lawful.opened if is_put_back else lawful.private if sent.private else set()
        # Where a stub stands depends on its room alone, not on who put it or moved it there.
        horizon = readers.room if is_stub(sent) and not sent.private else readers.of(sent)
        known = self._known(sent, lawful)
        for marker in sorted(markers - let_through):
            if known[marker] > horizon:
                yield f"{marker}, known at {known[marker]}, was told at {horizon}"
        if BROKEN in sent.text:
            yield "an error of ours was told"
        if sent.kind in ("answer", "post") and not _pings_nobody(sent.body):
            yield "somebody may be pinged"
        if sent.kind in ("answer", "post") and not is_put_back:
            yield from self._message_faults(sent, readers, lawful)
        if sent.kind == "choices":
            yield from _choice_faults(sent.body)

    def _known(self, sent: Sent, lawful: Lawful) -> dict[str, Rank]:
        """From where on those who read it may be told each word."""
        alone = lawful.entrusted if sent.private else ()
        return self._show.known | dict(lawful.ranks) | dict(alone)

    def _message_faults(self, sent: Sent, readers: Readers, lawful: Lawful) -> Iterator[str]:
        known = self._known(sent, lawful)
        texts = list(_texts(sent.body))
        safe = SAFE.search(texts[-1]) if texts else None
        if safe is None:  # only what tells something of a story needs one
            told = set(self.markers(json.dumps(sent.body))) - lawful.private
            if any(known[marker] > PREMISE for marker in told):
                yield "the safe line is missing"
        else:
            through = self._show.said(safe["label"])
            # Of what the card itself says: a file is opened apart from it.
            told = set(self.markers(json.dumps(sent.body))) - lawful.private
            if any(known[marker] > through for marker in told):
                yield f"it is not safe as it says: {safe[0]}"
        if not sent.private:
            yield from self._public_faults(sent, readers, texts)

    def _public_faults(self, sent: Sent, readers: Readers, texts: list[str]) -> Iterator[str]:
        first = texts[0].partition("\n")[0] if texts else ""
        told = re.search(rf"\b{re.escape(readers.own_label)}\b(?!\\?@)", first)
        if told and readers.own_label != readers.room_label and not is_stub(sent):
            yield "a public message begins with the asker's own point"
        covered = [part for part in sent.body.get("components", []) if part.get("spoiler")]
        hidden = [text for part in covered for text in _texts({"components": [part]})]
        for text in texts:
            told = [m for m in self.markers(text) if self._show.known[m] >= PREMISE]
            beyond = [marker for marker in told if self._show.known[marker] > PREMISE]
            if (beyond or readers.room > PREMISE) and text not in hidden and told:
                yield "a public message tells something outside the spoiler"
            if text in hidden and not _is_barred(text):
                yield "what is in the spoiler is not behind bars"

    def markers(self, text: str) -> list[str]:
        found = (match.lower() for match in _MARKER.findall(text))
        return [marker for marker in dict.fromkeys(found) if marker in self._show.known]


def is_stub(sent: Sent) -> bool:
    """Whether it is one of the bot's own that stands for hidden words."""
    return sent.kind == "post" and stub_id(sent) is not None


def stub_id(sent: Sent) -> int | None:
    """The id that the buttons of a message are about."""
    for part in _flat(sent.body.get("components") or ()):
        if found := ABOUT_ONE.fullmatch(part.get("custom_id", "")):
            return int(found[1])
    return None


def _flat(parts: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for part in parts:
        yield part
        yield from _flat(part.get("components", ()))


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
