"""Brought: members whom files of other services brought somewhere, and how far those files go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.clock import now
from bot.lookups.answer import LookupButton
from bot.spoilers.posts import post_new
from bot.spoilers.reveal import Reveal
from bot.ui.custom_ids import decode, encode
from data.points import Point
from data.progress import Mark
from data.spoilers.store import SPOILER, Content, Stub
from tests.leak.commands import Command
from tests.leak.controls import BUTTON, Control, controls_in
from tests.leak.judge import NOTHING, Judge, Lawful, Readers
from tests.leak.planted import Planted, Room
from tests.leak.show import PREMISE, Marked, Rank, marked
from tests.leak.sweep import NOW, Sweep
from tests.leak.walk import SHOW, Walk
from tests.leak.wire import Sent
from tests.support.answers import labels, options
from tests.support.presses import choose, press
from tests.support.tracker_files import attach, last
from tests.support.world import World

Limits = Mapping[str, Rank]  # by show; those that are not in it end with the premise

AGREE = "Yes"  # how the label of the button begins
INBOX = "inbox"
PROGRESS = "progress"  # what is given with it is the member's own word, and no look-up
LOOKUPS = ("recap", "character", "rooms", PROGRESS, "shows", INBOX)
HIDDEN = 2  # names from beyond the limit that are typed


def catalogue(shows: Iterable[Any]) -> list[Marked]:
    """The shows that recorded files are of, by the titles, dates and ids that files know."""
    return [_catalogued(show) for show in shows]


def _catalogued(listed: Any) -> Marked:
    show = marked(listed["slug"], [one["n"] for one in listed["episodes"]])
    show.title = listed["title"]
    ids = listed["ids"]
    show.pack["show"] |= {
        "title": listed["title"],
        "aliases": listed["aliases"],
        "premiered": f"{listed['premiered']}-01-01",
        "tvmaze": ids["tvmaze"],
        "tmdb": ids["tmdb"],
        "thetvdb": ids["tvdb"],
        "imdb": ids["imdb"],
    }
    # Files name episodes by their own titles, so that these are what must not be told too soon.
    show.titles = {one["title"]: show.rank(one["n"]) for one in listed["episodes"]}
    for table, one in zip(show.pack["episode"], listed["episodes"], strict=True):
        table |= {"title": one["title"], "title_known": one["n"], "aired": one["aired"]}
    return show


class Brought(Sweep):
    """A sweep judged by what a file proves, not by where the bot thinks that somebody is."""

    def __init__(self, world: World, shows: Sequence[Marked]) -> None:
        super().__init__(world, shows[0])
        self.shows = {show.slug: show for show in shows}
        self.judges = {show.slug: Judge(show) for show in shows}
        self.limits: Limits = {}
        self._marks: tuple[Mark, ...] = ()
        self._stubs = dict[tuple[str, str], Planted]()

    def begin_with(self, member: Any, limits: Limits) -> None:
        """From now on this member alone acts, and may be told no more than this."""
        self.people, self.limits, self._marks = (member,), limits, ()

    def at(self, slug: str) -> str | None:
        """How far the bot thinks that the member is."""
        marks = {mark.show: mark.point for mark in self._marks}
        order = self.world.bot.library.order(slug)
        return order.label(marks[slug]) if slug in marks else None

    async def take_over(self, data: bytes, name: str, who: int = 0) -> int:
        """Attach a file, and say yes to all that is asked, as one of the people in it.

        Returns how many there are.
        """
        (member,) = self.people
        answer = last(await attach(self.world, data, name, by=member))
        people = options(answer)
        if people:
            answer = last(await choose(member, answer, people[who]))
        while found := [label for label in labels(answer) if label.startswith(AGREE)]:
            answer = await press(member, answer, found[0])
        self._marks = self.world.bot.progress.list(member.id)
        self._at[member.id] = self.at(self.show.slug)
        self.note_all(member, self.plain, f"importing {name}", NOTHING)
        return len(people)

    async def turn_to(self, slug: str) -> None:
        """Plant a stub just past the limit, which the member keeps for later."""
        (member,) = self.people
        self.show, self._at[member.id] = self.shows[slug], self.at(slug)
        stub = await self._stub_past(slug)
        self.planted = [stub] if stub else []
        if stub:
            await self.world.bot.stubs.keep(member.id, stub.id, now=now())
        await self.snapshot.take()

    def past(self, slug: str) -> str | None:
        """The episode after the limit; None: there is none."""
        limit = self.limits.get(slug, PREMISE)
        return next((one.label for one in self.shows[slug].ends() if one.rank > limit), None)

    async def _stub_past(self, slug: str) -> Planted | None:
        label = self.past(slug)
        if label is None:
            return None
        if (slug, label) not in self._stubs:
            self._stubs[slug, label] = await self._plant_at(self.shows[slug], label)
        return self._stubs[slug, label]

    async def _plant_at(self, show: Marked, label: str) -> Planted:
        world, place = self.world, show.places[label]
        marker, by = show.marker(place.rank), world.ben.id
        stub = Stub(
            world.guild.id,
            world.channel.id,
            SPOILER,
            by,
            by,
            show.slug,
            Point.from_token(place.token),
        )
        channel: Any = world.bot.get_channel(stub.channel_id)
        stood = await post_new(world.bot, channel, stub, Content(f"so {marker}"))
        assert stood.message_id is not None
        self.snapshot.keep(stub.channel_id, stood.message_id)
        self.note_all(world.ben, self.plain, "planting", NOTHING)
        known = frozenset({marker})
        return Planted(stood.id, SPOILER, stub.channel_id, by, by, place.rank, known)

    # What the sweep asks of whoever acts

    def horizon(self, actor: Any) -> Rank:  # whoever it is, the file decides
        return self.limits.get(self.show.slug, PREMISE)

    def _is_where_it_was(self, member: Any) -> bool:
        return self.world.bot.progress.list(member.id) == self._marks

    async def put(self, member: Any, label: str | None) -> None:  # in all their shows
        for mark in reversed(self._marks):
            await self.world.bot.progress.save(member.id, mark.show, mark.point, now=NOW)
        self._marks = self.world.bot.progress.list(member.id)

    def _faults(self, actor: Any, room: Room, sent: Sent, lawful: Lawful) -> tuple[str, ...]:
        """By the judges of all shows: what is said of one may tell something of another."""
        return tuple(
            fault
            for slug, judge in self.judges.items()
            for fault in (*judge.faults(sent, self._limit(slug), lawful), *self._titled(slug, sent))
        )

    def _limit(self, slug: str) -> Readers:
        limit, show = self.limits.get(slug, PREMISE), self.shows[slug]
        return Readers(limit, PREMISE, show.label(limit), show.label(PREMISE))

    def _titled(self, slug: str, sent: Sent) -> Iterator[str]:
        limit = self.limits.get(slug, PREMISE)
        for title, known in self.shows[slug].titles.items():
            if known > limit and title in sent.text:
                yield f"{title}, known at {known}, was told at {limit}"


class LookingUp(Walk):
    """A member who was brought somewhere, and looks up whatever there is to look up of a show."""

    sweep: Brought

    def __init__(self, sweep: Brought, actor: Any) -> None:
        super().__init__(sweep, actor, sweep.plain)
        self._offered = dict[Control, None]()  # buttons that look up more

    async def look(self, slug: str, *, briefly: bool = False) -> None:
        """Every look-up; `briefly`: as it is, where somebody else has tried it in all ways."""
        await self.sweep.turn_to(slug)
        self._offered.clear()
        for command in self.sweep.commands():
            if command.label in LOOKUPS:
                given = {SHOW: slug} if command.option(SHOW) else {}
                await self.ask(command, **given)
                if not briefly and command.label != PROGRESS:
                    await self._vary(command, given)
        for planted in self.sweep.planted:
            await self.press([Control(encode(Reveal.code, str(planted.id)), BUTTON, private=False)])
        await self.press([] if briefly else [*self._offered])

    async def ask(self, command: Command, **options: Any) -> list[Sent]:
        sent = await super().ask(command, **options)
        for control in controls_in(sent):
            if decode(control.custom_id).code == LookupButton.code:
                self._offered[control] = None
        return sent

    async def _vary(self, command: Command, given: dict[str, Any]) -> None:
        """With the first and the last of what can be given, and with what is hidden."""
        for option in command.options:
            name = option["name"]
            values = await self.sensible(command, option, given) if name != SHOW else ()
            for value in dict.fromkeys([*values[:1], *values[-1:]]):
                await self.ask(command, **given | {name: value})
            for typed in self._hidden() if option.get("autocomplete") and name != SHOW else ():
                await self.offered(command, name, typed[:4], **given)
                await self.ask(command, **given | {name: typed})

    def _hidden(self) -> list[str]:
        """The names that come next."""
        show, limit = self.sweep.show, self.horizon
        names = sorted((known, name) for name, known in show.names.items() if known > limit)
        return [name for _, name in names[:HIDDEN]]
