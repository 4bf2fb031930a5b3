"""What contribution promises: an edition has what was approved, and all that was there before."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.contributions.checks import MOST_DOTS, NO_SUBJECT, clashes, problems
from data.contributions.contribution import (
    RECAP_LENGTH,
    Contribution,
    ContributionText,
    Kind,
    edited,
)
from data.packs.lint import lint
from data.packs.reader import read
from data.packs.tables import Pack
from data.packs.writer import export_pack
from data.points import PREMISE, Point
from data.story.story import Story
from data.story.story_so_far import StorySoFar
from tests.support.loom import E1, E2, E3, E4, LOOM, PACK

ANN = 1


def contribution(kind: Kind, subject: str | None, known: Point = E2, **more: Any) -> Contribution:
    return Contribution(100, "loom", kind, subject, known, ANN, known, **{"id": 5, **more})


def somebody(known: Point = E2, **more: Any) -> Contribution:
    return contribution("character", None, known, **more)


def told(
    horizon: Point, *approved: tuple[Contribution, ContributionText], pack: Pack = LOOM
) -> StorySoFar:
    return Story(edited(pack, approved)).so_far(horizon)


class TestEditions:
    def test_nothing_written_changes_nothing(self) -> None:
        assert edited(LOOM, ()) == LOOM

    def test_a_recap_stands_where_there_was_none(self) -> None:
        one = contribution("recap", "e2"), ContributionText("The loom is sold.")
        assert told(E2, one).episodes[1].recap == "The loom is sold."
        assert told(E1, one).episodes == told(E1).episodes

    def test_a_recap_goes_behind_what_a_person_wrote(self) -> None:
        one = contribution("recap", "e1", E1), ContributionText("She leaves.")
        assert told(E1, one).episodes[0].recap == "Ola finds a letter.\n\nShe leaves."

    def test_a_recap_without_room_goes_among_the_beats(self) -> None:
        text = "word " * (RECAP_LENGTH // 5)
        story = told(E1, (contribution("recap", "e1", E1), ContributionText(text)))
        assert story.episodes[0].recap == "Ola finds a letter."
        assert " ".join(beat.text for beat in story.episodes[0].beats) == text.strip()
        assert (
            not told(PREMISE, (contribution("recap", "e1", E1), ContributionText(text)))
            .episodes[0]
            .beats
        )

    def test_lines_stay_lines_among_the_beats(self) -> None:
        lines = ["." * MOST_DOTS + str(number) for number in range(14)]
        texts = ("word " * 270, "\n".join(lines))
        story = told(
            E1, *((contribution("recap", "e1", E1), ContributionText(text)) for text in texts)
        )
        assert [beat.text for beat in story.episodes[0].beats] == lines

    def test_a_recap_that_is_known_after_its_episode_is_not_told(self) -> None:
        assert (
            edited(LOOM, [(contribution("recap", "e2", E3), ContributionText("Too early."))])
            == LOOM
        )

    def test_a_character_is_known_from_their_point_on(self) -> None:
        one = somebody(Point("e2", 7)), ContributionText("a dyer", "Una")
        found = told(Point("e2", 7), one).character("w5")
        assert found is not None
        assert (found.name, found.facts[0].text, found.known) == ("Una", "a dyer", Point("e2", 7))
        assert told(Point("e2", 6), one).character("w5") is None

    def test_a_role_may_be_left_out(self) -> None:
        found = told(E2, (somebody(), ContributionText(" \n", "Una"))).character("w5")
        assert found is not None
        assert found.facts == ()

    def test_what_was_written_is_marked_and_nothing_else(self) -> None:
        story = told(
            E4,
            (somebody(), ContributionText("a dyer", "Una")),
            (contribution("fact", "c2", E3), ContributionText("Limps.")),
            (contribution("alias", "c2", E3), ContributionText(name="Needle")),
            (contribution("recap", "e1", E1), ContributionText("She leaves.")),
            (contribution("recap", "e1", E1), ContributionText("It rains.")),
            (contribution("recap", "e2"), ContributionText("The loom is sold.")),
            (contribution("recap", "e3", E3), ContributionText("word " * (RECAP_LENGTH // 5))),
        )

        assert [(one.id, one.is_written) for one in story.characters] == [
            ("c1", False), ("c2", False), ("w5", True)
        ]  # fmt: skip
        assert [(fact.text, fact.is_written) for one in story.characters for fact in one.facts] == [
            ("A smith.", False),
            ("Limps.", True),
            ("a dyer", True),
        ]
        assert [(alias.name, alias.is_written) for alias in story.characters[1].also] == [
            ("Ivo Brandt", False), ("Needle", True)
        ]  # fmt: skip
        assert [one.written for one in story.episodes] == [
            "She leaves.\n\nIt rains.", "The loom is sold.", None, None
        ]  # fmt: skip
        assert {beat.is_written for beat in story.episodes[2].beats} == {True}
        assert not any(one.is_written for one in told(E4).characters)

    def test_what_the_show_has_by_itself_is_not_marked(self) -> None:
        story = told(
            E4,
            (contribution("recap", "e1", E1), ContributionText("Ola finds a letter.")),
            (contribution("fact", "c2", E3), ContributionText("A smith.", fact="role")),
            (contribution("alias", "c2"), ContributionText(name="Moth")),
        )

        assert story.episodes[0].written is None
        assert [fact.is_written for fact in story.characters[1].facts] == [False]

    def test_nobody_is_told_by_a_mark_that_something_was_written(self) -> None:
        later = (
            (contribution("recap", "e3", E3), ContributionText("Later.")),
            (somebody(E3), ContributionText("", "Una")),
        )
        assert told(E2, *later).episodes == told(E2).episodes
        assert told(E2, *later).characters == told(E2).characters

    def test_a_relation_is_told_once_both_are_known(self) -> None:
        brother = (
            contribution("fact", "c1", E2),
            ContributionText("His sister.", fact="relation", other="c2"),
        )
        twin = (
            contribution("fact", "c1", E2),
            ContributionText("His sister.", fact="relation", other="w5"),
        )

        def relations(
            horizon: Point, *approved: tuple[Contribution, ContributionText]
        ) -> list[str]:
            ola = told(horizon, *approved).character("c1")
            assert ola is not None
            return [fact.text for fact in ola.facts if fact.kind == "relation"]

        assert relations(E2, brother) == []
        assert relations(E3, brother, brother) == ["His sister."]
        assert relations(E4, twin) == []
        assert (
            relations(E4, brother, twin, (somebody(), ContributionText("", "Una")))
            == ["His sister."] * 2
        )

    def test_facts_and_aliases_go_to_characters_old_and_written(self) -> None:
        story = told(
            E2,
            (contribution("alias", "w5"), ContributionText(name="Needle")),
            (
                contribution("fact", "w5"),
                ContributionText("In jail.", fact="status", status="jailed"),
            ),
            (contribution("fact", "c1"), ContributionText("Sells the loom.")),
            (somebody(), ContributionText("", "Una")),
        )
        una, ola = story.character("w5"), story.character("c1")
        assert una is not None
        assert ola is not None
        assert una.names == ("Una", "Needle")
        assert [fact.status for fact in una.facts if fact.kind == "status"] == ["jailed"]
        assert [fact.text for fact in ola.facts] == ["Sells the loom."]

    def test_a_fact_that_is_known_later_keeps_none_from_being_told_earlier(self) -> None:
        words = ContributionText("Gone.", fact="status", status="dead")
        late, early = (contribution("fact", "c1", known) for known in (E3, E1))
        story = told(E2, (late, words), (early, words))
        assert [(fact.text, fact.known) for fact in story.characters[0].facts] == [("Gone.", E1)]

    def test_facts_of_the_same_words_may_tell_another_status(self) -> None:
        said = [
            ContributionText("Nobody sees her.", fact="status", status=how)
            for how in ("dead", "alive")
        ]
        story = told(E2, *((contribution("fact", "c1"), words) for words in said))
        assert [fact.status for fact in story.characters[0].facts] == ["dead", "alive"]

    @pytest.mark.parametrize("kind", ["fact", "alias"])
    def test_nothing_is_known_before_its_character_is(self, kind: Kind) -> None:
        pack = edited(LOOM, [(contribution(kind, "c2", E1), ContributionText("Text.", "Name"))])
        assert "Text." not in repr(Story(pack).so_far(E2))
        assert not [problem for problem in lint(pack) if problem.is_error]

    @pytest.mark.parametrize(
        "one",
        [
            (contribution("recap", "e9", E1), ContributionText("Gone.")),
            (contribution("fact", "c9", E1), ContributionText("Gone.")),
            (contribution("alias", "w9", E1), ContributionText(name="Gone")),
            (somebody(Point("e9")), ContributionText("", "Gone")),
            (
                contribution("fact", "c1", E1),
                ContributionText("Gone.", fact="status", status="Gone"),
            ),
            (contribution("fact", "c1", E1), ContributionText("Gone.", fact="Gone")),
            (somebody(), ContributionText("", "")),
            (somebody(), ContributionText("", "x" * 81)),
            (somebody(), ContributionText("", "Go\u202ene")),
        ],
    )
    def test_what_does_not_fit_any_more_is_left_out(
        self, one: tuple[Contribution, ContributionText]
    ) -> None:
        assert edited(LOOM, [one]) == LOOM

    def test_an_edition_that_became_everybodys_tells_nothing_twice(self) -> None:
        approved = [
            (somebody(), ContributionText("a dyer", "Una")),
            (contribution("recap", "e2"), ContributionText("The loom is sold.")),
            (contribution("recap", "e1", E1), ContributionText("She leaves.")),
            (contribution("recap", "e3", E3), ContributionText("word " * 280)),
            (contribution("fact", "c1"), ContributionText("Sells the loom.")),
            (contribution("alias", "c1"), ContributionText(name="Olga")),
        ]
        once = edited(LOOM, approved)
        assert once != LOOM
        assert edited(once, approved) == once

    def test_a_character_that_became_everybodys_is_as_its_file_tells_by_now(self) -> None:
        approved = [(somebody(), ContributionText("a dyer", "Una"))]
        once = edited(LOOM, approved)
        corrected = once.character[-1].model_copy(update={"role": "a spinner"})
        pack = once.model_copy(update={"character": (*once.character[:-1], corrected)})
        assert edited(pack, approved) == pack


class TestProblems:
    @pytest.mark.parametrize(
        ("one", "words"),
        [
            (
                contribution("recap", "e2"),
                ContributionText("The loom is sold.\r\n\r\n\tOla leaves."),
            ),
            (somebody(), ContributionText("a dyer, a friend of Ola's", "Una")),
            (somebody(), ContributionText("", "Una")),
            (
                contribution("fact", "c1"),
                ContributionText("Gone.", fact="status", status="missing"),
            ),
            (contribution("alias", "c1", Point("e2", 9)), ContributionText(name="Olga")),
        ],
    )
    def test_what_is_fine_has_none(self, one: Contribution, words: ContributionText) -> None:
        assert problems(LOOM, one, words, E2) == []
        assert clashes(LOOM, one, words, E4) == []

    @pytest.mark.parametrize(
        ("one", "words", "said"),
        [
            (somebody(E3), ContributionText("", "Una"), "through S1E2"),
            (somebody(Point("e9")), ContributionText("", "Una"), "no such place"),
            (
                contribution("recap", "e2", E1),
                ContributionText("Text."),
                "at the end of its episode, S1E2",
            ),
            (contribution("recap", "e9"), ContributionText("Text."), NO_SUBJECT),
            (
                contribution("recap", "e2"),
                ContributionText("x" * (RECAP_LENGTH + 1)),
                "Recap has more than 1500",
            ),
            (contribution("recap", "e2"), ContributionText("." * (MOST_DOTS + 1)), "too many dots"),
            (contribution("fact", "c9"), ContributionText("Text."), NO_SUBJECT),
            (
                contribution("fact", "c1", PREMISE),
                ContributionText("Text."),
                "Ola is known only from S1E1 on",
            ),
            (contribution("fact", "c1"), ContributionText(" "), "Text is empty"),
            (
                contribution("fact", "c1"),
                ContributionText("Text.", fact="rumour"),
                "a relation or an event",
            ),
            (contribution("fact", "c1"), ContributionText("Text.", fact="relation"), NO_SUBJECT),
            (
                contribution("fact", "c1"),
                ContributionText("Text.", fact="relation", other="c2"),
                NO_SUBJECT,
            ),
            (
                contribution("fact", "c1"),
                ContributionText("Text.", fact="relation", other="c1"),
                "somebody else",
            ),
            (contribution("fact", "c1"), ContributionText("Text.", fact="status"), "alive, dead"),
            (contribution("alias", "c1"), ContributionText(name="Ola"), "among the names"),
            (contribution("alias", "c1"), ContributionText(name="Ol\na"), "one line"),
            (somebody(), ContributionText("", "Ola"), 'called "Ola" already'),
            (somebody(), ContributionText("", "\u200bUna"), "U+200B"),
            (
                contribution("recap", "e2"),
                ContributionText("\u09df" * 800),
                "Recap has more than 1500",
            ),
        ],
    )
    def test_what_is_wrong_is_said_in_a_sentence(
        self, one: Contribution, words: ContributionText, said: str
    ) -> None:
        found = problems(LOOM, one, words, E2)
        assert len(found) == 1
        assert said in found[0]
        assert re.fullmatch(r"[A-Z\"].*\.", found[0])

    def test_a_name_that_is_known_later_is_told_to_those_who_know_it(self) -> None:
        one, words = contribution("recap", "e2"), ContributionText("Brandt hides the letter.")
        assert problems(LOOM, one, words, E3) == [
            '"Brandt" is known only from S1E3 on: leave it out, or let it be known later.'
        ]
        assert problems(LOOM, one, words, E2) == []

    @pytest.mark.parametrize("name", ["E10", "C012", "Of W99", "Pilot"])
    def test_a_name_that_looks_like_an_id_is_refused(self, name: str) -> None:
        episode = {"id": "pilot", "at": "S1E1"}
        pack = Pack.model_validate(PACK | {"episode": [episode], "character": [], "term": []})
        found = problems(pack, somebody(Point("pilot")), ContributionText("", name), Point("pilot"))
        assert len(found) == 1
        assert f'"{name}" looks like' in found[0]

    @pytest.mark.parametrize("id", ["c012", "moth-7"])
    @pytest.mark.parametrize("name", ["C012", "C013", "Moth"])
    def test_ids_tell_nobody_who_comes_later(self, id: str, name: str) -> None:
        later = {"id": id, "name": "Eve", "known": "S1E3"}
        pack = Pack.model_validate(PACK | {"character": [*PACK["character"], later]})
        one, words = somebody(), ContributionText("", name)
        assert problems(pack, one, words, E2) == problems(LOOM, one, words, E2)

    @given(
        kind=st.sampled_from(["recap", "character", "fact", "alias"]),
        subject=st.sampled_from(["e1", "e2", "e3", "c1", "c2", "c9"]),
        known=st.sampled_from([PREMISE, E1, E2, Point("e2", 5)]),
        text=st.lists(
            st.sampled_from(["Ivo", "Brandt", "Moth", "Ola", "Shuttle", "river", "smith", "Una"])
        ).map(" ".join),
        name=st.sampled_from(["Ivo", "Moth", "Ivo Brandt", "Ola", "Una", "The Shuttle"]),
    )
    def test_nobody_finds_out_by_trying_what_comes_later(
        self, kind: Kind, subject: str, known: Point, text: str, name: str
    ) -> None:
        """The answer is that of a show in which nothing comes later."""
        nothing_later = Pack.model_validate(
            PACK
            | {
                "episode": [{"id": one["id"], "at": one["at"]} for one in PACK["episode"]],
                "character": PACK["character"][:1],
                "term": [],
            }
        )
        one = contribution(kind, None if kind == "character" else subject, known)
        for answer in (problems, clashes):
            words = ContributionText(text, name)
            assert [*filter(_is_about_recaps, answer(LOOM, one, words, E2))] == [
                *filter(_is_about_recaps, answer(nothing_later, one, words, E2))
            ]


def _is_about_recaps(sentence: str) -> bool:
    """All but that there is a recap: that of the first episode is known here."""
    return "has a recap already" not in sentence


NAMING = st.sampled_from(
    ["Rain.", "Ola", "Ivo", "Brandt's", "MOTH", "@moth", "the Shuttle", "Shuttles", "Una", "a moth"]
)
NAMED_TEXTS = st.lists(NAMING, min_size=1, max_size=3).map(" meets ".join)
KINDS: tuple[tuple[Kind, str | None], ...] = (
    *(("recap", "e1"), ("recap", "e2"), ("recap", "e4"), ("character", None)),
    *(("fact", "c1"), ("fact", "c2"), ("alias", "c1"), ("alias", "c2")),
)


@st.composite
def approved_as_they_are(draw: st.DrawFn) -> list[tuple[Contribution, ContributionText]]:
    """What reviewers let stand who did not know whom it names."""
    found = list[tuple[Contribution, ContributionText]]()
    for id in range(1, draw(st.integers(1, 4)) + 1):
        kind, subject = draw(st.sampled_from(KINDS))
        known = Point(subject) if kind == "recap" else draw(st.sampled_from((E1, E2, E3, E4)))
        text, name = draw(NAMED_TEXTS), draw(NAMED_TEXTS)
        is_named = kind in ("character", "alias")
        words = ContributionText("" if kind == "alias" else text, name if is_named else "")
        found.append((contribution(kind, subject, known, id=id), words))
    return found


class TestNaming:
    @pytest.mark.parametrize(
        ("one", "since"),
        [
            ((contribution("fact", "c1", E1), ContributionText("Meets Ivo.")), E3),
            ((contribution("fact", "c1", E1), ContributionText("Meets Ivo, called Moth.")), E4),
            ((contribution("fact", "c1", E1), ContributionText("Meets a moth.")), E1),
            ((contribution("alias", "c1", E2), ContributionText(name="Moth's sister")), E4),
            ((somebody(), ContributionText("Builds the Shuttle", "Una")), E4),
        ],
    )
    def test_what_names_somebody_later_is_told_from_there_on(
        self, one: tuple[Contribution, ContributionText], since: Point
    ) -> None:
        points = [E1, E2, E3, E4]
        said = one[1].name or one[1].text
        assert [said in repr(told(point, one)) for point in points] == [
            points.index(point) >= points.index(since) for point in points
        ]

    @pytest.mark.parametrize("text", ["Ivo waits.", "MOTH", "They build the Shuttle."])
    def test_a_recap_that_names_somebody_later_is_not_told(self, text: str) -> None:
        one = contribution("recap", "e2"), ContributionText(text)
        assert all(told(point, one).episodes[1].recap is None for point in (E2, E3, E4))

    def test_who_was_written_is_known_to_what_else_was_written_no_earlier(self) -> None:
        una = somebody(E3, id=6), ContributionText("", "Una")
        one = contribution("fact", "c1", E1), ContributionText("Meets Una.")
        assert "Meets Una." not in repr(told(E2, one, una))
        assert "Meets Una." in repr(told(E3, one, una))

    def test_who_was_written_first_is_not_told_before_those_who_were_written_after_it(self) -> None:
        nell = somebody(E1, id=6), ContributionText("Sister of Vex.", "Nell")
        vex = somebody(E2, id=7), ContributionText("Meets Quill.", "Vex")
        quill = somebody(E3, id=8), ContributionText("", "Quill")

        for point, names in ((E1, set[str]()), (E2, set[str]()), (E3, {"Nell", "Vex", "Quill"})):
            told_names = {one.name for one in told(point, nell, vex, quill).characters}
            assert told_names & {"Nell", "Vex", "Quill"} == names

    @settings(max_examples=200)
    @given(approved_as_they_are())
    def test_nothing_that_was_approved_adds_a_leak(
        self, approved: list[tuple[Contribution, ContributionText]]
    ) -> None:
        """The linter finds what is read before the people in it are known."""
        pack = edited(LOOM, approved)
        written = {f"character w{one.id}" for one, _ in approved}
        places = {"episode e2", "episode e4", "character c1", "character c2", *written}
        found = [
            str(fault) for fault in lint(pack) if fault.place.partition(",")[0] in places
            if "is known only from" in fault.message
        ]  # fmt: skip
        assert found == []


class TestClashes:
    def test_reviewers_hear_of_what_comes_later_where_they_are_past_it(self) -> None:
        one, words = contribution("recap", "e2"), ContributionText("Moth hides in the Shuttle.")
        assert clashes(LOOM, one, words, E3) == []
        assert [sentence[:9] for sentence in clashes(LOOM, one, words, E4)] == [
            '"Moth" is',
            '"Shuttle"',
        ]

    def test_somebody_of_that_name_who_comes_later_is_told(self) -> None:
        one, words = somebody(), ContributionText("", "Ivo Brandt")
        assert clashes(LOOM, one, words, E2) == []
        assert any("called" in sentence for sentence in clashes(LOOM, one, words, E3))

    def test_a_name_that_is_said_before_it_is_known_is_told(self) -> None:
        one, words = contribution("alias", "c1", E3), ContributionText(name="Wevver Home")
        pack = LOOM.model_copy(
            update={"show": LOOM.show.model_copy(update={"premise": "A Wevver is back."})}
        )
        assert clashes(pack, one, words, E3) == [
            '"Wevver" stands at premise already, before it is known here.',
            '"Home" stands at S1E1 already, before it is known here.',
        ]

    def test_that_there_is_a_recap_already_is_told(self) -> None:
        one, words = contribution("recap", "e1", E1), ContributionText("She leaves.")
        assert len(clashes(LOOM, one, words, E1)) == 1
        assert clashes(LOOM, one, words, PREMISE) == [NO_SUBJECT]


class TestExports:
    def read(self, folder: Path, text: str) -> Pack:
        path = folder / "loom.toml"
        path.write_text(text, encoding="utf-8")
        return read(path).pack

    def test_an_export_is_the_pack_again(self, tmp_path: Path) -> None:
        assert self.read(tmp_path, export_pack(LOOM, ())) == LOOM

    def test_what_reviewers_let_stand_is_allowed(self, tmp_path: Path) -> None:
        approved = [
            (contribution("recap", "e2"), ContributionText("The loom is sold.")),
            (somebody(E4), ContributionText("", "River Home")),
        ]
        pack = edited(LOOM, approved)
        assert [problem for problem in lint(pack) if problem.is_error]
        found = self.read(tmp_path, export_pack(pack, {"w5"}))
        assert found.episode[1].recap == "The loom is sold."
        assert found.episode[0].allow == ("Home",)

    def test_a_page_is_named_to_those_whom_it_does_not_spoil(self, tmp_path: Path) -> None:
        pages = {"END": "S1E4", "MIDDLE": "S1E2", "LAST": None}
        sources = {
            key: {"title": f"Page {key}", "url": "https://example.com/loom"}
            | ({} if through is None else {"through": through})
            for key, through in pages.items()
        }
        news = {"id": "2021-10-01-ended", "date": "2021-10-01", "kind": "ended"}
        told = {"confidence": "confirmed", "headline": "It is over", "source": [*pages]}
        pack = Pack.model_validate(
            PACK | {"source": PACK["source"] | sources, "news": [news | told]}
        )

        found = self.read(tmp_path, export_pack(pack, (), E3))

        assert [*found.source] == ["MIDDLE"]
        assert found.news[0].source == ("MIDDLE",)
        assert found.character[1].fact[0].source == ()
        assert self.read(tmp_path, export_pack(pack, (), E4)) == pack

    def test_two_people_of_one_name_are_told_apart(self, tmp_path: Path) -> None:
        called = ["Ola", "ola", "Una", "una"]
        approved = [(somebody(id=id), ContributionText("", name)) for id, name in enumerate(called)]
        found = self.read(tmp_path, export_pack(edited(LOOM, approved), {"w0", "w1", "w2", "w3"}))
        assert [one.name for one in found.character[2:]] == ["Ola (2)", "ola (3)", "Una", "una (2)"]

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["recap", "character", "fact", "alias"]),
                st.sampled_from([E1, E2, E3, Point("e3", 5), E4]),
                st.sampled_from(["c1", "c2", "w0", "e1", "e2", "e3"]),
                st.text(max_size=30) | st.sampled_from(['"""', "\\", "Moth\nIvo", "Ola's Shuttle"]),
                st.sampled_from(["Ivo", "Moth", "Ola", "Una", "the Shuttle", "Loom"]),
            ),
            max_size=6,
        )
    )
    def test_whatever_was_approved_is_read_again(
        self, tmp_path: Path, drawn: list[tuple[Kind, Point, str, str, str]]
    ) -> None:
        approved = [
            (contribution(kind, None if kind == "character" else subject, known, id=number), word)
            for number, (kind, known, subject, text, name) in enumerate(drawn)
            for word in [ContributionText(text, name)]
        ]
        pack = edited(LOOM, approved)
        found = self.read(tmp_path, export_pack(pack, {one.key for one, _ in approved}))
        assert [one.recap for one in found.episode] == [one.recap for one in pack.episode]
        assert [[dict(fact) for fact in one.fact] for one in found.character] == [
            [dict(fact) | {"allow": kept.allow} for fact, kept in pairs]
            for pairs in (
                list(zip(mine.fact, theirs.fact, strict=True))
                for mine, theirs in zip(pack.character, found.character, strict=True)
            )
        ]


def test_a_written_character_is_named_by_its_id() -> None:
    assert replace(somebody(), id=10**11 - 1).key == "w99999999999"
