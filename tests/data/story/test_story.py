"""What story.story promises: a story cut at a horizon holds all that is known there and no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.citations import Citation
from data.packs.tables import Pack
from data.points import PREMISE, Order, Point
from data.story.model import Character
from data.story.story import Story
from data.story.story_so_far import StorySoFar

Table = dict[str, Any]
EPISODES = 4
SHOW = {"slug": "loom", "title": "Loom", "premise": "premise-text", "aliases": ["loom-alias"]}
MARKER = "marker"
STATUSES = ["alive", "dead", "missing"]


def known_points() -> st.SearchStrategy[str]:
    ends = [f"S1E{number}" for number in range(1, EPISODES + 1)]
    inside = [f"{end}@{minute}" for end in ends for minute in (0, 30)]
    return st.sampled_from(["premise", *ends, *inside])


def text() -> st.SearchStrategy[str]:
    """What `numbered` makes unique, so that one sees in a cut which text got into it."""
    return st.just(MARKER)


def told(**more: st.SearchStrategy[Any]) -> st.SearchStrategy[Table]:
    source = st.lists(st.sampled_from(["A", "B", "C"]), max_size=2)
    return st.fixed_dictionaries({"known": known_points(), "source": source, **more})


def facts() -> st.SearchStrategy[Table]:
    until = {"until": known_points()}
    plain = told(kind=st.sampled_from(["role", "event"]), text=text())
    status = told(kind=st.just("status"), text=text(), status=st.sampled_from(STATUSES))
    relation = told(
        kind=st.just("relation"), text=text(), **{"with": st.sampled_from(["c1", "c2"])}
    )
    return st.builds(
        lambda fact, end: fact | end,
        plain | status | relation,
        st.fixed_dictionaries({}, optional=until),
    )


def episodes(number: int) -> st.SearchStrategy[Table]:
    optional = {
        "title": text(),
        "title_known": known_points(),
        "teaser": text(),
        "teaser_known": known_points(),
        "recap": text(),
        "runtime": st.integers(40, 60),
        "source": st.just(["A"]),
    }
    beat = st.fixed_dictionaries(
        {"text": text(), "source": st.just(["B"])}, optional={"minute": st.sampled_from([0, 30])}
    )
    return st.fixed_dictionaries(
        {
            "id": st.just(f"e{number}"),
            "at": st.just(f"S1E{number}"),
            "beat": st.lists(beat, max_size=3),
        },
        optional=optional,
    )


def characters(number: int) -> st.SearchStrategy[Table]:
    return told(
        id=st.just(f"c{number}"),
        name=text(),
        actor=text(),
        role=text(),
        alias=st.lists(told(name=text(), now=st.booleans()), max_size=3),
        fact=st.lists(facts(), max_size=5),
    )


def packs() -> st.SearchStrategy[Table]:
    """Any pack, also one the linter would refuse: the cut holds whatever it is given."""
    source = st.fixed_dictionaries(
        {"title": text(), "url": st.just(f"https://example.org/{MARKER}")},
        optional={"through": known_points()},
    )
    return st.fixed_dictionaries(
        {
            "format": st.just(1),
            "show": st.just(SHOW),
            "source": st.fixed_dictionaries(dict.fromkeys("ABC", source)),
            "episode": st.tuples(*map(episodes, range(1, EPISODES + 1))),
            "character": st.tuples(characters(1), characters(2)),
            "question": st.lists(told(text=text()), max_size=3),
            "theory": st.lists(told(text=text()), max_size=3),
            "term": st.lists(told(name=text(), text=text()), max_size=3),
        }
    ).map(numbered)


def numbered(pack: Table) -> Table:
    """The same pack with every marker made unique."""
    count = iter(range(10**6))

    def number(value: object) -> Any:  # as free as TOML
        if isinstance(value, str):
            return value.replace(MARKER, f"{MARKER}{next(count)}-")
        if isinstance(value, Mapping):
            return {key: number(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [number(inner) for inner in value]
        return value

    return number(pack)


HORIZONS = st.just(PREMISE) | st.builds(
    Point,
    st.sampled_from([f"e{number}" for number in range(1, EPISODES + 1)]),
    st.sampled_from([None, 0, 29, 30, 999]),
)


def strings(value: object) -> Iterator[str]:
    """Every text that can be reached from `value`, however it is kept."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings(getattr(value, field.name))
    elif isinstance(value, Mapping):
        yield from strings(list(value.items()))
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from strings(inner)
    elif hasattr(value, "__dict__"):
        yield from strings(vars(value))


