"""Stand-ins of our own in the shapes that TVmaze and TMDB answer in."""

from __future__ import annotations

from datetime import date
from typing import Any

from data.story.show import Show

HIT_AND_RUN = Show(
    slug="hit-and-run",
    title="Hit & Run",
    network="Netflix",
    premiered=date(2021, 8, 6),
    premise="",
    aliases=("פגע וברח",),
    has_story=True,
)
IMAGE = "https://static.tvmaze.com/uploads/images/medium_portrait/1/1.jpg"
PLOT = "<p><b>Hit &amp; Run</b>: xyzzy did it.</p>"
NETFLIX = {"id": 1, "name": "Netflix", "country": None, "officialSite": "https://www.netflix.com/"}
YES = {
    "id": 2,
    "name": "yes",
    "country": {"name": "Israel", "code": "IL", "timezone": "Asia/Jerusalem"},
}


def maze_season(number: int, premiere: str | None = None, end: str | None = None) -> dict[str, Any]:
    return {
        "id": 1000 + number,
        "url": f"https://www.tvmaze.com/seasons/{1000 + number}/hit-run-season-{number}",
        "number": number,
        "name": "xyzzy",
        "episodeOrder": None,
        "premiereDate": premiere,
        "endDate": end,
        "network": None,
        "webChannel": NETFLIX,
        "image": {"medium": IMAGE},
        "summary": PLOT,
        "_links": {"self": {"href": f"https://api.tvmaze.com/seasons/{1000 + number}"}},
    }


def maze_show(seasons: object = None, **changed: object) -> dict[str, Any]:
    """A show of TVmaze's; with seasons if they are given."""
    show: dict[str, Any] = {
        "id": 777,
        "url": "https://www.tvmaze.com/shows/777/hit-run",
        "name": "Hit & Run",
        "type": "Scripted",
        "language": "English",
        "genres": ["Action"],
        "status": "Ended",
        "runtime": None,
        "averageRuntime": 49,
        "premiered": "2021-08-06",
        "ended": "2021-08-06",
        "officialSite": "https://www.netflix.com/title/1",
        "schedule": {"time": "", "days": []},
        "rating": {"average": None},
        "weight": 90,
        "network": None,
        "webChannel": NETFLIX,
        "dvdCountry": None,
        "externals": {"tvrage": None, "thetvdb": 1, "imdb": "tt10556608"},
        "image": None,
        "summary": PLOT,
        "updated": 1632182400,
        "_links": {
            "self": {"href": "https://api.tvmaze.com/shows/777"},
            "previousepisode": {"href": "https://api.tvmaze.com/episodes/9", "name": "xyzzy"},
        },
    }
    if seasons is not None:
        show["_embedded"] = {"seasons": seasons}
    return show | changed


def maze_hit(**changed: object) -> dict[str, Any]:
    return {"score": 0.9, "show": maze_show(**changed)}


def tmdb_season(number: int, premiere: str | None = None) -> dict[str, Any]:
    return {
        "air_date": premiere,
        "episode_count": 9,
        "id": 2000 + number,
        "name": f"Season {number}",
        "overview": "xyzzy did it.",
        "poster_path": "/xyzzy.jpg",
        "season_number": number,
        "vote_average": 0.0,
    }


def tmdb_show(**changed: object) -> dict[str, Any]:
    show: dict[str, Any] = {
        "id": 888,
        "name": "Hit & Run",
        "original_name": "Hit & Run",
        "overview": "xyzzy did it.",
        "status": "Canceled",
        "in_production": False,
        "first_air_date": "2021-08-06",
        "last_air_date": "2021-08-06",
        "last_episode_to_air": {"name": "xyzzy", "season_number": 1, "episode_number": 9},
        "next_episode_to_air": None,
        "networks": [{"id": 213, "name": "Netflix", "origin_country": ""}],
        "seasons": [tmdb_season(0), tmdb_season(1, "2021-08-06")],
        "type": "Scripted",
        "external_ids": {"imdb_id": "tt10556608", "tvdb_id": 1},
    }
    return show | changed


def tmdb_hits(*hits: object) -> dict[str, Any]:
    return {"page": 1, "results": [*hits], "total_pages": 1, "total_results": len(hits)}


def maze_episode(number: int, **changed: object) -> dict[str, Any]:
    """An episode of TVmaze's, with the moment that it gives to what comes out on a day."""
    airdate = changed.get("airdate", "2021-08-06")
    episode: dict[str, Any] = {
        "id": 100 + number,
        "url": f"https://www.tvmaze.com/episodes/{100 + number}/hit-run-1x{number}-xyzzy",
        "name": "The first &amp; best",
        "season": 1,
        "number": number,
        "type": "regular",
        "airdate": "2021-08-06",
        "airtime": "",
        "airstamp": f"{airdate}T12:00:00+00:00" if airdate else None,
        "runtime": 45,
        "rating": {"average": None},
        "image": {"medium": IMAGE},
        "summary": "<p>Segev <b>dances</b>.</p><p>He runs.</p>",
        "_links": {"self": {"href": f"https://api.tvmaze.com/episodes/{100 + number}"}},
    }
    return episode | changed


def maze_role(id: object, name: object, actor: str = "An Actor") -> dict[str, Any]:
    return {
        "person": {"id": 1, "url": "https://www.tvmaze.com/people/1/an-actor", "name": actor},
        "character": {"id": id, "url": "https://www.tvmaze.com/characters/1/xyzzy", "name": name},
        "self": False,
        "voice": False,
    }


def maze_cast(*roles: object, **changed: object) -> dict[str, Any]:
    """A show of TVmaze's with its main cast."""
    return maze_show(**changed) | {"_embedded": {"cast": [*roles]}}
