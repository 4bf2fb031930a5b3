"""`/progress file:` with every recorded file, as somebody who agrees to all that is asked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.answers import labels, options
from tests.support.packs import write_show
from tests.support.presses import choose, press
from tests.support.tracker_files import attach, last, point
from tests.support.trackers import CATALOGUE, EXPECTED, recorded
from tests.support.world import Builder, World


def write_catalogue(folder: Path) -> None:
    """The shows that the recorded files are of, as packs."""
    for show in CATALOGUE:
        tables = "\n".join(
            f'[[episode]]\nid = "e{place:02}"\nat = "{one["n"]}"\ntitle = "{one["title"]}"\n'
            f"aired = {one['aired']}"
            for place, one in enumerate(show["episodes"], start=1)
        )
        aliases = ", ".join(f'"{alias}"' for alias in show["aliases"])
        ids = show["ids"]
        more = (
            f"premiered = {show['premiered']}-01-01\naliases = [{aliases}]\n"
            f"tvmaze = {ids['tvmaze']}\ntmdb = {ids['tmdb']}\nthetvdb = {ids['tvdb']}\n"
            f'imdb = "{ids["imdb"]}"'
        )
        write_show(folder, show["slug"], tables, title=show["title"], more=more)


async def agree(world: World, name: str) -> None:
    """Attach a file and say yes to everything, as the first of the people in it."""
    answer = last(await attach(world, recorded(name), name.rpartition("/")[2]))
    if people := options(answer):
        answer = last(await choose(world.ann, answer, people[0]))
    if labels(answer):
        await press(world.ann, answer, labels(answer)[0])


def landed(world: World) -> Mapping[str, str | None]:
    shows = [show["slug"] for show in CATALOGUE]
    found = {slug: point(world, world.ann, slug) for slug in shows}
    return {slug: at for slug, at in found.items() if at is not None}


@pytest.mark.skipif(not EXPECTED, reason="the recorded files are not at hand")
async def test_each_takes_them_as_far_as_they_should_be(worlds: Builder, tmp_path: Path) -> None:
    write_catalogue(tmp_path / "shows")
    world: World = await worlds(tmp_path / "shows")
    found = dict[str, Any]()
    for name in EXPECTED:
        await agree(world, name)
        found[name] = landed(world)
        await world.bot.progress.remove(world.ann.id)

    assert found == {
        name: {
            show["ours"]: show["lands"]
            for show in expected["shows"]
            if show["ours"] and show["lands"] != "premise"
        }
        for name, expected in EXPECTED.items()
    }