def markers(value: object) -> set[str]:
    return {text for text in strings(value) if MARKER in text}


def told_when(pack: Table) -> Iterator[tuple[list[str], list[str | None], list[str]]]:
    """From the format's own words: points, and what is told (and cited) once all are reached."""
    for episode in pack["episode"]:
        end = episode["at"]
        yield [end], [*map(episode.get, ("title", "teaser", "recap"))], episode.get("source", [])
        for field in ("title", "teaser"):
            yield [episode.get(f"{field}_known", end)], [episode.get(field)], []
        for beat in episode["beat"]:
            yield [f"{end}@{beat['minute']}" if "minute" in beat else end], [beat["text"]], ["B"]
    for person in pack["character"]:
        first = person["known"]
        yield [first], [*map(person.get, ("name", "actor", "role"))], person["source"]
        for alias in person["alias"]:
            yield [first, alias["known"]], [alias["name"]], []
        for fact in person["fact"]:
            yield [first, fact["known"]], [fact["text"]], fact["source"]
    for note in (*pack["question"], *pack["theory"], *pack["term"]):
        yield [note["known"]], [note["text"], note.get("name")], note["source"]


def readable(pack: Table, order: Order, horizon: Point) -> set[str | None]:
    """Every marker that somebody at `horizon` may read."""

    def is_reached(known: str) -> bool:
        return order.reached(order.at(known), horizon)

    found: set[str | None] = set()
    for points, texts, sources in told_when(pack):
        if all(map(is_reached, points)):
            found.update(texts)
            for source in map(pack["source"].get, sources):
                if is_reached(source.get("through", f"S1E{EPISODES}")):
                    found |= {source["title"], source["url"]}
    return found - {None}


def story(pack: Table) -> Story:
    return Story(Pack.model_validate(pack))


@given(packs(), HORIZONS)
def test_a_cut_holds_what_is_known_at_its_horizon_and_nothing_else(
    pack: Table, horizon: Point
) -> None:
    whole = story(pack)

    assert markers(whole.so_far(horizon)) == readable(pack, whole.order, horizon)


@given(packs(), HORIZONS, HORIZONS)
def test_what_is_known_only_grows(pack: Table, one: Point, other: Point) -> None:
    whole = story(pack)
    early = whole.order.earliest(one, other)
    late = other if early == one else one

    assert markers(whole.so_far(early)) <= markers(whole.so_far(late))


def without_the_future(pack: Table, order: Order, horizon: Point) -> Table:
    """The pack as if its author had stopped at `horizon`."""

    def is_past(known: str) -> bool:
        return order.reached(order.at(known), horizon)

    def past(tables: list[Table]) -> list[Table]:
        kept = [table for table in tables if is_past(table["known"])]
        return [
            {key: value for key, value in table.items() if key != "until" or is_past(value)}
            for table in kept
        ]

    people = [
        person | {"alias": past(person["alias"]), "fact": past(person["fact"])}
        for person in past(pack["character"])
    ]
    notes = {kind: past(pack[kind]) for kind in ("question", "theory", "term")}
    return pack | {"character": people} | notes


@given(packs(), HORIZONS)
def test_the_future_leaves_no_trace(pack: Table, horizon: Point) -> None:
    whole = story(pack)
    cut = whole.so_far(horizon)
    other = story(without_the_future(pack, whole.order, horizon)).so_far(horizon)

    assert replace(cut, order=other.order) == other


@given(packs(), HORIZONS)
def test_the_cast_is_named_and_introduced_as_its_portraits_are(pack: Table, horizon: Point) -> None:
    cut = story(pack).so_far(horizon)

    assert [*cut.names] == [person.called for person in cut.characters]
    assert [*cut.cast] == [person.introduction for person in cut.characters]


