"""Taking over: where a member's file from elsewhere takes them, shown first, then marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.clock import now
from bot.options.parse import reader_of
from bot.progress.history_file import Number, Work
from bot.progress.update import Undo, arrived, mark, recap_of_here
from bot.readers.audience import Reader
from bot.readers.name_search import fold
from bot.ui.buttons import OUT_OF_DATE
from bot.ui.cards import ACCENT, SAFE_FOR_EVERYONE, Card, answer, notice, private
from bot.ui.confirm import LEFT
from bot.ui.errors import UserError, View
from bot.ui.text import Markup, clip, say
from data.points import PREMISE, SPECIALS, Order, Point
from data.progress import Mark
from data.story.show import Show

if TYPE_CHECKING:
    from bot.context import Bot


PREVIEW = "### From your file\n**Nothing is changed yet.**"
ASK = (
    "If you agree, everything opens for you through the points right of the arrows. "
    "I only ever take you further; `/progress set` takes you back."
)
NOTHING_YET = "nothing yet"
FURTHER = "- **{show}**: {before} → **{after}**{specials}{gap}"
STAYS = "- **{show}**: {before}, as before{gap}"
WITH_SPECIALS = " ({specials} included, though not in the file)"
GAP = "; {gap} is not in the file, so I stop before it"
AND_MORE = "- … and {count} more"
GO_ON = "; attach the file again after this to go on with them"
LACKING = "-# Not taken over: {shows}{more}. `/show request` asks for a show."
MORE = " and {count} more"
NOWHERE = "That takes you no further than you have told me already."
AGREE, DISAGREE = "Yes, through all of these", "No, leave it"

DONE = "### Taken over from your file"
NOW_AT = "- **{show}**: through {label}"
NOT_NOW = "- **{show}**: changed since you attached the file, so I left it as it is"
UNDO = "Undo {show}"

MOST, ROOM = 20, 2500  # shows, and characters of lines about them, on one card
MOST_SPECIALS = 5  # named in one line
MOST_LACKING, TITLE = 5, 60  # shows named that we do not have, and characters of each
IN_A_ROW = 5  # Discord's limit, as is the next
BUTTON = 80
MINUTES = 14 * 60  # seconds; Discord takes no answer to what was asked 15 minutes ago
_DATED = re.compile(r"(.+)\s\((\d{4})\)")

Seen = AbstractSet[Number]


@dataclass(frozen=True, slots=True)
class Step:
    """Where a file takes somebody in one show; `before` and `after` are one if it does not.

    `specials` are passed without being in the file; at `gap`, the first episode that is missing
    although later ones are not, it stops.
    """

    show: Show
    before: Point
    after: Point
    labels: tuple[str, str]
    specials: tuple[str, ...] = ()
    gap: str | None = None


class _Titles:
    """Shows by what files call them: their ids in catalogues, else their titles, never a guess."""

    def __init__(self, shows: Iterable[Show]) -> None:
        self._tmdb, self._tvmaze = dict[int, Show](), dict[int, Show]()
        self._titled = dict[str, dict[str, Show]]()
        for show in shows:
            if show.tmdb is not None:
                self._tmdb[show.tmdb] = show
            if show.tvmaze is not None:
                self._tvmaze[show.tvmaze] = show
            for title in (show.title, *show.aliases):
                self._titled.setdefault(fold(title), {})[show.slug] = show

    def find(self, work: Work) -> Show | None:
        by_id = self._tmdb.get(work.tmdb or 0) or self._tvmaze.get(work.tvmaze or 0)
        if by_id is not None:
            return by_id
        titled = self._titled.get(fold(work.title) or "-", {}).values()
        found = [show for show in titled if not _is_another(show, work)]
        if not titled and (dated := _DATED.fullmatch(work.title)):
            bare, year = fold(dated[1]), int(dated[2])
            same = self._titled.get(bare or "-", {}).values()
            found = [one for one in same if one.premiered and not _is_another(one, work, year)]
        return found[0] if len(found) == 1 else None


def _is_another(show: Show, work: Work, year: int | None = None) -> bool:
    """Whether a show of that title is not the one that is meant, but a namesake."""
    ids = ((show.tmdb, work.tmdb), (show.tvmaze, work.tvmaze))
    year = year or work.year
    # Catalogues differ by a year where a show began around New Year, or abroad.
    is_of_another_time = show.premiered and year and abs(show.premiered.year - year) > 1
    return bool(is_of_another_time) or any(a and b and a != b for a, b in ids)


def matched(
    shows: Sequence[Show], watched: Mapping[Work, Seen]
) -> tuple[list[tuple[Show, Seen]], list[str]]:
    """What was watched of shows that have a story, by title; and the titles of those not here."""
    titles, known = _Titles(show for show in shows if show.has_story), _Titles(shows)
    others = dict[str, None]()
    seen = dict[str, tuple[Show, set[Number]]]()
    for work, numbers in watched.items():
        show = titles.find(work)
        if show is None:
            if known.find(work) is None:
                others[work.title] = None
        else:
            seen.setdefault(show.slug, (show, set()))[1].update(numbers)
    ordered = sorted(seen.values(), key=lambda one: (one[0].title.casefold(), one[0].slug))
    return [(show, numbers) for show, numbers in ordered], [*others]


def step(reader: Reader, seen: Seen, at: int) -> Step:
    """From where somebody is, on through all that they watched, up to the first gap.

    What they have told already counts as watched, whatever the file says of it; an episode that
    is not out at that moment counts as not watched. Specials are no gaps.
    """
    order, after = reader.story.order, reader.horizon
    passed, pending, gap = list[str](), list[str](), None
    ahead = order.between(reader.horizon, order.released(at))
    was_seen = [(one.season, one.number) in seen for one in ahead]
    for position, slot in enumerate(ahead):
        if was_seen[position]:
            after = Point(slot.id)
            passed += pending
            pending.clear()
        elif slot.season == SPECIALS:
            pending.append(slot.label)
        else:
            gap = slot.label if any(was_seen[position:]) else None
            break
    before = NOTHING_YET if reader.horizon == PREMISE else order.label(reader.horizon)
    labels = before, order.label(after)
    return Step(reader.show, reader.horizon, after, labels, tuple(passed), gap)


async def preview(
    interaction: discord.Interaction[Bot], found: Sequence[tuple[Show, Seen]], others: Sequence[str]
) -> None:
    """Show where a file takes somebody, and let them say whether it shall."""
    steps = [step(reader_of(interaction, show.slug), seen, now()) for show, seen in found]
    shown = _first(sorted(steps, key=_is_further, reverse=True))
    lines = [PREVIEW, *map(_line, shown)]
    if left := [one for one in steps if one not in shown]:
        go_on = GO_ON if any(map(_is_further, left)) else ""
        lines.append(AND_MORE.format(count=len(left)) + go_on)
    lines += lacking(others)
    # Nothing opens that was not shown.
    if further := [*filter(_is_further, shown)]:
        view = _Preview("\n".join([*lines, ASK]), further)
        await interaction.followup.send(view=view, ephemeral=True)
    else:
        await answer(interaction, notice("\n".join([*lines, NOWHERE])))


def lacking(titles: Sequence[str]) -> list[str]:
    """A small line that names some of the shows that a file tells of and we do not have."""
    if not titles:
        return []
    named = ", ".join(clip(" ".join(title.split()), TITLE) for title in titles[:MOST_LACKING])
    left = len(titles) - MOST_LACKING
    return [say(LACKING, shows=named, more=MORE.format(count=left) if left > 0 else "")]


def _is_further(one: Step) -> bool:
    return one.after != one.before


def _first(steps: Sequence[Step]) -> Sequence[Step]:
    """As many as one card holds."""
    ends = accumulate(len(_line(one)) for one in steps[:MOST])
    return steps[: sum(end <= ROOM for end in ends)]


def _line(one: Step) -> str:
    before, after = one.labels
    specials, gap = "", ""
    if one.specials:
        named = ", ".join(one.specials[:MOST_SPECIALS])
        more = ", …" if len(one.specials) > MOST_SPECIALS else ""
        specials = say(WITH_SPECIALS, specials=named + more)
    if one.gap:
        gap = say(GAP, gap=one.gap)
    return say(
        FURTHER if _is_further(one) else STAYS,
        show=one.show.title,
        before=before,
        after=after,
        specials=Markup(specials),
        gap=Markup(gap),
    )


class _Preview(View):
    """Where a file takes somebody, in memory for as long as Discord lets it be answered."""

    def __init__(self, body: str, steps: Sequence[Step]) -> None:
        super().__init__(timeout=MINUTES)
        self._is_answered = False
        yes = ui.Button[Any](label=AGREE, style=discord.ButtonStyle.primary)
        no = ui.Button[Any](label=DISAGREE)

        async def agree(interaction: discord.Interaction[Any]) -> None:
            self._answer()
            await take(interaction, steps)

        async def disagree(interaction: discord.Interaction[Any]) -> None:
            self._answer()
            await answer(interaction, notice(LEFT))

        yes.callback, no.callback = agree, disagree
        text, small = ui.TextDisplay[Any](body), ui.TextDisplay[Any](SAFE_FOR_EVERYONE)
        self.add_item(ui.Container(text, small, accent_colour=ACCENT))
        self.add_item(ui.ActionRow(yes, no))

    def _answer(self) -> None:
        """Before anything is awaited, so that what is pressed twice is done once."""
        if self._is_answered:
            raise UserError(OUT_OF_DATE)
        self._is_answered = True


class UndoOne(Undo, code="uw"):
    """Take back what was taken over for one show; the others stay in sight."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await super().press(interaction)


