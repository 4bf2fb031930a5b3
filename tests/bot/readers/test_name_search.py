"""What bot.readers.name_search promises: a name finds whose it is, and nobody who was not given."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.readers.name_search import Names, Part, fold

WORDS = st.text(st.characters(categories=["L", "N", "P", "Zs", "M"]), min_size=1, max_size=30)
CAST = st.dictionaries(WORDS, st.integers(0, 20), min_size=1, max_size=12)


def names_of(named: Iterable[tuple[str, int]]) -> Names[int]:
    return Names([Part(named)])


@given(CAST, st.data())
def test_an_exact_name_finds_its_owner(cast: dict[str, int], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(cast)))
    assume(fold(name))

    assert cast[name] in names_of(cast.items()).find(name)


@given(CAST, st.data())
def test_case_accents_and_punctuation_do_not_matter(
    cast: dict[str, int], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(cast)))
    assume(fold(name))
    names = names_of(cast.items())

    assert names.find(f"  {name.upper()} !") == names.find(fold(f"  {name.upper()} !"))
    assert cast[name] in names.find(fold(name))


@given(CAST, st.text(max_size=200))
def test_nobody_is_found_who_was_not_given(cast: dict[str, int], typed: str) -> None:
    names = names_of(cast.items())

    assert set(names.find(typed)) <= set(cast.values())
    assert {(name, owner) for name, owner in names.complete(typed, 25)} <= set(cast.items())


@given(CAST, st.text(max_size=20), st.integers(1, 5))
def test_no_more_is_offered_than_asked_for_and_all_of_it_begins_so(
    cast: dict[str, int], typed: str, limit: int
) -> None:
    offered = names_of(cast.items()).complete(typed, limit)

    assert len(offered) <= limit
    assert all(fold(typed) in fold(name) for name, _ in offered)


NAMES = st.lists(st.text("ab", min_size=1, max_size=5), min_size=1, max_size=3).map(" ".join)
HALVES = st.lists(st.text("abc", min_size=1, max_size=3), min_size=1, max_size=3)


@given(st.lists(HALVES, max_size=12), HALVES)
def test_half_names_find_all_who_have_a_word_that_begins_like_each(
    cast: list[list[str]], typed: list[str]
) -> None:
    begun = [
        number
        for number, name in enumerate(cast)
        if all(any(word.startswith(half) for word in name) for half in typed)
    ]
    exact = [number for number, name in enumerate(cast) if name == typed]
    whole = [number for number, name in enumerate(cast) if set(typed) <= set(name)]
    assume(begun)

    names = names_of((" ".join(name), number) for number, name in enumerate(cast))
    assert names.find(" ".join(typed)) == (exact or whole or begun)


@given(st.lists(st.tuples(NAMES, st.integers(0, 9)), max_size=12), st.data())
def test_in_parts_they_are_found_as_in_one(
    named: list[tuple[str, int]], data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(named)), max_size=4)))
    bounds = zip([0, *cuts], [*cuts, len(named)], strict=True)
    typed = data.draw(NAMES | st.text("ab ", max_size=4))

    parted = Names([Part(named[start:end]) for start, end in bounds])

    assert parted.find(typed) == names_of(named).find(typed)
    limit = data.draw(st.integers(1, 5))
    assert parted.complete(typed, limit) == names_of(named).complete(typed, limit)


def test_every_owner_is_found_once() -> None:
    names = names_of([("Ada Byron", 1), ("Ada Lovelace", 1), ("Ada Stone", 2)])

    assert names.find("ada") == [1, 2]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Segev Azulai", ["segev"]),
        ("azulai", ["segev", "ella"]),
        ("az", ["segev", "ella"]),
        ("ella az", ["ella"]),
        ("Segv", ["segev"]),
        ("Sgeev Azulai", ["segev"]),
        ("Zoe", ["zoe"]),
        ("zoë ångström", ["zoe"]),
        ("xyzzy", []),
        ("", []),
        ("||", []),
        ("\u200b", []),
        ("a" * 6000, []),
    ],
)
def test_names_are_found_as_people_type_them(typed: str, found: list[str]) -> None:
    cast = [("Segev Azulai", "segev"), ("Ella Azulai", "ella"), ("Zoë Ångström", "zoe")]

    assert names_of(cast).find(typed) == found


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Jørn Lier", "Jorn"),
        ("Łódź", "Lodz"),
        ("Þór", "Thor"),
        ("Bjørk", "bjo"),
        ("Đỗ Thị Hải", "do thi hai"),
        ("Ægir", "aegir"),
        ("Œdipe", "oedipe"),
        ("Strauß", "STRAUSS"),
        ("I\u015f\u0131k", "isik"),
        ("Guðrún", "gudrun"),
        ("किरण", "किरण"),
        ("אֵלָה", "אלה"),
        ("محمّد", "محمد"),
        ("김민수", "김민"),
        ("\uff21\uff44\uff41", "ada"),
    ],
)
def test_a_name_is_found_without_the_letters_that_a_keyboard_lacks(name: str, typed: str) -> None:
    names = names_of([(name, 1), ("Somebody Else", 2)])

    assert names.find(typed) == [1]
    assert [owner for _, owner in names.complete(typed, 25)] == [1]


def test_vowel_signs_tell_names_apart() -> None:
    names = names_of([("किरण", 1), ("करण", 2)])

    assert names.find("करण") == [2]
    assert names.find("किरण") == [1]


STROKED = [
    char
    for char in map(chr, range(0xC0, 0x180))
    if unicodedata.name(char, "").endswith("WITH STROKE")
]


@given(WORDS, st.sampled_from(STROKED), WORDS)
def test_no_letter_is_left_that_a_latin_keyboard_lacks(before: str, char: str, after: str) -> None:
    name = unicodedata.name(char)
    plain = name.removesuffix(" WITH STROKE")[-1].lower()

    assert fold(f"{before}{char}{after}") == fold(f"{before}{plain}{after}")


@given(st.text(max_size=100))
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert fold(fold(text)[:100]) == fold(text)[:100].strip()


def test_a_full_name_wins_over_those_it_is_only_a_part_of() -> None:
    names = names_of([("Ann Lee", 1), ("Ann", 2), ("Anna", 3)])

    assert names.find("ann") == [2]
    assert names.find("lee") == [1]


def test_a_few_letters_are_not_taken_for_a_typo() -> None:
    assert names_of([("Tali Shapira", 1)]).find("q") == []


def test_nothing_typed_offers_the_first_names_in_their_order() -> None:
    names = names_of([(f"Name {n}", n) for n in range(50)])

    assert [owner for _, owner in names.complete("", 25)] == list(range(25))
