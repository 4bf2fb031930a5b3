"""Changes: what a new version of a pack means for its readers and their stored points."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from data.packs.renumbering import OrderChange
from data.packs.statements import Statement, statements
from data.points import Point

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pydantic import BaseModel

    from data.packs.tables import EpisodeTable, Pack
    from data.points import Order


MOST_LABELS = 5  # points or episodes in one sentence
EXCERPT_LENGTH = 70  # characters of a text, enough to recognize it

# The kinds of text that a place has only one of; it can have several of all others.
_SINGLE = frozenset({"premise", "page", "title", "teaser", "recap", "name", "role", "actor"})
# Keys by which an old and a new text are matched, tried in this order.
_ALIKE: tuple[Callable[[Statement], object], ...] = (
    lambda one: (one.text, one.known),
    lambda one: one.text,
    lambda one: one.known,
    lambda one: one.kind if one.kind in _SINGLE else one,
)

SLUG_CHANGED = (
    "`slug` is {new}, was {old}: for the bot this is another show, and what members stored for"
    " the old one does not count for it"
)
EPISODE_REMOVED = (
    "it is gone: who stored a point in it counts as having watched nothing, and what is sealed"
    " through it opens only at the very end of the show"
)
SAME_PLACE = "; {label} is {id} now: if it is the same episode, give it its old id"
BEFORE_OTHERS = "it stands before others: members at {stored} now count as having watched it"
EPISODE_MOVED = "it stands at another place in the order"
NOW_PAST = "; members at {stored} now count as having watched it"
NOW_IMPLIES = "; members at it now count as having watched {episodes}"
RENUMBERED = "it is {new}, was {old}; points stored in it go with it"
ID_REUSED = (
    "its number and its title are others (now {label} {title}): if this is another episode, it"
    " needs an id of its own, or who stored a point in the old one is at the new one"
)
REWORDED = 'from {label}: it says "{new}", said "{old}"'
KNOWN_CHANGED = "known from {new}, was known from {old}"
UNTIL_CHANGED = "no longer so from {new}, was until {old}"
NOW_READ = "{shift}: members at {stored} will now read it: {text}"
HIDDEN_AGAIN = "{shift}: hidden again from members at {stored}: {text}"
UNTIL_ADDED = "no longer so from {label}: {text}"
UNTIL_REMOVED = "no longer ends at {label}: {text}"
NEWS_CORRECTED = "{fields}: a correction; what was announced of it is edited"
NEWS_ADDED = '{date}, {confidence}: "{headline}"'
NEWS_REMOVED = "it is gone: what was announced of it is taken back"
NOTHING_READ = "nothing that members read (waived words, or the order of tables)"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference, its place in the pack, and its effect on members; a warning if harmful."""

    word: Literal["warning", "added", "removed", "changed"]
    place: str
    message: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.word, self.place, self.message)))


def changes(old: Pack, new: Pack) -> list[Change]:
    """The differences between two packs without errors, warnings first; empty if they are equal."""
    versions = OrderChange(old.order(), new.order())
    found = [*_show(old, new), *_episodes(old, new, versions)]
    found += [*_statements(old, new, versions), *_news(old, new)]
    if not found and old != new:
        return [Change("changed", "", NOTHING_READ)]
    return sorted(found, key=lambda change: change.word != "warning")


def _show(old: Pack, new: Pack) -> Iterator[Change]:
    if old.show.slug != new.show.slug:
        message = SLUG_CHANGED.format(new=new.show.slug, old=old.show.slug)
        yield Change("warning", "[show]", message)
    if fields := _fields(old.show, new.show, but=("slug", "premise")):
        yield Change("changed", "[show]", fields)


def _fields(old: BaseModel, new: BaseModel, *, but: Sequence[str] = ()) -> str:
    """The names of the fields that differ, joined with commas."""
    before, after = old.model_dump(), new.model_dump()
    left_out = {"id", "allow", *but}
    return ", ".join(
        f"`{field}`"
        for field, value in after.items()
        if field not in left_out and value != before[field]
    )


def _episodes(old: Pack, new: Pack, versions: OrderChange) -> Iterator[Change]:
    before = {episode.id: episode for episode in old.episode}
    after = {episode.id: episode for episode in new.episode}
    at = {episode.at: episode.id for episode in new.episode}
    for id_, episode in before.items():
        if id_ not in after:
            other = at.get(episode.at)
            hint = SAME_PLACE.format(label=episode.at, id=other) if other else ""
            yield Change("warning", _called(episode), EPISODE_REMOVED + hint)
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
            message = ID_REUSED.format(label=new.at, title=_excerpt(new.title))
            yield Change("warning", place, message)
    compared_elsewhere = ("at", "title", "title_known", "teaser", "teaser_known", "recap", "beat")
    if fields := _fields(old, new, but=compared_elsewhere):
        yield Change("changed", place, fields)


def _added(episode: EpisodeTable, versions: OrderChange) -> Change:
    point = Point(episode.id)
    past = [p for p in versions.kept if versions.new.reached(point, p)]
    if not past:
        return Change("added", _called(episode), "at the end")
    stored = _some([versions.new.label(p) for p in past])
    return Change("warning", _called(episode), BEFORE_OTHERS.format(stored=stored))


