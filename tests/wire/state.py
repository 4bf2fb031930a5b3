"""What the loopback Discord knows: channels, limits, a clock, faults to come, and counts."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from dataclasses import dataclass
from enum import Enum, auto
from time import monotonic

from discord.utils import utcnow  # noqa: TID251  # Discord's own clock

from tests.wire.channels import Channels, Data
from tests.wire.faults import NOBODY, Fault, RefusedError
from tests.wire.limits import Limits

FIRST_USER = 1 << 60


class Call(Enum):
    """What a bot may ask for in a channel."""

    SEND = auto()
    HISTORY = auto()
    MESSAGE = auto()
    EDIT = auto()
    DELETE = auto()
    CROSSPOST = auto()
    CHANNEL = auto()


@dataclass(slots=True)
class Counts:
    """What came in since the server was started."""

    requests: int = 0  # about channels, of any kind
    sends: int = 0  # messages asked for, also those refused and repeated
    made: int = 0  # messages that came about, also those deleted since
    histories: int = 0
    global_429: int = 0
    channel_429: int = 0
    cloudflare_429: int = 0
    held: int = 0  # standing there now
    late: int = 0  # effects still to come


class State:
    """Not to be touched without its lock: the server's thread and the test's both come here."""

    def __init__(self, limits: Limits, nonce_window: float) -> None:
        self.channels = Channels(nonce_window)
        self.limits = limits
        self.counts = Counts()
        self.sends = Counter[int]()
        self.scripts = defaultdict[tuple[int, Call], deque[Fault]](deque)
        self.standing: dict[tuple[int, Call], Fault] = {}
        self.appointed: dict[int, Fault] = {}  # by the number of the send
        self.moved = 0.0  # seconds that a test moved the clock on
        self._begun = utcnow().timestamp() - monotonic()
        self._authors: dict[str, Data] = {}

    def now(self) -> float:
        """UTC epoch seconds, never going back."""
        return self._begun + monotonic() + self.moved

    def author(self, token: str | None) -> Data:
        """The bot of that token."""
        if token is None or not token.startswith("Bot "):
            raise RefusedError(NOBODY)
        return self._authors.setdefault(token, _user(FIRST_USER + len(self._authors)))

    def enter(self, call: Call, channel_id: int) -> dict[str, str]:
        """Count a request, and let it in or refuse it. Returns headers for its answer."""
        self.counts.requests += 1
        self.counts.sends += call is Call.SEND
        self.counts.histories += call is Call.HISTORY
        self.sends[channel_id] += call is Call.SEND
        self.limits.take(self.now())
        return self.limits.take_message(channel_id if call is Call.SEND else None, self.now())

    def next_fault(self, call: Call, channel_id: int) -> Fault | None:
        """What a request that was let in meets now; what was in the script is used up."""
        if call is Call.SEND and (fault := self.appointed.pop(self.counts.sends, None)):
            return fault
        if script := self.scripts.get((channel_id, call)):
            return script.popleft()
        return self.standing.get((channel_id, call))


def _user(id: int) -> Data:
    return {
        "id": str(id),
        "username": f"bot{id - FIRST_USER}",
        "global_name": None,
        "discriminator": "0",
        "avatar": None,
        "bot": True,
        "public_flags": 0,
    }
