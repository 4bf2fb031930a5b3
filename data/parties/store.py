"""Parties: who watches what together and when; a change and what it announces are one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Self

from data.outbox import add, revise_all
from data.parties import rows as party_rows
from data.parties.clock import PartyClock
from data.parties.party import COMING, PARTY_TOPIC, Guest, Party, ProposedTime, posts_of
from data.storage.database import Database
from data.storage.erasure import Erasure

EMPTY_GUEST_LIST: Mapping[int, Guest] = {}

# What a party becomes, from what it is; None: that cannot be done to it any more.
PartyStep = Callable[[Party], Party | None]


class Parties:
    """All parties; those that are not over are read from memory, written through.

    Whatever changes a party makes the rows of what has to be announced in the same transaction.
    Moments are in UTC epoch seconds.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._listener: Callable[[], None] | None = None
        self._open = dict[int, Party]()
        self._guests = dict[int, dict[int, Guest]]()
        self._votes = dict[int, dict[int, int]]()
        self._proposals = dict[int, tuple[ProposedTime, ...]]()
        self._running = dict[int, Party]()  # by the ids of their rooms and of their threads
        self._parting = dict[int, Party]()  # over, while their scheduled events may still stand

    @classmethod
    async def open(cls, db: Database) -> Self:
        parties = cls(db)
        await db.run(party_rows.read_all, parties._take)
        return parties

    def listen(self, listener: Callable[[], None] | None) -> None:
        """Call it whenever a party has changed, so that there may be something new to announce."""
        self._listener = listener

    def _take(self, stored: party_rows.StoredParties) -> None:
        for party in stored.open:
            self._keep(party)
        self._guests, self._votes = stored.guests, stored.votes
        self._proposals = stored.proposals
        self._parting = {party.id: party for party in stored.parting}

    def get(self, id: int) -> Party | None:
        """None: there is none, or it is over."""
        return self._open.get(id)

    def every(self) -> tuple[Party, ...]:
        """All that are not over."""
        return tuple(self._open.values())

    def with_outdated_events(self) -> tuple[Party, ...]:
        """Those whose scheduled events do not show how they are, also where that is over."""
        behind = (party for party in self._open.values() if party.event_shown < party.revision)
        return (*self._parting.values(), *behind)

    def list(self, guild_id: int) -> tuple[Party, ...]:
        """Those of a server that are not over, the soonest first."""
        mine = (party for party in self._open.values() if party.guild_id == guild_id)
        return tuple(sorted(mine, key=lambda party: (party.starts_at or 0, party.id)))

    def running_in(self, channel_id: int) -> Party | None:
        """The party that is being watched in this room, or whose thread it is."""
        return self._running.get(channel_id)

    def guests(self, id: int) -> Mapping[int, Guest]:
        """Everybody who answered, by their ids; also those who ask to be let in."""
        return self._guests.get(id, EMPTY_GUEST_LIST)

    def coming(self, id: int) -> tuple[Guest, ...]:
        return tuple(guest for guest in self.guests(id).values() if guest.answer == COMING)

    def present(self, id: int) -> tuple[Guest, ...]:
        return tuple(guest for guest in self.guests(id).values() if guest.is_present)

    def proposals(self, id: int) -> tuple[ProposedTime, ...]:
        """The times that are voted on; of a party whose time is settled none are needed."""
        return self._proposals.get(id, ())

    def proposal(self, id: int, place: int) -> ProposedTime | None:
        return next((one for one in self.proposals(id) if one.place == place), None)

    def votes(self, id: int) -> Mapping[int, int]:
        """Which proposal, by its place, each who voted wants."""
        return self._votes.get(id, {})

    async def find(self, id: int) -> Party | None:
        """A party, also one that is over."""
        return await self._db.run(lambda tx: party_rows.read(tx, id))

    async def guest(self, id: int, user_id: int) -> Guest | None:
        """What somebody answered, also of a party that is over, as long as that is kept."""
        return await self._db.run(lambda tx: party_rows.read_guest(tx, id, user_id))

    async def threads(self, guild_id: int) -> tuple[Party, ...]:
        """The parties of a server that had a thread, the last planned first."""
        return await self._db.run(lambda tx: party_rows.read_threads(tx, guild_id))

    async def plan(
        self, party: Party, proposals: Sequence[ProposedTime] = (), guests: Sequence[Guest] = ()
    ) -> Party:
        """Store a new party and who comes already, and have its card posted."""

        def work(tx: sqlite3.Connection) -> Party:
            _insert(tx, party, proposals)
            for guest in guests:
                party_rows.write_guest(tx, party, guest.user_id, guest)
            return party

        def then(_: Party) -> None:
            self._proposals[party.id] = tuple(proposals)
            self._guests[party.id] = {guest.user_id: guest for guest in guests}
            self._keep(party)

        return await self._db.run(work, then)

    async def change(
        self,
        id: int,
        step: PartyStep,
        *,
        now: int,
        following: Party | None = None,
        guests: Callable[[Guest], Guest] | None = None,
    ) -> Party | None:
        """Take a step with a party; returns what it is now, or None if it could not be taken.

        `step` is called in another thread, so it asks no clock. `following` is the next of a party
        that comes back, planned with it or not at all; `guests` is what happens to those present.
        """

        moved = list[Guest]()

        def work(tx: sqlite3.Connection) -> tuple[Party | None, ...] | None:
            before = party_rows.read(tx, id)
            if before is None:  # its server is gone
                return None
            after = step(before)
            if after is None or (after.is_running and party_rows.is_room_taken(tx, after)):
                return ()
            changed = replace(after, revision=before.revision + 1)
            party_rows.write(tx, changed)
            _announce(tx, changed, now)
            if following is not None:
                _insert(tx, following, ())
            moved.extend(_moved(tx, changed, guests) if guests else ())
            return changed, following

        def then(done: tuple[Party | None, ...] | None) -> None:
            if done is None:
                self._drop(id)
            for party in filter(None, done or ()):
                self._keep(party)
            for guest in moved:
                self._keep_guest(id, guest.user_id, guest)

        done = await self._db.run(work, then)
        return done[0] if done else None

    async def answer(
        self,
        id: int,
        user_id: int,
        step: Callable[[Guest], Guest | None],
        *,
        now: int,
        seen: PartyClock | None = None,
    ) -> Guest | None:
        """What somebody answers, or where they are; returns it, or None if the party is over.

        `seen` is the clock of which they spoke: whatever it jumped since, they are behind. `step`
        is handed what they answered before (else that they are nowhere), and gives None for
        whoever leaves.
        """

        def work(tx: sqlite3.Connection) -> tuple[Party, Guest | None] | None:
            party = party_rows.read(tx, id)
            if party is None or party.is_over:
                return None
            before = party_rows.read_guest(tx, id, user_id)
            after = step(before or Guest(user_id))
            if after is not None and seen is not None and party.clock is not None:
                after = after.left_behind(party.clock.ahead_of(seen, now))
            party_rows.write_guest(tx, party, user_id, after)
            return _touched(tx, party, now), after

        def then(done: tuple[Party, Guest | None] | None) -> None:
            if done is not None:
                self._keep(done[0])
                self._keep_guest(id, user_id, done[1])

        done = await self._db.run(work, then)
        if done is None:
            if await self.find(id) is None:  # its server is gone
                self._drop(id)
            return None
        return done[1] or Guest(user_id)

    async def vote(self, id: int, user_id: int, place: int, *, now: int) -> bool:
        """One vote each; the last counts. False: that is not voted on any more."""

        def work(tx: sqlite3.Connection) -> Party | None:
            party = party_rows.read(tx, id)
            offered = {proposal.place for proposal in party_rows.read_proposals(tx, id)}
            if party is None or party.state != "voting" or place not in offered:
                return None
            party_rows.write_vote(tx, party, user_id, place)
            return _touched(tx, party, now)

        def then(party: Party | None) -> None:
            if party is not None:
                self._keep(party)
                self._votes.setdefault(id, {})[user_id] = place

        return await self._db.run(work, then) is not None

    async def react(self, id: int, episode: str, minute: int, kind: str) -> None:
        """Count a reaction, of nobody in particular, in that minute of the episode."""
        party = self._open.get(id)
        if party is not None:
            await self._db.run(
                lambda tx: party_rows.count(tx, party, episode, min(minute, 999), kind)
            )

    async def reactions(self, id: int) -> tuple[tuple[str, int, str, int], ...]:
        """How often what was pressed: episode, minute, kind and count, in that order."""
        return await self._db.run(lambda tx: party_rows.read_reactions(tx, id))

    async def save_event_shown(self, id: int, revision: int, event_id: int | None) -> None:
        """The scheduled event stands as that revision of the party has it; None: there is none."""

        def work(tx: sqlite3.Connection) -> Party | None:
            party = party_rows.read(tx, id)
            if party is None:
                return None
            after = replace(party, event_shown=revision, event_id=event_id)
            party_rows.write(tx, after)
            return after

        await self._db.run(work, lambda party: self._keep(party) if party else self._drop(id))

    async def of(self, user_id: int) -> tuple[tuple[Party, Guest | None], ...]:
        """The parties that somebody planned or answered, with what they answered."""
        return await self._db.run(lambda tx: party_rows.read_of(tx, user_id))

    def erasure(self, *, now: int) -> Erasure[tuple[list[Party], int]]:
        """Forget that a member planned, agreed, answered or voted.

        The result is the parties that are not over and so say something else from now on, and how
        many rows tell no more of the member.
        """

        def work(tx: sqlite3.Connection, user_id: int) -> tuple[list[Party], int]:
            theirs = [party for party, _ in party_rows.read_of(tx, user_id)]
            rows = party_rows.forget(tx, user_id)
            left = [_touched(tx, it.without(user_id), now) for it in theirs if not it.is_over]
            return left, rows

        def then(user_id: int, done: tuple[list[Party], int]) -> None:
            for party in done[0]:
                self._keep(party)
                self._keep_guest(party.id, user_id, None)
                self._votes.get(party.id, {}).pop(user_id, None)
            self._parting = {id: it.without(user_id) for id, it in self._parting.items()}

        columns = ("party.host_id", "party.agreed_by", "guest.user_id", "vote.user_id")
        return Erasure(columns, work, then)

    async def forget_thread(self, guild_id: int, thread_id: int) -> None:
        """The thread of a party that is over is no more."""
        await self._db.run(lambda tx: party_rows.forget_thread(tx, guild_id, thread_id))

    async def prune(self, *, guests_before: int, parties_before: int) -> int:
        """Forget who came to what was over by then, and what was over long ago."""
        return await self._db.run(lambda tx: party_rows.prune(tx, guests_before, parties_before))

    def _keep(self, party: Party) -> None:
        """Hold a party for as long as it is not over, and have told what changed."""
        if self._listener is not None:
            self._listener()
        self._leave_room(party.id)
        if party.is_over:
            self._drop(party.id)
            if party.event_id is not None:
                self._parting[party.id] = party
            return
        self._open[party.id] = party
        if party.is_running:
            for place in filter(None, (party.channel_id, party.thread_id)):
                self._running[place] = party

    def _drop(self, id: int) -> None:
        self._leave_room(id)
        tables = (self._open, self._guests, self._votes, self._proposals, self._parting)
        for table in tables:
            table.pop(id, None)

    def _leave_room(self, id: int) -> None:
        party = self._open.get(id)
        if party is not None:
            for place in filter(None, (party.channel_id, party.thread_id)):
                if (other := self._running.get(place)) is not None and other.id == id:
                    del self._running[place]

    def _keep_guest(self, id: int, user_id: int, guest: Guest | None) -> None:
        if id not in self._open:
            return
        guests = self._guests.setdefault(id, {})
        if guest is None:
            guests.pop(user_id, None)
        else:
            guests[user_id] = guest


