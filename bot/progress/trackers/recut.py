"""Recut seasons: which of our episodes were watched where a file counts a season otherwise."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from bot.progress.trackers.our_episodes import OurEpisodes
from bot.progress.trackers.record import Entry


def recut(
    ours: OurEpisodes, season: int, entries: Sequence[Entry], seen: Collection[Entry]
) -> set[str] | None:
    """Our episodes that were watched, by titles and air dates; None where not all can be paired.

    Two episodes of the file that are one of ours count only together.
    """
    listed = sorted(entries, key=lambda entry: entry.number or 0)
    titled = {entry: _titled(ours, season, entry) for entry in listed}
    pairs = {entry: titled[entry] or ours.on(entry.aired) for entry in listed}
    if any(pairs[entry] is None for entry in seen):
        return None
    if not all(titled[entry] for entry in seen):
        return _dated(ours, season, pairs, seen)
    missing = [entry for entry in listed if entry not in seen]
    unseen = {id for entry in missing for id in (pairs[entry], *ours.wholes(entry))}
    return {id for entry in seen if (id := pairs[entry]) is not None} - unseen


def _titled(ours: OurEpisodes, season: int, entry: Entry) -> str | None:
    ids = ours.called(entry, season=season)
    return ids[0] if len(ids) == 1 else None


def _dated(
    ours: OurEpisodes, season: int, pairs: Mapping[Entry, str | None], seen: Collection[Entry]
) -> set[str] | None:
    """By dates: from the first of both, in order, without a gap, up to the last but one.

    The last one, and the one before a gap, may go on in an episode of the same day that the file
    does not list.
    """
    own = ours.seasons[season]
    places = [ours.place(id) for id in pairs.values() if id is not None]
    first = next(iter(pairs.values()), None)
    if places != sorted(places) or first != own[min(own)].id:
        return None
    found, last = set[str](), None
    for expected, (entry, id) in enumerate(pairs.items(), start=1):
        if id is None or entry.number != expected:
            break
        last = id
        if entry not in seen:
            break
        found.add(id)
    return found - {last}
