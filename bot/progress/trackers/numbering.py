"""Numbering: which of our episodes a file's are, and where it counts otherwise than we do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from bot.progress.trackers.our_episodes import OurEpisodes, Titles
from bot.progress.trackers.record import Entry, Said
from bot.progress.trackers.recut import recut
from data.points import SPECIALS, Order

WATCHED = frozenset({Said.WATCHED})


@dataclass(frozen=True, slots=True)
class Conflict:
    """A season that a file counts otherwise: the highest number there, and the one here.

    Where no season is known, they are numbers of all episodes.
    """

    season: int
    theirs: int
    ours: int
    is_of_show: bool = False


@dataclass(slots=True)
class Paired:
    """The ids of our episodes that were watched, and what could not be paired."""

    seen: set[str] = field(default_factory=set[str])
    conflicts: list[Conflict] = field(default_factory=list[Conflict])
    specials: int = 0  # watched ones that are none of ours for sure
    untold: int = 0  # episodes with a title that none of ours has


def pair(
    order: Order,
    titles: Titles,
    entries: Mapping[Entry, Said],
    *,
    total: int | None = None,
    counts: Collection[Said] = WATCHED,
) -> Paired:
    """Pair what a file says was watched with our episodes; never by a number that may differ.

    `total` is how many episodes the file says the show has; `counts` is what counts as watched.
    """
    pairing = _Pairing(OurEpisodes(order, titles), total)
    seasons = defaultdict[int, list[Entry]](list)
    marks = list[Entry]()
    seen = {entry for entry, said in entries.items() if said in counts}
    for entry, said in entries.items():
        if entry.ours in pairing.ours.slots:
            pairing.result.seen |= {str(entry.ours)} if entry in seen else set()
        elif said is Said.MARK:
            marks.append(entry)
        elif entry.is_special or entry.season == SPECIALS:
            pairing.special(entry, is_seen=entry in seen)
        elif entry.season is None or entry.number is None:
            pairing.titled(entry, is_seen=entry in seen)
        else:
            seasons[entry.season].append(entry)
    for season in sorted(seasons):
        pairing.season(season, seasons[season], [one for one in seasons[season] if one in seen])
    for mark in marks:
        pairing.mark(mark, is_agreed=mark in seen)
    return pairing.finish()


class _Pairing:
    def __init__(self, ours: OurEpisodes, total: int | None) -> None:
        self.ours = ours
        self.result = Paired()
        self._total = total or 0
        self._titles_agree = self._days_agree = False  # whether some of the file's are ours
        self._otherwise = set[int]()  # seasons that the file counts otherwise
        self._marked = 0  # how many of our episodes come before the furthest mark, or are it

    def finish(self) -> Paired:
        marked = list(self.ours.slots.values())[: self._marked]
        self.result.seen |= {slot.id for slot in marked if slot.season != SPECIALS}
        return self.result

    def mark(self, entry: Entry, *, is_agreed: bool) -> None:
        """The last episode watched: with its owner's word all regular ones through it."""
        season, number = entry.season or 0, entry.number or 0
        own = self.ours.seasons.get(season, {})
        is_other = any(one <= season for one in self._otherwise)
        if own and (number > max(own) or is_other):
            self.result.conflicts.append(Conflict(season, number, max(own)))
        elif own and number in own and season != SPECIALS and is_agreed:
            self._marked = max(self._marked, self.ours.place(own[number].id) + 1)

    def special(self, entry: Entry, *, is_seen: bool) -> None:
        """A special is ours by title and date together; its number means nothing."""
        slots = [self.ours.slots[id] for id in self.ours.called(entry, season=SPECIALS)]
        same = [
            slot.id
            for slot in slots
            if slot.season == SPECIALS and slot.aired and slot.aired == entry.aired
        ]
        if is_seen and len(same) == 1:
            self.result.seen.add(same[0])
        elif is_seen:
            self.result.specials += 1

    def titled(self, entry: Entry, *, is_seen: bool) -> None:
        """An episode that only its title names."""
        ids = self.ours.called(entry)
        is_other = entry.is_limited and self.ours.has_seasons
        if len(ids) == 1 and not is_other:
            self.result.seen |= {ids[0]} if is_seen else set()
        else:
            self.result.untold += 1

    def _strange_at_the_end(self, entries: Sequence[Entry]) -> set[Entry]:
        """Those behind the last one that surely is ours, whose titles or days are none of ours.

        Where others agree, such an episode may be a second part, and nothing after it denies that.
        """
        sure = [
            entry for entry in entries if self.ours.is_titled(entry) or self.ours.is_dated(entry)
        ]
        last = max((entry.number or 0 for entry in sure), default=0)
        return {one for one in entries if (one.number or 0) > last and self._is_strange(one)}

    def _is_strange(self, entry: Entry) -> bool:
        is_other = self._titles_agree and self.ours.has_other_title(entry)
        return is_other or (self._days_agree and self.ours.has_other_day(entry))

    def season(self, season: int, entries: Sequence[Entry], seen: Sequence[Entry]) -> None:
        """All that a file says of one season."""
        own = self.ours.seasons.get(season, {})
        if not own:
            return
        self._titles_agree |= any(map(self.ours.is_titled, entries))
        self._days_agree |= any(map(self.ours.is_dated, entries))
        agreeing = {entry: self.ours.agrees(entry, own) for entry in entries}
        is_other = (
            False in agreeing.values()
            or any(entry.number not in own for entry in entries)
            or len(self.ours.shifts(entries)) > 1
        )
        if is_other:
            self._otherwise.add(season)
        # Where one season is counted otherwise, the numbers of later ones prove nothing either.
        is_longer = self._total > self.ours.regular
        is_doubtful = bool(self.result.conflicts) or is_longer
        if not is_other and (not is_doubtful or all(agreeing[entry] for entry in seen)):
            strange = self._strange_at_the_end(entries)
            self.result.seen |= {own[one.number or 0].id for one in seen if one not in strange}
            self.result.untold += sum(one in strange for one in seen)
            return
        found = recut(self.ours, season, entries, seen)
        self.result.seen |= found or set()
        if found is None:
            theirs = max(entry.number or 0 for entry in entries)
            conflict = Conflict(season, theirs, max(own))
            if theirs <= max(own) and is_longer:
                conflict = Conflict(season, self._total, self.ours.regular, is_of_show=True)
            self.result.conflicts.append(conflict)
