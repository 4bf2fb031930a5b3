"""What holds of tables of people's own: only what clearly says yes is taken for a yes."""

from __future__ import annotations

import json

import pytest

from bot.progress.trackers.columns import NOT_UNDERSTOOD, ONLY_BEGUN
from bot.progress.trackers.formats import NONE_SEEN, OWNED, WISHED
from bot.progress.trackers.reading import TWO_TABLES, read
from bot.progress.trackers.record import Said, UnreadableError

HEAD = "show,season,episode"


def watched(text: str, name: str = "list.csv") -> list[int | None]:
    """The numbers of the episodes that a file proves watched; none if it is refused."""
    try:
        history = read(text.encode(), name)
    except UnreadableError:
        return []
    said = [one for listed in history.people.values() for one in listed.values()]
    return [entry.number for one in said for entry, told in one.items() if told is Said.WATCHED]


def asked(text: str, name: str = "list.csv") -> bool:
    return read(text.encode(), name).says(Said.NOTHING)


def refusal(text: str, name: str = "list.csv") -> str:
    with pytest.raises(UnreadableError) as refused:
        read(text.encode(), name)
    return str(refused.value)


# The name of a column, a cell that says yes, and cells that do not.
SAYING = [
    ("watched", "WAHR", ("FALSCH", "FAUX", "FALSO")),
    ("watched", "✔️", ("✖", "[ ]", "👎")),
    ("watched", "yes", ("yes?", "watched?", "no")),
    ("watch_date", "2021-08-07 10:00", ("someday", "soon", "next week")),
    ("progress", "100.0", ("2000", "4/9", "S1E4")),
    ("watched", "[x]", ("[ ]", "yes/no", "1/2", "not yet")),
    ("watched", "yes", ("no", "", "0", "0.0", "n", "N", "off", "none", "NaN", "nein", "perhaps")),
    ("Watched?", "TRUE", ("FALSE", "unwatched", "null", "☐", "0.5", "12")),
    ("seen", "x", ("-", "✗", "non", "nej")),
    ("is_watched", "true", ("false", "False", "0")),
    ("gesehen", "ja", ("nein", "geplant")),
    ("vu", "oui", ("non",)),
    ("visto", "sí", ("no",)),
    ("Просмотрено", "да", ("нет",)),
    ("playcount", "2", ("0", "0.0", "", "1.5")),
    ("Play Count", "1.0", ("0",)),
    ("View Count", "3", ("0", "none")),
    ("times watched", "1", ("0",)),
    ("watched_status", "1", ("0", "0.25", "0.5", "0.75")),
    ("watched", "x", ("o", "O", "○")),  # noughts and crosses
    ("views", "2", ("3210000", "1001")),  # of everybody who saw it
    ("status", "watched", ("1", "2", "6")),  # codes, and every service has its own
    ("progress", "100", ("1320", "754000", "101")),  # seconds
    ("watched at", "2021-08-07", ("1970-01-01", "1970-01-01T00:00:00Z", "1899-12-30", "3600")),
    ("seen on", "7/8/2021", ("00/00/0000", "1/1/0001", "01.01.1900", "99/99/9999")),
    ("watch date", "07.08.21", ("31.02.21", "7.8.", "8 times")),
    ("watch date", "44415", ("1", "25000", "30.5")),  # a spreadsheet's days
    ("watch date", "20210807", ("20211307", "18990807")),
    ("status", "watched", ("watching", "unwatched", "planned", "Plan to Watch", "skipped", "wtf")),
    ("Status", "Completed", ("Dropped", "on-hold", "paused")),
    ("progress", "100", ("12.5", "99", "99.9%", "1", "1.0")),
    ("Percent complete", "100%", ("85%", "0")),
    ("% watched", "100", ("1", "2", "99")),
    ("Watched (%)", "100", ("1", "2", "99")),
    ("watched_at", "2021-08-07", ("", "null", "0000-00-00", "0001-01-01", "0", "no")),
    ("watched at", "unknown", ("never",)),
    ("last_watched_at", "2021-08-07T02:05:01.000Z", ("None",)),
    ("Date Watched", "07.08.2021", ("n/a", "tomorrow")),
    ("watch_date", "1628341000", ("0", "7")),
    ("unwatched", "no", ("yes", "TRUE", "")),
]


