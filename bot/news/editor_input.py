"""Editor input: makes news from an editor's choices, without any word that they typed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from bot.news.headlines import headline_of
from bot.ui.errors import UserError
from bot.ui.text import say
from data.citations import Citation
from data.news.status import News
from data.news_kinds import BY_NAME, CONFIDENCES, Confidence
from data.packs.fields import URL_PATTERN

if TYPE_CHECKING:
    from data.news.store import NewsStore
    from data.news_kinds import NewsKind


NOT_OFFERED = "Choose one of those that I offer in `{option}:`."
NOT_A_LINK = (
    "I need the address of a page, like `https://example.com/news`: on the web, without a name "
    "or password in it, and no longer than {longest} characters."
)
NO_DAY = "Write a day like 2026-11-20: year, month, day."
DAY_TO_COME = "Write the day on which the news came out. {day} is still to come."
TOO_OLD = "Write a day from {earliest} on."
NOT_A_SEASON = "A season is a number from 0, the specials, to {last}."
NOT_FOR_DAYS = "Only a *date announced* has a day in `when:`."
NO_DAY_TO_COME = "The day announced must be {day} or later, and within {years} years of it."
TOLD_ALREADY = "I have that already, for {day}. *Correct* in `/newsdesk list` changes it."
NOTHING_CHANGES = "Nothing would change. Choose something to change."

EARLIEST = dt.date(1930, 1, 1)
YEARS_AHEAD = 10  # that a premiere may lie ahead; further is a slip
HIGHEST_SEASON = 999
LONGEST_LINK = 500
_CONFIDENCES: Mapping[str, Confidence] = {confidence: confidence for confidence in CONFIDENCES}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_KEPT = "%!#$&'+,-./:;=?@"  # what needs no escape in an address; all else is given one
_MARKUP = str.maketrans({"_": "%5F", "~": "%7E"})  # which `quote` leaves, and Discord might read
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class EditorInput:
    """What an editor chose and typed, not checked yet; None for what was left out.

    `of_whole_show` says that it is about no season any more.
    """

    kind: str | None = None
    link: str | None = None
    date: str | None = None
    season: int | None = None
    confidence: str | None = None
    when: str | None = None
    of_whole_show: bool = False


def news_from(given: EditorInput, *, today: dt.date) -> News:
    """The news from an editor's input, still without an id. Raises `UserError`."""
    kind, confidence = _kind(given.kind), _confidence(given.confidence or "reported")
    day = read_day(given.date, today=today) if given.date else today
    season, when = _season(given.season), _when(given.when, kind, day)
    headline = headline_of(kind, season, confidence, when)
    citations = () if given.link is None else (citation_of(given.link),)
    return News("", day, kind, season, confidence, headline, citations)


def corrected_news(news: News, given: EditorInput, *, today: dt.date) -> News:
    """The news with an editor's changes; from now on a person's. Raises `UserError`."""
    kind = _kind(given.kind or news.kind)
    day = read_day(given.date, today=today) if given.date else news.date
    season = news.season if given.season is None else _season(given.season)
    if given.of_whole_show:
        season = None
    confidence = _confidence(given.confidence or news.confidence)
    mended = replace(news, kind=kind, date=day, season=season, confidence=confidence, found_by=None)
    when = _when(given.when, kind, day)
    # Whoever wrote the headline said more than we could, so it stays while it is right.
    facts = (kind, season, mended.is_rumour) != (news.kind, news.season, news.is_rumour)
    if facts or when:
        kept = day_in(news) if kind == news.kind else None
        mended = replace(mended, headline=headline_of(kind, season, confidence, when or kept))
    if given.link is not None:
        mended = replace(mended, citations=(citation_of(given.link),))
    if mended == replace(news, found_by=None):
        raise UserError(NOTHING_CHANGES)
    return mended


def id_of(news_store: NewsStore, show: str, news: News) -> str:
    """An id for new news, made of what they say; if it is taken, with a number behind it.

    News that were retracted get their old id again, so their old announcements are corrected.
    """
    season = "" if news.season is None else f"-s{news.season}"
    plain = f"{news.date}-{news.kind}{season}"
    ids = (plain if number == 1 else f"{plain}-{number}" for number in count(1))
    return next(id for id in ids if _is_free(news_store, show, id, news))


