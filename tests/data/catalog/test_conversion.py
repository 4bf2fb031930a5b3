"""What conversion promises: a pack that tells no more than a catalogue proves, of any entry."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.catalog import imports
from data.catalog.conversion import ImportChoices, pack_by_choices, pack_of_entry
from data.catalog.entry import Entry, is_reordered, merged
from data.catalog.listing import ListedEpisode
from data.packs.lint import lint
from data.packs.name_parts import whole
from data.packs.tables import Pack
from data.packs.word_forms import form_of, words
from data.points import HOUR, PREMISE, Point, end_of_day, midnight
from data.story.story import Story
from tests.support.catalog import ENTRIES, TODAY, WEEK, entry, episode, role

CHOICES = st.builds(ImportChoices, st.booleans(), st.booleans(), st.booleans())


def faults(pack: Pack) -> list[str]:
    return [str(problem) for problem in lint(pack) if problem.is_error]


def known(pack: Pack) -> dict[str, str]:
    return {character.name: character.known for character in pack.character}


@settings(max_examples=50)
@given(ENTRIES, CHOICES)
def test_whatever_is_listed_the_pack_passes_the_linter(
    listed: Entry, choices: ImportChoices
) -> None:
    pack = pack_of_entry(listed, choices)

    assert faults(pack) == []
    assert Pack.model_validate_json(pack.model_dump_json(by_alias=True, exclude_defaults=True))
    assert pack_by_choices(pack_of_entry(listed), choices) == pack


@settings(max_examples=50)
@given(ENTRIES)
def test_what_everybody_may_know_is_told_as_its_pack_tells_it(one: Entry) -> None:
    assert imports.show_of_entry(one) == Story(pack_of_entry(one), is_imported=True).show


def test_the_ids_of_other_services_come_with_the_show() -> None:
    pack = pack_of_entry(entry(imdb="tt4574334", thetvdb=305288))

    ids = {"tvmaze": "7", "imdb": "tt4574334", "thetvdb": "305288"}
    assert Story(pack, is_imported=True).show.ids == ids
    assert Story(pack_of_entry(entry())).show.ids == {"tvmaze": "7"}


@settings(max_examples=50)
@given(ENTRIES, ENTRIES, CHOICES)
def test_what_is_listed_later_leaves_nobody_without_their_episode(
    before: Entry, listed: Entry, choices: ImportChoices
) -> None:
    after = merged(before, listed)
    out = {one.key for one in before.released}

    pack = pack_of_entry(after, choices)

    assert faults(pack) == []
    assert out <= {one.id for one in pack.episode}
    assert {one.id for one in merged(after, listed).episodes} == {one.id for one in after.episodes}


def test_main_names_are_known_after_all_that_is_out_unless_the_cast_is_opened() -> None:
    listed = entry(cast=(role(1, "Ada Byron"), role(2, "Ben")))

    assert known(pack_of_entry(listed)) == {"Ada Byron": "S1E3", "Ben": "S1E3"}
    opened = pack_of_entry(listed, ImportChoices(opens_cast=True))
    assert known(opened) == {"Ada Byron": "S1E1", "Ben": "S1E1"}


def test_an_opened_main_cast_opens_no_guests_name() -> None:
    opened = ImportChoices(opens_cast=True)
    listed = entry(cast=(role(1, "Ada"),), guests={1: (role(1, "Ada"), role(5, "Eve"))})

    assert known(pack_of_entry(listed, opened)) == {"Ada": "S1E1", "Eve": "S1E3"}


@pytest.mark.parametrize("name", ["Ada Vance's mother", "Mother of Ada Vance", "Wife to Vance"])
def test_an_opened_name_waits_for_the_names_within_it(name: str) -> None:
    cast = (role(1, name), role(2, "Ben"))
    listed = entry(cast=cast, guests={1: (role(5, "Ada Vance"),)})

    opened = pack_of_entry(listed, ImportChoices(opens_cast=True))
    assert known(opened) == {name: "S1E3", "Ada Vance": "S1E3", "Ben": "S1E1"}


def test_a_name_waits_for_those_within_the_names_within_it() -> None:
    cast = (role(1, "Friend of Quill"), role(2, "Quill of Vance"))
    listed = entry(cast=cast, guests={1: (role(5, "Ada Vance"),)})

    opened = pack_of_entry(listed, ImportChoices(opens_cast=True))
    assert {*known(opened).values()} == {"S1E3"}


def summed_up(*summaries: str | None) -> list[ListedEpisode]:
    """Five episodes, of the first of which these are the summaries."""
    told = [*summaries, *[None] * 5][:5]
    return [episode(n, summary=summary) for n, summary in enumerate(told, 1)]


def test_a_name_is_known_from_the_first_episode_on_whose_summary_says_it() -> None:
    guests = {
        1: (role(7, "Una Field"),),
        2: (role(5, "Eve Adamson"), role(1, "Ada")),
        3: (role(5, "Eve Adamson"),),
        4: (role(6, "Yet to come"),),
    }
    episodes = summed_up("Rain.", "Ada is late, and Eve Adamson, too.", "Una calls. Yet to come?")
    pack = pack_of_entry(entry(*episodes, cast=(role(1, "Ada"),), guests=guests))

    assert known(pack) == {"Ada": "S1E2", "Eve Adamson": "S1E2", "Una Field": "S1E3"}
    assert [one.teaser for one in pack.episode][:3] == [*[one.summary for one in episodes][:3]]


@pytest.mark.parametrize("summary", [None, "She is late.", "Eve is late.", "An adamson."])
def test_who_is_credited_and_not_named_waits_for_all_that_is_out(summary: str | None) -> None:
    guests = {1: (role(5, "Eve Adamson"),)}
    pack = pack_of_entry(entry(*summed_up(summary), guests=guests))

    assert known(pack) == {"Eve Adamson": "S1E3"}
    story = Story(pack).so_far(Point("e2"))
    assert not [*story.characters, *story.names, *story.cast]
    assert [*Story(pack).so_far(Point("e3")).names]


def test_a_summary_before_the_first_credit_proves_nothing_and_is_left_out() -> None:
    guests = {2: (role(5, "Eve"),)}
    pack = pack_of_entry(entry(*summed_up("Eve waits.", "Eve comes."), guests=guests))

    assert known(pack) == {"Eve": "S1E2"}
    assert [one.teaser for one in pack.episode][:2] == [None, "Eve comes."]


def test_a_summary_that_is_left_out_names_nobody() -> None:
    guests = {1: (role(5, "Eve"),), 2: (role(6, "Una"),)}
    summaries = ("Eve meets Ada.", "Una meets Eve.")  # of whom Ada is not known before S1E3
    pack = pack_of_entry(entry(*summed_up(*summaries), cast=(role(1, "Ada"),), guests=guests))

    assert known(pack) == {"Ada": "S1E3", "Eve": "S1E2", "Una": "S1E2"}
    assert [one.teaser for one in pack.episode][:2] == [None, "Una meets Eve."]


@settings(max_examples=100)
@given(ENTRIES, CHOICES)
def test_no_guest_is_named_before_what_is_told_names_them(
    one: Entry, choices: ImportChoices
) -> None:
    pack = pack_of_entry(one, choices)
    order = pack.order()
    out = one.count_out or len(order.slots)
    main = {f"c-{role.id}" for role in one.cast}
    for person in pack.character:
        since = order.rank(order.at(person.known))[0]
        if person.id not in main and since < out:
            teasers = [episode.teaser or "" for episode in pack.episode[:since]]
            said = [form_of(words(teaser)) for teaser in teasers]
            assert any(_holds(text, whole(person.name)) for text in said)


def _holds(text: tuple[str, ...], name: tuple[str, ...]) -> bool:
    return any(text[start : start + len(name)] == name for start in range(len(text)))


@pytest.mark.parametrize(
    "name",
    [
        *("Tigress / Artemis Crock", "Tigress/Artemis Crock", "Tigress aka Artemis Crock"),
        *("Tigress \uff0f Artemis Crock", "Tigress | Artemis Crock", "Tigress AKA: Artemis Crock"),
    ],
)
def test_a_second_name_is_held_back_to_the_end_of_what_is_out(name: str) -> None:
    listed = entry(*summed_up("Tigress comes."), guests={1: (role(5, name),)})
    (character,) = pack_of_entry(listed).character

    assert (character.name, character.known) == ("Tigress", "S1E1")
    assert [(alias.name, alias.known) for alias in character.alias] == [("Artemis Crock", "S1E3")]


def test_a_summary_that_says_a_second_name_is_left_out_until_that_is_known() -> None:
    guests = {1: (role(5, "Tigress / Artemis"),)}
    listed = entry(*summed_up("Tigress comes.", "Artemis hides.", "Artemis runs."), guests=guests)

    told = [one.teaser for one in pack_of_entry(listed).episode][:3]
    assert told == ["Tigress comes.", None, "Artemis runs."]


@pytest.mark.parametrize(
    "name",
    [
        *("Diana (Wonder Woman)", "Diana [Wonder Woman]", "Diana \uff08Wonder Woman\uff09"),
        *("Diana (as Wonder Woman", "Diana (the (second) Wonder Woman)"),
        "Diana (as\nWonder Woman",
    ],
)
def test_what_stands_in_brackets_is_not_told(name: str) -> None:
    assert known(pack_of_entry(entry(cast=(role(1, name),)))) == {"Diana": "S1E3"}


@pytest.mark.parametrize("name", ["", " ", "?!", "Self", "himself", "Narrator", "TBA", "(voice)"])
def test_who_has_no_name_is_left_out(name: str) -> None:
    assert pack_of_entry(entry(cast=(role(1, name),))).character == ()


def test_two_of_one_name_are_told_by_their_actors_and_one_person_is_one() -> None:
    cast = (role(1, "Tom", "X"), role(2, "Tom", "Y"), role(3, "tom", "X"), role(1, "Tom", "Z"))
    guests = {2: (role(4, "Tom", "X"), role(5, "Tom", "W"))}
    listed = entry(*summed_up(None, "Tom comes."), cast=cast, guests=guests)

    assert known(pack_of_entry(listed)) == {"Tom": "S1E2", "Tom (Y)": "S1E3"}


def test_a_namesake_who_is_known_later_is_hinted_at_by_no_name() -> None:
    cast = (role(1, "Tom", "X"), role(2, "Tom", "Y"), role(3, "Ada"))

    guests = {1: (role(2, "Tom", "Y"),)}
    pack = pack_of_entry(entry(*summed_up("Tom comes."), cast=cast, guests=guests))

    told = [(one.name, one.known) for one in pack.character]
    assert told == [("Tom (X)", "S1E3"), ("Tom", "S1E1"), ("Ada", "S1E3")]


def test_a_text_that_names_somebody_unknown_there_is_left_out_until_they_are_known() -> None:
    episodes = [episode(n, title=f"Title {n}", summary="Ada is late.") for n in range(1, 5)]
    listed = entry(*episodes, cast=(role(1, "Ada"),))

    closed, opened = (
        pack_of_entry(listed),
        pack_by_choices(pack_of_entry(listed), ImportChoices(opens_cast=True)),
    )

    assert [one.teaser for one in closed.episode] == [None, None, "Ada is late.", "Ada is late."]
    assert all(one.teaser == "Ada is late." for one in opened.episode)


def test_a_name_made_of_another_is_known_no_earlier_than_that() -> None:
    guests = {1: (role(5, "Ada's mother"),), 2: (role(6, "Ada"),)}
    listed = entry(*summed_up("Ada's mother sings.", "Ada hears Ada's mother."), guests=guests)

    assert known(pack_of_entry(listed)) == {"Ada's mother": "S1E2", "Ada": "S1E2"}


def test_summary_and_poster_are_shown_to_everybody_only_where_they_were_chosen() -> None:
    about = {"summary": "Ada wakes up.", "poster": "https://static.tvmaze.com/a.jpg"}
    pack = pack_of_entry(entry(cast=(role(1, "Ada"),), **about))

    assert pack.show.poster is None
    assert "Ada" not in pack.show.premise
    shown = pack_by_choices(pack, ImportChoices(summary=True, poster=True)).show
    assert (shown.premise, shown.allow) == ("Ada wakes up.", ("Ada",))
    assert shown.poster == "https://static.tvmaze.com/a.jpg"


@pytest.mark.parametrize("title", ["TBA", "tbd", "Episode 5", "Untitled", "", None, "E101"])
def test_a_title_that_says_nothing_is_none(title: str | None) -> None:
    assert pack_of_entry(entry(episode(1, id=1012, title=title))).episode[0].title is None


def test_texts_are_cut_to_what_a_pack_holds() -> None:
    (one,) = pack_of_entry(entry(episode(1, title="word " * 90, summary="x" * 900))).episode

    assert one.title == "word " * 14 + "word…"
    assert one.teaser == "x" * 599 + "…"


def test_specials_stand_where_their_dates_put_them() -> None:
    first, last = TODAY - 10 * WEEK, TODAY - WEEK
    episodes = [
        *(episode(n) for n in range(1, 6)),
        ListedEpisode(id=90, season=1, aired=last),
        ListedEpisode(id=91, season=1),
        ListedEpisode(id=92, is_special=True, season=1, number=2, aired=first),
    ]

    assert [one.at for one in pack_of_entry(entry(*episodes)).episode] == [
        "S0E1", "S1E1", "S1E2", "S0E2", "S1E3", "S1E4", "S1E5", "S0E3"
    ]  # fmt: skip


def test_of_one_number_the_first_keeps_it_and_the_other_follows() -> None:
    one_day = {"aired": TODAY}
    episodes = [episode(n, **one_day) for n in (1, 2, 3)]
    doubled = [*episodes, episode(2, id=9, **one_day)]

    pack = pack_of_entry(entry(*doubled))

    assert [(one.id, one.at) for one in pack.episode] == [
        ("e1", "S1E1"), ("e2", "S1E2"), ("e9", "S0E1"), ("e3", "S1E3")
    ]  # fmt: skip


def test_seasons_named_by_years_and_missing_numbers_stay_as_they_are() -> None:
    days = [episode(1, id=5, season=2026, number=105), episode(1, id=6, season=2019, number=7)]
    pack = pack_of_entry(entry(*days, cast=(role(1, "Ada"),)), ImportChoices(opens_cast=True))

    assert [one.at for one in pack.episode] == ["S2019E7", "S2026E105"]
    assert known(pack) == {"Ada": "S2019E7"}


def test_before_anything_is_out_names_wait_for_the_end_of_all_that_is_announced() -> None:
    listed = entry(as_of=TODAY - 9 * WEEK, cast=(role(1, "Ada"),))

    assert known(pack_of_entry(listed)) == {"Ada": "S1E5"}


MOMENTS = st.integers(1_793_000_000, 1_799_000_000)


@settings(max_examples=50)
@given(ENTRIES, MOMENTS)
def test_nothing_that_is_listed_is_out_before_its_moment(listed: Entry, now: int) -> None:
    order = pack_of_entry(listed).order()
    by_id = {one.key: one for one in listed.episodes}

    for slot in order.between(PREMISE, order.released(now)):
        one = by_id[slot.id]
        assert one.airs is None or one.airs <= now
        assert one.airs or not one.aired or end_of_day(one.aired) <= now


def test_a_moment_decides_and_a_day_has_to_be_over_everywhere() -> None:
    days = (date(2025, 12, 18), date(2025, 12, 25), date(2026, 1, 1))
    dated = [episode(n, aired=day) for n, day in enumerate(days, 1)]
    airs = midnight(date(2026, 1, 2)) + 3 * HOUR
    timed = [*dated[:2], episode(3, aired=days[2], airs=airs)]

    order, guessed = pack_of_entry(entry(*timed)).order(), pack_of_entry(entry(*dated)).order()

    for hours in range(-48, 72):
        now = midnight(days[2]) + hours * HOUR
        assert (order.released(now) == Point("e3")) == (hours >= 27)
        assert (guessed.released(now) == Point("e3")) == (hours >= 36)
        assert guessed.can_be_watched(Point("e3"), now) == (hours >= -14)


@pytest.mark.parametrize(("stage", "last"), [("ended", "e3"), ("running", "e2"), (None, "e2")])
def test_undated_episodes_are_out_once_the_show_has_ended(stage: str | None, last: str) -> None:
    listed = entry(episode(1), episode(2), episode(3, aired=None), stage=stage)

    assert pack_of_entry(listed).order().released(midnight(TODAY + 4 * WEEK)) == Point(last)
    assert [one.key for one in listed.released][-1] == last


def test_after_shows_are_no_episodes_unless_they_are_wanted_or_somebody_may_be_there() -> None:
    after_show = episode(9, number=None, is_special=True, aired=TODAY - WEEK)
    minor = after_show.model_copy(update={"is_minor": True})
    regular = tuple(map(episode, range(1, 5)))

    new = entry(*regular, minor)
    assert [one.key for _, one in new.numbered] == ["e1", "e2", "e3", "e4"]
    assert [one.key for _, one in merged(new, new).numbered] == ["e1", "e2", "e3", "e4"]
    wanted = new.model_copy(update={"has_minor": True})
    assert [one.key for _, one in wanted.numbered] == ["e1", "e2", "e9", "e3", "e4"]
    assert merged(wanted, new).numbered == wanted.numbered
    assert merged(new, wanted).late == {9}
    # An older bot read it as a special like others, and somebody may have said that they saw it.
    later = minor.model_copy(update={"id": 10, "aired": TODAY + WEEK})
    kept = merged(entry(*regular, after_show), entry(*regular, minor, later))
    assert [one.key for _, one in kept.numbered] == ["e1", "e2", "e9", "e3", "e4"]


def test_a_show_without_episodes_has_no_cast_either() -> None:
    pack = pack_of_entry(
        Entry(
            id=1,
            title="X",
            url="https://www.tvmaze.com/shows/1",
            as_of=TODAY,
            cast=(role(1, "Ada"),),
        )
    )

    assert (pack.episode, pack.character) == ((), ())


@settings(max_examples=50)
@given(ENTRIES, ENTRIES, ENTRIES)
def test_no_point_comes_to_mean_more_than_its_owner_watched(
    first: Entry, second: Entry, third: Entry
) -> None:
    """Who is through an episode is told nothing new of their own past, whatever is listed next."""
    before = merged(first, second)
    after = merged(before, third)
    out = [one.key for one in before.released]

    ids = [one.id for one in pack_of_entry(after).episode]

    assert [id for id in ids if id in out] == out
    told = {one.id for one in pack_of_entry(after).episode if one.title or one.teaser}
    for id in out:
        assert told.intersection(ids[: ids.index(id)]) <= set(out[: out.index(id)])


def test_renumbered_episodes_keep_their_ids() -> None:
    before = entry(episode(1), episode(2, number=3), episode(3, number=4))
    after = merged(before, entry(episode(1), episode(2), episode(3)))

    assert [(one.id, one.at) for one in pack_of_entry(after).episode] == [
        ("e1", "S1E1"), ("e2", "S1E2"), ("e3", "S1E3")
    ]  # fmt: skip


def test_what_was_out_stays_in_the_order_in_which_people_watched_it() -> None:
    before = entry(episode(1), episode(2), episode(3), episode(4))
    swapped = [episode(1), episode(3, number=2), episode(2, number=3), episode(4, title="New")]
    listed = entry(*swapped)

    after = merged(before, listed)

    assert is_reordered(before, listed)
    assert [(one.id, one.at, one.title) for one in pack_of_entry(after).episode] == [
        ("e1", "S1E1", "Title 1"), ("e2", "S1E2", "Title 2"), ("e3", "S1E3", "Title 3"),
        ("e4", "S1E4", "New"),
    ]  # fmt: skip
    again = merged(after, listed)
    assert pack_of_entry(again).episode == pack_of_entry(after).episode
    assert not is_reordered(after, before)


def test_what_is_not_out_yet_may_be_put_in_another_order() -> None:
    before = entry()
    swapped = entry(*map(episode, (1, 2, 3)), episode(5, number=4), episode(4, number=5))

    assert not is_reordered(before, swapped)
    assert [(one.id, one.at) for one in pack_of_entry(merged(before, swapped)).episode][3:] == [
        ("e5", "S1E4"), ("e4", "S1E5")
    ]  # fmt: skip


def test_an_episode_found_late_stands_in_its_place_and_tells_nothing_of_itself() -> None:
    about = {"summary": "Rain.", "title": "Untold"}
    before = entry(episode(1), episode(3, number=3, aired=TODAY), guests={3: (role(5, "Eve"),)})
    found = [episode(2, **about), episode(9, is_special=True, aired=TODAY - 2 * WEEK, **about)]
    listed = entry(*before.episodes, *found, cast=(role(1, "Ada"),))

    guests = {2: (role(5, "Eve"), role(6, "Una")), 3: (role(5, "Eve"),)}
    after = merged(before, listed).model_copy(update={"guests": guests})

    assert [(one.id, one.at, one.title, one.teaser) for one in pack_of_entry(after).episode] == [
        ("e1", "S1E1", "Title 1", None), ("e9", "S0E1", None, None), ("e2", "S1E2", None, None),
        ("e3", "S1E3", "Title 3", None),
    ]  # fmt: skip
    assert known(pack_of_entry(after)) == {"Ada": "S1E3", "Eve": "S1E3"}
    assert pack_of_entry(merged(after, listed)).episode == pack_of_entry(after).episode


def test_an_episode_that_comes_out_tells_of_itself() -> None:
    before = entry(*map(episode, (1, 2, 3)))
    listed = entry(*map(episode, (1, 2, 3)), episode(4, aired=TODAY, summary="Rain."))

    assert pack_of_entry(merged(before, listed)).episode[3].teaser == "Rain."


def test_a_deleted_episode_stays_where_it_was_if_it_was_out() -> None:
    before = entry()
    # What was number 3 is gone, and the fourth has taken its number; the fifth was never out.
    after = merged(before, entry(episode(1), episode(2), episode(4, number=3, aired=TODAY)))

    assert [(one.id, one.at) for one in pack_of_entry(after).episode] == [
        ("e1", "S1E1"), ("e2", "S1E2"), ("e3", "S0E1"), ("e4", "S1E3")
    ]  # fmt: skip


def test_one_that_lost_its_number_keeps_the_last_it_had() -> None:
    dropped = [episode(n, aired=TODAY) for n in (1, 2, 3)]
    after = merged(entry(*dropped), entry(*dropped[1:], episode(1, number=None, aired=TODAY)))

    assert [one.id for one in pack_of_entry(after).episode] == ["e1", "e2", "e3"]


def test_the_size_of_a_soap_opera() -> None:
    episodes = [
        episode(
            1, id=1000 + n, season=1 + n // 250, number=1 + n % 250, summary=f"Person{n} talks."
        )
        for n in range(1200)
    ]
    cast = tuple(role(n, f"Person{n} Of{n}") for n in range(300))

    pack = pack_of_entry(entry(*episodes, cast=cast))

    assert (len(pack.episode), len(pack.character)) == (1200, 300)
    assert faults(pack) == []


def test_what_members_read_is_cut_like_any_story() -> None:
    pack = pack_of_entry(entry(*summed_up(None, "Eve."), guests={2: (role(5, "Eve"),)}))
    story = Story(pack)

    assert [c.name for c in story.so_far(Point("e1")).characters] == []
    assert [c.name for c in story.so_far(Point("e2")).characters] == ["Eve"]
