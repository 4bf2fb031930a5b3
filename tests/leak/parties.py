"""An evening: how far each guest of a party is, by what they themselves pressed alone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import inf

from tests.leak.show import PREMISE, Rank

COUNTDOWN = 10  # seconds between the press and the beginning
LATE = 120  # seconds after which a mere *I'm here* is asked back
LONGEST = 1000 * 60 - 1  # seconds


@dataclass(frozen=True, slots=True)
class Seat:
    """Where somebody said they were, in seconds of an episode (before it: negative), and when.

    `played` is how long the party had been playing by then. `sure` is what saying so opens by
    itself: whoever is at the beginning of an episode has seen those before it.
    """

    episode: int
    seconds: int
    played: int
    sure: Rank


@dataclass(slots=True)
class Evening:
    """A party as people would describe it. Ranks are of points, moments in epoch seconds.

    Time takes a guest on only while the clock runs; a jump takes on only whoever made it.
    """

    host: int
    moderator: int
    first: int
    last: int
    state: str = "planned"  # planned | on | over
    episode: int = 0
    elapsed: int = 0
    since: int | None = None
    before: int = 0  # seconds played before `since`
    is_agreed: bool = False
    may_come: set[int] = field(default_factory=set)
    asking: set[int] = field(default_factory=set)
    seats: dict[int, Seat] = field(default_factory=dict)

    # The clock

    def position(self, now: int) -> int:
        return min(self.elapsed + self._gone(now), LONGEST)

    def played(self, now: int) -> int:
        return self.before + self._gone(now)

    def _gone(self, now: int) -> int:
        return 0 if self.since is None else max(0, now - self.since)

    def _set(self, now: int, elapsed: int, since: int | None) -> None:
        self.before, self.elapsed, self.since = self.played(now), elapsed, since

    def may_move(self, who: int) -> bool:
        is_alone = self.host not in self.seats and who in self.seats
        return who in {self.host, self.moderator} or is_alone

    def start(self, who: int, now: int) -> None:
        if self.state == "planned" and self.may_move(who):
            self.state, self.episode = "on", self.first
            self._set(now, 0, now + COUNTDOWN)

    def pause(self, who: int, now: int) -> None:
        if self.state == "on" and self.may_move(who):
            self._set(now, self.position(now), None)

    def resume(self, who: int, now: int) -> None:
        if self.state == "on" and self.may_move(who) and self.since is None:
            self._set(now, self.elapsed, now if self.elapsed else now + COUNTDOWN)

    def skip(self, who: int, to: int, now: int) -> None:
        """Back, everybody who is in the episode goes; ahead, only whoever says so."""
        if self.state != "on" or not self.may_move(who):
            return
        jump = to - self.position(now)
        for one, seat in self.seats.items():
            if seat.episode == self.episode and (jump < 0 or one == who):
                self.seats[one] = replace(seat, seconds=seat.seconds + jump)
        self._set(now, to, None if self.since is None else max(now, self.since))

    def next(self, who: int, now: int) -> None:
        """On to the next episode goes only whoever says so, as far behind as they were."""
        if self.state != "on" or not self.may_move(who) or self.episode == self.last:
            return
        seat = self.seats.get(who)
        if seat is not None and seat.episode == self.episode:
            self.sit(who, self.position(now) - self._at(seat, now), now, self.episode + 1)
        self.episode += 1
        self._set(now, 0, None)

    def end(self, who: int, *, stopped: bool = False) -> None:
        is_last = self.episode == self.last
        is_let = who in {self.host, self.moderator} if stopped else self.may_move(who) and is_last
        if self.state == "on" and is_let:
            self.state = "over"

    # The guests

    @property
    def start_at(self) -> Rank:
        """What one has to have watched beforehand."""
        return (self.first - 1, inf)

    def may_sit(self, who: int, own: Rank) -> bool:
        return self.state != "over" and (who in self.may_come or own >= self.start_at)

    def here(self, who: int, own: Rank, now: int, lag: int | None = None) -> None:
        """Somebody sits down; with no `lag` they did not say how far behind they are."""
        is_asked_back = lag is None and self.state == "on" and self.position(now) > LATE
        if self.may_sit(who, own) and not is_asked_back:
            episode = self.episode or self.first
            self.sit(who, lag or 0, now, episode, self.position(now))
            self.may_come.add(who)
            self.asking.discard(who)

    def sit(self, who: int, lag: int, now: int, episode: int, at: int = 0) -> None:
        sure = (episode - 1, inf) if at >= lag else PREMISE
        self.seats[who] = Seat(episode, at - lag, self.played(now), sure)

    def leave(self, who: int) -> None:
        if self.state != "over":
            for group in (self.may_come, self.asking):
                group.discard(who)
            self.seats.pop(who, None)

    def join(self, who: int, own: Rank) -> None:
        if self.may_sit(who, own):
            self.may_come.add(who)
            self.asking.discard(who)

    def ask(self, who: int) -> None:
        if self.state != "over" and who not in self.seats:
            self.may_come.discard(who)
            self.asking.add(who)

    def admit(self, who: int, whom: int) -> None:
        if self.state != "over" and who in {self.host, self.moderator} and whom in self.asking:
            self.asking.discard(whom)
            self.may_come.add(whom)

    # Who knows what

    def _at(self, seat: Seat, now: int) -> int:
        return seat.seconds + self.played(now) - seat.played

    def knows(self, who: int, own: Rank, now: int) -> Rank:
        """How far somebody is, in the party's room and thread."""
        seat = self.seats.get(who)
        if self.state != "on" or seat is None or own < self.start_at:
            return own
        return max(own, seat.sure, reached(seat.episode, self._at(seat, now)))

    def floor(self, owns: dict[int, Rank], scope: Rank, now: int, *, in_thread: bool) -> Rank:
        """How far its room or its thread may talk; `scope` is what moderators have set there."""
        if self.state != "on":
            return scope
        live = max(PREMISE, reached(self.episode, self.position(now)))
        limits = [live] if in_thread and self.is_agreed else [live, scope]
        return min(limits + [self.knows(who, owns[who], now) for who in self.seats])

    def least(self, owns: dict[int, Rank], scope: Rank) -> Rank:
        """How far what is told beforehand may go."""
        return min([self.start_at, scope, *(owns[who] for who in self.may_come)])

    def leaves(self, scope: Rank, now: int, *, stopped: bool) -> Rank:
        """How far its thread talks when it is over."""
        point = reached(self.episode, self.position(now)) if stopped else (self.episode, inf)
        return point if self.is_agreed else min(point, scope)


def reached(episode: int, seconds: int) -> Rank:
    """The last minute that is over at so many seconds of an episode; before it, nothing."""
    if seconds < 0:
        return PREMISE
    minute = seconds // 60 - 1
    return (episode - 1, inf) if minute < 0 else (episode, minute)