@given(packs(), st.none() | st.integers(0, 999))
def test_a_point_the_show_does_not_have_shows_the_premise(pack: Table, minute: int | None) -> None:
    whole = story(pack)

    assert whole.so_far(Point("gone", minute)) == whole.so_far(PREMISE)


@given(packs(), packs(), st.sets(st.sampled_from(["source", "episode", "character"])), HORIZONS)
def test_an_edition_shares_with_its_show_nothing_that_it_tells_otherwise(
    pack: Table, other: Table, edited: set[str], horizon: Point
) -> None:
    more = Pack.model_validate(other)

    def edit(base: Pack) -> Pack:
        own = {
            "source": more.source,
            "episode": (*base.episode[:2], *more.episode[2:]),
            "character": (base.character[0], more.character[1]),
        }
        return base.model_copy(update={field: own[field] for field in edited})

    whole = story(pack)
    edition = whole.edited([edit]).so_far(horizon)
    own = Story(edit(Pack.model_validate(pack))).so_far(horizon)
    assert replace(edition, order=own.order) == own


def loom(**tables: Any) -> Story:  # as free as TOML
    numbers = range(1, EPISODES + 1)
    episode = [{"id": f"e{number}", "at": f"S1E{number}"} for number in numbers]
    return story({"format": 1, "show": SHOW, "episode": episode, **tables})


def at(whole: Story, known: str) -> StorySoFar:
    return whole.so_far(whole.order.at(known))


def ola(known: str = "S1E4", **fields: Any) -> Character:  # as free as TOML
    """The character Ola, as somebody knows them at `known`."""
    person = {"id": "c1", "name": "Ola", "known": "premise", **fields}
    others = ({"id": id, "name": id, "known": "S1E1"} for id in ("c2", "c3"))
    people = [person, *others]
    character = at(loom(character=people), known).character("c1")
    assert character is not None
    return character


def fact(kind: str, known: str, text: str, **more: str) -> Table:
    status = {"status": "alive"} if kind == "status" else {}
    return {"kind": kind, "known": known, "text": text, **status, **more}


def current(character: Character, kind: str) -> list[str]:
    return [fact.text for fact in character.facts if fact.kind == kind and not fact.former]


@pytest.mark.parametrize("kind", ["status", "role"])
def test_the_later_fact_of_a_kind_replaces_the_earlier(kind: str) -> None:
    facts = [fact(kind, "S1E3", "late"), fact(kind, "S1E1", "early")]

    assert current(ola("S1E2", fact=facts), kind) == ["early"]
    after = ola("S1E3", fact=facts)
    assert current(after, kind) == ["late"]
    assert [(told.text, told.former) for told in after.facts] == [("early", True), ("late", False)]


def test_of_two_facts_known_at_once_the_one_further_down_counts() -> None:
    facts = [fact("status", "S1E1", "first"), fact("status", "S1E1", "second")]

    assert current(ola(fact=facts), "status") == ["second"]


def test_the_role_beside_a_name_is_replaced_by_a_later_one() -> None:
    facts = [fact("role", "S1E2", "a spy")]

    before, after = (ola(known, role="a dancer", fact=facts) for known in ("S1E1", "S1E2"))
    assert current(before, "role") == ["a dancer"]
    assert current(after, "role") == ["a spy"]
    assert before.role == before.facts[0]
    assert after.role == after.facts[1]


def test_who_has_no_role_any_more_is_introduced_without_one() -> None:
    spy = ola("S1E3", fact=[fact("role", "S1E1", "a spy", until="S1E3")])

    assert spy.role is None


def test_relations_replace_each_other_only_with_the_same_person() -> None:
    facts = [
        fact("relation", "S1E1", "friend of Kai", **{"with": "c2"}),
        fact("relation", "S1E2", "friend of Noa", **{"with": "c3"}),
        fact("relation", "S1E3", "enemy of Kai", **{"with": "c2"}),
    ]

    assert current(ola("S1E2", fact=facts), "relation") == ["friend of Kai", "friend of Noa"]
    assert current(ola("S1E3", fact=facts), "relation") == ["friend of Noa", "enemy of Kai"]


