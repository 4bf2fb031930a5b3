"""Reading: from a file's bytes to what it says about each episode of each show, by person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from io import TextIOWrapper

from bot.progress.trackers.apps import SHOWLY_SHOWS, showly_ids
from bot.progress.trackers.columns import AIRED, Columns, columns_of, plain, quoted
from bot.progress.trackers.columns import NOT_UNDERSTOOD as STRANGE_COLUMN
from bot.progress.trackers.decoding import opened
from bot.progress.trackers.fields import person, row, table, text, title
from bot.progress.trackers.formats import (
    SHEET,
    TVTIME_SEEN,
    TVTIME_V1,
    TVTIME_V2,
    Context,
    Format,
    is_film,
    of_entry,
    of_table,
)
from bot.progress.trackers.json_stream import Path, entries
from bot.progress.trackers.keys import Lists
from bot.progress.trackers.moments import Calendar, is_date
from bot.progress.trackers.netflix import IsOurs
from bot.progress.trackers.record import (
    Entry,
    Found,
    Ids,
    Left,
    Record,
    Said,
    UnreadableError,
    Work,
)
from bot.progress.trackers.table_rows import TableRows
from bot.progress.trackers.unnamed import UnnamedFlags

TOO_MANY = "That file lists more than {most:,} entries, and I read no more than that."
TOO_MANY_SHOWS = "That file names more than {most:,} shows or people, and I read no more than that."
NOT_UNDERSTOOD = (
    "In that file, `{column}` says “{value}”, and I don't know whether that means watched. "
    "Write `yes` or `no` there."
)

TO_COME = (
    "In that file, `{column}` says “{value}”. That day is still to come, or may be, so "
    "this is no list of what you have watched. If it is one, write its dates like "
    "`2021-08-07`. If that column means something else, delete it, and add a column "
    "`watched` with `yes` or `no`."
)

TWO_TABLES = (
    "That file holds two tables with different columns, one below the other. Attach each of them "
    "alone."
)

MOST = 300_000  # lines or entries; the longest histories that people tell of have a third
MOST_EPISODES = 200_000  # different ones that are kept
MOST_WORKS = 20_000
MOST_PEOPLE = 200
OF_ONE = (TVTIME_V1, TVTIME_V2, TVTIME_SEEN)  # one account's, also where a line names nobody
# Of what several entries say about one episode, the first of these counts.
STRONGEST = (Said.WATCHED, Said.MARK, Said.UNCLEAR, Said.NOTHING, Said.NOT_WATCHED)

Listed = dict[Work, dict[Entry, Said]]


@dataclass(slots=True)
class History:
    """What a file says. `people`: by whose it is; where it names nobody, under an empty name.

    `unlisted`: shows that were watched according to the file, without a list of their episodes.
    """

    format: Format
    people: dict[str, Listed] = field(default_factory=dict[str, Listed])
    unlisted: dict[Work, None] = field(default_factory=dict[Work, None])
    left: Counter[Left] = field(default_factory=Counter[Left])
    unclear: tuple[str, str] | None = None  # a column and what it says there, not understood
    unnamed: UnnamedFlags = field(default_factory=UnnamedFlags)
    proving: Calendar = field(default_factory=Calendar)  # dates by which episodes were watched
    listed: Calendar = field(default_factory=Calendar)  # dates of episodes that nothing proves
    kept: int = 0
    has_lists: bool = False  # its people are told apart by the names of their lists

    def says(self, said: Said) -> bool:
        return any(
            said in one.values() for listed in self.people.values() for one in listed.values()
        )

    @property
    def asks_all(self) -> bool:
        """Whether nothing in it says of any episode whether it was watched."""
        others = (Said.WATCHED, Said.NOT_WATCHED, Said.UNCLEAR)
        return self.says(Said.NOTHING) and not any(map(self.says, others))

    @property
    def counts(self) -> frozenset[Said]:
        """What counts as watched once its owner agrees to what they are asked."""
        told = frozenset({Said.WATCHED, Said.MARK})
        return told | {Said.NOTHING} if self.asks_all else told

    @property
    def has_watched(self) -> bool:
        return any(map(self.says, self.counts))

    def take(self, found: Found) -> None:
        """Keep what an entry says. Raises `UnreadableError` where there is too much."""
        if isinstance(found, Left):
            self.left[found] += 1
        elif isinstance(found, Work):
            self.unlisted[found] = None
            self._require_few(len(self.unlisted))
        else:
            self._keep(found)

    def look_at(self, found: Found, columns: Columns, line: Mapping[str, str]) -> None:
        """Note what stands in the columns of a line that says nothing of watching."""
        if isinstance(found, Record) and found.said is Said.NOTHING:
            self.unnamed.see(columns, line)
            for name in columns.of_listed:
                if name in AIRED or is_date(line[name]):
                    self.listed.see(columns.spelt[name], line[name])

    def rename(self, names: Mapping[str, str]) -> None:
        """Call its people by other names; those who get one name are one."""
        people, self.people = self.people, {}
        for before, listed in people.items():
            of_person = self.people.setdefault(names.get(before, before), {})
            for work, entries_ in listed.items():
                of_work = of_person.setdefault(work, {})
                for entry, said in entries_.items():
                    of_work[entry] = min((of_work.get(entry, said), said), key=STRONGEST.index)

    def _require_few(self, works: int) -> None:
        if works > MOST_WORKS or len(self.people) > MOST_PEOPLE:
            raise UnreadableError(TOO_MANY_SHOWS.format(most=MOST_WORKS))

    def _keep(self, record: Record) -> None:
        for column, cell in record.dates:
            self.proving.see(column, cell)
        if record.said is Said.UNCLEAR and self.unclear is None:
            self.unclear = record.unclear
        listed = self.people.setdefault(record.profile, {})
        of_work = listed.get(record.work)
        if of_work is None:
            of_work = listed[record.work] = {}
            self._require_few(len(listed))
        before = of_work.get(record.entry)
        if before is None:
            of_work[record.entry] = record.said
            self.kept += 1
            if self.kept > MOST_EPISODES:
                raise UnreadableError(TOO_MANY.format(most=MOST_EPISODES))
        elif before is not record.said:
            of_work[record.entry] = min((before, record.said), key=STRONGEST.index)


def read(data: bytes, name: str = "", is_ours: IsOurs = lambda _: False) -> History:
    """What a file says about what somebody has watched; nothing else of it is kept.

    `name` is the file's, and `is_ours` tells whether a title is a show that we have. Raises
    `UnreadableError` for everything that is refused, and nothing but that.
    """
    text_, first = opened(data)
    context = Context(name, is_ours)
    history = _of_json(text_, context) if first in "[{" else _of_table(text_, context)
    _require_of_watches(history)
    return history


def _require_of_watches(history: History) -> None:
    """Raises `UnreadableError` where it is surely no list of what was watched."""
    if history.asks_all and (column := history.unnamed.column):
        raise UnreadableError(STRANGE_COLUMN.format(column=quoted(column)))
    to_come = history.proving.to_come or (history.asks_all and history.listed.to_come)
    if to_come:
        column, value = map(quoted, to_come)
        raise UnreadableError(TO_COME.format(column=column, value=value))
    if not history.has_watched:
        raise UnreadableError(_why_nothing(history))


def _why_nothing(history: History) -> str:
    if history.unclear is not None:
        column, value = (" ".join(part.replace("`", "'").split()) for part in history.unclear)
        return NOT_UNDERSTOOD.format(column=column[:60], value=value[:60])
    return history.format.lacks


def _of_table(file: TextIOWrapper, context: Context) -> History:
    table_rows = TableRows(file)
    columns = Columns(table_rows.names)
    format_, read_row = of_table(columns, context)
    history = History(format_)
    for count, row_ in enumerate(table_rows):
        if count == MOST:
            raise UnreadableError(TOO_MANY.format(most=MOST))
        if columns.is_header(row_):
            if [plain(cell) for cell in row_.values()] != columns.names:
                raise UnreadableError(TWO_TABLES)
            continue
        is_far_ahead = columns.is_far_ahead(row_)
        who = person(row_, columns.profiles) if columns.profiles else ""
        for found in read_row(columns, row_):
            kept = _owned(found, who, is_far_ahead=is_far_ahead)
            history.take(kept)
            history.look_at(kept, columns, row_)
    if format_ in OF_ONE and len(history.people) == 2 and "" in history.people:  # noqa: PLR2004  # somebody, and nobody
        history.rename({"": next(filter(None, history.people))})
    return history


def _owned(found: Found, who: str, *, is_far_ahead: bool) -> Found:
    """The same as somebody's; what is dated years from now is no proof."""
    if not isinstance(found, Record) or not (is_far_ahead or (who and not found.profile)):
        return found
    said = Said.NOT_WATCHED if is_far_ahead else found.said
    return replace(found, said=said, profile=found.profile or who)


