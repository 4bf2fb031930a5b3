"""What spoiler_names promises: it finds every name its readers cannot know, and no common word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.packs.spoiler_names import ORDINARY, Bearer, Names, parts, words

EARLY = (1, 0.0)
LATE = (5, 0.0)


def found(text: str, *late: str, early: tuple[str, ...] = (), in_parts: bool = True) -> list[str]:
    bearers = [Bearer(name, LATE, "late", in_parts) for name in late]
    bearers += [Bearer(name, EARLY, "early") for name in early]
    return [" ".join(form) for form, _ in Names(bearers).unknown_in(text, EARLY)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Her name is Sophie Dreyer.", ["Sophie Dreyer"]),
        ("Sophie is here.", ["Sophie"]),
        ("Asked by Dreyer, she lies.", ["Dreyer"]),
        ("Sophie's coat", ["Sophie"]),
        ("Sophie\u2019s coat", ["Sophie"]),
        ("**Sophie** and _Dreyer_", ["Sophie", "Dreyer"]),
        ("the anti-Dreyer party", ["Dreyer"]),
        ("The Dreyers move in.", ["Dreyers"]),
        ("Two Sophie Dreyers!", ["Sophie Dreyers"]),
        ("Sophie, Sophie!", ["Sophie", "Sophie"]),
        ("philosophie, Sophies, sophie", ["Sophies"]),
        ("She says nothing.", []),
    ],
)
def test_a_name_is_found_in_whole_words_as_it_is_written(text: str, expected: list[str]) -> None:
    assert found(text, "Sophie Dreyer") == expected


def test_a_part_that_somebody_known_bears_tells_nothing() -> None:
    assert found("Dreyer waits.", "Sophie Dreyer", early=("Max Dreyer",)) == []
    assert found("Sophie waits.", "Sophie Dreyer", early=("Max Dreyer",)) == ["Sophie"]


@pytest.mark.parametrize(
    ("late", "early"), [("The Doctor", "Doctor Amos"), ("Q", "Agent Q"), ("Red Lee", "Max Red Lee")]
)
def test_a_name_that_is_part_of_a_known_one_tells_nothing(late: str, early: str) -> None:
    text = late.replace("The", "the")

    assert found(text, late)
    assert found(text, late, early=(early,)) == []


def test_a_full_name_tells_even_where_each_part_is_known() -> None:
    early = ("Max Dreyer", "Sophie Amar")

    assert found("It is Sophie Dreyer.", "Sophie Dreyer", early=early) == ["Sophie Dreyer"]
    assert found("It is Sophie Amar.", "Sophie Dreyer", early=early) == []


@pytest.mark.parametrize("known", ["Sophie's house", "Sophie\u2019s mother"])
def test_a_name_that_calls_somebody_its_owner_does_not_make_the_owner_known(known: str) -> None:
    assert found(known, "Sophie Dreyer", early=(known,)) == ["Sophie"]
    assert found(known, early=(known,)) == []
    assert found("Ask Sophie", known) == ["Sophie"]


def test_the_earliest_to_bear_a_name_counts() -> None:
    bearers = [Bearer("Noa", LATE, "late"), Bearer("Noa", EARLY, "early")]

    assert list(Names(bearers).unknown_in("Noa", EARLY)) == []
    assert [who.place for _, who in Names(bearers).unknown_in("Noa", (0, 0.0))] == ["early"]


def test_a_name_is_no_secret_from_its_point_on() -> None:
    names = Names([Bearer("Noa", LATE, "")])

    assert list(names.unknown_in("Noa", (4, 999.0)))
    assert not list(names.unknown_in("Noa", LATE))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Detective Newkirk", ["Newkirk"]),
        ("The Man in Black", ["Man", "Black"]),
        ("Jean-Luc O'Brien", ["Jean", "Luc", "Brien"]),
        ("Dr Mendel", ["Mendel"]),
        ("Ludwig van der Lee III", ["Ludwig", "Lee"]),
        ("Agent 007", []),
        ("Émile Ångström", ["Émile", "Ångström"]),
        ("דנה לוי", ["דנה", "לוי"]),
        ("田中 太郎", ["田中", "太郎"]),
        ("ソフィー・ドレイヤー", ["ソフィー", "ドレイヤー"]),
        ("???", []),
    ],
)
def test_only_telling_parts_of_a_name_stand_for_it(name: str, expected: list[str]) -> None:
    assert parts(name) == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Agent 007", "It was Agent 007."),
        ("Q", "Ask Q about it."),
        ("The Doctor", "He meets the Doctor."),
        ("A", "It was A."),
        ("the black jeep", "Black jeep, no plates."),
        ("the weaver", "The weaver comes."),
        ("the weaver", "Weaver or not?"),
        ("田中 太郎", "昨日田中が来た。"),
        ("김 민수", "민수는 집에 있다."),
    ],
)
def test_a_name_without_telling_parts_is_found_as_a_whole(name: str, text: str) -> None:
    assert found(text, name)


def test_a_name_that_tells_only_as_a_whole_leaves_its_words_alone() -> None:
    assert found("The prison and the Prison", "Prison yard", in_parts=False) == []
    assert found("In the Prison yard", "Prison yard", in_parts=False) == ["Prison yard"]


def test_a_name_of_signs_alone_is_never_found() -> None:
    assert found("Who is ???", "???") == []


LETTERS = st.text("abcdefghijklmnopqrstuvwxyzäé", min_size=2, max_size=8)
NAME_WORDS = LETTERS.map(str.capitalize).filter(lambda word: word not in ORDINARY)


@given(st.lists(NAME_WORDS, min_size=1, max_size=4), LETTERS, LETTERS)
def test_a_full_name_is_found_wherever_it_stands(said: list[str], before: str, after: str) -> None:
    name = " ".join(said)

    assert found(f"{before} {name}, {after}", name) == [name]


SHARED = st.sampled_from(["Ana", "Bela", "Cid", "Dora"])
PEOPLE = st.lists(st.tuples(st.lists(SHARED, min_size=1, max_size=3), st.integers(0, 4)))


@given(PEOPLE, st.lists(st.one_of(SHARED, st.just("and")), max_size=12), st.integers(0, 4))
def test_among_people_who_share_names_each_is_found_where_nobody_known_is_called_so(
    people: list[tuple[list[str], int]], said: list[str], episode: int
) -> None:
    names = Names(Bearer(" ".join(name), (known, 0.0), "") for name, known in people)
    expected, position = list[list[str]](), 0
    while position < len(said):
        unknown = [
            said[position:end]
            for end in range(len(said), position, -1)
            if _is_unknown(said[position:end], people, episode)
        ]
        expected += unknown[:1]
        position += len(unknown[0]) if unknown else 1

    told = names.unknown_in(" ".join(said), (episode, 0.0))
    assert [list(form) for form, _ in told] == expected


def _is_unknown(form: list[str], people: list[tuple[list[str], int]], episode: int) -> bool:
    """Whether these words are somebody's name or a part of it, and nobody's known so far."""
    tells = any(form == name or (len(form) == 1 and form[0] in name) for name, _ in people)
    return tells and not any(
        known <= episode and form == name[start : start + len(form)]
        for name, known in people
        for start in range(len(name))
    )


@given(st.text())
def test_any_text_can_be_read_and_any_name_borne(text: str) -> None:
    assert (found(text, text) == []) == (words(text) == ())