@pytest.mark.parametrize(("column", "yes", "others"), SAYING)
def test_a_row_counts_by_positive_evidence_alone(
    column: str, yes: str, others: tuple[str, ...]
) -> None:
    lines = [f"Loom,1,{number},{cell}" for number, cell in enumerate((yes, *others), start=1)]

    assert watched("\n".join([f"{HEAD},{column}", *lines])) == [1]


@pytest.mark.parametrize(("column", "yes", "others"), SAYING)
def test_lists_of_objects_say_it_in_the_same_way(
    column: str, yes: str, others: tuple[str, ...]
) -> None:
    rows = [
        {"show": "Loom", "season": 1, "episode": number, column: cell}
        for number, cell in enumerate((yes, *others), start=1)
    ]

    assert watched(json.dumps(rows)) == [1]


@pytest.mark.parametrize(
    ("said", "is_seen"),
    [
        ({"playcount": 0}, False),
        ({"playcount": 1}, True),
        ({"watched": True, "watched_at": None}, True),
        ({"watched": False, "watched_at": "2021-08-07"}, False),
        ({"watched": None, "watched_at": "2021-08-07"}, True),
        ({"watched": True, "playcount": 0}, False),
        ({"watched": True, "status": "continuing"}, True),
        ({"watched": True, "skipped": True}, False),
        ({"progress": 12.5, "paused_at": "2021-08-07"}, False),
        ({"rated_at": "2021-08-07"}, False),
    ],
)
def test_the_clearer_word_counts(
    said: dict[str, object],
    is_seen: bool,  # noqa: FBT001
) -> None:
    row = {"show": "Loom", "season": 1, "episode": 1, **said}

    assert watched(json.dumps([row])) == [1] * is_seen


def test_an_explicit_yes_outweighs_a_missing_date() -> None:
    assert watched(f"{HEAD},is_watched,watched_at\nLoom,1,1,true,\nLoom,1,2,false,2021-08-07") == [
        1
    ]


@pytest.mark.parametrize(
    "column",
    [
        *("watch_state", "Seen it?", "playback", "viewing", "my_status", "progression"),
        *("fecha_vista", "data_assistida", "Gesehen am Datum", "Datum"),
        *("count", "date", "Watch Date (UTC)", "completedOn", "finish_status"),
    ],
)
def test_a_column_that_may_say_it_and_is_not_understood_is_refused_by_name(column: str) -> None:
    assert refusal(f"{HEAD},{column}\nLoom,1,1,2\n") == NOT_UNDERSTOOD.format(column=column)


def test_one_beside_a_clear_one_is_refused_only_if_it_may_say_otherwise() -> None:
    clear = f"{HEAD},watched,{{}}\nLoom,1,1,yes,2\n"

    assert watched(clear.format("release count")) == [1]
    assert "`watch_state`" in refusal(clear.format("watch_state"))


def test_a_column_of_which_no_cell_is_understood_is_refused_with_what_it_says() -> None:
    said = refusal(f"{HEAD},status\nLoom,1,1,grün\nLoom,1,2,grün\n")

    assert "`status` says “grün”" in said


def test_when_something_was_begun_is_no_proof() -> None:
    said = refusal(f"{HEAD},last_played\nLoom,1,1,2021-08-07\n")

    assert said == ONLY_BEGUN.format(column="last_played")


@pytest.mark.parametrize(
    "names", ["SeriesName,season,episode,PlayCount", f"{HEAD},PlayCount,LastPlayedDate"]
)
def test_a_count_of_those_who_count_beginnings_is_no_proof(names: str) -> None:
    said = refusal(f"{names}\nLoom,1,1,1,2021-08-07\n")

    assert said.startswith("The column `") and "begun" in said  # noqa: PT018  # one sentence


def test_two_tables_one_below_the_other_are_refused() -> None:
    text = f"{HEAD},watched\nLoom,1,1,yes\n{HEAD},unwatched\nLoom,1,2,yes\n"

    assert refusal(text) == TWO_TABLES


def test_a_date_where_yes_and_no_stand_is_a_yes_once_it_has_been() -> None:
    assert watched(f"{HEAD},watched\nLoom,1,1,2021-08-07\nLoom,1,2,\nLoom,1,3,no\n") == [1]
    assert "is still to come" in refusal(
        f"{HEAD},watched\nLoom,1,1,2021-08-07\nLoom,1,2,2999-01-01\n"
    )


def test_two_columns_of_one_name_that_disagree_say_nothing() -> None:
    assert watched(
        f"{HEAD},watched,Watched\nLoom,1,1,yes,no\nLoom,1,2,no,yes\nLoom,1,3,yes,\n"
    ) == [3]


