"""Cataloguing: what TVmaze answers about a whole show, its episodes and casts, as plain text."""

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

NO_EPISODES = "the answer is not a list of episodes"
NO_EPISODE = "none of the episodes it lists can be read"
NO_CAST = "the answer is not a cast"
NO_ROLE = "nobody in the cast it lists can be read"

LARGEST_ID = 10**10 - 1  # an id in our packs has ten digits for it
MOST_HTML, MOST_TEXT = 10_000, 2000  # characters
LAST_SEASON, LAST_NUMBER, LAST_MINUTE = 9999, 99_999, 999
REGULAR = (None, "regular")
MINOR = "insignificant_special"
POSTER = re.compile(r"https?://(static\.tvmaze\.com/[\w./-]{1,200})", re.ASCII)
UNREAD = {"script", "style"}
BREAKS = {"p", "br", "li", "div", "ul", "ol", "tr", "td", "h1", "h2", "h3"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A show that was found by its name: enough to tell it from others of that name."""

    id: int
    title: str
    premiered: date | None
    network: str | None
    url: str


def entry_of(listed: Listing, show: object, episodes: object, today: date) -> Entry:
    """The whole show, from the answers for itself (with its cast) and for all of its episodes.

    What cannot be read is left out. Raises `SourceError` where a list is none, or nothing in it
    can be read: then the format has changed.
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
    """Raises `SourceError`; of an id listed twice the first counts."""
    if not isinstance(answer, list):
        raise SourceError(NO_EPISODES)
    given = [table(row) for row in rows(cast("object", answer))]
    found: dict[int, ListedEpisode] = {}
    for row in given:
        for one in _episode(row):
            found.setdefault(one.id, one)
    if given and not found:
        raise SourceError(NO_EPISODE)
    return tuple(found.values())


def roles_of(answer: object) -> tuple[Role, ...]:
    """Those who play somebody else than themselves. Raises `SourceError`."""
    if not isinstance(answer, list):
        raise SourceError(NO_CAST)
    given = [table(row) for row in rows(cast("object", answer))]
    if given and not any("character" in row and "person" in row for row in given):
        raise SourceError(NO_ROLE)
    return tuple(role for row in given for role in _role(row))


def plain(html: object) -> str | None:
    """Text without its tags and entities, on one line, and all of which shows."""
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
        self._unread += tag in UNREAD
        self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in UNREAD and self._unread > 0
        self._part(tag)

    def _part(self, tag: str) -> None:
        if tag in BREAKS:
            self.pieces.append(" ")


def _episode(row: Mapping[str, object]) -> Iterator[ListedEpisode]:
    id = whole(row.get("id"), most=LARGEST_ID)
    if id is not None and "season" in row:
        yield ListedEpisode(
            id=id,
            season=whole(row.get("season"), least=0, most=LAST_SEASON),
            number=whole(row.get("number"), least=0, most=LAST_NUMBER),
            is_special=row.get("type") not in REGULAR,
            is_minor=row.get("type") == MINOR,
            title=line(plain(row.get("name"))),
            aired=day(row.get("airdate")),
            airs=_airs(row),
            runtime=whole(row.get("runtime"), most=LAST_MINUTE),
            summary=plain(row.get("summary")),
        )


def _airs(row: Mapping[str, object]) -> int | None:
    """The moment, unless it comes before the day has begun anywhere: then the day decides."""
    aired, airs = day(row.get("airdate")), moment(row.get("airstamp"))
    is_before = aired is not None and airs is not None and airs < start_of_day(aired)
    return None if is_before else airs


def _role(row: Mapping[str, object]) -> Iterator[Role]:
    character, person = table(row.get("character")), table(row.get("person"))
    id, name = whole(character.get("id"), most=LARGEST_ID), line(plain(character.get("name")))
    if id is not None and name is not None and row.get("self") is not True:
        yield Role(id=id, name=name, actor=line(plain(person.get("name"))))


def _poster(url: object) -> str | None:
    """The image where TVmaze keeps its own; an address elsewhere is not shown to anybody."""
    found = POSTER.fullmatch(url) if isinstance(url, str) else None
    return f"https://{found[1]}" if found else None
