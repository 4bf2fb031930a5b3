"""How a show's next season stands, in lines: the state, who says so, what speaks against it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bot.clock import today
from bot.news.announcement import STATE
from bot.news.headlines import says_more
from bot.news.wording import confidence_of, state_of
from bot.sources.registry import credits_of, title_of
from bot.ui.citations import sources
from bot.ui.days import day
from bot.ui.text import Markup, say
from data.citations import Citation
from data.news.status import News, SeasonStatus, newer_report, newer_rumour, status_of
from data.news_kinds import OUT

if TYPE_CHECKING:
    from bot.context import Bot


NOTHING_AFTER = "I know of nothing after it yet."
SINCE_LONG_AGO, SINCE_LATELY = "Since {date} ({ago}).", "Since {date}."
NEWEST_NEWS, NEWEST_NEWS_SAID = "\n{sure}, {date}: {headline}", "\n{sure}, {date}."
NOTHING_SURE = "**Nothing is known for sure.**"
NEWER_RUMOUR = "\n**Only a rumour**, {date}: {headline}"
NEWER_REPORT = "\n**{source} says otherwise**, {date}: {headline}"
NO_LINK = "-# Where a page tells of the plot, I name only its site."
SOURCE_READ = "-# {source} last read {read}, last asked for changes with success {asked}."
SOURCE_READ_ONCE = "-# {source} last read {read}."
SOURCE_LISTS_NOTHING = "-# {source} does not list this show, so far as I can tell."
NEVER_ANSWERED = "-# {source} was asked, and has not answered yet."
NEVER_ASKED = "-# {source} is asked once a channel here follows the show: `/room news`."
NO_SOURCES_ASKED = "-# No source is asked: the news comes from people only."


def standing(news: Sequence[News]) -> list[str]:
    """The status with its confidence and sources, and what contradicts it since."""
    status = status_of(news)
    lines = [NOTHING_SURE] if status is None else _state(status)
    last, report, rumour = newest(news)
    cited = list[Citation](last.citations if last else ())
    for one, sentence in ((report, NEWER_REPORT), (rumour, NEWER_RUMOUR)):
        if one is not None:
            only = say(
                sentence, source=title_of(one.found_by), date=day(one.date), headline=one.headline
            )
            lines.append(_sourced(only, one))
            cited += one.citations
    return [*lines, NO_LINK] if any(citation.url is None for citation in cited) else lines


def newest(news: Sequence[News]) -> tuple[News | None, News | None, News | None]:
    """The news that make the state, and a source's newer report and a newer rumour against it."""
    status = status_of(news)
    last = status.news if status else None
    return last, newer_report(news, status), newer_rumour(news, status)


def _state(status: SeasonStatus) -> list[str]:
    news, state = status.news, state_of(status.news)
    sentence = NEWEST_NEWS if says_more(news, state) else NEWEST_NEWS_SAID
    told = say(sentence, sure=confidence_of(news), date=day(news.date), headline=news.headline)
    after = f" {NOTHING_AFTER}" if news.kind in OUT else ""
    return [
        STATE.format(state=state + after),
        say(_since(status.since), date=day(status.since), ago=_ago(status.since)),
        _sourced(told, news),
    ]


def sources_read(bot: Bot, slug: str, news: Sequence[News]) -> Iterator[str]:
    """When the sources were last asked about a show, and the credits that they require."""
    sightings = {sighting.source: sighting for sighting in bot.sightings.list(slug)}
    named = {one.found_by for one in news}
    asked_of = dict.fromkeys([*(source.name for source in bot.sources), *sightings])
    for name in asked_of:
        asked, sighting = bot.sightings.asked(name), sightings.get(name)
        read = sighting.checked_at if sighting else None
        times = {"source": title_of(name), "read": _moment(read or 0)}
        if read is not None:
            named.add(name)
            answered_at = asked.answered_at if asked else None
            sentence = SOURCE_READ if answered_at else SOURCE_READ_ONCE
            yield say(sentence, **times, asked=_moment(answered_at or 0))
        elif asked is None or sighting is None:
            yield say(NEVER_ASKED, **times)
        else:
            yield say(SOURCE_LISTS_NOTHING if asked.answered_at else NEVER_ANSWERED, **times)
    if not asked_of:
        yield NO_SOURCES_ASKED
    yield from credits_of(named)


def _sourced(text: str, news: News) -> str:
    """The text with a small line of sources directly below it."""
    return "".join([text, *sources(news.citations)])


def _since(day: dt.date) -> str:
    """Since when; without "ago" for recent days, as the hour is not known."""
    is_lately = today() - day < dt.timedelta(days=2)
    return SINCE_LATELY if is_lately else SINCE_LONG_AGO


def _ago(day: dt.date) -> Markup:
    """How long ago, in the reader's own words; noon is the same day for nearly everybody."""
    noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
    return _moment(int(noon.timestamp()))


def _moment(moment: int) -> Markup:
    """A moment (UTC epoch seconds) as how long ago that is."""
    return Markup(f"<t:{moment}:R>")