def test_a_list_that_says_nothing_is_asked_about() -> None:
    assert asked(f"{HEAD}\nLoom,1,1\n")
    assert asked(f"{HEAD},title,rating,originalAirDate\nLoom,1,1,Pilot,9,2021-08-06\n")
    assert asked(json.dumps([{"show": "Loom", "season": 1, "episode": 1}]))


def test_a_list_of_what_somebody_has_or_lacks_is_refused() -> None:
    assert refusal(f"{HEAD},monitored\nLoom,1,1,True\n") == OWNED.format(column="monitored")
    for name in ("missing.csv", "My-Wanted.csv", "watchlist.csv", "collection_2021.csv"):
        assert refusal(f"{HEAD}\nLoom,1,1\n", name) == WISHED
    assert refusal(f"{HEAD},rated_at\nLoom,1,1,2021-08-07\n") == NONE_SEEN


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("regardé", ("oui", "non")),
        ("Ann", ("x", "")),
        ("Ben", ("1", "0")),
        ("Ben", ("1.0", "0.0")),
        ("Ben", ("1", "")),
        ("Ben", ("2021-08-07", "")),
        ("Ben", ("07.08.21", "-")),
        ("Сам", ("да", "NaN")),
    ],
)
def test_a_column_of_yes_and_no_under_no_known_name_is_refused_by_it(
    column: str, cells: tuple[str, str]
) -> None:
    lines = "".join(f"Loom,1,{number},{cell}\n" for number, cell in enumerate(cells, start=1))
    rows = [
        {"show": "Loom", "season": 1, "episode": number, column: cell}
        for number, cell in enumerate(cells, start=1)
    ]

    told = NOT_UNDERSTOOD.format(column=column)
    assert refusal(f"{HEAD},{column}\n{lines}") == told
    assert refusal(json.dumps(rows)).casefold() == told.casefold()


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("rating", ("1", "2")),
        ("disc", ("1", "1")),
        ("notes", ("no", "great")),
        ("notes", ("-", "")),
    ],
)
def test_a_column_that_holds_other_things_is_none_of_yes_and_no(
    column: str, cells: tuple[str, str]
) -> None:
    lines = "".join(f"Loom,1,{number},{cell}\n" for number, cell in enumerate(cells, start=1))

    assert asked(f"{HEAD},{column}\n{lines}")


def test_a_list_of_plans_is_none_of_what_was_watched() -> None:
    rows = [{"show": "Loom", "season": 1, "episode": 1}]
    for name in ("to watch.csv", "Watch later.csv", "queue.csv", "upcoming.csv", "not seen.csv"):
        assert refusal(f"{HEAD}\nLoom,1,1\n", name) == WISHED
    for name in ("planned", "queue", "backlog", "watch_later", "remaining", "notWatched"):
        assert refusal(json.dumps({name: rows})) == NONE_SEEN


SHOW = {"title": "Loom"}
SEASONS = [{"number": 1, "episodes": [{"number": 1}, {"number": 2}]}]


@pytest.mark.parametrize(
    ("told", "count"),
    [
        ({"status": "completed"}, 2),
        ({"status": "watching"}, 2),
        ({"plays": 2}, 2),
        ({"last_watched_at": "2021-08-07"}, 2),
        ({"status": "Plan to watch"}, 0),
        ({"status": "plan_to_watch"}, 0),
        ({"status": "planned"}, 0),
        ({"status": "not interesting"}, 0),
        ({"plays": 0, "last_watched_at": None}, 0),
        ({"status": None}, 0),
    ],
)
def test_the_episodes_of_a_show_count_only_if_it_says_that_it_was_watched(
    told: dict[str, object], count: int
) -> None:
    entry = {**told, "show": SHOW, "seasons": SEASONS}

    assert len(watched(json.dumps({"shows": [entry]}))) == count


@pytest.mark.parametrize("name", ["list.csv", "seen_episode_source.csv"])
def test_what_a_table_of_anybody_says_outweighs_its_name(name: str) -> None:
    head = "tv_show_name,episode_season_number,episode_number,watched"

    assert watched(f"{head}\nLoom,1,1,yes\nLoom,1,2,no\n", name) == [1]