def check_new(news_store: NewsStore, show: str, news: News) -> None:
    """Raises `UserError` if other news of the show say the same of the same day."""
    for one in news_store.list(show):
        if one.id != news.id and _facts(one) == _facts(news):
            raise UserError(say(TOLD_ALREADY, day=news.date))


def same_news(news_store: NewsStore, show: str, news: News) -> News | None:
    """The newest sure news of the show that says the same, from anybody and of any day.

    None, too, if a correction leaves what the news says as it was.
    """
    told = news_store.versions(show, news.id)
    if told and not told[-1].is_retracted and _event(told[-1].news) == _event(news):
        return None
    sure = (one for one in reversed(news_store.list(show)) if not one.is_rumour)
    return next((one for one in sure if one.id != news.id and _event(one) == _event(news)), None)


def citation_of(link: str) -> Citation:
    """A page of the web; its own title could tell of the plot. Raises `UserError`."""
    refusal = UserError(NOT_A_LINK.format(longest=LONGEST_LINK))
    if not link.isprintable():
        raise refusal
    url = quote(link.strip(), safe=_KEPT).translate(_MARKUP)
    if len(url) > LONGEST_LINK or not re.fullmatch(URL_PATTERN, url):
        raise refusal
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise refusal from None
    if "@" in parts.netloc or not _HOST.fullmatch(host):
        raise refusal
    site = host.removeprefix("www.")
    return Citation(site, site, url)


def citing_sites_only(news: News) -> News:
    """The same news, which names the sites but does not link to their pages."""
    return replace(news, citations=tuple(Citation(one.site) for one in news.citations))


def read_day(typed: str, *, today: dt.date) -> dt.date:
    """Read the date of news. Raises `UserError`."""
    day = _read_day(typed)
    if day > today:
        raise UserError(DAY_TO_COME.format(day=day))
    if day < EARLIEST:
        raise UserError(TOO_OLD.format(earliest=EARLIEST))
    return day


def _read_day(typed: str) -> dt.date:
    if not _DAY.fullmatch(typed.strip()):
        raise UserError(NO_DAY)
    try:
        return dt.date.fromisoformat(typed.strip())
    except ValueError:
        raise UserError(NO_DAY) from None


def _when(typed: str | None, kind: NewsKind, day: dt.date) -> dt.date | None:
    """The announced day on which something comes, from what was typed. Raises `UserError`."""
    if typed is None:
        return None
    if not BY_NAME[kind].has_day:
        raise UserError(NOT_FOR_DAYS)
    when = _read_day(typed)
    if not day <= when <= day + dt.timedelta(days=366 * YEARS_AHEAD):
        raise UserError(NO_DAY_TO_COME.format(day=day, years=YEARS_AHEAD))
    return when


def day_in(news: News) -> dt.date | None:
    """The day that was announced, as the headline names it."""
    found = _DAY.findall(news.headline) if BY_NAME[news.kind].has_day else []
    try:
        return _read_day(found[-1]) if found else None
    except UserError:
        return None


def _kind(typed: str | None) -> NewsKind:
    found = BY_NAME.get(typed or "")
    if found is None:
        raise UserError(NOT_OFFERED.format(option="kind"))
    return found.name


def _confidence(typed: str) -> Confidence:
    found = _CONFIDENCES.get(typed)
    if found is None:
        raise UserError(NOT_OFFERED.format(option="confidence"))
    return found


def _season(number: int | None) -> int | None:
    if number is not None and not 0 <= number <= HIGHEST_SEASON:
        raise UserError(NOT_A_SEASON.format(last=HIGHEST_SEASON))
    return number


def _event(news: News) -> tuple[object, ...]:
    return news.kind, news.season


def _facts(news: News) -> tuple[object, ...]:
    return news.date, *_event(news)


def _is_free(news_store: NewsStore, show: str, id: str, news: News) -> bool:
    versions = news_store.versions(show, id)
    if not versions:
        return True
    return versions[-1].is_retracted and _facts(versions[-1].news) == _facts(news)
