"""The store of watch parties; each change and its announcements are one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Self

from data.outbox import add, revise_all
from data.parties import rows as party_rows
from data.parties.clock import PartyClock
from data.parties.party import COMING, PARTY_TOPIC, Guest, Party, ProposedTime, posts_of
from data.parties.reactions import ReactionCounts
from data.storage.database import Database
from data.storage.erasure import Erasure
from data.storage.trusted_time import TrustedTime

EMPTY_GUEST_LIST: Mapping[int, Guest] = {}

# Returns the changed party, or None if the change is no longer possible.
PartyStep = Callable[[Party], Party | None]


class Parties:
    """All parties; those that are not over are also kept in memory, which every write updates.

    Each change adds the rows of its announcements in the same transaction. Moments are in UTC epoch
    seconds.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self.reaction_counts = ReactionCounts(db)
        self._listener: Callable[[], None] | None = None
        self._open = dict[int, Party]()
        self._guests = dict[int, dict[int, Guest]]()
        self._votes = dict[int, dict[int, int]]()
        self._proposals = dict[int, tuple[ProposedTime, ...]]()
        self._running = dict[int, Party]()  # by the ids of their rooms and of their threads
        self._parting = dict[int, Party]()  # over, but may still have a scheduled event

    @classmethod
    async def open(cls, db: Database) -> Self:
        parties = cls(db)
        await db.run(party_rows.read_all, parties._take)
        return parties

    def listen(self, listener: Callable[[], None] | None) -> None:
        """Sets what is called after each change of a party; None: nothing."""
        self._listener = listener

    def _take(self, stored: party_rows.StoredParties) -> None:
        for party in stored.open:
            self._keep(party)
        self._guests, self._votes = stored.guests, stored.votes
        self._proposals = stored.proposals
        self._parting = {party.id: party for party in stored.parting}

    def get(self, id: int) -> Party | None:
        """A party from memory; None if there is none, or it is over."""
        return self._open.get(id)

    def every(self) -> tuple[Party, ...]:
        """All parties that are not over."""
        return tuple(self._open.values())

    def with_outdated_events(self) -> tuple[Party, ...]:
        """Parties whose scheduled events are not up to date, including parties that are over."""
        behind = (party for party in self._open.values() if party.event_shown < party.revision)
        return (*self._parting.values(), *behind)

    def list(self, guild_id: int) -> tuple[Party, ...]:
        """The parties of a server that are not over, the soonest first."""
        mine = (party for party in self._open.values() if party.guild_id == guild_id)
        return tuple(sorted(mine, key=lambda party: (party.starts_at or 0, party.id)))

    def running_in(self, channel_id: int) -> Party | None:
        """The party that is running in this channel, which is its room or its thread."""
        return self._running.get(channel_id)

    def guests(self, id: int) -> Mapping[int, Guest]:
        """Everybody who answered, by their ids, including those who ask the host."""
        return self._guests.get(id, EMPTY_GUEST_LIST)

    def coming(self, id: int) -> tuple[Guest, ...]:
        return tuple(guest for guest in self.guests(id).values() if guest.answer == COMING)

    def present(self, id: int) -> tuple[Guest, ...]:
        return tuple(guest for guest in self.guests(id).values() if guest.is_present)

    def proposals(self, id: int) -> tuple[ProposedTime, ...]:
        """The times that members vote on; empty if the party was planned with one time."""
        return self._proposals.get(id, ())

    def proposal(self, id: int, place: int) -> ProposedTime | None:
        return next((one for one in self.proposals(id) if one.place == place), None)

    def votes(self, id: int) -> Mapping[int, int]:
        """The place of the proposed time for which each member voted, by the member's id."""
        return self._votes.get(id, {})

    async def find(self, id: int) -> Party | None:
        """A party from the database, even if it is over; None if there is none."""
        return await self._db.run(lambda tx: party_rows.read(tx, id))

    async def guest(self, id: int, user_id: int) -> Guest | None:
        """The answer of a member, even if the party is over; None if none is stored."""
        return await self._db.run(lambda tx: party_rows.read_guest(tx, id, user_id))

    async def threads(self, guild_id: int) -> tuple[Party, ...]:
        """The parties of a server that have a thread, the last planned first."""
        return await self._db.run(lambda tx: party_rows.read_threads(tx, guild_id))

    async def plan(
        self, party: Party, proposals: Sequence[ProposedTime] = (), guests: Sequence[Guest] = ()
    ) -> Party:
        """Stores a new party and its first guests, and adds its card to the outbox."""

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
        """Changes a party by `step`; returns the changed party, or None if that is not possible.

        `step` runs in the database's thread, so it must not read the clock. `following` is the next
        party of a weekly one; it is stored in the same transaction. `guests` changes every guest
        who is present.
        """

        def work(tx: sqlite3.Connection) -> tuple[list[Party], list[Guest]] | None:
            before = party_rows.read(tx, id)
            if before is None:  # its server is gone
                return None
            after = step(before)
            if after is None or (after.is_running and party_rows.is_room_taken(tx, after)):
                return [], []
            changed = replace(after, revision=before.revision + 1)
            party_rows.write(tx, changed)
            _announce(tx, changed, now)
            if following is not None:
                _insert(tx, following, ())
            moved = _moved(tx, changed, guests) if guests else []
            return [changed, *filter(None, [following])], moved

        def then(done: tuple[list[Party], list[Guest]] | None) -> None:
            if done is None:
                self._drop(id)
            parties, moved = done or ([], [])
            for party in parties:
                self._keep(party)
            for guest in moved:
                self._keep_guest(id, guest.user_id, guest)

        done = await self._db.run(work, then)
        return done[0][0] if done and done[0] else None

    async def answer(
        self,
        id: int,
        user_id: int,
        step: Callable[[Guest], Guest | None],
        *,
        now: int,
        seen: PartyClock | None = None,
    ) -> Guest | None:
        """Stores a member's answer; returns it, or None if the party is over.

        `step` is given the member's earlier answer (or a new guest who is not present), and returns
        None if the member leaves. `seen` is the clock that the member saw when they pressed: if it
        has jumped ahead since, they are behind by that much.
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
        """Stores a member's only vote, the last one counts; False if there is no such vote now."""

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
        """Counts a reaction in a minute of an episode, without the member who pressed it."""
        if id in self._open:
            self.reaction_counts.add(id, episode, minute, kind)

    async def reactions(self, id: int) -> tuple[tuple[str, int, str, int], ...]:
        """The reactions as rows of episode, minute, kind and count, in that order."""
        return await self.reaction_counts.read(id)

    async def save_event_shown(self, id: int, revision: int, event_id: int | None) -> None:
        """Stores which revision the scheduled event shows, and its id (None: no event)."""

        def work(tx: sqlite3.Connection) -> Party | None:
            party = party_rows.read(tx, id)
            if party is None:
                return None
            after = replace(party, event_shown=revision, event_id=event_id)
            party_rows.write(tx, after)
            return after

        await self._db.run(work, lambda party: self._keep(party) if party else self._drop(id))

    async def of(self, user_id: int) -> tuple[tuple[Party, Guest | None], ...]:
        """The parties that a member planned, agreed to, answered or voted on, with their answer."""
        return await self._db.run(lambda tx: party_rows.read_of(tx, user_id))

    def erasure(self, *, now: int) -> Erasure[tuple[list[Party], int]]:
        """Erases that a member planned, agreed to, answered or voted on parties.

        The result is the parties that changed and are not over, and the number of erased or changed
        rows.
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
        """Removes a deleted thread from a party that is over."""
        await self._db.run(lambda tx: party_rows.forget_thread(tx, guild_id, thread_id))

    async def prune(self, *, guests_before: TrustedTime, parties_before: TrustedTime) -> int:
        """Erases guests and votes, and whole parties, of parties that ended before the moments."""
        return await self._db.run(lambda tx: party_rows.prune(tx, guests_before, parties_before))

    def _keep(self, party: Party) -> None:
        """Keeps a party in memory while it is not over, and tells the listener."""
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
    """Changes each guest who is present by `step`, and returns them."""
    guests = party_rows.read_guests(tx, party.id).values()
    moved = [step(guest) for guest in guests if guest.is_present]
    for guest in moved:
        party_rows.write_guest(tx, party, guest.user_id, guest)
    return moved


def _touched(tx: sqlite3.Connection, party: Party, now: int) -> Party:
    """Stores a new revision, so that the cards of the party are updated."""
    after = replace(party, revision=party.revision + 1)
    party_rows.write(tx, after)
    _announce(tx, after, now)
    return after


def _announce(tx: sqlite3.Connection, party: Party, now: int) -> None:
    """Adds new posts to the outbox and has existing ones edited, after a running countdown."""
    playing_at = party.clock.since if party.clock and party.clock.since else now
    for post in posts_of(party, now):
        add(tx, post, now)
    # Posts for an earlier start are updated too: they say that the party was moved.
    revise_all(tx, PARTY_TOPIC, f"{party.id}/", party.revision, max(playing_at, now))