# In the full-width letters of East Asian keyboards.
WIDE_WATCHED, WIDE_YES = (
    "".join(chr(ord(letter) + 0xFEE0) for letter in word) for word in ("watched", "yes")
)
LAYOUTS = {
    "a first line for spreadsheets": f"sep=;\n{HEAD.replace(',', ';')};watched\nLoom;1;1;yes\n",
    "semicolons": "Serie;Staffel;Folge;Gesehen\nLoom;1;1;ja\n",
    "tabs": "Show\tSeason\tEpisode\tWatched\nLoom\t1\t1\tyes\n",
    "bars": "Show|Season|Episode|Watched\nLoom|1|1|yes\n",
    "a mark at the beginning": f"\ufeff{HEAD},watched\nLoom,1,1,yes\n",
    "blank lines before": f"\n\n  \n{HEAD},watched\nLoom,1,1,yes\n",
    "no line feeds": f"{HEAD},watched\rLoom,1,1,yes\r",
    "capitals": "TVSHOW,SEASON,EPISODE,WATCHED\nLoom,1,1,YES\n",
    "words in one": "tvShowName,seasonNumber,episodeNumber,isWatched\nLoom,1,1,True\n",
    "an index": f",{HEAD},watched\n0,Loom,1.0,1.0,1.0\n",
    "codes": "show,episode,watched\nLoom,S01E01,yes\n",
    "codes with a cross": "show,episode,watched\nLoom,1x01,yes\n",
    "seasons in words": f"{HEAD},watched\nLoom,Season 1,Episode 1,yes\n",
    "full-width letters": f"{HEAD},{WIDE_WATCHED}\nLoom,1,1,{WIDE_YES}\n",
    "a blank column of the same name": "show,season,season,episode,watched\nLoom,,1,1,yes\n",
    "digits of other scripts": f"{HEAD},watched\nLoom,\u0661,\uff11,yes\n",
    "dates of a spreadsheet": f"{HEAD},watched on\nLoom,1,1,44415.5\n",
    "dates under Watched": f"{HEAD},Watched\nLoom,1,1,07.08.2021\n",
    "check boxes": f"{HEAD},Watched\nLoom,1,1,checked\n",
    "its first line twice": f"{HEAD},watched\nLoom,1,1,yes\n{HEAD},watched\n",
    "Japanese": "番組,シーズン,話,視聴済み\nLoom,1,1,はい\n",
    "Turkish": "Dizi;Sezon;Bölüm;\u0130zlendi\nLoom;1;1;Evet\n",
    "Swedish": "Serie;Säsong;Avsnitt;Sedd\nLoom;1;1;ja\n",
    "Italian": "Serie;Stagione;Puntata;Visto\nLoom;1;1;VERO\n",
    "French": "Série;Saison;Épisode;Vu\nLoom;1;1;oui\n",
    "Spanish": "Serie;Temporada;Episodio;Visto\nLoom;1;1;sí\n",
    "a title beside": "Show,Title,Season,Episode,Watched\nLoom,Pilot,1,1,yes\n",
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_is_understood(name: str) -> None:
    history = read(LAYOUTS[name].encode())

    ((work, entries),) = history.people[""].items()
    ((entry, said),) = entries.items()
    assert (work.title, entry.season, entry.number, said) == ("Loom", 1, 1, Said.WATCHED)


def test_several_people_in_one_table_are_told_apart() -> None:
    history = read(f"{HEAD},watched,user\nLoom,1,1,yes,ann\nLoom,1,2,yes,ben\n".encode())

    assert {*history.people} == {"ann", "ben"}


def test_two_people_of_one_name_are_two() -> None:
    lines = "Loom,1,1,yes,ann,1\nLoom,1,2,yes,ann,2\n"

    history = read(f"{HEAD},watched,user,user_id\n{lines}".encode())

    assert [*history.people] == ["ann · 1", "ann · 2"]


@pytest.mark.parametrize(
    "column",
    [
        *("Person", "who", "Member", "viewer", "watched by", "Benutzer", "Profil", "Utilisateur"),
        *("Usuario", "utente", "Пользователь"),
    ],
)
def test_whose_a_line_is_may_stand_under_any_name_for_people(column: str) -> None:
    history = read(f"{HEAD},watched,{column}\nLoom,1,1,yes,ann\nLoom,1,2,yes,ben\n".encode())

    assert {*history.people} == {"ann", "ben"}


def test_people_who_are_objects_are_told_apart() -> None:
    rows = [
        {"show": "Loom", "season": 1, "episode": 1, "watched": True, "user": {"name": who}}
        for who in ("ann", "ben")
    ]
    watches = [
        {
            "action": "watch",
            "watched_at": "2021-08-07",
            "type": "episode",
            "show": {"title": "Loom"},
            "episode": {"season": 1, "number": 1},
            "user": {"username": who},
        }
        for who in ("ann", "ben")
    ]

    for listed in (rows, watches):
        assert {*read(json.dumps(listed).encode()).people} == {"ann", "ben"}


def test_users_of_a_media_server_of_one_name_are_two() -> None:
    plays = [
        {
            "friendly_name": "Guest",
            "user_id": id,
            "watched_status": 1,
            "grandparent_title": "Loom",
            "parent_media_index": 1,
            "media_index": 1,
        }
        for id in (1, 2)
    ]

    assert [*read(json.dumps(plays).encode()).people] == ["Guest · 1", "Guest · 2"]


def test_what_is_done_in_a_history_besides_watching_is_no_watch() -> None:
    events = [
        {
            "action": action,
            "watched_at": "2021-08-07",
            "type": "episode",
            "show": {"title": "Loom"},
            "episode": {"season": 1, "number": number},
        }
        for number, action in enumerate(["scrobble", "unwatch", "pause", "start"], start=1)
    ]

    assert watched(json.dumps(events)) == [1]


def test_an_event_that_calls_itself_a_watch_is_one_at_any_time() -> None:
    show, at = {"title": "Loom"}, {"season": 1, "number": 1}
    event = {"show": show, "episode": at, "watched_at": "1970-01-01T00:00:00.000Z"}

    assert watched(json.dumps([{"action": "watch", **event}])) == [1]
    assert watched(json.dumps([event])) == []


@pytest.mark.parametrize("said", [{"value": False}, ["2021-08-07"], [{"by": "ben"}]])
def test_what_is_said_in_a_shape_that_is_not_understood_is_no_yes(said: object) -> None:
    row = {"show": "Loom", "season": 1, "episode": 1, "watched": said}

    assert "`watched` says" in refusal(json.dumps([row]))


def test_two_names_of_an_object_that_are_one_and_disagree_say_nothing() -> None:
    row = {"show": "Loom", "season": 1, "episode": 1, "watched": True, "Watched": False}

    assert watched(json.dumps([row])) == []


@pytest.mark.parametrize(
    "cell", ["Special 1", "OVA 2", "Extra 3", "3 4", "Trailer 1", "Minute 5", "Half 2"]
)
def test_a_number_behind_another_word_is_no_episode_of_that_number(cell: str) -> None:
    assert watched(f"{HEAD},watched\nLoom,1,{cell},yes\nLoom,Staffel 1,Folge 7,ja\n") == [7]


def test_the_number_of_a_line_is_no_season() -> None:
    assert watched("S.No,Show,Episode,Watched\n1,Loom,1,yes\n2,Loom,2,yes\n") == []


def test_a_line_with_too_many_cells_is_left() -> None:
    lines = "Loom,Ready, 1,1,2,no\nLoom,Ash,1,1,yes,,\n"  # a title with a comma in it

    assert watched(f"show,title,season,episode,watched\n{lines}") == [1]


NETFLIX = "Profile Name,Duration,Title,Supplemental Video Type,Bookmark"
SHORT = {
    "a mark": ("Title,Type,LastEpWatched,Watchlist\n\nLoom,tv,s1e2,completed\nReed\n", "Loom"),
    "an activity": (f"{NETFLIX}\n\nann,00:50:00,Loom: Ash,,00:50:00\nann\n", "Loom"),
    "a sheet": (f"{HEAD},watched\n\nLoom,1,1,yes\nReed,1\n", "Loom"),
}


@pytest.mark.parametrize("name", SHORT)
def test_blank_and_short_lines_say_nothing(name: str) -> None:
    text, title = SHORT[name]

    history = read(text.encode())

    assert [work.title for listed in history.people.values() for work in listed] == [title]


@pytest.mark.parametrize("column", ["special", "is_special", "isSpecial"])
def test_a_special_is_one_in_tables_and_in_lists_of_objects(column: str) -> None:
    table = read(f"{HEAD},watched,{column}\nLoom,1,1,yes,true\n".encode())
    row = {"show": "Loom", "season": 1, "episode": 1, "watched": True, column: True}
    listed = read(json.dumps([row]).encode())

    for history in (table, listed):
        ((entry, _),) = next(iter(history.people[""].values())).items()
        assert entry.is_special
