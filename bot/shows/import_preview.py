"""The preview of an import: what members would see, in words that reveal nothing of the plot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.shows.importer import MOST_WITH_GUESTS
from bot.sources.tvmaze import TVmaze
from bot.ui.text import Markup, say
from data.catalog.conversion import ImportChoices, ImportSummary

if TYPE_CHECKING:
    from data.catalog.entry import Entry


TITLE_WITH_YEAR = "{title} ({year})"
NO_YEAR = "no date yet"
IMPORT_PREVIEW = (
    "### {show}\n**Nothing is imported yet.** {episodes} in {seasons}, {specials}, {cast}; {stage}."
)
STAGE_WORDS = {
    "running": "it is running",
    "undecided": "it is undecided whether it goes on",
    "ended": "it is over",
    "cancelled": "it was cancelled",
    "planned": "it has not begun",
}
STAGE_UNKNOWN = "how it stands is not said"
MEMBERS_SEE = "\nWhat members will see:"
NO_EPISODES_LISTED = "- No episodes: TVmaze lists none yet. I add them when it does."
EPISODE_TEXTS = "- The title and the summary of each episode that they have finished."
SOME_EPISODE_TEXTS = (
    "- The title and the summary of each episode that they have finished: {told} of {all} "
    "summaries. I leave out those that name somebody who is not known there yet."
)
CAST_NAMES = (
    "- A name of the cast from the first episode with that full name in its summary. The "
    "other names from **{last}** on, the last one out."
)
CAST_NAMES_OPENED = (
    "- Every name of the main cast from **{first}** on. **Names can spoil**: who somebody really "
    "is, or that they come back. Somebody's second name still waits for **{last}**."
)
GUEST_NAMES = (
    "- A guest's name from the first episode with that full name in its summary, once they "
    "are credited. The other names from **{last}** on. I look guests up within the hour."
)
WITHOUT_GUESTS = "- No guests: I look those up for shows of at most {most} episodes."
MINOR_LEFT_OUT = (
    "- After-shows and the like ({count}) don't count as episodes here: nobody has to mark them "
    "as watched."
)
MINOR_COUNT = (
    "- After-shows and the like ({count}) count as episodes, on every server that has this show."
)
NO_SUMMARY_SHOWN = "- Nothing about how it starts, as nobody has written that here."
SUMMARY_SHOWN = (
    "- The site's summary of how it starts, for everybody. **It may spoil**: nobody has checked it."
)
POSTER_SHOWN = "- The site's poster, for everybody."
SAYS_UNREVIEWED = "\nEvery answer about it says *imported, not reviewed*.\n-# {credit}: <{url}>"


def title_of(title: str, year: int | None) -> str:
    return TITLE_WITH_YEAR.format(title=title, year=year or NO_YEAR)


def counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def preview(entry: Entry, known: ImportSummary, choices: ImportChoices) -> str:
    """What a moderator sees before they import a show; `known` is its summary for `choices`."""
    heading = say(
        IMPORT_PREVIEW,
        show=title_of(entry.title, entry.premiered.year if entry.premiered else None),
        episodes=counted(known.episodes, "episode", "episodes"),
        seasons=counted(known.seasons, "season", "seasons"),
        specials=counted(known.specials, "special", "specials"),
        cast=counted(known.cast, "character in the main cast", "characters in the main cast"),
        stage=STAGE_WORDS.get(entry.stage or "", STAGE_UNKNOWN),
    )
    credit = say(SAYS_UNREVIEWED, credit=TVmaze.credit, url=Markup(entry.url))
    return "\n".join([heading, MEMBERS_SEE, *_visible_lines(entry, known, choices), credit])


def _visible_lines(entry: Entry, known: ImportSummary, choices: ImportChoices) -> Iterator[str]:
    if known.episodes + known.specials == 0:
        yield NO_EPISODES_LISTED
    else:
        summaries = (
            EPISODE_TEXTS if known.shown_summaries == known.summaries else SOME_EPISODE_TEXTS
        )
        yield summaries.format(told=known.shown_summaries, all=known.summaries)
        names = CAST_NAMES_OPENED if choices.opens_cast else CAST_NAMES
        yield names.format(first=known.first, last=known.last)
        are_few = known.episodes + known.specials <= MOST_WITH_GUESTS
        yield (
            GUEST_NAMES.format(last=known.last)
            if are_few
            else WITHOUT_GUESTS.format(most=MOST_WITH_GUESTS)
        )
    if minor := sum(one.is_minor for one in entry.episodes):
        yield (MINOR_COUNT if entry.has_minor else MINOR_LEFT_OUT).format(count=minor)
    yield SUMMARY_SHOWN if choices.summary else NO_SUMMARY_SHOWN
    if choices.poster:
        yield POSTER_SHOWN
