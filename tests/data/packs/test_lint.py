"""What the linter promises: nothing on a good pack, and each fault in its place with what to do."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.packs.lint import lint
from data.packs.tables import Pack
from tests.support.night_loom import GOOD

CITED = 'source = ["END"]'
POINTS = ("premise", "S1E1@5", "S1E1@40", "S1E1", "S1E2@10", "S1E2", "S1E3")  # in their order


def packed(text: str) -> Pack:
    return Pack.model_validate(tomllib.loads(text))


def errors(text: str) -> list[tuple[str, str]]:
    return [(p.place, p.message) for p in lint(packed(text)) if p.is_error]


def warnings(text: str) -> list[tuple[str, str]]:
    return [(p.place, p.message) for p in lint(packed(text)) if not p.is_error]


def edited(*changes: tuple[str, str], more: str = "") -> str:
    """The good pack with the first of each `old` replaced, and `more` at its end."""
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text + more


def assert_only(text: str, place: str, *words: str) -> None:
    """The pack has one error: in `place`, and its message holds `words`."""
    [(found, message)] = errors(text)
    assert found == place
    for word in words:
        assert word in message


def assert_told(text: str, place: str, words: str) -> None:
    """Among the errors of the pack is one in `place` whose message holds `words`."""
    assert [message for found, message in errors(text) if found == place and words in message]


def test_a_good_pack_has_no_fault() -> None:
    assert lint(packed(GOOD)) == []


def test_a_pack_of_news_alone_is_good() -> None:
    show, news = GOOD.index("[source.END]"), GOOD.index("[[news]]")
    text = (GOOD[:show] + GOOD[news:]).replace('through = "S1E1"', "")

    assert lint(packed(text)) == []


@pytest.mark.parametrize(
    ("old", "new", "place", "field", "since"),
    [
        ("A teacher comes", "Jonas comes", "[show]", "premise", "premise"),
        ('"Homecoming"', '"Jonas"', "episode e01", "title", "premise"),
        ("looks for her brother", "looks for Jonas", "episode e01", "teaser", "S1E1@5"),
        ("house empty", "house of Jonas", "episode e01", "recap", "S1E1"),
        ("opens a door", "lets Jonas in", "episode e01, beat 1", "text", "S1E1@5"),
        ("A letter", "A letter for Jonas", "episode e01, beat 2", "text", "S1E1"),
        ('"A teacher"', '"Sister of Jonas"', "character c01", "role", "S1E1@5"),
        ("Who wrote", "Did Jonas write", "question 1", "text", "S1E1"),
        ("Mara Lindqvist, and", "Jonas, and", "source GUIDE", "title", "S1E1"),
        ("example.org/guide", "example.org/who-is-jonas", "source GUIDE", "url", "S1E1"),
        ("example.org/guide", "jonas.example.org/", "source GUIDE", "site", "premise"),
        ('guide"', 'guide"\noutlet = "The Jonas Times"', "source GUIDE", "outlet", "premise"),
        ("house empty", "house of Jo\u200dnas", "episode e01", "recap", "S1E1"),
    ],
)
def test_a_name_is_told_from_where_people_read_it(
    old: str, new: str, place: str, field: str, since: str
) -> None:
    expected = (f"the {field}, ", f"from {since} on", '"Jonas"', "from S1E2@10 on (character c02)")
    assert_only(edited((old, new)), place, *expected)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("wrote to her", "is the Weaver", "theory 1"),
        ("Lives at", "A Weaver at", "character c02, fact 1"),
        ("What Jonas follows", "What the Weaver spins", "term 1"),
        ("who knows", "the Weaver, who knows", "episode e02"),
    ],
)
def test_an_alias_is_told_before_its_own_point(old: str, new: str, place: str) -> None:
    assert_only(edited((old, new)), place, '"Weaver"', "from S1E3 on (character c02)")


THE_WEAVERS_OLA = f"""
[[character]]
id = "c03"
name = "Ola"
known = "S1E1"
  [[character.alias]]
  name = "The Weaver's Ola"
  known = "S1E2"
  {CITED}