def _insert(tx: sqlite3.Connection, party: Party, proposals: Sequence[ProposedTime]) -> None:
    party_rows.write(tx, party)
    party_rows.write_proposals(tx, party, proposals)
    _announce(tx, party, party.created_at)


def _moved(tx: sqlite3.Connection, party: Party, step: Callable[[Guest], Guest]) -> list[Guest]:
    """Those present, after that step of each."""
    guests = party_rows.read_guests(tx, party.id).values()
    moved = [step(guest) for guest in guests if guest.is_present]
    for guest in moved:
        party_rows.write_guest(tx, party, guest.user_id, guest)
    return moved


def _touched(tx: sqlite3.Connection, party: Party, now: int) -> Party:
    """Its cards show something else from now on."""
    after = replace(party, revision=party.revision + 1)
    party_rows.write(tx, after)
    _announce(tx, after, now)
    return after


def _announce(tx: sqlite3.Connection, party: Party, now: int) -> None:
    """Add what has to be posted, and have what stands say how it is, or how once it is playing."""
    playing_at = party.clock.since if party.clock and party.clock.since else now
    for post in posts_of(party, now):
        add(tx, post, now)
    # Also those of another beginning: they say that it was moved.
    revise_all(tx, PARTY_TOPIC, f"{party.id}/", party.revision, max(playing_at, now))
