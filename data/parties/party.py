"""One watch party: its state, the changes that it allows, and what is posted about it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from data.outbox import Post
from data.parties.clock import LONGEST_POSITION, PartyClock
from data.points import PREMISE, Point

if TYPE_CHECKING:
    from data.points import Order


State = Literal["voting", "planned", "running", "paused", "over", "cancelled"]
Answer = Literal["coming", "maybe", "asking"]

COMING: Answer = "coming"
ENDED_AWAY, ENDED_STOPPED = "away", "stopped"
ENDED_FINISHED = "finished"  # the reason why a party is over that was watched to its end
PARTY_TOPIC = "party"
CARD_POST, REMINDER_POST, CLOCK_POST, END_POST = "card", "reminder", "clock", "end"
REMINDER_LEAD = 15 * 60  # seconds between the reminder and the beginning
MINIMUM_GAP = 4 * 60 * 60  # seconds between two parties in one room, at least
NOT_BEGUN_LIMIT = 3 * 60 * 60  # seconds after its time; then a party that nobody began is closed
UNTOUCHED_LIMIT = 6 * 60 * 60  # seconds; then a party whose clock nobody touches is closed
VOTE_CLOSES_BEFORE = 60 * 60  # seconds before the first proposed time; then the vote is over


@dataclass(frozen=True, slots=True)
class Guest:
    """A member who answered; `lag` is how many seconds they are behind the party's clock."""

    user_id: int
    answer: Answer = COMING
    is_present: bool = False
    lag: int = 0

    @property
    def is_ready(self) -> bool:
        """Whether the guest is here, and has said so since the clock last jumped."""
        return self.is_present and self.lag < LONGEST_POSITION

    def left_behind(self, seconds: int = LONGEST_POSITION) -> Guest:
        """The guest after the clock jumped by `seconds` (below 0: back) without them.

        The guest stays where they were: only their own press brings them further.
        """
        if not self.is_ready:
            return self
        return replace(self, lag=max(0, min(self.lag + seconds, LONGEST_POSITION)))


@dataclass(frozen=True, slots=True)
class ProposedTime:
    """A time that members vote on: the moment in UTC epoch seconds, and its local time."""

    place: int
    starts_at: int
    wall: str


@dataclass(frozen=True, slots=True)
class Party:
    """Episodes `first` to `last` of a show, watched together; moments in UTC epoch seconds.

    `wall` is the local time in `zone` at which a weekly party repeats. `agreed_by` is the moderator
    who allowed the party to go further than its room. `ended` is one word for why it is over.
    `revision` grows with every change; `event_shown` is the revision that the scheduled event
    shows.
    """

    id: int
    guild_id: int
    channel_id: int
    show: str
    host_id: int | None
    first: str
    last: str
    state: State
    starts_at: int | None
    zone: str
    wall: str | None
    weekly: bool
    touched_at: int
    created_at: int
    agreed_by: int | None = None
    clock: PartyClock | None = None
    thread_id: int | None = None
    event_id: int | None = None
    revision: int = 1
    event_shown: int = 0
    ended: str | None = None

    @property
    def is_over(self) -> bool:
        return self.ended is not None

    @property
    def is_running(self) -> bool:
        """Whether it has begun and is not over; its clock may be paused."""
        return self.state in {"running", "paused"}

    @property
    def place(self) -> int:
        """The id of its thread, or of its room if it has no thread."""
        return self.thread_id or self.channel_id

    def settled(self, proposal: ProposedTime) -> Party | None:
        """The party with the time that won the vote; None if there is no vote."""
        if self.state != "voting":
            return None
        return replace(self, state="planned", starts_at=proposal.starts_at, wall=proposal.wall)

    def begun(self, at: int, thread_id: int | None, now: int) -> Party | None:
        """The party whose clock starts at `at`, a few seconds from `now`; None if it cannot."""
        if self.state != "planned":
            return None
        clock = PartyClock(self.first).running(at)
        return replace(self, state="running", clock=clock, thread_id=thread_id, touched_at=now)

    def with_thread(self, thread_id: int) -> Party | None:
        """The party with its thread; None if it is not running."""
        return replace(self, thread_id=thread_id) if self.is_running else None

    def with_clock(self, clock: PartyClock, now: int) -> Party | None:
        """The party with another clock; None if it is not running."""
        if not self.is_running:
            return None
        state: State = "paused" if clock.since is None else "running"
        return replace(self, state=state, clock=clock, touched_at=now)

    def closed(self, why: str, *, now: int) -> Party | None:
        """The party, over or cancelled, with its clock stopped; None if it was over before."""
        if self.is_over:
            return None
        state: State = "over" if self.is_running else "cancelled"
        clock = None if self.clock is None else self.clock.paused(now)
        return replace(self, state=state, ended=why, clock=clock, touched_at=now)

    def reached(self, order: Order) -> Point:
        """The point at which a party ended for guests who watched all of it.

        It is the end of the episode if the party was finished, or closed because nobody touched
        the clock; the minute of the clock if it was stopped for another reason.
        """
        if self.clock is None:
            return PREMISE
        if self.ended in {ENDED_FINISHED, ENDED_AWAY}:
            return Point(self.clock.episode)
        return self.clock.point(order, self.touched_at)

    def without(self, user_id: int) -> Party:
        """The party without that member as host or as the moderator who agreed."""
        return replace(
            self,
            host_id=None if self.host_id == user_id else self.host_id,
            agreed_by=None if self.agreed_by == user_id else self.agreed_by,
        )

    def overdue(self, now: int, first_proposal: int | None = None) -> bool:
        """Whether the party has waited too long: it has to be closed, or its vote settled."""
        if self.state == "voting":
            return first_proposal is not None and now >= first_proposal - VOTE_CLOSES_BEFORE
        if self.is_running:
            return now >= self.touched_at + UNTOUCHED_LIMIT
        return self.starts_at is not None and now >= self.starts_at + NOT_BEGUN_LIMIT


def posts_of(party: Party, now: int) -> Iterator[Post]:
    """Every message that a party needs, as far as that is known `now`."""

    def post(what: str, due_at: int, channel_id: int | None = None) -> Post:
        subject, place = f"{party.id}/{what}", channel_id or party.channel_id
        return Post(PARTY_TOPIC, subject, party.guild_id, place, due_at, party.revision)

    yield post(CARD_POST, party.created_at)
    if party.starts_at is not None:
        if now < party.starts_at - REMINDER_LEAD and not party.is_over:
            yield post(f"{REMINDER_POST}/{party.starts_at}", party.starts_at - REMINDER_LEAD)
        yield post(f"{CLOCK_POST}/{party.starts_at}", max(party.starts_at, party.created_at))
    if party.state == "over":
        yield post(END_POST, now, party.place)


def random_party_id() -> int:
    """A new id that nobody can guess."""
    return secrets.randbelow(2**53) + 1


def parse_subject(subject: str) -> tuple[int, str, int | None]:
    """The party's id, the kind of its post, and the start (UTC epoch seconds) that it is for."""
    id, what, *moment = subject.split("/")
    return int(id), what, int(moment[0]) if moment else None