[[question]]
"""


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('"Mara Lindqvist"', '"Jonas\'s sister Mara"', "character c01"),
        ("[[question]]", THE_WEAVERS_OLA, "character c03, alias 1"),
        ('name = "Red Thread"', 'name = "Weaver\'s Red Thread"', "term 1"),
    ],
)
def test_a_name_too_can_tell_whose_somebody_is(old: str, new: str, place: str) -> None:
    assert_told(edited((old, new)), place, "the name, read from")


def test_a_term_is_told_before_its_point() -> None:
    text = edited(("finds the house empty", "finds a Thread"))

    assert_only(text, "episode e01", '"Thread"', "from S1E2 on (term 1)")


def test_a_term_of_ordinary_words_is_told_only_as_a_whole() -> None:
    term = f'[[term]]\nname = "Empty house"\ntext = "It burns."\nknown = "S1E3"\n{CITED}\n'

    assert errors(edited(("the house empty", "no house. Empty"), more=term)) == []
    assert_only(edited(("the house empty", "an Empty house"), more=term), "episode e01", "Empty")


def test_a_text_in_the_middle_of_an_episode_is_read_before_the_end_of_it() -> None:
    at_ten = 'minute = 10\n  source = ["GUIDE"]'
    text = edited(
        ('known = "S1E2@10"', 'known = "S1E1@20"'),
        ('minute = 5\n  source = ["GUIDE"]\n\n', f"{at_ten}\n\n"),
        ("reads it", "reads of Jonas"),
    )

    assert_only(text, "episode e01, beat 3", "from S1E1@10 on", "from S1E1@20 on")


def test_a_title_known_at_the_end_may_name_whoever_appears_in_the_episode() -> None:
    assert errors(edited(('"Thread"', '"Jonas"'))) == []
    assert errors(edited(('"Thread"', '"Jonas"\ntitle_known = "S1E1"')))


def test_credits_and_the_shows_own_titles_may_hold_any_name() -> None:
    text = edited(
        ('"Night Loom"', '"Jonas Weaver"'),
        ("does not want", "of Jonas does not want"),
        ("The Loom gets", "Jonas Weaver gets"),
    )

    assert errors(text) == []


def test_a_source_without_through_is_read_at_the_end() -> None:
    assert errors(edited(("and where she comes from", "and Jonas"), ('through = "S1E1"', ""))) == []


@pytest.mark.parametrize("word", ["Mara", "Lindqvist", "Jonas Weck", "Weaver"])
def test_a_headline_names_no_character_not_even_one_of_the_premise(word: str) -> None:
    text = edited(("a second season", f"{word} back"), ('"S1E1@5"\nrole', '"premise"\nrole'))

    assert_only(text, "news 2024-03-01-renewed", "headlines name nobody", f'"{word}"')


def test_a_headline_may_hold_a_term_of_the_premise_but_no_later_one() -> None:
    headline = ("a second season", "its Red Thread back")
    public = ('known = "S1E2"\nsource = ["END"]\n\n[[news', 'known = "premise"\n\n[[news')
    harmless = ("What Jonas follows", "What people follow")

    assert_only(edited(headline), "news 2024-03-01-renewed", "term 1")
    assert errors(edited(headline, public, harmless)) == []


def test_allow_waives_the_word_it_names_and_no_other() -> None:
    spoilt = ("house empty.", "house of Jonas Weck and the Weaver.")

    assert len(errors(edited(spoilt))) == 2
    assert_only(
        edited((spoilt[0], f'{spoilt[1]}"\nallow = ["Jonas Weck"] #')), "episode e01", '"Weaver"'
    )
    both = f'{spoilt[1]}"\nallow = ["Jonas Weck", "Weaver"] #'
    assert lint(packed(edited((spoilt[0], both)))) == []


def test_allow_counts_in_its_own_table_only() -> None:
    text = edited(
        ('id = "e01"', 'id = "e01"\nallow = ["Jonas"]'), ("opens a door", "lets Jonas in")
    )

    assert_only(text, "episode e01, beat 1", '"Jonas"')


def test_an_allow_that_waives_nothing_is_warned_of() -> None:
    text = edited(('id = "e01"', 'id = "e01"\nallow = ["Jonas"]'))

    [(place, message)] = warnings(text)
    assert place == "episode e01"
    assert '"Jonas"' in message
    assert errors(text) == []


def test_a_word_that_comes_twice_in_a_text_is_told_once() -> None:
    assert len(errors(edited(("house empty", "house of Jonas, of Jonas")))) == 1


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('recap = "Mara finds the house empty."\nsource = ["GUIDE"]', "=", "episode e01"),
        ('minute = 5\n  source = ["GUIDE"]', "=", "episode e01, beat 1"),
        ('role = "A teacher"', 'role = "A teacher"\nsource = ["GUIDE"]', "character c01"),
        ('now = true\n  source = ["END"]', "=", "character c02, alias 1"),
        ('"alive"\n  source = ["END"]', "=", "character c02, fact 1"),
        ('"S1E1"\nsource = ["GUIDE"]\n\n[[theory', "=", "question 1"),
        ('known = "S1E2"\nsource = ["END"]\n\n[[term', "=", "theory 1"),
        ('known = "S1E2"\nsource = ["END"]\n\n[[news', "=", "term 1"),
        ('second season"\nsource = ["GUIDE"]', "=", "news 2024-03-01-renewed"),
    ],
)
def test_an_unknown_source_is_told(old: str, new: str, place: str) -> None:
    changed = old if new == "=" else new
    changed = changed.replace('["GUIDE"]', '["GIUDE"]').replace('["END"]', '["GIUDE"]')

    assert_only(edited((old, changed)), place, "[source.GIUDE]")


@pytest.mark.parametrize(
    ("old", "new", "place", "field"),
    [
        ('through = "S1E1"', 'through = "S1E9"', "source GUIDE", "through"),
        ('title_known = "premise"', 'title_known = "S1E9"', "episode e01", "title_known"),
        ('"S1E1@5"\nrecap', '"S1E9@5"\nrecap', "episode e01", "teaser_known"),
        ('known = "S1E3"\n', 'known = "S1E9"\n', "character c02, alias 1", "known"),
        ('until = "S1E3"', 'until = "S1E9"', "character c02, fact 1", "until"),
        ('"S1E2"\n  text', '"S1E9"\n  text', "character c02, fact 2", "known"),
        ('known = "S1E1"', 'known = "S1E9"', "question 1", "known"),
        ('known = "S1E2"\nsource', 'known = "S2E1"\nsource', "theory 1", "known"),
        ('Jonas follows."\nknown = "S1E2"', 'Jonas follows."\nknown = "S1E4"', "term 1", "known"),
    ],
)
def test_a_point_that_no_episode_has_is_told(old: str, new: str, place: str, field: str) -> None:
    assert_only(edited((old, new)), place, f"`{field}`", "no episode")


def test_a_character_at_no_point_is_told_once_and_hides_no_other_fault() -> None:
    text = edited(('"S1E2@10"', '"S9E9"'), ("does not want", "of the Loom and Mara"))

    assert [place for place, _ in errors(text)] == ["[show]", "character c02"]


def test_the_point_of_a_character_must_exist() -> None:
    text = GOOD[: GOOD.index("[[episode]]")].replace('through = "S1E1"', "")
    text += '[[character]]\nid = "c01"\nname = "Mara"\nknown = "S1E1"'

    assert_only(text, "character c01", "S1E1")


@pytest.mark.parametrize("until", ["S1E2@10", "S1E2@9", "S1E1"])
def test_until_must_come_after_known(until: str) -> None:
    text = edited(('until = "S1E3"', f'until = "{until}"'))

    assert_only(text, "character c02, fact 1", "`until`")


@pytest.mark.parametrize(
    ("airs", "found"),
    [
        ("2026-01-02T03:00:00Z", []),
        ("2025-12-31T10:00:00Z", []),
        ("2025-12-31T09:59:59Z", [(True, "`airs` comes before 2026-01-01 (`aired`) has begun")]),
        ("2026-01-03T00:00:00Z", []),
        ("2026-01-03T00:00:01Z", [(False, "`airs` comes long after 2026-01-01 (`aired`)")]),
    ],
)
def test_day_and_moment_do_not_contradict_each_other(
    airs: str, found: list[tuple[bool, str]]
) -> None:
    text = edited(('at = "S1E1"', f'at = "S1E1"\naired = 2026-01-01\nairs = {airs}'))

    told = [(one.is_error, one.message) for one in lint(packed(text)) if "airs" in one.message]
    assert [is_error for is_error, _ in told] == [is_error for is_error, _ in found]
    assert all(words.startswith(said) for (_, words), (_, said) in zip(told, found, strict=True))


@pytest.mark.parametrize("field", ["title_known", "teaser_known"])
def test_titles_and_teasers_are_not_known_after_their_episode(field: str) -> None:
    text = edited(('at = "S1E2"', f'at = "S1E2"\n{field} = "S1E3"'))

    assert_only(text, "episode e02", f"`{field}`", "end")


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('name = "The Weaver"\n  known = "S1E3"', 'name = "Him"\n  known = "S1E1"', "alias 1"),
        ('known = "S1E2"\n  text', 'known = "S1E2@9"\n  text', "fact 2"),
    ],
)
def test_nothing_is_known_of_a_character_before_the_character(
    old: str, new: str, place: str
) -> None:
    text = edited((old, new), ('"Weaver"', '"Loom"'), ("is the Weaver.", "is home."))

    assert_only(text, f"character c02, {place}", "before the character is known")


def test_a_relation_waits_until_both_are_known() -> None:
    fact = "[[character.fact]]\nkind = 'relation'\nknown = 'S1E3'\ntext = 'x'\nwith = 'c02'\n"
    early = edited(('role = "A teacher"', f"\n{fact.replace('S1E3', 'S1E1')}{CITED}"))

    assert errors(edited(('role = "A teacher"', f"\n{fact}{CITED}"))) == []
    assert_only(early, "character c01, fact 1", "before c02 is known")


def test_a_relation_with_nobody_is_told() -> None:
    assert_only(edited(('with = "c01"', 'with = "c09"')), "character c02, fact 2", "c09")


@pytest.mark.parametrize(
    ("old", "new", "place", "word"),
    [
        ('status = "alive"\n', "\n", "fact 1", "needs `status`"),
        ('with = "c01"\n', "\n", "fact 2", "needs `with`"),
        ('kind = "status"', 'kind = "event"', "fact 1", "`status` belongs"),
        ('kind = "relation"', 'kind = "event"', "fact 2", "`with` belongs"),
    ],
)
def test_status_and_with_stand_where_they_belong(old: str, new: str, place: str, word: str) -> None:
    assert_only(edited((old, new)), f"character c02, {place}", word)


def test_two_people_are_not_shown_under_one_name_at_one_time() -> None:
    more = '[[character]]\nid = "c03"\nname = "The weaver"\nknown = "S1E3"'

    assert_only(edited(more=more), "character c03", "from S1E3 on", "character c02")


def test_two_people_may_be_shown_under_one_name_one_after_the_other() -> None:
    more = '[[character]]\nid = "c03"\nname = "Jonas Weck"\nknown = "S1E3"'

    assert errors(edited(more=more)) == []
    assert_only(edited(("now = true", ""), more=more), "character c03", "from S1E3 on")


def test_a_name_that_was_never_shown_clashes_with_none() -> None:
    more = (
        '[[character]]\nid = "c03"\nname = "Jonas Weck"\nknown = "S1E2"\n[[character.alias]]\n'
        f'name = "Kai"\nknown = "S1E2"\nnow = true\n{CITED}'
    )

    assert errors(edited(more=more)) == []


def test_a_name_is_free_again_when_a_newer_one_is_shown_wherever_it_stands() -> None:
    alias = '[[character.alias]]\nname = "{}"\nknown = "{}"\nnow = true\n' + CITED
    more = "\n".join(
        [
            '[[character]]\nid = "c03"\nname = "Kai"\nknown = "S1E1"',
            alias.format("Ola", "S1E3"),
            alias.format("Pia", "S1E2"),
            '[[character]]\nid = "c04"\nname = "Pia"\nknown = "S1E3"',
        ]
    )

    assert errors(edited(more=more)) == []
    assert_only(edited(more=more.replace('"S1E3"\nnow = true', '"S1E3"')), "character c04", "c03")


def test_a_name_stays_taken_while_somebody_borrows_it_for_a_time() -> None:
    more = (
        '[[character]]\nid = "c03"\nname = "Kai"\nknown = "S1E1"\n'
        '[[character]]\nid = "c04"\nname = "Kai"\nknown = "S1E1@20"\n[[character.alias]]\n'
        f'name = "Pia"\nknown = "S1E2"\nnow = true\n{CITED}\n'
        '[[character]]\nid = "c05"\nname = "Kai"\nknown = "S1E3"\n'
    )

    assert [place for place, _ in errors(edited(more=more))] == ["character c03", "character c05"]


def test_a_name_of_the_past_may_be_the_name_of_another() -> None:
    more = (
        '[[character]]\nid = "c03"\nname = "Kai"\nknown = "S1E3"\n[[character.alias]]\n'
        f'name = "Jonas Weck"\nknown = "S1E3"\n{CITED}'
    )

    assert errors(edited(("now = true", ""), more=more)) == []


@pytest.mark.parametrize(
    ("old", "new", "place", "field"),
    [
        ('id = "e02"', 'id = "e01"', "episode 2", "`id`"),
        ('id = "c02"', 'id = "c01"', "character 2", "`id`"),
        ('at = "S1E3"', 'at = "S1E1"', "episode 3", "`at`"),
    ],
)
def test_what_must_be_unique_is_told_when_it_comes_twice(
    old: str, new: str, place: str, field: str
) -> None:
    assert_told(edited((old, new)), place, field)


def test_one_id_for_two_news_is_told() -> None:
    assert_only(edited(more=GOOD[GOOD.index("[[news]]") :]), "news 2", "`id`", "news 1")


@pytest.mark.parametrize(
    ("old", "new", "place", "word"),
    [
        ('"c02"', '"jonas"', "character jonas", "jonas"),
        ('"c02"', '"x-weaver2"', "character x-weaver2", "weaver"),
        ('"e02"', '"e-redhat"', "episode e-redhat", "red"),
        ('"e01"', '"homecoming"', "episode homecoming", "homecoming"),
        ("2024-03-01-renewed", "mara-is-back", "news mara-is-back", "mara"),
    ],
)
def test_an_id_that_spells_a_name_is_told(old: str, new: str, place: str, word: str) -> None:
    assert_only(edited((old, new)), place, f"spells {word}:")


def test_the_id_of_news_may_say_what_kind_they_are() -> None:
    queen = '[[character]]\nid = "c03"\nname = "The Renewed Queen"\nknown = "S1E3"'
    assert errors(edited(more=queen)) == []


def test_the_id_of_news_may_hold_a_name_inside_a_word() -> None:
    assert errors(edited(("2024-03-01-renewed", "maranounced-jonasday"))) == []


def test_a_story_may_begin_at_minute_zero_and_minutes_may_be_unknown() -> None:
    nameless = (("a door: Mara", "a door"), ("Mara reads it", "She reads it"))

    assert errors(edited(*nameless, ("minute = 5", "minute = 0"))) == []
    assert errors(edited(*nameless, ("minute = 5", ""), ("minute = 5", "minute = 0"))) == []


def test_beats_stand_in_story_order() -> None:
    late = 'minute = 5\n  source = ["GUIDE"]\n\n'
    text = edited((late, late.replace("5", "4")), ("Mara reads it", "She reads it"))

    assert_only(text, "episode e01, beat 3", "minute 4 stands after minute 5")


def test_an_episode_without_recap_is_warned_of() -> None:
    text = edited(('recap = "Jonas is the Weaver."', ""))

    assert warnings(text) == [("episode e03", "`recap` is missing")]
    assert errors(text) == []


@pytest.mark.parametrize(
    ("old", "place"),
    [
        ('minute = 5\n  source = ["GUIDE"]', "episode e01, beat 1"),
        ('now = true\n  source = ["END"]', "character c02, alias 1"),
        ('"alive"\n  source = ["END"]', "character c02, fact 1"),
        ('"S1E1"\nsource = ["GUIDE"]\n\n[[theory', "question 1"),
        ('known = "S1E2"\nsource = ["END"]\n\n[[term', "theory 1"),
        ('known = "S1E2"\nsource = ["END"]\n\n[[news', "term 1"),
        ('second season"\nsource = ["GUIDE"]', "news 2024-03-01-renewed"),
    ],
)
def test_what_names_no_source_is_warned_of(old: str, place: str) -> None:
    text = edited((old, old.replace('source = ["END"]', "").replace('source = ["GUIDE"]', "")))

    [(found, message)] = warnings(text)
    assert found == place
    assert "`source` is missing" in message
    assert errors(text) == []


def test_ten_faults_are_told_as_ten() -> None:
    text = edited(
        ("A teacher comes", "Jonas comes"),
        ('through = "S1E1"', 'through = "S1E9"'),
        ('"Homecoming"', '"Weaver"'),
        ('at = "S1E2"', 'at = "S1E2"\nteaser_known = "S1E3"'),
        ('"c01"\nname', '"mara"\nname'),
        ('role = "A teacher"', 'role = "A teacher"\nsource = ["X"]'),
        ('until = "S1E3"', 'until = "S1E1"'),
        ("Who wrote", "Did the Weaver write"),
        ("a second season", "Jonas back"),
    )
    places = sorted(place for place, _ in errors(text))

    assert places == sorted(
        [
            "[show]",
            "source GUIDE",
            "episode e01",
            "episode e02",
            "character mara",
            "character mara",
            "character c02, fact 1",
            "character c02, fact 2",  # its `with` names c01
            "question 1",
            "news 2024-03-01-renewed",
        ]
    )


@given(st.sampled_from(POINTS), st.sampled_from(POINTS), st.sampled_from(POINTS))
def test_a_name_is_an_error_exactly_where_nobody_can_know_it(
    read: str, known: str, renamed: str
) -> None:
    more = f"""
[[question]]
text = "Where did Zoe Quark go?"
known = "{read}"
source = ["END"]

[[theory]]
text = "Zoe Quark is Ulla Quark, and so is Ulla."
known = "{read}"
source = ["END"]

[[character]]
id = "c03"
name = "Zoe Quark"
known = "{known}"
  [[character.alias]]
  name = "Ulla Quark"
  known = "{renamed}"
  source = ["END"]
"""
    at, zoe, ulla = map(POINTS.index, (read, known, renamed))
    expected = [("question 2", '"Zoe Quark"')] * (at < zoe)
    expected += [("theory 2", '"Zoe Quark"')] * (at < zoe)
    expected += [("theory 2", f'"{name}"') for name in ("Ulla Quark", "Ulla") if at < ulla]
    expected += [("character c03, alias 1", "`known`")] * (ulla < zoe)

    found = errors(GOOD + more)
    assert sorted(place for place, _ in found) == sorted(place for place, _ in expected)
    for place, words in expected:
        assert any(where == place and words in message for where, message in found)
