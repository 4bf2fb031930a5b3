"""Changes: what a new version of a pack means for its readers and for the points they stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from data.packs.renumbering import Versions
from data.packs.statements import Statement, statements
from data.points import Point

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pydantic import BaseModel

    from data.packs.tables import EpisodeTable, Pack
    from data.points import Order


LISTED = 5  # points or episodes that one sentence names
EXCERPT = 70  # characters of a text, enough to know it by

# The kinds of text that a place has one of; of all others it may have several.
_SINGLE = frozenset({"premise", "page", "title", "teaser", "recap", "name", "role", "actor"})
# By what an old and a new text are taken for one, in this order.
_ALIKE: tuple[Callable[[Statement], object], ...] = (
    lambda one: (one.text, one.known),
    lambda one: one.text,
    lambda one: one.known,
    lambda one: one.kind if one.kind in _SINGLE else one,
)

OTHER_SHOW = (
    "`slug` is {new}, was {old}: for the bot this is another show, and what members stored for"
    " the old one does not count for it"
)
GONE = (
    "it is gone: who stored a point in it counts as having watched nothing, and what is sealed"
    " through it opens only at the very end of the show"
)
SAME_PLACE = "; {label} is {id} now: if it is the same episode, give it its old id"
BEFORE_OTHERS = "it stands before others: members at {stored} now count as having watched it"
MOVED = "it stands at another place in the order"
NOW_PAST = "; members at {stored} now count as having watched it"
NOW_IMPLIES = "; members at it now count as having watched {episodes}"
RENUMBERED = "it is {new}, was {old}; points stored in it go with it"
REUSED = (
    "its number and its title are others (now {label} {title}): if this is another episode, it"
    " needs an id of its own, or who stored a point in the old one is at the new one"
)
REWORDED = 'from {label}: it says "{new}", said "{old}"'
KNOWN = "known from {new}, was known from {old}"
UNTIL = "no longer so from {new}, was until {old}"
NOW_READ = "{shift}: members at {stored} will now read it: {text}"
HIDDEN_AGAIN = "{shift}: hidden again from members at {stored}: {text}"
ENDS = "no longer so from {label}: {text}"
NEVER_ENDS = "no longer ends at {label}: {text}"
CORRECTED = "{fields}: a correction; what was announced of it is edited"
NEW_NEWS = '{date}, {confidence}: "{headline}"'
TAKEN_BACK = "it is gone: what was announced of it is taken back"
UNSEEN = "nothing that members read (waived words, or the order of tables)"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference, its place in the pack, and what it means for members if that may hurt."""

    word: Literal["warning", "added", "removed", "changed"]
    place: str
    message: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.word, self.place, self.message)))


def changes(old: Pack, new: Pack) -> list[Change]:
    """What is different in `new`, warnings first; nothing for packs that hold the same.

    Both must be without errors.
    """
    versions = Versions(old.order(), new.order())
    found = [*_show(old, new), *_episodes(old, new, versions)]
    found += [*_statements(old, new, versions), *_news(old, new)]
    if not found and old != new:
        return [Change("changed", "", UNSEEN)]
    return sorted(found, key=lambda change: change.word != "warning")


def _show(old: Pack, new: Pack) -> Iterator[Change]:
    if old.show.slug != new.show.slug:
        message = OTHER_SHOW.format(new=new.show.slug, old=old.show.slug)
        yield Change("warning", "[show]", message)
    if fields := _fields(old.show, new.show, but=("slug", "premise")):
        yield Change("changed", "[show]", fields)


def _fields(old: BaseModel, new: BaseModel, *, but: Sequence[str] = ()) -> str:
    """The fields that are different, as a list in words."""
    before, after = old.model_dump(), new.model_dump()
    left_out = {"id", "allow", *but}
    return ", ".join(
        f"`{field}`"
        for field, value in after.items()
        if field not in left_out and value != before[field]
    )


def _episodes(old: Pack, new: Pack, versions: Versions) -> Iterator[Change]:
    before = {episode.id: episode for episode in old.episode}
    after = {episode.id: episode for episode in new.episode}
    at = {episode.at: episode.id for episode in new.episode}
    for id_, episode in before.items():
        if id_ not in after:
            other = at.get(episode.at)
            hint = SAME_PLACE.format(label=episode.at, id=other) if other else ""
            yield Change("warning", _called(episode), GONE + hint)
    for id_, episode in after.items():
        if id_ in before:
            yield from _episode(before[id_], episode)
        else:
            yield _added(episode, versions)
    for point in versions.moved():
        yield _moved(point, versions)


def _called(episode: EpisodeTable) -> str:
    return f"episode {episode.id} ({episode.at})"


def _episode(old: EpisodeTable, new: EpisodeTable) -> Iterator[Change]:
    place = _called(new)
    if old.at != new.at:
        yield Change("changed", place, RENUMBERED.format(new=new.at, old=old.at))
        if old.title and new.title and old.title != new.title:
            message = REUSED.format(label=new.at, title=_excerpt(new.title))
            yield Change("warning", place, message)
    told = ("at", "title", "title_known", "teaser", "teaser_known", "recap", "beat")
    if fields := _fields(old, new, but=told):
        yield Change("changed", place, fields)


def _added(episode: EpisodeTable, versions: Versions) -> Change:
    point = Point(episode.id)
    past = [p for p in versions.kept if versions.new.reached(point, p)]
    if not past:
        return Change("added", _called(episode), "at the end")
    stored = _some([versions.new.label(p) for p in past])
    return Change("warning", _called(episode), BEFORE_OTHERS.format(stored=stored))


