"""What spoiler_names promises: it finds every name its readers cannot know, and no common word."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.packs.letters import without_accents
from data.packs.name_parts import parts
from data.packs.ordinary_words import is_ordinary
from data.packs.spoiler_names import Bearer, Names
from data.packs.word_forms import form_of, words

EARLY = (1, 0.0)
LATE = (5, 0.0)


def found(text: str, *late: str, early: tuple[str, ...] = (), is_term: bool = False) -> list[str]:
    bearers = [Bearer(name, LATE, "late", is_term) for name in late]
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
        ("The Man in Black", []),
        ("Walter White", ["Walter", "White"]),
        ("Winter King", []),
        ("Old Rose", ["Rose"]),
        ("King Robert", ["Robert"]),
        ("Agent Black", ["Black"]),
        ("Jo March", ["Jo", "March"]),
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


def test_a_term_of_ordinary_words_leaves_its_words_alone() -> None:
    assert found("The prison and the Prison", "Prison yard", is_term=True) == []
    assert found("In the Prison yard", "Prison yard", is_term=True) == ["Prison yard"]


def test_a_name_of_signs_alone_is_never_found() -> None:
    assert found("Who is ???", "???") == []


LETTERS = st.text("abcdefghijklmnopqrstuvwxyzäé", min_size=2, max_size=8)
NAME_WORDS = LETTERS.map(str.capitalize).filter(lambda word: not is_ordinary(word))


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
    is_found = found(text, text) != []
    # An ordinary word may not stand as a name in it.
    assert is_found == (words(text) != ()) or any(map(is_ordinary, form_of(words(text))))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        # Vowel signs belong to the word: these are two names, and each is found.
        ("किरण", "कल किरण आई।"),
        ("สมชาย", "เมื่อวานสมชายมา"),
        ("กมล", "กมลมาแล้ว"),
        # Accents, whichever way they are written.
        ("Zoë Amar", "Zoe is here."),
        ("Zoe Amar", "Zoë is here."),
        ("Zoë Amar", "Zoe\u0308 is here."),
        ("Jørn Lier", "Jorn is here."),
        ("Łukasz", "Lukasz is here."),
        ("Þór", "Thor is here."),
        ("Strauß", "Strauss is here."),
        # Initials.
        ("J.R. Ewing", "JR is here."),
        ("J.R. Ewing", "J. R. is here."),
        ("JR Ewing", "J.R. is here."),
        ("J. R. Ewing", "It is JR Ewing."),
        ("K.C.", "KC is here."),
        # Capitals, and signs inside a name.
        ("Sophie Dreyer", "SOPHIE IS HERE"),
        ("SOPHIE DREYER", "Sophie is here."),
        ("McCoy", "MCCOY is here."),
        ("Conan O'Brien", "OBrien is here."),
        ("Conan O'Brien", "O\u2019Brien is here."),
        ("Jean-Luc", "Jeanluc is here."),
        ("Hamza d'Angelo", "Ask @dangelo about it."),
        # Run together.
        ("Sophie Dreyer", "Ask @sophiedreyer about it."),
        ("Sophie Dreyer", "Ask @sophie about it."),
        ("Sophie Dreyer", "Ask @sophie_dreyer about it."),
        ("Sophie Dreyer", "#SophieDreyer"),
        ("Sophie Dreyer", "the SophieDreyer file"),
        ("Sophie Dreyer", "the sophie-dreyer file"),
        ("Sophie Dreyer", "the anti-sophie party"),
        ("Sophie Dreyer", "the pro-SophieDreyer party"),
        ("Rose Dreyer", "Ask @rose about it."),
        # Prefixes that are written onto a name.
        ("דנה לוי", "הלכתי לדנה אתמול"),
        ("דנה לוי", "ושלדנה אמרו"),
        ("דָּנָה", "ולדנה"),
        ("سارة", "ذهبت لسارة وعادت"),
        ("سارة", "وبسارة"),
        ("أحمد", "واحمد"),
        # Variants that are not seen.
        ("Maya", "Maya\ufe0f is here."),
        ("Maya", "\uff2d\uff41\uff59\uff41 is here."),
    ],
)
def test_a_name_is_found_as_people_write_it(name: str, text: str) -> None:
    assert found(text, name)
    assert found(text, name, early=(name,)) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("किरण", "करण आया।"),
        ("Jo", "joking"),
        ("Mark Dreyer", "A mark-up of ten percent."),
        ("Grace Dreyer", "the grace-note"),
        ("שה", "משה בא"),
        ("Sophie Dreyer", "sophisticated"),
        ("Al Amar", "ALSO HERE"),
    ],
)
def test_what_only_looks_like_a_name_is_none(name: str, text: str) -> None:
    assert found(text, name, early=("משה",)) == []


@pytest.mark.parametrize(
    ("name", "told", "held"),
    [
        ("Winter King", "Winter Is Coming", "The Winter King"),
        ("First Man", "First Man", "They call him the First Man."),
        ("Old Woman", "An old woman. Old wounds.", "Beware of the Old Woman."),
        ("King Robert", "The King's Road", "King Robert"),
        ("Young Sheldon", "Young at Heart", "Sheldon"),
        ("Walter White", "The White House, on White Street", "Nobody trusts White."),
        ("Walter White", "A white door", "Walter"),
        ("Will Byers", "Will they talk? They will.", "Will talks."),
        ("Rose Tyler", "A rose. The Rose Garden.", "Where is Rose?"),
        ("Mark Sloan", "Mark of the Beast", "Mark"),
        ("May Amar", "In the month of may, they may go.", "Finding May"),
        ("The Bride", "The bride is late.", "She is the Bride."),
        ("The Doctor", "A doctor comes. Doctor of Law", "The Doctor"),
        ("Guard #2", "Guard duty. Guards!", "Guard #2 speaks."),
        ("Police Officer", "The police officer. Police", "She is Police Officer now."),
    ],
)
def test_an_ordinary_word_counts_where_it_stands_as_a_name(name: str, told: str, held: str) -> None:
    assert found(told, name) == []
    assert found(held, name)


def test_families_are_named_also_by_an_ordinary_word() -> None:
    assert found("That night the Whites move in.", "Walter White") == ["Whites"]


SCRIPTS = {
    "latin": "abcdefghijklmnoprstuvwxyzäéñøłßþ",
    "greek": "αβγδεζηθικλμνξοπρστυφχψωάέή",
    "cyrillic": "абвгдежзийклмнопрстуфхцчшщыэюяё",
    "hebrew": "אבגדהוזחטיכלמנסעפצקרשת",
    "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "devanagari": "कखगघचछजझटठडढतथदधनपफबभमयरलवशषसहािीुूेैोौं",
    "thai": "กขคงจฉชซดตถทนบปผพมยรลวสหอะาิีึืุูเแโ",
    "hangul": "가나다라마바사아자차카타파하",
    "han": "王李张刘陈杨赵黄周吴",
}


@st.composite
def names_in_a_script(draw: st.DrawFn) -> str:
    letters = SCRIPTS[draw(st.sampled_from(sorted(SCRIPTS)))]
    base = st.sampled_from([char for char in letters if unicodedata.category(char)[0] == "L"])
    said = draw(st.lists(st.tuples(base, st.text(letters, min_size=2, max_size=6)), min_size=1))
    return " ".join((first + rest).capitalize() for first, rest in said[:3])


@given(names_in_a_script())
def test_in_every_script_a_name_is_found_however_it_is_written(name: str) -> None:
    bare = "".join(
        char for char in unicodedata.normalize("NFKD", name) if unicodedata.combining(char) < 200
    )
    for text in (name, unicodedata.normalize("NFD", name), name.upper(), bare):
        assert found(f"({text})", name), text


@given(st.lists(st.sampled_from("कखगचछजटडतदनपबमयरलवसह"), min_size=2, max_size=4), st.data())
def test_a_vowel_sign_tells_names_apart(consonants: list[str], data: st.DataObject) -> None:
    signs = st.sampled_from("ािीुूेैोौ")
    one, other = data.draw(st.lists(signs, min_size=2, max_size=2, unique=True))
    begin, *rest = consonants

    assert found(f"{begin}{one}{''.join(rest)}", f"{begin}{other}{''.join(rest)}") == []


PREFIXED = [("hebrew", "והבלמשכ"), ("arabic", "وفبكل")]


@given(st.data())
def test_a_prefix_hides_no_name(data: st.DataObject) -> None:
    script, prefixes = data.draw(st.sampled_from(PREFIXED))
    name = data.draw(st.text(SCRIPTS[script], min_size=3, max_size=7))
    prefix = data.draw(st.text(prefixes, min_size=1, max_size=2))

    assert found(f"{prefix}{name}", name)


@given(NAME_WORDS.filter(lambda word: len(word) > 2), NAME_WORDS, st.sampled_from("@#"))
def test_a_handle_hides_no_name(first: str, last: str, sign: str) -> None:
    handle = without_accents(f"{first}{last}").lower()

    assert found(f"Ask {sign}{handle}, or {sign}{first.lower()}.", f"{first} {last}")
