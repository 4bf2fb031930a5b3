"""TVmaze's catalogue: makes an entry in plain text from answers about a show and its cast."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from typing import cast

from bot.sources import SourceError
from bot.sources.json_fields import day, line, moment, rows, table, whole
from data.catalog.entry import READER_VERSION, Entry, Role
from data.catalog.listing import ListedEpisode, Listing
from data.catalog.text import fit_text
from data.points import start_of_day

NOT_EPISODES = "the answer is not a list of episodes"
EPISODES_UNREADABLE = "none of the episodes it lists can be read"
NOT_A_CAST = "the answer is not a cast"
CAST_UNREADABLE = "nobody in the cast it lists can be read"

LARGEST_TVMAZE_ID = 10**10 - 1  # ids in packs have room for ten digits
MOST_HTML, MOST_TEXT = 10_000, 2000  # characters
HIGHEST_SEASON_LISTED, HIGHEST_NUMBER_LISTED, LONGEST_RUNTIME_LISTED = 9999, 99_999, 999
REGULAR_TYPES = (None, "regular")
MINOR_TYPE = "insignificant_special"
POSTER_ADDRESS = re.compile(r"https?://(static\.tvmaze\.com/[\w./-]{1,200})", re.ASCII)
SKIPPED_TAGS = {"script", "style"}
BREAKING_TAGS = {"p", "br", "li", "div", "ul", "ol", "tr", "td", "h1", "h2", "h3"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A show that was found by name, with details that distinguish it from others."""

    id: int
    title: str
    premiered: date | None
    network: str | None
    url: str


def entry_of(listed: Listing, show: object, episodes: object, today: date) -> Entry:
    """The whole show, from the answer about the show and its cast, and the one about its episodes.

    Unreadable parts are left out. Raises `SourceError` if a list is no list, or if nothing in it
    is readable: then the format has changed.
    """
    image = table(table(show).get("image"))
    poster = (_poster(image.get(size)) for size in ("original", "medium"))
    return Entry(
        id=listed.id,
        title=listed.title,
        url=listed.url,
        as_of=today,
        stage=listed.stage,
        premiered=listed.premiered,
        network=listed.network,
        imdb=listed.imdb,
        thetvdb=listed.thetvdb,
        summary=plain(table(show).get("summary")),
        poster=next(filter(None, poster), None),
        episodes=episodes_of(episodes),
        cast=roles_of(table(table(show).get("_embedded")).get("cast")),
        reading=READER_VERSION,
    )


def episodes_of(answer: object) -> tuple[ListedEpisode, ...]:
    """The episodes in an answer; the first of two with one id counts. Raises `SourceError`."""
    if not isinstance(answer, list):
        raise SourceError(NOT_EPISODES)
    given = [table(row) for row in rows(cast("object", answer))]
    found: dict[int, ListedEpisode] = {}
    for row in given:
        for one in _episode(row):
            found.setdefault(one.id, one)
    if given and not found:
        raise SourceError(EPISODES_UNREADABLE)
    return tuple(found.values())


def roles_of(answer: object) -> tuple[Role, ...]:
    """The roles in an answer, without people who play themselves. Raises `SourceError`."""
    if not isinstance(answer, list):
        raise SourceError(NOT_A_CAST)
    given = [table(row) for row in rows(cast("object", answer))]
    if given and not any("character" in row and "person" in row for row in given):
        raise SourceError(CAST_UNREADABLE)
    return tuple(role for row in given for role in _role(row))


def plain(html: object) -> str | None:
    """The visible text of HTML, on one line."""
    if not isinstance(html, str):
        return None
    text = _Text()
    text.feed(html[:MOST_HTML])
    text.close()
    return fit_text("".join(text.pieces), MOST_TEXT)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unread = 0

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.pieces.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread += tag in SKIPPED_TAGS
        self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in SKIPPED_TAGS and self._unread > 0
        self._part(tag)

    def _part(self, tag: str) -> None:
        if tag in BREAKING_TAGS:
            self.pieces.append(" ")


def _episode(row: Mapping[str, object]) -> Iterator[ListedEpisode]:
    id = whole(row.get("id"), most=LARGEST_TVMAZE_ID)
    if id is not None and "season" in row:
        yield ListedEpisode(
            id=id,
            season=whole(row.get("season"), least=0, most=HIGHEST_SEASON_LISTED),
            number=whole(row.get("number"), least=0, most=HIGHEST_NUMBER_LISTED),
            is_special=row.get("type") not in REGULAR_TYPES,
            is_minor=row.get("type") == MINOR_TYPE,
            title=line(plain(row.get("name"))),
            aired=day(row.get("airdate")),
            airs=_airs(row),
            runtime=whole(row.get("runtime"), most=LONGEST_RUNTIME_LISTED),
            summary=plain(row.get("summary")),
        )


def _airs(row: Mapping[str, object]) -> int | None:
    """The moment when it airs; None if that is before its day begins anywhere on earth."""
    aired, airs = day(row.get("airdate")), moment(row.get("airstamp"))
    is_before = aired is not None and airs is not None and airs < start_of_day(aired)
    return None if is_before else airs


def _role(row: Mapping[str, object]) -> Iterator[Role]:
    character, person = table(row.get("character")), table(row.get("person"))
    id, name = (
        whole(character.get("id"), most=LARGEST_TVMAZE_ID),
        line(plain(character.get("name"))),
    )
    if id is not None and name is not None and row.get("self") is not True:
        yield Role(id=id, name=name, actor=line(plain(person.get("name"))))


def _poster(url: object) -> str | None:
    """The address of a poster on TVmaze's own server; other addresses are not used."""
    found = POSTER_ADDRESS.fullmatch(url) if isinstance(url, str) else None
    return f"https://{found[1]}" if found else None
