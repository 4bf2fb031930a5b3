"""Shows: which of ours a file means, by ids, else by title and year; never by a guess."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.progress.trackers.record import OURS, Ids, Work
from data.story.show import Show
from data.story.titles import fold_title

MOST_OF_A_TITLE = 50  # shows of one title in a file; more are no honest file, and take long

_DATED = re.compile(r"(.+?)\s*\(([0-9]{4})\)")
_FROM = re.compile(r".+?\s*\(([A-Za-z]{2,3})\)")
_MARKED = re.compile(r"(.+?)\s*\((?:[A-Za-z]{2,3}|[0-9]{4})\)")


@dataclass(slots=True)
class Matches:
    """`unclear`: titles of ours that may be another show; `absent`: shows that are not here."""

    found: dict[Work, Show] = field(default_factory=dict[Work, Show])
    unclear: list[Work] = field(default_factory=list[Work])
    absent: list[Work] = field(default_factory=list[Work])
    cours: list[Work] = field(default_factory=list[Work])


def ids_of(show: Show) -> Mapping[str, str]:
    """A show's ids by catalogue, as files call those."""
    named = {"tvdb" if kind == "thetvdb" else kind: id for kind, id in show.ids.items()}
    return named | {OURS: show.slug}


class Shows:
    """The shows that a member has here, by what files call them."""

    def __init__(self, shows: Iterable[Show]) -> None:
        self._ids = defaultdict[tuple[str, str], dict[str, Show]](dict)
        self._titled = dict[str, dict[str, Show]]()
        self._bare = dict[str, dict[str, Show]]()
        for show in shows:
            for id in ids_of(show).items():
                self._ids[id][show.slug] = show
            for title in (show.title, *show.aliases):
                self._titled.setdefault(fold_title(title), {})[show.slug] = show
                self._bare.setdefault(fold_title(_bare(title)), {})[show.slug] = show

    def has_titled(self, title: str) -> bool:
        """Whether some show has this title, with or without its year or country."""
        return bool(fold_title(title)) and fold_title(_bare(title)) in self._bare

    def match(self, works: Sequence[Work]) -> Matches:
        """Which of ours each is. Of several that a file tells apart, none is taken for another."""
        matches, by_title = Matches(), list[tuple[Work, Show]]()
        for work in works:
            identified = self._identified(work)
            if work.is_cour:
                matches.cours.append(work)
            elif len(identified) == 1:
                matches.found[work] = identified[0]
            else:
                self._match_by_title(work, matches, by_title)
        titled = defaultdict[str, list[Work]](list)
        for work in works:
            titled[fold_title(_bare(work.title))].append(work)
        for work, show in by_title:
            others = titled[fold_title(_bare(work.title))]
            if len(others) > MOST_OF_A_TITLE or any(_is_namesake(work, one) for one in others):
                matches.unclear.append(work)
            else:
                matches.found[work] = show
        return matches

    def _identified(self, work: Work) -> list[Show]:
        """Shows that have an id of it, and differ in none."""
        shows = {slug: show for id in work.ids for slug, show in self._ids.get(id, {}).items()}
        return [show for show in shows.values() if _is_same(work, show, ids_of(show))]

    def _match_by_title(
        self, work: Work, matches: Matches, by_title: list[tuple[Work, Show]]
    ) -> None:
        exact = self._titled.get(fold_title(work.title), {}) if fold_title(work.title) else {}
        titled = self._candidates(work, exact).values()
        possible = [show for show in titled if not _differ(work.ids, ids_of(show))]
        year = _year(work)
        fitting = [show for show in possible if _is_of(show, year)]
        # Without a year only the very title counts, and only if no other show may be meant.
        is_sure = year is not None or (len(possible) == 1 and possible[0].slug in exact)
        if not possible:
            matches.absent.append(work)
        elif len(fitting) == 1 and is_sure:
            by_title.append((work, fitting[0]))
        else:
            matches.unclear.append(work)

    def _candidates(self, work: Work, exact: Mapping[str, Show]) -> Mapping[str, Show]:
        """Shows that may be meant: of that title, with or without what stands in brackets."""
        country = _country(work.title)
        if exact and country:
            return exact
        bare = self._bare.get(fold_title(_bare(work.title)) or "-", {})
        possible = {slug: show for slug, show in bare.items() if _can_be_from(show, country)}
        return {**possible, **exact}


def _bare(title: str) -> str:
    found = _MARKED.fullmatch(title)
    return found[1] if found else title


def _country(title: str) -> str:
    found = _FROM.fullmatch(title)
    return found[1].casefold() if found else ""


def _can_be_from(show: Show, country: str) -> bool:
    """Whether no title of a show names another country than this."""
    named = {_country(title) for title in (show.title, *show.aliases)} - {""}
    return not country or not named or country in named


def _year(work: Work) -> int | None:
    dated = _DATED.fullmatch(work.title)
    return work.year or (int(dated[2]) if dated else None)


def _is_of(show: Show, year: int | None) -> bool:
    return year is None or (show.premiered is not None and show.premiered.year == year)


def _is_same(work: Work, show: Show, ids: Mapping[str, str]) -> bool:
    """Whether ids say so: all kinds that both sides have must agree."""
    named = dict(work.ids)
    if named.get(OURS) == show.slug:
        return fold_title(work.title) == fold_title(show.title)
    shared = [kind for kind in named if kind in ids and kind != OURS]
    return bool(shared) and all(named[kind] == ids[kind] for kind in shared)


def _differ(ids: Ids, others: Mapping[str, str]) -> bool:
    return any(kind != OURS and others.get(kind, id) != id for kind, id in ids)


def _is_namesake(work: Work, other: Work) -> bool:
    """Whether two of a file's shows have one title and are told apart by something else."""
    if fold_title(_bare(work.title)) != fold_title(_bare(other.title)):
        return False
    return (
        _year(work) != _year(other)
        or _differ(work.ids, dict(other.ids))
        or (fold_title(work.title) != fold_title(other.title))
    )
