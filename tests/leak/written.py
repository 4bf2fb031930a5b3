"""Written: what members of a server wrote, of every kind and in every state, each with its word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.ui.custom_ids import encode
from data.contributions.contribution import Contribution, ContributionText, Kind, State
from data.points import Point
from data.rooms.settings import Helper
from tests.leak.controls import BUTTON, Control
from tests.leak.show import NEVER_TOLD, Rank

if TYPE_CHECKING:
    from tests.leak.planted import Room
    from tests.leak.sweep import Sweep

NOW = 1_700_000_000
KINDS: Sequence[Kind] = ("character", "alias", "fact", "recap")
STATES: Sequence[State] = ("approved", "waiting", "refused", "undone")
# Where each is known from, and how far its author was by then.
POINTS = (("S1E1", "S1E1"), ("S1E2", "S1E4"), ("S2E1", "S2E1"))
UNDO = "wu"
DECIDING = ("wa", "wr", "wn", UNDO)  # what the buttons on one certain writing are called


@dataclass(frozen=True, slots=True)
class Written:
    """Something that was written, and the words in it.

    `rank` is where its reviewers, and others who are trusted, must be to read it.
    """

    id: int
    guild_id: int
    state: State
    author_id: int
    rank: Rank
    markers: frozenset[str]


class Writers:
    """Two authors and a reviewer on a server, and what they write of its show."""

    def __init__(self, sweep: Sweep, guild_id: int, *, is_foreign: bool = False) -> None:
        """`is_foreign`: those who are swept are elsewhere, and may be told none of it."""
        self._sweep, self._guild_id, self._is_foreign = sweep, guild_id, is_foreign
        world = sweep.world
        self._authors = world.ben, world.mod
        self.names = list[str]()

    async def trust(self, *members: Any) -> None:
        for member in members:
            helper = Helper(member.id, is_role=False)
            await self._sweep.world.bot.rooms.add_helper(self._guild_id, helper)
        await self._sweep.snapshot.take()

    async def write(self, states: Sequence[State] = STATES) -> None:
        """Something of every kind in each of these states, known from point to point."""
        number = 0
        for known, author_at in POINTS:
            for kind in KINDS:
                for state in states:
                    author = self._authors[number % len(self._authors)]
                    await self.one(kind, state, author.id, known, author_at)
                    number += 1

    async def one(self, kind: Kind, state: State, author: int, known: str, at: str) -> Written:
        sweep, contributions = self._sweep, self._sweep.world.bot.contributions
        rank, least = self._ranks(state, known, at)
        words = self._words(kind, rank)
        place, place_then = (sweep.show.places[label].token for label in (known, at))
        contribution = await contributions.save(
            Contribution(
                self._guild_id,
                sweep.show.slug,
                kind,
                self._subject(kind, known),
                Point.from_token(place),
                author,
                Point.from_token(place_then),
            ),
            words,
            NOW,
        )
        if state != "waiting":
            await contributions.decide(contribution.id, state != "refused", sweep.world.ann.id, NOW)
        if state == "undone":
            await contributions.undo(contribution.id, author, NOW)
        markers = frozenset(sweep.judge.markers(f"{words.name} {words.text}"))
        written = Written(contribution.id, self._guild_id, state, author, least, markers)
        sweep.written.append(written)
        await sweep.snapshot.take()
        return written

    def _ranks(self, state: State, known: str, at: str) -> tuple[Rank, Rank]:
        """From where on it is told to everybody, and from where on to those who are trusted."""
        show = self._sweep.show
        is_told = state == "approved" and not self._is_foreign
        rank = show.rank(known)
        return rank if is_told else NEVER_TOLD, max(rank, show.rank(at))

    def _subject(self, kind: Kind, known: str) -> str | None:
        """Whoever is known from the premise on, or the episode."""
        show = self._sweep.show
        if kind == "recap":
            return show.places[known].token
        return None if kind == "character" else self._sweep.somebody

    def _words(self, kind: Kind, rank: Rank) -> ContributionText:
        show = self._sweep.show
        text = f"|| it was {show.marker(rank)} || then"
        if kind not in {"character", "alias"}:
            return ContributionText(text=text)
        name = show.marker(rank).capitalize()
        self.names.append(name)
        if not self._is_foreign:
            show.names[name] = rank
        return ContributionText(name=name, text=text if kind == "character" else "")


def buttons(written: Sequence[Written]) -> Iterator[tuple[str, Written, Control]]:
    """Everything that can be pressed on each of these."""
    for name in DECIDING:
        for one in written:
            yield name, one, Control(encode(name, str(one.id)), BUTTON)


def may_read(sweep: Sweep, actor: Any, room: Room, one: Written) -> bool:
    """Whether a member may be told of it privately, once they are there, though others may not."""
    guild_id = sweep.guild_of(room)
    is_trusted = guild_id == one.guild_id and sweep.is_trusted(actor, guild_id)
    return is_trusted or one.author_id == actor.id


def entrusted(sweep: Sweep, actor: Any, room: Room) -> Iterator[tuple[str, Rank]]:
    """The words of all that, and from where on; those which everybody is told sooner are not."""
    for one in sweep.written:
        if may_read(sweep, actor, room, one):
            for marker in one.markers:
                if one.rank < sweep.show.known[marker]:
                    yield marker, one.rank
