"""What packs.diff promises: every difference, and a warning where members would be told more."""

from __future__ import annotations

from itertools import combinations, permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import data
import data.packs.reader
from data.packs.diff import MOST_LABELS, changes
from data.packs.renumbering import OrderChange
from data.packs.tables import Pack
from data.points import PREMISE, Order, Point, Slot
from data.story.story import Story
from tests.leak.show import marked

HEAD = {"format": 1, "show": {"slug": "loom", "title": "Night Loom", "premise": "Nobody sleeps."}}
EPISODES = [{"id": f"e{n}", "at": f"S1E{n}", "title": f"Title {n}"} for n in range(1, 6)]
MARA = {
    "id": "c1",
    "known": "S1E1",
    "name": "Mara",
    "fact": [{"kind": "event", "known": "S1E4", "text": "She leaves.", "until": "S1E5"}],
}
NEWS = {
    "id": "2024-01-01-renewed",
    "date": "2024-01-01",
    "kind": "renewed",
    "confidence": "reported",
    "headline": "A second season",
}


def pack(*episodes: dict[str, object], **tables: object) -> Pack:
    return Pack.model_validate({**HEAD, "episode": episodes or EPISODES, **tables})


def mara(**fact: object) -> Pack:
    return pack(character=[{**MARA, "fact": [{**MARA["fact"][0], **fact}]}])


def told(old: Pack, new: Pack) -> list[str]:
    return list(map(str, changes(old, new)))


def only(old: Pack, new: Pack) -> str:
    [change] = told(old, new)
    return change


OLD = pack(character=[MARA])


def test_packs_that_hold_the_same_are_not_different() -> None:
    shipped = Path(data.__file__).parent / "shows" / "hit-and-run.toml"
    whole = data.packs.reader.read(shipped).pack

    assert changes(whole, whole) == []


def test_another_moment_is_a_difference() -> None:
    timed = [{**one, "airs": "2026-01-02T03:00:00Z"} for one in EPISODES]
    moved = [*timed[:-1], {**timed[-1], "airs": "2026-01-02T04:00:00Z"}]

    assert only(pack(*timed), pack(*moved)) == "changed: episode e5 (S1E5): `airs`"


def test_a_fact_that_is_told_earlier_is_a_warning_that_says_to_whom() -> None:
    change = only(OLD, mara(known="S1E2"))

    assert change.startswith("warning: character c1, fact (event): known from S1E2, was known from")
    assert 'members at S1E2, S1E3 will now read it: "She leaves."' in change


def test_a_minute_earlier_is_earlier_for_who_is_between() -> None:
    assert "members at S1E4@10 will now read it" in only(OLD, mara(known="S1E4@10"))


def test_a_fact_that_is_told_later_is_hidden_again() -> None:
    change = only(mara(until=None), mara(known="S1E5", until=None))

    assert change.startswith("changed: ")
    assert "hidden again from members at S1E4" in change


def test_an_end_may_come_and_go() -> None:
    assert "no longer ends at S1E5" in only(OLD, mara(until=None))
    assert "no longer so from S1E5" in only(mara(until=None), OLD)


def test_an_end_that_comes_earlier_is_a_warning() -> None:
    change = only(mara(known="S1E2"), mara(known="S1E2", until="S1E3"))

    assert change.startswith("warning: ")
    assert "no longer so from S1E3, was until S1E5: members at S1E3, S1E4 will now read" in change


def test_other_words_are_no_other_fact() -> None:
    change = only(OLD, mara(text="She goes."))

    assert change == (
        'changed: character c1, fact (event): from S1E4: it says "She goes.", said "She leaves."'
    )


def test_what_comes_and_goes_is_told_with_its_point() -> None:
    more = {
        **MARA,
        "fact": [*MARA["fact"], {"kind": "event", "known": "S1E2", "text": "She hums."}],
    }
    bo = {"id": "c2", "name": "Bo", "known": "S1E3", "role": "A baker"}

    assert only(OLD, pack(character=[more])) == (
        'added: character c1, fact (event): from S1E2: "She hums."'
    )
    assert only(pack(character=[more]), OLD).startswith("removed: character c1, fact (event)")
    assert only(OLD, pack(character=[MARA, bo])) == (
        'added: character c2: from S1E3: "Bo", and 1 more'
    )
    assert only(pack(character=[MARA, bo]), OLD).startswith("removed: character c2: ")


def test_a_new_last_episode_is_no_danger() -> None:
    last = {"id": "e6", "at": "S2E1", "title": "Later", "recap": "Much."}

    assert only(pack(), pack(*EPISODES, last)) == "added: episode e6 (S2E1): at the end"


def test_an_episode_put_in_between_counts_as_watched_by_who_is_past_it() -> None:
    special = {"id": "e6", "at": "S0E1"}

    change = only(pack(), pack(*EPISODES[:3], special, *EPISODES[3:]))

    assert change.startswith("warning: episode e6 (S0E1): ")
    assert "members at S1E4, S1E5 now count as having watched it" in change


def test_an_episode_whose_id_is_gone_loses_what_was_stored_in_it() -> None:
    renamed = {**EPISODES[2], "id": "x3"}

    gone, put_in = told(pack(), pack(*EPISODES[:2], renamed, *EPISODES[3:]))

    assert gone.startswith("warning: episode e3 (S1E3): it is gone: ")
    assert "S1E3 is x3 now" in gone
    assert put_in.startswith("warning: episode x3 (S1E3): it stands before others")
    assert "is x3 now" not in only(pack(), pack(*EPISODES[:2], *EPISODES[3:]))


