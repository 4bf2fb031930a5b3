"""The timeline of a show's news, in pages: each with its sources, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.news.wording import event_of, what_of
from bot.sources.registry import title_of
from bot.ui.cards import PAGE as PAGE_LENGTH
from bot.ui.citations import sources
from bot.ui.days import day
from bot.ui.mentions import mention_of
from bot.ui.text import Markup, paged, say
from data.news.status import News, fate_of
from data.news.store import PACK_ORIGIN, PERSON_ORIGIN, Version

Versions = Sequence[Version]  # of one piece of news, the oldest first

NEWS_ENTRY = "\n**{date} · {event}** · {confidence}\n{headline}"
BY_SOURCE = "reported by {source}"
RUMOUR_ENTRY = "\n**{date} · Rumour** · {what}\n{headline}"
FATE_LINES = {
    "borne out": "→ It came true: {event}, on {date}.",
    "contradicted": "→ It turned out wrong: {event}, on {date}.",
    "overtaken": "→ Known since {date}: {headline}",
}
RUMOUR_IS_OPEN = "→ Nothing has confirmed it so far, and nothing has ruled it out."
RETRACTED_ENTRY = "\n**{date} · {event}** · taken back"
STORY = "\n-# {story}"
STEP = "{what} {at} {by}"
STEP_ENTERED, STEP_CORRECTED, STEP_TAKEN_BACK, STEP_TOLD_AGAIN = (
    "entered",
    "corrected",
    "taken back",
    "told again",
)
BY = {PACK_ORIGIN: "by the show's pack", PERSON_ORIGIN: "by a person"}
BY_SOURCE_ITSELF, BY_SOMEBODY = "by {origin} itself", "by {who}"
EARLIER_LEFT_OUT = "…"
WHOLE_SHOW = "the whole show"

ENTRIES_ON_PAGE = 5  # on one page, so that it reads well on a phone
MOST_STEPS = 5  # of what became of one piece of news


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of news in a timeline: its newest version, and what is told of it (markup)."""

    version: Version
    text: str


def timeline(ever: Sequence[Versions], *, names_people: bool = False) -> list[list[Entry]]:
    """The pages of a history, the newest first; each stays below Discord's limit.

    `ever` is in the order of the store. With `names_people` it says who entered and corrected.
    """
    told = [versions[-1].news for versions in ever if not versions[-1].is_retracted]
    entries = [_entry(versions, told, names_people=names_people) for versions in reversed(ever)]
    few = [entries[at : at + ENTRIES_ON_PAGE] for at in range(0, len(entries), ENTRIES_ON_PAGE)]
    return [page for some in few for page in _parted(some)]


def _parted(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Split entries into as many pages as their texts need."""
    left = iter(entries)
    for page in paged([entry.text for entry in entries], PAGE_LENGTH):
        yield [next(left) for _ in page]


def _entry(versions: Versions, told: Sequence[News], *, names_people: bool) -> Entry:
    """One piece of news as it is told now, and what was done to it when and by whom.

    `told` is what a rumour among them is judged by.
    """
    news = versions[-1].news
    if versions[-1].is_retracted:
        text = say(RETRACTED_ENTRY, date=day(news.date), event=event_of(news))
    else:
        text = _told(news, told)
    # That a pack has it needs no line, for those who cannot change that.
    is_plain = len(versions) == 1 and versions[0].origin == PACK_ORIGIN
    return Entry(
        versions[-1],
        text
        if is_plain and not names_people
        else text + _story(versions, names_people=names_people),
    )


def _told(news: News, told: Sequence[News]) -> str:
    """One piece of news with its sources, and with what became of it if it was a rumour."""
    text = say(
        RUMOUR_ENTRY if news.is_rumour else NEWS_ENTRY,
        date=day(news.date),
        event=event_of(news),
        what=what_of(news.season, WHOLE_SHOW),
        confidence=BY_SOURCE.format(source=title_of(news.found_by))
        if news.found_by
        else news.confidence,
        headline=news.headline,
    )
    fate = f"\n{_fate(news, told)}" if news.is_rumour else ""
    return "".join([text + fate, *sources(news.citations)])


def _story(versions: Versions, *, names_people: bool) -> str:
    steps = list(_steps(versions, names_people=names_people))
    if len(steps) > MOST_STEPS:
        steps = [steps[0], EARLIER_LEFT_OUT, *steps[2 - MOST_STEPS :]]
    return STORY.format(story=" · ".join(steps))


def _steps(versions: Versions, *, names_people: bool) -> Iterator[str]:
    yield _step(STEP_ENTERED, versions[0], names_people=names_people)
    for before, version in pairwise(versions):
        mended = STEP_TOLD_AGAIN if before.is_retracted else STEP_CORRECTED
        what = STEP_TAKEN_BACK if version.is_retracted else mended
        yield _step(what, version, names_people=names_people)


def _step(what: str, version: Version, *, names_people: bool) -> str:
    by = Markup(BY.get(version.origin) or say(BY_SOURCE_ITSELF, origin=version.origin))
    if names_people and version.by_id is not None:
        by = Markup(say(BY_SOMEBODY, who=mention_of(version.by_id)))
    return say(STEP, what=what, at=Markup(f"<t:{version.recorded_at}:f>"), by=by)


def _fate(rumour: News, all_news: Sequence[News]) -> str:
    fate = fate_of(rumour, all_news)
    if fate is None:
        return RUMOUR_IS_OPEN
    by = fate.by
    return say(
        FATE_LINES[fate.verdict],
        event=event_of(by).lower(),
        date=day(by.date),
        headline=by.headline,
    )
