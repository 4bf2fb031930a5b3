"""Offering: what an import holds and would tell members, in words that tell of no plot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.shows.importer import MOST_WITH_GUESTS
from bot.sources.tvmaze import TVmaze
from bot.ui.text import Markup, say
from data.catalog.conversion import ImportChoices, ImportSummary

if TYPE_CHECKING:
    from data.catalog.entry import Entry


TITLED = "{title} ({year})"
NO_YEAR = "no date yet"
PREVIEW = (
    "### {show}\n**Nothing is imported yet.** {episodes} in {seasons}, {specials}, {cast}; {stage}."
)
STAGES = {
    "running": "it is running",
    "undecided": "it is undecided whether it goes on",
    "ended": "it is over",
    "cancelled": "it was cancelled",
    "planned": "it has not begun",
}
NO_STAGE = "how it stands is not said"
MEMBERS_SEE = "\nWhat members will see:"
NO_EPISODES = "- No episodes: TVmaze lists none yet. They come by themselves."
OF_EPISODES = "- Of an episode, once they have finished it, its title and its summary."
OF_SOME = (
    "- Of an episode, once they have finished it, its title and its summary, unless these name "
    "somebody who is not known there yet: {told} of {all} summaries."
)
OF_CAST = (
    "- Of the cast a name from the episode on that is proven to tell it; what nothing proves "
    "waits for **{last}**, the last one out."
)
OF_CAST_OPENED = (
    "- Of the main cast every name from **{first}** on. **Names can spoil**: who somebody really "
    "is, or that they come back. Somebody's second name still waits for **{last}**."
)
OF_GUESTS = (
    "- Of guests a name from the first episode on whose summary says it in full, once they are "
    "credited; what none says waits for **{last}**. I look guests up within the hour."
)
NO_GUESTS = "- No guests: I look those up for shows of at most {most} episodes."
MINOR_LEFT_OUT = (
    "- After-shows and the like ({count}) are no episodes here: nobody has to say that they have "
    "watched them."
)
MINOR_COUNT = (
    "- After-shows and the like ({count}) count as episodes, on every server that has this show."
)
OF_START = "- Of how it starts only that nobody has written it here."
OF_SUMMARY = (
    "- Of how it starts the site's summary, to everybody. **It may spoil**: nobody has checked it."
)
OF_POSTER = "- The site's poster, to everybody."
UNREVIEWED = "\nEvery answer about it says *imported, not reviewed*.\n-# {credit}: <{url}>"


def title_of(title: str, year: int | None) -> str:
    return TITLED.format(title=title, year=year or NO_YEAR)


def counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def preview(entry: Entry, known: ImportSummary, choices: ImportChoices) -> str:
    """What a moderator is shown before they import a show; `known` is its outlook, so chosen."""
    heading = say(
        PREVIEW,
        show=title_of(entry.title, entry.premiered.year if entry.premiered else None),
        episodes=counted(known.episodes, "episode", "episodes"),
        seasons=counted(known.seasons, "season", "seasons"),
        specials=counted(known.specials, "special", "specials"),
        cast=counted(known.cast, "character in the main cast", "characters in the main cast"),
        stage=STAGES.get(entry.stage or "", NO_STAGE),
    )
    credit = say(UNREVIEWED, credit=TVmaze.credit, url=Markup(entry.url))
    return "\n".join([heading, MEMBERS_SEE, *_told(entry, known, choices), credit])


def _told(entry: Entry, known: ImportSummary, choices: ImportChoices) -> Iterator[str]:
    if known.episodes + known.specials == 0:
        yield NO_EPISODES
    else:
        summaries = OF_EPISODES if known.shown_summaries == known.summaries else OF_SOME
        yield summaries.format(told=known.shown_summaries, all=known.summaries)
        names = OF_CAST_OPENED if choices.opens_cast else OF_CAST
        yield names.format(first=known.first, last=known.last)
        are_few = known.episodes + known.specials <= MOST_WITH_GUESTS
        yield (
            OF_GUESTS.format(last=known.last)
            if are_few
            else NO_GUESTS.format(most=MOST_WITH_GUESTS)
        )
    if minor := sum(one.is_minor for one in entry.episodes):
        yield (MINOR_COUNT if entry.has_minor else MINOR_LEFT_OUT).format(count=minor)
    yield OF_SUMMARY if choices.summary else OF_START
    if choices.poster:
        yield OF_POSTER
