"""A small show that members add to."""

from __future__ import annotations

from typing import Any

from data.packs.tables import Pack
from data.points import Point

E1, E2, E3, E4 = (Point(f"e{number}") for number in range(1, 5))
PACK: dict[str, Any] = {  # as free as TOML
    "format": 1,
    "show": {"slug": "loom", "title": "Loom", "premise": "A weaver comes home."},
    "source": {"SITE": {"title": "All of it", "url": "https://www.example.com/loom"}},
    "episode": [
        {"id": "e1", "at": "S1E1", "title": "Home", "recap": "Ola finds a letter."},
        {"id": "e2", "at": "S1E2"},
        {"id": "e3", "at": "S1E3", "recap": "Ivo is found by the river."},
        {"id": "e4", "at": "S1E4"},
    ],
    "character": [
        {"id": "c1", "name": "Ola", "known": "S1E1"},
        {
            "id": "c2",
            "name": "Ivo Brandt",
            "known": "S1E3",
            "alias": [{"name": "Moth", "known": "S1E4", "now": True}],
            "fact": [{"kind": "role", "known": "S1E3", "text": "A smith.", "source": ["SITE"]}],
        },
    ],
    "term": [{"name": "The Shuttle", "known": "S1E4", "text": "A machine."}],
}
LOOM = Pack.model_validate(PACK)