async def take(interaction: discord.Interaction[Bot], steps: Iterable[Step]) -> None:
    """Mark what was agreed to, each show as long as it is where it was then, and say so."""
    lines, undos, cards = [DONE], list[UndoOne](), list[Card]()
    for one in steps:
        title = one.show.title
        taken = await _take(interaction, one)
        if taken is None:
            lines.append(say(NOT_NOW, show=title))
            continue
        saved, before = taken
        lines.append(say(NOW_AT, label=one.labels[1], show=title))
        label = clip(UNDO.format(show=title), BUTTON)
        undos.append(UndoOne(one.show.slug, str(saved.revision), label=label))
        if told := await arrived(interaction, before):
            cards.append(private("\n".join(told), label=one.labels[1]))
    rows = [list[ui.Item[Any]](undos[at : at + IN_A_ROW]) for at in range(0, len(undos), IN_A_ROW)]
    if len(undos) == 1:  # those of many would not fit beside
        there = reader_of(interaction, undos[0].parts[0])
        rows[0] = [*recap_of_here(interaction.client, there), *rows[0]]
    for card in (notice("\n".join(lines), rows=rows), *cards):
        await answer(interaction, card)


async def _take(interaction: discord.Interaction[Bot], one: Step) -> tuple[Mark, Reader] | None:
    """None where it cannot be marked any more as it was shown."""
    try:
        reader = reader_of(interaction, one.show.slug)
        if reader.horizon != one.before:
            return None
        saved = await mark(interaction, reader, one.after, is_sure=True)
    except UserError:  # the show, or its episode, is gone or not out any more
        return None
    return None if saved is None else (saved, reader)


def finished(order: Order, point: Point) -> list[Number]:
    """The numbers of the episodes that somebody at a point has finished."""
    return [(slot.season, slot.number) for slot in order.between(Point(), point)]