def test_events_never_replace_each_other() -> None:
    facts = [fact("event", "S1E2", "leaves"), fact("event", "S1E1", "arrives")]

    assert current(ola(fact=facts), "event") == ["arrives", "leaves"]


@pytest.mark.parametrize("kind", ["event", "status", "role"])
def test_a_fact_is_former_from_its_until_on(kind: str) -> None:
    facts = [fact(kind, "S1E1", "believed", until="S1E3@10")]

    assert current(ola("S1E3@9", fact=facts), kind) == ["believed"]
    blown = ola("S1E3@10", fact=facts)
    assert current(blown, kind) == []
    assert [told.text for told in blown.facts] == ["believed"]


ALIASES: list[Table] = [
    {"name": "O.", "known": "S1E1"},
    {"name": "Olga", "known": "S1E3", "now": True},
    {"name": "Olivia", "known": "S1E2", "now": True},
]


@pytest.mark.parametrize(
    ("known", "name", "also"),
    [
        ("premise", "Ola", []),
        ("S1E1", "Ola", ["O."]),
        ("S1E2", "Olivia", ["Ola", "O."]),
        ("S1E3", "Olga", ["Ola", "O.", "Olivia"]),
    ],
)
def test_the_newest_known_name_marked_now_is_shown(known: str, name: str, also: list[str]) -> None:
    character = ola(known, alias=ALIASES)

    assert character.name == name
    assert [alias.name for alias in character.also] == also
    assert character.names == (name, *also)


@pytest.mark.parametrize(("known", "name"), [("S1E2", "Ola"), ("S1E3", "Olga")])
def test_a_name_that_is_given_twice_is_told_once_from_the_earlier_point_on(
    known: str, name: str
) -> None:
    twice = [{"name": "Olga", "known": at, "now": at == "S1E3"} for at in ("S1E3", "S1E2")]
    twice += [{"name": "O.", "known": at} for at in ("S1E2", "S1E1")]

    character = ola(known, alias=twice)

    assert character.name == name
    assert sorted(character.names) == ["O.", "Ola", "Olga"]
    learned = dict.fromkeys([character.name], character.named)
    learned |= {alias.name: alias.known for alias in character.also}
    assert learned == {"Ola": PREMISE, "O.": Point("e1"), "Olga": Point("e2")}


def test_of_two_new_names_at_one_point_the_last_is_shown() -> None:
    twice = [{"name": name, "known": "S1E2", "now": True} for name in ("Olga", "Olivia")]

    assert ola("S1E2", alias=twice).name == "Olivia"


def test_a_page_is_cited_by_its_site_alone_until_it_spoils_nothing() -> None:
    source = {"A": {"title": "The end", "url": "https://www.example.org/a", "through": "S1E3"}}
    question = [{"text": "Who?", "known": "S1E1", "source": ["A"]}]
    whole = loom(source=source, question=question)

    assert at(whole, "S1E2").questions[0].citations == (Citation("example.org"),)
    assert at(whole, "S1E3").questions[0].citations == (
        Citation("example.org", "The end", "https://www.example.org/a"),
    )


def test_a_page_of_an_outlet_is_cited_by_that_name_until_it_spoils_nothing() -> None:
    page = {"title": "The end", "url": "https://mirror.example/a", "outlet": "The Daily Loom"}
    question = [{"text": "Who?", "known": "S1E1", "source": ["A"]}]
    whole = loom(source={"A": page | {"through": "S1E3"}}, question=question)

    assert at(whole, "S1E2").questions[0].citations == (Citation("The Daily Loom"),)
    assert at(whole, "S1E3").questions[0].citations[0].title == "The end"


def test_a_page_without_through_spoils_up_to_the_last_episode() -> None:
    source = {"A": {"title": "The end", "url": "https://example.org/a"}}
    whole = loom(source=source, question=[{"text": "Who?", "known": "S1E1", "source": ["A"]}])

    assert at(whole, "S1E4@59").questions[0].citations[0].title is None
    assert at(whole, "S1E4").questions[0].citations[0].title == "The end"


