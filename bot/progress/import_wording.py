"""Import wording: what the preview of a file says, and why something is not taken over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import accumulate

from bot.progress.import_steps import HistoryFile, ImportStep
from bot.progress.trackers.formats import NETFLIX
from bot.progress.trackers.record import Left, Work
from bot.progress.trackers.shows import Matches
from bot.ui.text import Markup, clip, say

IMPORT_PREVIEW_HEADING = "### From your file\n**Nothing is changed yet.**"
AGREEMENT_MEANS = (
    "If you agree, everything opens for you through the points right of the arrows. "
    "I only ever take you further; `/progress` takes you back."
)
ONLY_WATCHED = (
    "**Does this file list only episodes you have watched?** It doesn't say so itself. A "
    "list of what you own, or still want, looks the same."
)
THROUGH_MARKS = (
    "**Have you watched everything through these episodes?** The file names only the last one of "
    "each show."
)
FURTHER_LINE = "- **{show}**: {before} → **{after}**{specials}{stop}{left}"
STAYS_LINE = "- **{show}**: {before}, as before{stop}{left}"
WITH_SPECIALS = " ({specials} included, though not in the file)"
STOP_AT_GAP = "; {gap} is not in the file, so I stop before it"
COUNTS_OTHERWISE = (
    "; your file counts {theirs} episodes in season {season} and I have {ours}, so I stop "
    "before that season"
)
COUNTS_OTHERWISE_IN_ALL = (
    "; your file counts {theirs} episodes in all and I have {ours}, so I stop before "
    "season {season}"
)
NAMES_OTHERS = (
    "; in season {season} your file has titles or air dates that belong to other numbers here, so "
    "I stop before that season"
)
SPECIALS_LEFT = "; {count} not imported, since every service numbers specials in its own way"
TITLES_LEFT = "; {count} not imported, since I have none of that title or date"
A_SPECIAL, COUNTED_SPECIALS = "1 special", "{count} specials"
A_TITLE, COUNTED_TITLES = "1 episode", "{count} episodes"
AND_MORE = "- … and {count} more"
GO_ON = "; attach the file again after this to go on with them"
MORE_SHOWS_NAMED = " and {count} more"
NO_FURTHER = "That takes you no further than you have told me already."

SHOWS_LACKING = "-# Not imported: {shows}{more}. *Ask for a show* in `/shows` asks for one."
SHOWS_UNCLEAR = (
    "-# Not imported, since I can't tell which show of that name is meant: {shows}{more}. "
    "`/progress` takes you to where you are."
)
ANIME_ENTRIES = (
    "-# Not imported, since anime lists count the episodes of each entry from 1: "
    "{shows}{more}. `/progress` takes you to where you are."
)
WITHOUT_EPISODES = (
    "-# Watched, says the file, but it names no episodes: {shows}{more}. Try `/progress`."
)
VALUE_NOT_UNDERSTOOD = (
    "-# Not imported where “{column}” says “{value}”: I don't know whether that means watched."
)
ALSO_IN_FILE = "-# Also in the file, with nothing to import: {left}."
ONLY_PLAYED = "-# Netflix tells what was played, not whether to the end."
ONE_LEFT: Mapping[Left, str] = {
    Left.FILM: "1 film",
    Left.OTHER: "1 entry about something else",
    Left.NAMELESS: "1 entry without the name of its show",
    Left.CLIP: "1 clip or short beginning",
}
SEVERAL_LEFT: Mapping[Left, str] = {
    Left.FILM: "{count} films",
    Left.OTHER: "{count} entries about something else",
    Left.NAMELESS: "{count} entries without the name of their show",
    Left.CLIP: "{count} clips and short beginnings",
}

MOST_SHOW_LINES, MOST_LINE_CHARACTERS = (
    20,
    2500,
)  # shows, and characters of lines about them, on one card
MOST_SPECIALS = 5  # named in one line
MOST_NAMED, NAMED_TITLE_LENGTH = (
    5,
    60,
)  # shows named that are not taken over, and characters of each


def first(steps: Sequence[ImportStep]) -> Sequence[ImportStep]:
    """As many as one card holds."""
    ends = accumulate(len(line(one)) for one in steps[:MOST_SHOW_LINES])
    return steps[: sum(end <= MOST_LINE_CHARACTERS for end in ends)]


def body(
    file: HistoryFile, matches: Matches, steps: Sequence[ImportStep], shown: Sequence[ImportStep]
) -> list[str]:
    """The lines of a preview, without what it asks."""
    lines = [IMPORT_PREVIEW_HEADING, *map(line, shown)]
    if left := [one for one in steps if one not in shown]:
        go_on = GO_ON if any(one.is_further for one in left) else ""
        lines.append(AND_MORE.format(count=len(left)) + go_on)
    return [*lines, *not_taken(file, matches)]


def questions(file: HistoryFile) -> list[str]:
    """What the file does not say itself, and whether they agree."""
    asked = [ONLY_WATCHED] * file.asks_all + [THROUGH_MARKS] * file.asks_marks
    return [*asked, AGREEMENT_MEANS]


def not_taken(file: HistoryFile, matches: Matches) -> list[str]:
    """What else the file has, and why it is not taken over."""
    lines = [
        *_named(SHOWS_LACKING, matches.absent),
        *_named(SHOWS_UNCLEAR, matches.unclear),
        *_named(ANIME_ENTRIES, matches.cours),
        *_named(WITHOUT_EPISODES, file.unlisted),
    ]
    if file.format is NETFLIX:
        lines.append(ONLY_PLAYED)
    if file.unclear is not None:
        column, value = (clip(" ".join(part.split()), NAMED_TITLE_LENGTH) for part in file.unclear)
        lines.append(say(VALUE_NOT_UNDERSTOOD, column=column, value=value))
    return [*lines, *_also(file.left)]


def _also(left: Counter[Left]) -> list[str]:
    counted = [
        (ONE_LEFT if count == 1 else SEVERAL_LEFT)[kind].format(count=count)
        for kind, count in left.items()
    ]
    return [ALSO_IN_FILE.format(left=", ".join(counted))] if counted else []


def _named(sentence: str, works: Sequence[Work]) -> list[str]:
    titles = [*dict.fromkeys(map(_titled, works))]
    if not titles:
        return []
    left = len(titles) - MOST_NAMED
    more = MORE_SHOWS_NAMED.format(count=left) if left > 0 else ""
    return [say(sentence, shows=", ".join(titles[:MOST_NAMED]), more=more)]


def _titled(work: Work) -> str:
    title = clip(" ".join(work.title.split()), NAMED_TITLE_LENGTH)
    return f"{title} ({work.year})" if work.year and str(work.year) not in title else title


def line(one: ImportStep) -> str:
    """What happens in one show, and why no more."""
    before, after = one.labels
    specials = ""
    if one.specials:
        named = ", ".join(one.specials[:MOST_SPECIALS])
        more = ", …" if len(one.specials) > MOST_SPECIALS else ""
        specials = say(WITH_SPECIALS, specials=named + more)
    return say(
        FURTHER_LINE if one.is_further else STAYS_LINE,
        show=one.show.title,
        before=before,
        after=after,
        specials=Markup(specials),
        stop=Markup(_stop(one)),
        left=Markup(_left(one)),
    )


def _stop(one: ImportStep) -> str:
    conflict = one.conflict
    if conflict is None:
        return say(STOP_AT_GAP, gap=one.gap) if one.gap else ""
    sentence = COUNTS_OTHERWISE if conflict.theirs > conflict.ours else NAMES_OTHERS
    if conflict.is_of_show:
        sentence = COUNTS_OTHERWISE_IN_ALL
    return say(sentence, theirs=conflict.theirs, ours=conflict.ours, season=conflict.season)


def _left(one: ImportStep) -> str:
    found = ""
    if one.left_specials:
        counted = A_SPECIAL if one.left_specials == 1 else COUNTED_SPECIALS
        found += SPECIALS_LEFT.format(count=counted.format(count=one.left_specials))
    if one.left_titles:
        counted = A_TITLE if one.left_titles == 1 else COUNTED_TITLES
        found += TITLES_LEFT.format(count=counted.format(count=one.left_titles))
    return found