def _of_json(file: TextIOWrapper, context: Context) -> History:
    history, titles, lists = History(SHEET), dict[Ids, str](), Lists()
    is_known = False
    for count, (path, value) in enumerate(entries(file)):
        if count == MOST:
            raise UnreadableError(TOO_MANY.format(most=MOST))
        if path[-1:] and path[-1] in SHOWLY_SHOWS:
            titles[showly_ids(table(value), "tmId")] = title(text(table(value).get("t")))
        elif is_film(path, value):
            history.left[Left.FILM] += 1
        elif told := of_entry(path, value, context):
            history.format = history.format if is_known else told[0]
            is_known = True
            _take_entry(history, lists, path, row(table(value)), told[1])
    history.rename(lists.names())
    history.has_lists = lists.are_several
    _entitle(history, titles)
    return history


def _take_entry(
    history: History, lists: Lists, path: Path, line: Mapping[str, str], told: Iterable[Found]
) -> None:
    """Keep what an entry says, as somebody's: who it names, or in whose list it may be."""
    columns = columns_of(tuple(line))
    is_far_ahead, who = columns.is_far_ahead(line), person(line, columns.profiles)
    for found in told:
        kept = _owned(found, who, is_far_ahead=is_far_ahead)
        if isinstance(kept, Record) and (key := lists.see(path, kept)) != kept.profile:
            kept = replace(kept, profile=key)
        history.take(kept)
        history.look_at(kept, columns, line)


def _entitle(history: History, titles: Mapping[Ids, str]) -> None:
    """Name the shows that their entries call by an id alone."""
    for listed in history.people.values():
        for work in [work for work in listed if not work.title]:
            entries_ = listed.pop(work)
            listed[replace(work, title=titles.get(work.ids, ""))] = entries_