def test_without_episodes_only_a_page_that_spoils_nothing_is_cited_in_full() -> None:
    page = {"title": "The end", "url": "https://example.org/a"}
    source = {"A": page, "B": page | {"through": "premise"}}
    question = [{"text": "Who?", "known": "premise", "source": ["A", "B"]}]
    whole = loom(episode=[], source=source, question=question)

    assert [cited.title for cited in at(whole, "premise").questions[0].citations] == [
        None,
        "The end",
    ]


def test_an_announced_episode_shows_its_number_and_date_only() -> None:
    episode = {
        "id": "e1",
        "at": "S1E1",
        "title": "Threads",
        "aired": date(2024, 5, 1),
        "runtime": 51,
        "teaser": "Ola returns.",
        "recap": "Ola returned.",
        "beat": [{"text": "Ola knocks.", "minute": 3}],
    }
    announced = loom(episode=[episode]).so_far(PREMISE).episodes[0]

    assert (announced.label, announced.aired) == ("S1E1", date(2024, 5, 1))
    assert not announced.finished
    assert (announced.title, announced.runtime, announced.teaser) == (None, None, None)
    assert (announced.recap, announced.beats, announced.citations) == (None, (), ())


def test_titles_and_teasers_are_known_when_they_say_so_or_at_the_end() -> None:
    early = {"id": "e2", "at": "S1E2", "title": "Threads", "teaser": "Ola returns."}
    early |= {"title_known": "premise", "teaser_known": "S1E1"}
    whole = loom(episode=[{"id": "e1", "at": "S1E1", "title": "Home"}, early])

    def seen(known: str) -> list[tuple[str | None, str | None]]:
        return [(episode.title, episode.teaser) for episode in at(whole, known).episodes]

    assert seen("premise") == [(None, None), ("Threads", None)]
    assert seen("S1E1") == [("Home", None), ("Threads", "Ola returns.")]


def test_a_beat_is_known_at_its_minute() -> None:
    beats = [{"text": "knocks", "minute": 3}, {"text": "leaves"}]
    whole = loom(episode=[{"id": "e1", "at": "S1E1", "beat": beats}])

    def seen(known: str) -> list[str]:
        return [beat.text for beat in at(whole, known).episodes[0].beats]

    assert seen("S1E1@2") == []
    assert seen("S1E1@3") == ["knocks"]
    assert seen("S1E1") == ["knocks", "leaves"]


def test_a_cut_finds_its_episodes_and_characters() -> None:
    cut = at(loom(character=[{"id": "c1", "name": "Ola", "known": "S1E2"}]), "S1E2@5")

    assert cut.label == "S1E2@5"
    assert [episode.label for episode in cut.finished] == ["S1E1"]
    assert cut.episode(cut.horizon) == cut.episodes[1]
    assert cut.episode(PREMISE) is None
    assert cut.character("c1") is None
    assert cut.is_new(Point("e2", 5), since=Point("e2", 4))
    assert not cut.is_new(Point("e2", 4), since=Point("e2", 4))


def test_a_show_without_episodes_has_no_story_but_its_premise() -> None:
    whole = story({"format": 1, "show": SHOW})
    cut = whole.so_far(PREMISE)

    assert not whole.show.has_story
    assert (cut.show.title, cut.show.premise, [*cut.episodes]) == ("Loom", "premise-text", [])


def test_the_last_minutes_of_an_episode_are_those_before_its_known_end() -> None:
    show = {"slug": "loom", "title": "Loom", "premise": "Nobody sleeps."}
    told = [{"id": "e1", "at": "S1E1", "runtime": 50}, {"id": "e2", "at": "S1E2"}]
    whole = Story(Pack.model_validate({"format": 1, "show": show, "episode": told}))

    assert not whole.is_ending("e1", 40 * 60 - 1)
    assert whole.is_ending("e1", 40 * 60)
    assert not whole.is_ending("e2", 10_000)
    assert not whole.is_ending("gone", 10_000)