def _moved(point: Point, versions: OrderChange) -> Change:
    place = f"episode {point.episode} ({versions.new.label(point)})"
    newly, implied = versions.newly_reached(point, point), versions.newly_watched(point)
    message = EPISODE_MOVED
    if newly:
        message += NOW_PAST.format(stored=_some(newly))
    if implied:
        message += NOW_IMPLIES.format(episodes=_some(implied))
    return Change("warning", place, message)


def _statements(old: Pack, new: Pack, versions: OrderChange) -> Iterator[Change]:
    before, after = _by_place(statements(old)), _by_place(statements(new))
    # An episode that was added or removed is one change, together with its texts.
    ids = {episode.id for episode in old.episode} ^ {episode.id for episode in new.episode}
    of_changed_episodes = {f"episode {id_}" for id_ in ids}
    for place in dict.fromkeys((*after, *before)):
        was, now = before.get(place, []), after.get(place, [])
        if place in of_changed_episodes:
            continue
        if was and now:
            yield from _changed_statements(was, now, versions)
        elif now:
            yield _added_or_removed("added", place, now, versions.new)
        else:
            yield _added_or_removed("removed", place, was, versions.old)


def _by_place(found: Iterable[Statement]) -> Mapping[str, list[Statement]]:
    places: dict[str, list[Statement]] = {}
    for statement in found:
        places.setdefault(statement.place, []).append(statement)
    return places


def _added_or_removed(
    word: Literal["added", "removed"], place: str, said: Sequence[Statement], order: Order
) -> Change:
    """A character, a term or a source that was added or removed, with all its texts."""
    first, *others = said
    more = f", and {len(others)} more" if others else ""
    return Change(word, place, f"from {order.label(first.known)}: {_excerpt(first.text)}{more}")


def _changed_statements(
    was: Sequence[Statement], now: Sequence[Statement], versions: OrderChange
) -> Iterator[Change]:
    pairs, gone, come = _matched(was, now)
    for before, after in pairs:
        yield from _compared(before, after, versions)
    for one in gone:
        yield _added_or_removed("removed", f"{one.place}, {one.kind}", [one], versions.old)
    for one in come:
        yield _added_or_removed("added", f"{one.place}, {one.kind}", [one], versions.new)


def _matched(
    was: Sequence[Statement], now: Sequence[Statement]
) -> tuple[list[tuple[Statement, Statement]], Sequence[Statement], Sequence[Statement]]:
    """The pairs of matching old and new texts, then the removed ones, then the added ones."""
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


def _compared(was: Statement, now: Statement, versions: OrderChange) -> Iterator[Change]:
    place = f"{now.place}, {now.kind}"
    if was.text != now.text:
        label, said, says = versions.new.label(now.known), _cut(was.text), _cut(now.text)
        yield Change("changed", place, REWORDED.format(label=label, new=says, old=said))
    yield from _shifted(place, now.text, versions, KNOWN_CHANGED, (was.known, now.known))
    if was.until and now.until:
        yield from _shifted(place, now.text, versions, UNTIL_CHANGED, (was.until, now.until))
    elif until := now.until or was.until:
        order, message = (versions.new, UNTIL_ADDED) if now.until else (versions.old, UNTIL_REMOVED)
        sentence = message.format(label=order.label(until), text=_excerpt(now.text))
        yield Change("changed", place, sentence)
    before, after = dict(was.details), dict(now.details)
    if fields := ", ".join(f"`{key}`" for key in after if after[key] != before[key]):
        yield Change("changed", place, f"{fields} of {_excerpt(now.text)}")


def _shifted(
    place: str, text: str, versions: OrderChange, words: str, points: tuple[Point, Point]
) -> Iterator[Change]:
    """The change that a text is known from another point; `points` are the old and the new one."""
    was, now = points
    old, new = versions.old.label(was), versions.new.label(now)
    shift, excerpt = words.format(new=new, old=old), _excerpt(text)
    # If the point is the same but episodes moved, the changes of those episodes say so.
    if was == now:
        return
    if newly := versions.newly_reached(was, now):
        message = NOW_READ.format(shift=shift, stored=_some(newly), text=excerpt)
        yield Change("warning", place, message)
    elif hidden := versions.no_longer_reached(was, now):
        message = HIDDEN_AGAIN.format(shift=shift, stored=_some(hidden), text=excerpt)
        yield Change("changed", place, message)
    elif old != new:
        yield Change("changed", place, f"{shift}: {excerpt}")


def _news(old: Pack, new: Pack) -> Iterator[Change]:
    before, after = {one.id: one for one in old.news}, {one.id: one for one in new.news}
    for id_, news in after.items():
        place = f"news {id_}"
        if id_ not in before:
            message = NEWS_ADDED.format(
                date=news.date, confidence=news.confidence, headline=news.headline
            )
            yield Change("added", place, message)
        elif fields := _fields(before[id_], news):
            yield Change("changed", place, NEWS_CORRECTED.format(fields=fields))
    for id_ in before:
        if id_ not in after:
            yield Change("removed", f"news {id_}", NEWS_REMOVED)


def _some(labels: Sequence[str]) -> str:
    more = len(labels) - MOST_LABELS
    named = ", ".join(labels[:MOST_LABELS])
    return f"{named} and {more} more" if more > 0 else named


def _excerpt(text: str) -> str:
    return f'"{_cut(text)}"'


def _cut(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= EXCERPT_LENGTH else f"{words[: EXCERPT_LENGTH - 1]}…"
