"""Confirmation: when a change in what a source lists of a show's seasons becomes news."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from data.catalog.listing import ListedSeason, Listing, Stage
from data.news_kinds import (
    ABOUT_SHOW,
    BY_STAGE,
    COMING,
    DATED,
    LISTED,
    OUT,
    OVER,
    RELEASED,
    RENEWED,
    REVIVED,
    UNDECIDED,
    Kinds,
    NewsKind,
)
from data.points import DAY, SPECIALS, day_of

FIRST_SEASON_BY_YEAR = 1900  # seasons from here on are named by years, and years may be left out

# Claims about a season to come: once that season is out, its release is the next claim.
AWAITED: Kinds = LISTED - OUT - OVER
SEASON_TO_COME: Kinds = (LISTED & COMING) - ABOUT_SHOW


@dataclass(frozen=True, slots=True)
class Claim:
    """What a listing says about the next season; `season` is None where it is about the show.

    `day` is the day a season is to begin, of what is dated or revived.
    """

    kind: NewsKind
    season: int | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a source is confirmed to say of a show, and what it has said since that differs.

    `first_on` is the day on which the confirmed claim was first seen, `is_told` whether it became
    news. `since` is when `waiting` was first seen, in UTC epoch seconds.
    """

    confirmed: Claim | None = None
    first_on: date | None = None
    is_told: bool = False
    waiting: Claim | None = None
    since: int | None = None


NOTHING_SEEN = Confirmation()
_OVER: Mapping[str | None, Claim] = MappingProxyType(
    {stage: Claim(kind.name) for stage, kind in BY_STAGE.items() if kind.name in OVER}
)


def observe(
    confirmation: Confirmation, listing: Listing, now: int
) -> tuple[Confirmation, Claim | None]:
    """The confirmation after one look at a listing, and the claim that became news, if any."""
    today = day_of(now)
    confirmation, confirmed = step(
        confirmation, claim_of(listing, today, confirmation.confirmed), now
    )
    if confirmed is not None:
        # The day of waiting for the next claim begins with this look.
        confirmation, _ = step(confirmation, claim_of(listing, today, confirmation.confirmed), now)
    return confirmation, confirmed


def claim_of(listing: Listing, today: date, confirmed: Claim | None = None) -> Claim | None:
    """What a listing claims, after the claim that was `confirmed` before; None if nothing.

    A season that is listed and not out is the signal, not the status. Only the next one counts:
    sources list seasons years ahead. Of a show that is over it counts if it has a day: then it is
    the last one, still to be shown.
    """
    seasons = sorted((s for s in listing.seasons if s.number > SPECIALS), key=lambda s: s.number)
    last = max((s.number for s in seasons if _is_out(s, today)), default=0)
    if listing.stage == "planned":
        return None
    if _is_awaited(confirmed, last):
        return Claim(RELEASED, last)
    coming = _next(seasons, last)
    if coming is not None and coming.premiere is not None:
        return Claim(DATED, coming.number, coming.premiere)
    if (over := _OVER.get(listing.stage)) is not None or last == 0:
        return over
    return Claim(RENEWED, coming.number) if coming else _unlisted(listing.stage, last, confirmed)


def step(
    confirmation: Confirmation, claim: Claim | None, now: int
) -> tuple[Confirmation, Claim | None]:
    """The confirmation after one look that saw `claim`, and the claim if this look made it news.

    A claim is confirmed by two looks, a day or more apart, with nothing else seen between them.
    The first ever is what later ones are compared to, and no news. `now` is in UTC epoch seconds;
    a clock that was ahead at the first look makes the wait start again.
    """
    seen = _after(confirmation.confirmed, claim)
    if seen is None or seen == confirmation.confirmed:
        return replace(confirmation, waiting=None, since=None), None
    if seen != confirmation.waiting or confirmation.since is None or confirmation.since > now:
        return replace(confirmation, waiting=seen, since=now), None
    if now - confirmation.since < DAY:
        return confirmation, None
    is_base = confirmation.confirmed is None
    stays = confirmation.is_told and _is_correction(confirmation.confirmed, seen)
    first_on = confirmation.first_on if stays else day_of(confirmation.since)
    return Confirmation(seen, first_on, not is_base), None if is_base else seen


def _is_out(season: ListedSeason, today: date) -> bool:
    begun = season.premiere or season.end
    return begun is not None and begun <= today


def _is_awaited(confirmed: Claim | None, last: int) -> bool:
    """Whether what was confirmed is about a season that is out by now."""
    if confirmed is None or confirmed.season is None or confirmed.kind not in AWAITED:
        return False
    return confirmed.season <= last


def _next(seasons: Sequence[ListedSeason], last: int) -> ListedSeason | None:
    """The listed season that follows the last one out; none where one between is missing."""
    coming = next((season for season in seasons if season.number > last), None)
    if coming is None:
        return None
    by_years = coming.number >= FIRST_SEASON_BY_YEAR and (last == 0 or last >= FIRST_SEASON_BY_YEAR)
    return coming if by_years or coming.number == last + 1 else None


def _unlisted(stage: Stage | None, last: int, confirmed: Claim | None) -> Claim | None:
    """The claim about a show that is not over and lists no season to come.

    If a season was to come before, or the show was over, the next season is now undecided.
    """
    if stage is None:
        return None
    before = confirmed or Claim(RELEASED, last)
    if before.kind == RELEASED:
        last = max(last, before.season or 0)
        return Claim(UNDECIDED, last + 1) if _is_undecided(stage) else Claim(RELEASED, last)
    return Claim(UNDECIDED, max(last + 1, before.season or 0))


def _is_undecided(stage: Stage) -> bool:
    return stage in BY_STAGE and BY_STAGE[stage].name == UNDECIDED


def _after(confirmed: Claim | None, claim: Claim | None) -> Claim | None:
    """A season of a show that was over is a revival, and stays one when its day is moved."""
    if confirmed is None or claim is None or claim.kind not in SEASON_TO_COME:
        return claim
    is_dated_alike = (confirmed.day is None) == (claim.day is None)
    is_that = confirmed.kind == REVIVED and confirmed.season == claim.season and is_dated_alike
    return replace(claim, kind=REVIVED) if is_that or confirmed.kind in OVER else claim


def _is_correction(confirmed: Claim | None, claim: Claim) -> bool:
    """Whether it only moves the day of what was confirmed."""
    return confirmed is not None and replace(confirmed, day=None) == replace(claim, day=None)