def test_a_new_number_keeps_what_was_stored_and_moves_no_fact() -> None:
    shifted = [{**e, "at": f"S2E{n}"} for n, e in enumerate(EPISODES, start=1)]
    new = pack(*shifted, character=[{**MARA, "known": "S2E1", "fact": [
        {**MARA["fact"][0], "known": "S2E4", "until": "S2E5"}]}])  # fmt: skip

    found = told(OLD, new)

    assert len(found) == 5
    assert all(change.startswith("changed: episode ") for change in found)
    assert "it is S2E1, was S1E1; points stored in it go with it" in found[0]


def test_an_id_with_another_number_and_another_title_may_be_another_episode() -> None:
    other = {"id": "e5", "at": "S2E1", "title": "Elsewhere"}

    found = told(pack(), pack(*EPISODES[:4], other))

    assert found[0].startswith("warning: episode e5 (S2E1): its number and its title are others")


def test_a_new_order_says_who_counts_as_having_watched_what() -> None:
    one, two, three, four, five = EPISODES

    [change] = told(pack(), pack(one, four, two, three, five))

    assert change.startswith("warning: episode e4 (S1E4): it stands at another place")
    assert "members at S1E2, S1E3 now count as having watched it" in change
    [change] = told(pack(), pack(two, three, one, four, five))
    assert "members at it now count as having watched S1E2, S1E3" in change


def test_an_episode_that_said_nothing_before_has_come_to_say_something() -> None:
    bare = [{**EPISODES[0], "title": None}, *EPISODES[1:]]

    assert only(pack(*bare), pack()) == 'added: episode e1: from S1E1: "Title 1"'


def test_news_are_told_corrected_and_taken_back() -> None:
    other = {**NEWS, "headline": "A second season, in May"}

    assert only(pack(), pack(news=[NEWS])).startswith("added: news 2024-01-01-renewed: ")
    assert "`headline`: a correction" in only(pack(news=[NEWS]), pack(news=[other]))
    assert "taken back" in only(pack(news=[NEWS]), pack())


def test_another_slug_is_another_show() -> None:
    new = pack().model_dump(by_alias=True)
    new["show"]["slug"] = "shuttle"
    new["show"]["network"] = "Channel"

    warning, changed = told(pack(), Pack.model_validate(new))

    assert "another show" in warning
    assert changed == "changed: [show]: `network`"


def test_what_nobody_reads_is_a_difference_too() -> None:
    waived = pack(character=[{**MARA, "allow": ["Bo"]}])

    assert only(OLD, waived).startswith("changed: nothing that members read")


def order(ids: str) -> Order:
    return Order(Slot(id, 1, number) for number, id in enumerate(ids, start=1))


@pytest.mark.parametrize("new", list(permutations("abcde")))
def test_as_few_as_can_be_have_moved(new: tuple[str, ...]) -> None:
    versions = OrderChange(order("abcde"), order("".join(new)))
    moved = {point.episode for point in versions.moved()}
    left = [id for id in new if id not in moved]

    assert left == sorted(left)
    # No longer run of them stands in the old order.
    assert all(list(run) != sorted(run) for run in combinations(new, len(left) + 1))


@given(st.permutations("abcdef"), st.sampled_from("abcdef"), st.sampled_from("abcdef"))
def test_who_newly_reads_is_who_could_not_and_now_can(
    ids: list[str], before: str, after: str
) -> None:
    old, new = order("abcdef"), order("".join(ids))

    newly = OrderChange(old, new).newly_reached(Point(before), Point(after))

    assert newly == [
        new.label(Point(id)) for id in ids if ids.index(after) <= ids.index(id) and before > id
    ]


LABELS = ("S1E1", "S1E2", "S1E3", "S0E1", "S1E4", "S2E1")
MARKED = marked("loom", LABELS).pack
FACTS = [
    (person, fact)
    for person, table in enumerate(MARKED["character"])
    for fact in range(len(table["fact"]))
    if table["known"] == "premise"  # nothing may be told of anybody before they are known
]


def known_from(person: int, fact: int, known: str) -> Pack:
    """The marked show, with one fact known from another point on."""
    people = [*MARKED["character"]]
    facts = [*people[person]["fact"]]
    facts[fact] = {**facts[fact], "known": known}
    people[person] = {**people[person], "fact": facts}
    return Pack.model_validate({**MARKED, "character": people})


def is_read(pack: Pack, text: str, point: Point) -> bool:
    people = Story(pack).so_far(point).characters
    return any(fact.text == text for person in people for fact in person.facts)


@settings(max_examples=40)
@given(st.sampled_from(FACTS), st.sampled_from(["premise", *LABELS]))
def test_nobody_reads_more_of_an_old_text_without_a_warning(
    which: tuple[int, int], known: str
) -> None:
    person, fact = which
    table = MARKED["character"][person]["fact"][fact]
    before, after = known_from(person, fact, table["known"]), known_from(person, fact, known)

    warned = [str(change) for change in changes(before, after) if change.word == "warning"]

    points = [PREMISE, *(Point(slot.id) for slot in after.order().slots)]
    text = table["text"].strip()
    newly = [
        after.order().label(point)
        for point in points
        if is_read(after, text, point) and not is_read(before, text, point)
    ]
    assert bool(newly) == bool(warned)
    assert all(label in warned[0] for label in newly[: MOST_LABELS - 1])
