"""What numbering promises: however a file cuts a season, nobody lands further than they watched."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.progress.trackers.landing import land
from bot.progress.trackers.numbering import Conflict, pair
from bot.progress.trackers.record import Entry, Said
from data.points import PREMISE, Order, Point, Slot
from data.story.titles import EpisodeTitles

BEGAN = date(2016, 1, 11)
# Made up, so that no title is another's with the number of a part.
NAMES = (
    "Ash",
    "Birch",
    "Cedar",
    "Dogwood",
    "Elm",
    "Fir",
    "Gorse",
    "Hazel",
    "Ivy",
    "Juniper",
    "Kapok",
    "Larch",
    "Maple",
    "Nutmeg",
)
NEVER = Point()


def season(count: int) -> tuple[Order, EpisodeTitles]:
    """One season, an episode a week."""
    slots = [
        Slot(f"e{number:02}", 1, number, BEGAN + timedelta(weeks=number - 1))
        for number in range(1, count + 1)
    ]
    return Order(slots), EpisodeTitles(
        (slot.id, name) for slot, name in zip(slots, NAMES, strict=False)
    )


@dataclass(frozen=True)
class Piece:
    """An episode as another catalogue has it: a part of one of ours, or several of ours at once."""

    first: int
    last: int
    part: int = 0  # counted from 1; 0: not a part
    ends: bool = True  # whether it is the last part


# How each of our episodes is cut, from the first on: into parts, or joined with those after it.
CUTS = st.lists(st.integers(-2, 4).filter(lambda cut: cut not in {0, -1}), min_size=1, max_size=8)


def pieces(cuts: Sequence[int], count: int) -> list[Piece]:
    found, at = list[Piece](), 1
    for cut in (*cuts, *[1] * count):
        if at > count:
            break
        if cut > 1:
            found += [Piece(at, at, part, part == cut) for part in range(1, cut + 1)]
            at += 1
        else:
            last = min(at + max(-cut, 1) - 1, count)
            found.append(Piece(at, last))
            at = last + 1
    return found


def watched_of_ours(told: Sequence[Piece], watched: int) -> int:
    """How many of our episodes, from the first on, somebody has seen the whole of."""
    ended = [piece.last for piece in told[:watched] if piece.ends]
    return max(ended, default=0)


def named(piece: Piece) -> str:
    names = NAMES[piece.first - 1 : piece.last]
    return f"{' & '.join(names)} ({piece.part})" if piece.part else " & ".join(names)


def aired(piece: Piece) -> date:
    return BEGAN + timedelta(weeks=piece.first - 1)


Tells = Callable[[int, Piece], Entry]


def by_number(number: int, _: Piece) -> Entry:
    return Entry(1, number)


def by_title(number: int, piece: Piece) -> Entry:
    return Entry(1, number, named(piece))


def by_date(number: int, piece: Piece) -> Entry:
    return Entry(1, number, aired=aired(piece))


def by_both(number: int, piece: Piece) -> Entry:
    return Entry(1, number, named(piece), aired(piece))


def by_other_title(number: int, piece: Piece) -> Entry:
    """Parts have names of their own, which say nothing of the whole."""
    return Entry(1, number, f"More of it, {number}" if piece.part > 1 else NAMES[piece.first - 1])


def by_other_date(number: int, piece: Piece) -> Entry:
    """Parts air on days of their own, between those of ours."""
    return Entry(
        1, number, aired=aired(piece) + timedelta(days=max(piece.part - 1, 0) + piece.part // 2)
    )


def lands(
    told: Sequence[Piece],
    watched: int,
    tells: Tells,
    *,
    total: int | None = None,
    lists_unseen: bool = True,
) -> int:
    entries = listed(told, watched, tells)
    if not lists_unseen:
        entries = {entry: said for entry, said in entries.items() if said is Said.WATCHED}
    return landed(told[-1].last, entries, total)


def listed(told: Sequence[Piece], watched: int, tells: Tells) -> dict[Entry, Said]:
    return {
        tells(number, piece): Said.WATCHED if number <= watched else Said.NOT_WATCHED
        for number, piece in enumerate(told, start=1)
    }


def landed(count: int, entries: Mapping[Entry, Said], total: int | None = None) -> int:
    order, titles = season(count)
    paired = pair(order, titles, entries, total=total)
    at = land(order, PREMISE, Point(order.slots[-1].id), paired.seen).point
    slot = order.slot(at)
    return slot.number if slot else 0


SEASONS = st.tuples(st.integers(1, 12), CUTS, st.integers(0, 40))


@given(SEASONS, st.sampled_from([by_title, by_both, by_date]))
def test_a_recut_season_with_titles_or_dates_takes_nobody_further(
    drawn: tuple[int, list[int], int], tells: Tells
) -> None:
    count, cuts, watched = drawn
    told = pieces(cuts, count)

    assert lands(told, watched, tells) <= watched_of_ours(told, watched)


@given(SEASONS, st.sampled_from([by_title, by_both]))
def test_a_recut_season_with_titles_of_what_was_watched_alone_takes_nobody_further(
    drawn: tuple[int, list[int], int], tells: Tells
) -> None:
    count, cuts, watched = drawn
    told = pieces(cuts, count)

    assert lands(told, watched, tells, lists_unseen=False) <= watched_of_ours(told, watched)


HALVES = st.lists(st.sampled_from([1, 2]), min_size=1, max_size=3)


@given(
    st.integers(3, 6), HALVES, st.integers(1, 5), st.sampled_from([by_other_title, by_other_date])
)
def test_halves_with_names_or_days_of_their_own_take_nobody_past_what_they_began(
    count: int, cuts: list[int], watched: int, tells: Tells
) -> None:
    """That a first half, called as the whole and aired on its day, is only one cannot be known."""
    told = pieces(cuts, count)
    began = max((piece.last for piece in told[:watched]), default=0)

    assert lands(told, watched, tells, lists_unseen=False) <= began


@given(SEASONS, st.sampled_from([by_title, by_both, by_date]), st.integers(0, 3))
def test_a_recut_season_that_goes_on_after_a_gap_takes_nobody_further(
    drawn: tuple[int, list[int], int], tells: Tells, gap: int
) -> None:
    count, cuts, watched = drawn
    told = pieces(cuts, count)
    watched %= len(told) + 1
    entries = [*listed(told, watched, tells).items()]
    del entries[watched : watched + gap]
    later = {Entry(1, 50): Said.NOT_WATCHED}

    assert landed(count, dict(entries) | later) <= watched_of_ours(told, watched)


@given(SEASONS)
def test_a_season_of_more_episodes_takes_nobody_further_by_number(
    drawn: tuple[int, list[int], int],
) -> None:
    count, cuts, watched = drawn
    told = pieces(cuts, count)
    if len(told) > count:
        assert lands(told, watched, by_number) == 0
        assert lands(told, watched, by_number, total=len(told), lists_unseen=False) == 0


@given(st.integers(1, 12), st.lists(st.sampled_from([1, -2, -3]), max_size=6), st.integers(0, 12))
def test_a_season_joined_into_fewer_takes_nobody_further(
    count: int, cuts: list[int], watched: int
) -> None:
    told = pieces(cuts, count)
    for tells in (by_number, by_title, by_date, by_both):
        assert lands(told, watched, tells) <= watched_of_ours(told, watched)


@given(st.integers(1, 12), st.integers(0, 12), st.sampled_from([by_number, by_title, by_date]))
def test_a_season_that_is_counted_alike_is_taken_over_whole(
    count: int, watched: int, tells: Tells
) -> None:
    told = pieces([], count)

    assert lands(told, watched, tells) == min(watched, count)


# What the properties above would find, if any of these were wrong.
def test_a_premiere_in_two_is_paired_by_title() -> None:
    order, titles = season(3)
    entries = {
        Entry(1, number, name): Said.WATCHED
        for number, name in enumerate(["Ash", "Ash, continued", "Birch", "Cedar"], start=1)
    }

    del entries[Entry(1, 2, "Ash, continued")]
    assert pair(order, titles, entries).seen == {"e01", "e02", "e03"}


def test_one_that_cannot_be_paired_stops_the_whole_season() -> None:
    order, titles = season(3)
    names = ["Ash", "Something else", "Birch", "Cedar"]
    entries = {Entry(1, number, name): Said.WATCHED for number, name in enumerate(names, start=1)}

    paired = pair(order, titles, entries)

    assert paired.seen == set()
    assert paired.conflicts == [Conflict(1, 4, 3)]


def test_two_of_one_day_count_only_together() -> None:
    order, titles = season(3)
    days = [BEGAN, BEGAN, BEGAN + timedelta(weeks=1), BEGAN + timedelta(weeks=2)]

    def told(watched: int) -> set[str]:
        entries = {
            Entry(1, number, aired=day): Said.WATCHED if number <= watched else Said.NOT_WATCHED
            for number, day in enumerate(days, start=1)
        }
        return pair(order, titles, entries).seen

    assert told(1) == set()
    assert told(2) == {"e01"}
    assert told(3) == {"e01", "e02"}


def test_days_that_are_shifted_otherwise_within_a_season_prove_another_numbering() -> None:
    slots = [Slot(f"e{day}", 1, day, date(2020, 1, day)) for day in range(1, 5)]
    order, titles = Order(slots), EpisodeTitles([])

    def seen(*days: int) -> set[str]:
        told = {
            Entry(1, number, aired=date(2020, 1, day)): Said.WATCHED
            for number, day in enumerate(days, start=1)
        }
        return pair(order, titles, told).seen

    assert seen(1, 1, 2) == {"e1"}  # the premiere in two; the last one may go on
    assert seen(2, 3, 4) == {"e1", "e2", "e3"}  # listed by a clock that is ahead


def test_what_has_another_title_counts_where_a_later_one_agrees() -> None:
    order, titles = season(4)

    def told(*names: str) -> tuple[set[str], int]:
        entries = {Entry(1, at, name): Said.WATCHED for at, name in enumerate(names, start=1)}
        paired = pair(order, titles, entries)
        return paired.seen, paired.untold

    assert told("Ash", "Bouleau", "Cedar") == ({"e01", "e02", "e03"}, 0)
    assert told("Ash", "Bouleau") == ({"e01"}, 1)
    assert told("Frêne", "Bouleau") == ({"e01", "e02"}, 0)  # in another language throughout


def test_one_of_ours_that_has_no_title_yet_is_not_missed() -> None:
    order, _ = season(2)
    titles = EpisodeTitles([("e01", "Ash"), ("e02", "Episode 2")])
    entries = {Entry(1, 1, "Ash"): Said.WATCHED, Entry(1, 2, "Birch"): Said.WATCHED}

    assert pair(order, titles, entries).seen == {"e01", "e02"}


def test_a_number_for_a_title_names_nothing_in_a_show_of_several_seasons() -> None:
    slots = [Slot("a1", 1, 1), Slot("b1", 2, 1)]
    titles = EpisodeTitles([("a1", "Ash"), ("b1", "Episode 1")])

    paired = pair(Order(slots), titles, {Entry(None, None, "Episode 1"): Said.WATCHED})

    assert (paired.seen, paired.untold) == (set(), 1)


def test_half_of_an_episode_does_not_count_where_the_other_half_is_not_listed() -> None:
    order, titles = season(3)
    days = [BEGAN, BEGAN, BEGAN + timedelta(weeks=1)]
    halves = {Entry(1, number, aired=day): Said.WATCHED for number, day in enumerate(days, start=1)}

    for later in (Entry(1, 4), Entry(1, 6)):
        assert pair(order, titles, {**halves, later: Said.NOT_WATCHED}).seen == {"e01"}


def test_dates_of_another_country_pair_nothing() -> None:
    order, titles = season(3)
    entries = {
        Entry(1, number, aired=BEGAN + timedelta(weeks=number)): Said.WATCHED
        for number in range(1, 3)
    }

    assert pair(order, titles, entries).seen == set()


def test_after_a_season_that_is_counted_otherwise_numbers_prove_nothing() -> None:
    slots = [Slot(f"a{number}", season, number) for season in (1, 2) for number in (1, 2)]
    slots = [Slot(f"e{place}", slot.season, slot.number) for place, slot in enumerate(slots)]
    titles = EpisodeTitles((slot.id, name) for slot, name in zip(slots, NAMES, strict=False))
    entries = {
        Entry(1, 3): Said.WATCHED,
        Entry(2, 1): Said.WATCHED,
        Entry(2, 2, "Dogwood"): Said.WATCHED,
    }

    assert pair(Order(slots), titles, entries).seen == set()
    del entries[Entry(2, 1)]
    assert pair(Order(slots), titles, entries).seen == {"e3"}


@pytest.mark.parametrize(
    "part",
    [
        "Ash (2)",
        "Ash, Part 2",
        "Ash - Part Two",
        "Ash II",
        "Ash b",
        "Ash (2/2)",
        "Ash (Part 2 of 2)",
    ],
)
def test_a_part_of_one_of_ours_is_no_episode_of_its_number(part: str) -> None:
    order, titles = season(4)

    def seen(*unseen: Entry) -> set[str]:
        told = {Entry(1, 1, "Ash"): Said.WATCHED, **dict.fromkeys(unseen, Said.NOT_WATCHED)}
        return pair(order, titles, told).seen

    assert seen() == {"e01"}
    assert seen(Entry(1, 2, part)) == set()
    entries = {Entry(1, number, part): Said.WATCHED for number in (1, 2)}
    assert pair(order, titles, entries).seen == set()


SPECIAL = Slot("x1", 0, 1, date(2016, 12, 24))


@pytest.mark.parametrize(
    ("entry", "is_found"),
    [
        (Entry(0, 1, "The Long Night", date(2016, 12, 24)), True),
        (Entry(0, 7, "the long night!", date(2016, 12, 24)), True),
        (Entry(2, 9, "The Long Night", date(2016, 12, 24), is_special=True), True),
        (Entry(0, 1), False),
        (Entry(0, 1, "The Long Night"), False),
        (Entry(0, 1, "", date(2016, 12, 24)), False),
        (Entry(0, 1, "The Long Night", date(2016, 12, 25)), False),
        (Entry(0, 1, "Another Night", date(2016, 12, 24)), False),
        (Entry(None, None, ours="x1"), True),
    ],
)
def test_a_special_is_found_by_its_id_or_by_title_and_date_together(
    entry: Entry,
    is_found: bool,  # noqa: FBT001
) -> None:
    titles = EpisodeTitles([("x1", "The Long Night")])

    paired = pair(Order([SPECIAL]), titles, {entry: Said.WATCHED})

    assert paired.seen == ({"x1"} if is_found else set())
    assert paired.specials == (not is_found)


def test_a_special_inside_a_season_is_not_taken_for_the_episode_of_its_number() -> None:
    order, titles = season(2)

    paired = pair(order, titles, {Entry(1, 1, is_special=True): Said.WATCHED})

    assert (paired.seen, paired.specials) == (set(), 1)


def test_a_mark_counts_with_its_owners_word_and_where_it_is_numbered_alike() -> None:
    order, titles = season(3)
    agreed = frozenset({Said.WATCHED, Said.MARK})

    def marked(number: int, counts: frozenset[Said]) -> set[str]:
        return pair(order, titles, {Entry(1, number): Said.MARK}, counts=counts).seen

    assert marked(2, frozenset({Said.WATCHED})) == set()
    assert marked(2, agreed) == {"e01", "e02"}
    assert marked(4, agreed) == set()
