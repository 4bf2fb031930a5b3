"""One party: what it is, the steps it can take, and what has to be posted about it."""

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
ENDED_FINISHED = "finished"  # why a party is over that was watched to its end
PARTY_TOPIC = "party"
CARD_POST, REMINDER_POST, CLOCK_POST, END_POST = "card", "reminder", "clock", "end"
REMINDER_LEAD = 15 * 60  # seconds before it begins
MINIMUM_GAP = 4 * 60 * 60  # seconds: two parties in one room are further apart
NOT_BEGUN_LIMIT = 3 * 60 * 60  # seconds after which a party that nobody begins is closed
UNTOUCHED_LIMIT = 6 * 60 * 60  # seconds after which one whose clock nobody touches is closed
VOTE_CLOSES_BEFORE = 60 * 60  # seconds before the first of the times that are voted on


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who answered. `lag` is how many seconds they are behind the party's clock."""

    user_id: int
    answer: Answer = COMING
    is_present: bool = False
    lag: int = 0

    @property
    def is_ready(self) -> bool:
        """Whether they are here, and have said so since the clock went where it is."""
        return self.is_present and self.lag < LONGEST_POSITION

    def left_behind(self, seconds: int = LONGEST_POSITION) -> Guest:
        """Where they were, though the clock is set on (or back) by that much.

        They have not said otherwise, so nothing ever brings them further than they were.
        """
        if not self.is_ready:
            return self
        return replace(self, lag=max(0, min(self.lag + seconds, LONGEST_POSITION)))


@dataclass(frozen=True, slots=True)
class ProposedTime:
    """One of the times that are voted on: the moment, and the local time it was meant as."""

    place: int
    starts_at: int
    wall: str


@dataclass(frozen=True, slots=True)
class Party:
    """Episodes `first` to `last` of a show, watched together; moments in UTC epoch seconds.

    `wall` is the local time in `zone` that comes back every week. `agreed_by` is the moderator who
    lets it go further than its room. `ended` says in a word why it is over. `revision` grows with
    every change; `event_shown` is the one that the scheduled event shows.
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
        """Whether it has begun and is not over, be its clock paused."""
        return self.state in {"running", "paused"}

    @property
    def place(self) -> int:
        """Where it is talked about: its thread, else its room."""
        return self.thread_id or self.channel_id

    def settled(self, proposal: ProposedTime) -> Party | None:
        """Its time is no longer voted on."""
        if self.state != "voting":
            return None
        return replace(self, state="planned", starts_at=proposal.starts_at, wall=proposal.wall)

    def begun(self, at: int, thread_id: int | None, now: int) -> Party | None:
        """The clock of its first episode starts at the moment `at`, a few seconds from `now`."""
        if self.state != "planned":
            return None
        clock = PartyClock(self.first).running(at)
        return replace(self, state="running", clock=clock, thread_id=thread_id, touched_at=now)

    def with_thread(self, thread_id: int) -> Party | None:
        return replace(self, thread_id=thread_id) if self.is_running else None

    def with_clock(self, clock: PartyClock, now: int) -> Party | None:
        """With its clock set so."""
        if not self.is_running:
            return None
        state: State = "paused" if clock.since is None else "running"
        return replace(self, state=state, clock=clock, touched_at=now)

    def closed(self, why: str, *, now: int) -> Party | None:
        """Over, if it had begun, else cancelled; its clock stands where it stood."""
        if self.is_over:
            return None
        state: State = "over" if self.is_running else "cancelled"
        clock = None if self.clock is None else self.clock.paused(now)
        return replace(self, state=state, ended=why, clock=clock, touched_at=now)

    def reached(self, order: Order) -> Point:
        """The point that its guests are at when it is over, those who watched all of it.

        The whole episode that was on, also where nobody has said anything for hours; the minute
        if it was stopped for whatever reason.
        """
        if self.clock is None:
            return PREMISE
        if self.ended in {ENDED_FINISHED, ENDED_AWAY}:
            return Point(self.clock.episode)
        return self.clock.point(order, self.touched_at)

    def without(self, user_id: int) -> Party:
        """With nothing that tells of that member."""
        return replace(
            self,
            host_id=None if self.host_id == user_id else self.host_id,
            agreed_by=None if self.agreed_by == user_id else self.agreed_by,
        )

    def overdue(self, now: int, first_proposal: int | None = None) -> bool:
        """Whether nobody has done for a long time what it waits for."""
        if self.state == "voting":
            return first_proposal is not None and now >= first_proposal - VOTE_CLOSES_BEFORE
        if self.is_running:
            return now >= self.touched_at + UNTOUCHED_LIMIT
        return self.starts_at is not None and now >= self.starts_at + NOT_BEGUN_LIMIT


def posts_of(party: Party, now: int) -> Iterator[Post]:
    """All that has to stand somewhere about a party, as far as that is known `now`."""

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
    """One that nobody has yet, and nobody guesses."""
    return secrets.randbelow(2**53) + 1


def parse_subject(subject: str) -> tuple[int, str, int | None]:
    """The party's id, what of it is posted, and for which beginning."""
    id, what, *moment = subject.split("/")
    return int(id), what, int(moment[0]) if moment else None