def _moved(point: Point, versions: Versions) -> Change:
    place = f"episode {point.episode} ({versions.new.label(point)})"
    newly, implied = versions.newly(point, point), versions.implied(point)
    message = MOVED
    if newly:
        message += NOW_PAST.format(stored=_some(newly))
    if implied:
        message += NOW_IMPLIES.format(episodes=_some(implied))
    return Change("warning", place, message)


def _statements(old: Pack, new: Pack, versions: Versions) -> Iterator[Change]:
    before, after = _by_place(statements(old)), _by_place(statements(new))
    # What came or went with its episode has been told of with it.
    ids = {episode.id for episode in old.episode} ^ {episode.id for episode in new.episode}
    told = {f"episode {id_}" for id_ in ids}
    for place in dict.fromkeys((*after, *before)):
        was, now = before.get(place, []), after.get(place, [])
        if place in told:
            continue
        if was and now:
            yield from _within(was, now, versions)
        elif now:
            yield _whole("added", place, now, versions.new)
        else:
            yield _whole("removed", place, was, versions.old)


def _by_place(told: Iterable[Statement]) -> Mapping[str, list[Statement]]:
    places: dict[str, list[Statement]] = {}
    for statement in told:
        places.setdefault(statement.place, []).append(statement)
    return places


def _whole(
    word: Literal["added", "removed"], place: str, told: Sequence[Statement], order: Order
) -> Change:
    """A character, a term or a source that came or went, with all that is said of it."""
    first, *others = told
    more = f", and {len(others)} more" if others else ""
    return Change(word, place, f"from {order.label(first.known)}: {_excerpt(first.text)}{more}")


def _within(
    was: Sequence[Statement], now: Sequence[Statement], versions: Versions
) -> Iterator[Change]:
    pairs, gone, come = _matched(was, now)
    for before, after in pairs:
        yield from _compared(before, after, versions)
    for one in gone:
        yield _whole("removed", f"{one.place}, {one.kind}", [one], versions.old)
    for one in come:
        yield _whole("added", f"{one.place}, {one.kind}", [one], versions.new)


def _matched(
    was: Sequence[Statement], now: Sequence[Statement]
) -> tuple[list[tuple[Statement, Statement]], Sequence[Statement], Sequence[Statement]]:
    """The pairs of old and new texts that are one text, what is gone, and what has come."""
    pairs: list[tuple[Statement, Statement]] = []
    for alike in _ALIKE:
        waiting: defaultdict[object, list[Statement]] = defaultdict(list)
        for before in was:
            waiting[before.kind, alike(before)].append(before)
        come: list[Statement] = []
        for after in now:
            same = waiting[after.kind, alike(after)]
            if same:
                pairs.append((same.pop(0), after))
            else:
                come.append(after)
        was, now = [one for left in waiting.values() for one in left], come
    return pairs, was, now


def _compared(was: Statement, now: Statement, versions: Versions) -> Iterator[Change]:
    place = f"{now.place}, {now.kind}"
    if was.text != now.text:
        label, said, says = versions.new.label(now.known), _cut(was.text), _cut(now.text)
        yield Change("changed", place, REWORDED.format(label=label, new=says, old=said))
    yield from _shifted(place, now.text, versions, KNOWN, (was.known, now.known))
    if was.until and now.until:
        yield from _shifted(place, now.text, versions, UNTIL, (was.until, now.until))
    elif until := now.until or was.until:
        order, message = (versions.new, ENDS) if now.until else (versions.old, NEVER_ENDS)
        told = message.format(label=order.label(until), text=_excerpt(now.text))
        yield Change("changed", place, told)
    before, after = dict(was.details), dict(now.details)
    if fields := ", ".join(f"`{key}`" for key in after if after[key] != before[key]):
        yield Change("changed", place, f"{fields} of {_excerpt(now.text)}")


def _shifted(
    place: str, text: str, versions: Versions, words: str, points: tuple[Point, Point]
) -> Iterator[Change]:
    """That a text is told from another point on; `points` are the old one and the new one."""
    was, now = points
    old, new = versions.old.label(was), versions.new.label(now)
    shift, told = words.format(new=new, old=old), _excerpt(text)
    # The same point means other episodes where they were moved; that is told of with those.
    if was == now:
        return
    if newly := versions.newly(was, now):
        message = NOW_READ.format(shift=shift, stored=_some(newly), text=told)
        yield Change("warning", place, message)
    elif hidden := versions.no_longer(was, now):
        message = HIDDEN_AGAIN.format(shift=shift, stored=_some(hidden), text=told)
        yield Change("changed", place, message)
    elif old != new:
        yield Change("changed", place, f"{shift}: {told}")


def _news(old: Pack, new: Pack) -> Iterator[Change]:
    before, after = {one.id: one for one in old.news}, {one.id: one for one in new.news}
    for id_, news in after.items():
        place = f"news {id_}"
        if id_ not in before:
            message = NEW_NEWS.format(
                date=news.date, confidence=news.confidence, headline=news.headline
            )
            yield Change("added", place, message)
        elif fields := _fields(before[id_], news):
            yield Change("changed", place, CORRECTED.format(fields=fields))
    for id_ in before:
        if id_ not in after:
            yield Change("removed", f"news {id_}", TAKEN_BACK)


def _some(labels: Sequence[str]) -> str:
    more = len(labels) - LISTED
    told = ", ".join(labels[:LISTED])
    return f"{told} and {more} more" if more > 0 else told


def _excerpt(text: str) -> str:
    return f'"{_cut(text)}"'


def _cut(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= EXCERPT else f"{words[: EXCERPT - 1]}…"
