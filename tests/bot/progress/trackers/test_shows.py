"""Which of our shows a file means: ids before titles, the year exactly, and never a guess."""

from __future__ import annotations

from datetime import date

import pytest

from bot.progress.trackers.record import Work, ids
from bot.progress.trackers.shows import Matches, Shows
from data.story.show import Show


def show(  # noqa: PLR0913
    slug: str,
    title: str,
    year: int | None = None,
    *,
    aliases: tuple[str, ...] = (),
    tvmaze: int | None = None,
    thetvdb: int | None = None,
    imdb: str | None = None,
) -> Show:
    premiered = None if year is None else date(year, 5, 1)
    return Show(
        slug,
        title,
        None,
        premiered,
        "",
        aliases,
        has_story=True,
        tvmaze=tvmaze,
        thetvdb=thetvdb,
        imdb=imdb,
    )


LOOM = show("loom", "Loom", 2013, tvmaze=1, thetvdb=71, imdb="tt11111")
OFFICE_UK = show("office-uk", "The Office", 2001, imdb="tt22222")
OFFICE_US = show("office-us", "The Office (US)", 2005, imdb="tt33333")
MILL_OLD, MILL_NEW = show("mill-1", "Mill", 1978), show("mill-2", "Mill", 2003)
HIT = show("hit-and-run", "Hit & Run", 2021, aliases=("Hit n Run",))
UNDATED = show("reed", "Reed")
OURS = Shows([LOOM, OFFICE_UK, OFFICE_US, MILL_OLD, MILL_NEW, HIT, UNDATED])


def match(*works: Work) -> Matches:
    return OURS.match(works)


def where(work: Work, *others: Work) -> str:
    """The slug of the show that it is, or what became of it."""
    found = match(work, *others)
    if work in found.found:
        return found.found[work].slug
    return "unclear" if work in found.unclear else "absent" if work in found.absent else "cour"


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        (Work("Loom"), "loom"),
        (Work("lOOm!"), "loom"),
        (Work("Hit and Run"), "hit-and-run"),
        (Work("hit n RUN"), "hit-and-run"),
        (Work("Loom", 2013), "loom"),
        (Work("Loom (2013)"), "loom"),
        (Work("Loom", 2014), "unclear"),
        (Work("Loom (2014)"), "unclear"),
        (Work("Loom (2014)", 2013), "loom"),
        (Work("Looms"), "absent"),
        (Work("!"), "absent"),
        (Work("Reed"), "reed"),
        (Work("Reed", 2013), "unclear"),
        # Ids, whatever the title.
        (Work("Riet", ids=ids(tvdb="71")), "loom"),
        (Work("Loom", 1999, ids=ids(imdb="tt11111")), "loom"),
        (Work("Loom", 2013, ids=ids(imdb="tt99999")), "absent"),
        (Work("Loom", 2013, ids=ids(imdb="tt11111", tvdb="72")), "absent"),
        (Work("Loom", ids=ids(tmdb="5")), "loom"),
        # Namesakes.
        (Work("Mill"), "unclear"),
        (Work("Mill", 1978), "mill-1"),
        (Work("Mill", 2003), "mill-2"),
        (Work("Mill (2003)"), "mill-2"),
        (Work("Mill", 1979), "unclear"),
        (Work("The Office"), "unclear"),
        (Work("The Office", 2001), "office-uk"),
        (Work("The Office", 2005), "office-us"),
        (Work("The Office (US)"), "office-us"),
        (Work("The Office (UK)"), "unclear"),
        (Work("The Office (UK)", 2001), "office-uk"),
        (Work("The Office (UK)", 2005), "unclear"),
        (Work("The Office (US)", 2001), "unclear"),
        (Work("Loom", ids=ids(tvdb="71"), is_cour=True), "cour"),
    ],
)
def test_a_show_is_found_by_ids_or_by_title_and_year(work: Work, expected: str) -> None:
    assert where(work) == expected


def test_a_title_with_a_country_is_not_that_of_a_show_without_and_not_the_other_way_round() -> None:
    bare, marked = show("a", "The Office", 2005), show("b", "The Office (US)", 2005)

    assert Shows([bare]).match([Work("The Office (UK)")]).found == {}
    assert Shows([marked]).match([Work("The Office")]).found == {}
    assert Shows([marked]).match([Work("The Office (UK)", 2005)]).found == {}
    assert [*Shows([bare]).match([Work("The Office (US)", 2005)]).found.values()] == [bare]


def test_namesakes_in_one_file_are_never_united() -> None:
    bare, other = Work("Loom"), Work("Loom", 2014)
    with_id, foreign = Work("Loom", ids=ids(tmdb="5")), Work("Loom", ids=ids(tmdb="6"))

    assert where(bare, other) == "unclear"
    assert where(with_id, foreign) == "unclear"
    assert where(Work("Loom (UK)", 2013), Work("Loom (US)", 2013)) == "unclear"


def test_one_show_with_more_and_fewer_ids_is_one() -> None:
    some, more = Work("Loom", 2013, ids(imdb="tt11111")), Work("Loom", 2013, ids(tmdb="5"))

    assert where(some, more) == where(more, some) == "loom"


def test_one_that_has_the_id_of_another_of_that_title_is_not_taken_for_it() -> None:
    mine, other = Work("Loom", 2013), Work("Loom", 2013, ids(imdb="tt99999"))

    assert where(mine) == "loom"
    assert where(other) == "absent"


def test_our_own_export_names_a_show_by_our_own_id() -> None:
    assert where(Work("Mill", ids=ids(cliffhanger="mill-2"))) == "mill-2"
    assert where(Work("Something else", ids=ids(cliffhanger="mill-2"))) == "absent"
    assert where(Work("Loom", ids=ids(cliffhanger="of-another-bot"))) == "loom"
