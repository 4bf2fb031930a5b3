"""What Discord may refuse, and what may happen to a request on its way there or back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from math import ceil

JSON, HTML = "application/json", "text/html"  # discord.py reads JSON only where it is exactly that
PROXY = {"Via": "1.1 google"}  # on every answer of Discord's own; discord.py asks 429s for it
PATIENCE = 0.01  # seconds that a scripted 429 asks for


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that says no."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=lambda: PROXY)
    content_type: str = JSON


class RefusedError(Exception):
    """A request that Discord understood and will not carry out."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.body)
        self.refusal = refusal


def refused(status: int, code: int, message: str) -> Refusal:
    """`code` is Discord's own number for the error, beside HTTP's."""
    return Refusal(status, json.dumps({"message": message, "code": code}))


def too_many(seconds: float, scope: str) -> Refusal:
    """A 429 in Discord's own words; `scope` is global, user (this bot's) or shared (anybody's)."""
    is_global = scope == "global"
    seconds = ceil(seconds * 1000) / 1000  # never less than it takes
    told = {
        "message": "You are being rate limited.",
        "retry_after": seconds,
        "global": is_global,
    }
    headers = {"Retry-After": str(seconds), "X-RateLimit-Scope": scope, **PROXY}
    if is_global:
        headers["X-RateLimit-Global"] = "true"
    return Refusal(429, json.dumps(told), headers)


def failed(status: int) -> Refusal:
    return Refusal(status, json.dumps({"message": f"{status}: Upstream", "code": 0}))


UNKNOWN_CHANNEL = refused(404, 10003, "Unknown Channel")
UNKNOWN_MESSAGE = refused(404, 10008, "Unknown Message")
INVALID_FORM = refused(400, 50035, "Invalid Form Body")
ALREADY_CROSSPOSTED = refused(400, 40033, "This message has already been crossposted")
NOBODY = refused(401, 0, "401: Unauthorized")


class Effect(Enum):
    """Whether what was asked for comes about all the same."""

    NONE = auto()
    DONE = auto()
    LATE = auto()  # once the client has long been cut off


class Cut(Enum):
    """How a connection ends without an answer."""

    CLOSED = auto()
    RESET = auto()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Fault:
    """What befalls one request: whether it is carried out, and what its sender gets to know."""

    name: str
    effect: Effect
    outcome: Refusal | Cut | None = None  # None: the answer it would have had anyway
    is_held: bool = False  # until the test lets it go

    def __repr__(self) -> str:
        return self.name

    @property
    def may_have_worked(self) -> bool:
        return self.effect is not Effect.NONE


CLOSED_BEFORE = Fault("closed before", Effect.NONE, Cut.CLOSED)
CLOSED_AFTER = Fault("closed after", Effect.DONE, Cut.CLOSED)
RESET_BEFORE = Fault("reset before", Effect.NONE, Cut.RESET)
RESET_AFTER = Fault("reset after", Effect.DONE, Cut.RESET)
LATE = Fault("late effect", Effect.LATE, Cut.CLOSED)
HELD_BEFORE = Fault("held before", Effect.NONE, is_held=True)
HELD_AFTER = Fault("held after", Effect.DONE, is_held=True)
ERROR_BEFORE = Fault("500 before", Effect.NONE, failed(500))
ERROR_AFTER = Fault("500 after", Effect.DONE, failed(500))
GATEWAY_BEFORE = Fault("502 before", Effect.NONE, failed(502))
GATEWAY_AFTER = Fault("502 after", Effect.DONE, failed(502))
OVERLOADED_BEFORE = Fault("503 before", Effect.NONE, failed(503))
OVERLOADED_AFTER = Fault("503 after", Effect.DONE, failed(503))
LIMITED = Fault("429 of the channel", Effect.NONE, too_many(PATIENCE, "user"))
LIMITED_GLOBALLY = Fault("429 of the bot", Effect.NONE, too_many(PATIENCE, "global"))
BANNED = Fault(
    "429 of Cloudflare",
    Effect.NONE,
    Refusal(429, "<html>error code: 1015</html>", {"Retry-After": "1"}, HTML),
)
FORBIDDEN = Fault("no permission", Effect.NONE, refused(403, 50013, "Missing Permissions"))
INVISIBLE = Fault("no access", Effect.NONE, refused(403, 50001, "Missing Access"))
GONE = Fault("channel gone", Effect.NONE, UNKNOWN_CHANNEL)
ARCHIVED = Fault("thread archived", Effect.NONE, refused(400, 50083, "Thread is archived"))
UNAUTHORIZED = Fault("token refused", Effect.NONE, NOBODY)
