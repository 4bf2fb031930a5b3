"""`/show` as people use it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest

from bot.clock import now
from bot.shows.importer import Importer
from bot.shows.requests import importer_of
from bot.sources.http import Fetcher
from bot.sources.tvmaze import TVmaze
from data.catalog.conversion import ImportChoices
from data.catalog.entry import Entry
from data.points import Point
from tests.support.answers import custom_id, labels, options, safe, shown, text
from tests.support.maze import DOWN, Maze, three_episodes
from tests.support.packs import episodes, write_show
from tests.support.presses import choose, fill, forge, press
from tests.support.rooms import let_anybody_use, set_scope
from tests.support.shapes import maze_episode
from tests.support.site import site
from tests.support.world import Builder, World

CREDIT = "Data from TVmaze.com, CC BY-SA: <https://www.tvmaze.com/shows/7"


async def picked(world: World, member: Any, name: str = "else") -> Any:
    asked = await member.slash(world.channel, "show add", name=name)
    return await choose(member, asked, "Elsewhere (2021)")


async def added(world: World) -> Any:
    preview = await picked(world, world.mod)
    return await press(world.mod, preview, "Import")


def manager(world: World) -> Any:
    """Another member who may manage the server."""
    permissions = discord.Permissions(manage_guild=True)
    role = world.guild.create_role("Managers", permissions=permissions)
    return world.guild.add_member(world.env.create_user("manager"), roles=[role])


def importer(world: World) -> Importer:
    return importer_of(world.bot)


def shelf(world: World) -> dict[str, ImportChoices]:
    return dict(importer(world).imports.shelf(world.guild.id))


async def test_a_show_is_picked_previewed_and_imported(world: World, maze: Maze) -> None:
    maze.list(8, name="Elsewhere", premiered=None, webChannel=None)
    asked = await world.mod.slash(world.channel, "show add", name="else")
    assert options(asked) == ["Elsewhere (2021)", "Elsewhere (no date yet)"]
    assert asked.ephemeral

    preview = await choose(world.mod, asked, "Elsewhere (2021)")
    assert "### Elsewhere (2021)\n**Nothing is imported yet.** 3 episodes in 1 season" in text(
        preview
    )
    assert "1 character in the main cast; it is over." in text(preview)
    assert "The other names from **S1E2** on" in text(preview)
    assert CREDIT in text(preview)
    assert "Segev" not in text(preview)
    assert labels(preview)[-2:] == ["Import", "Throw away"]
    assert safe(preview) == "Safe for everyone"
    assert shelf(world) == {}

    done = await press(world.mod, preview, "Import")
    assert "Elsewhere is here now, *imported, not reviewed*" in text(done)
    assert shelf(world) == {"tv7": ImportChoices()}
    assert "S1E2" in text(
        await world.ann.slash(world.channel, "progress", point="S1E2", show="Elsewhere")
    )


async def test_an_episode_whose_day_has_come_is_not_out_before_its_moment(
    world: World, maze: Maze
) -> None:
    airs = datetime.fromtimestamp(now() + 27 * 3600, UTC)
    day = (airs - timedelta(hours=27)).date()
    third = {"airdate": day.isoformat(), "airstamp": airs.isoformat()}
    maze.list(7, *three_episodes()[:2], maze_episode(3, **third), name="Elsewhere")
    await importer(world).add(world.guild.id, await importer(world).fetch(7), ImportChoices())

    async def tell(point: str) -> str:
        asked = await world.ann.slash(world.channel, "progress", point=point, show="Elsewhere")
        return text(asked)

    await tell("S1E1")
    assert "You are through **S1E2**" in await tell("all")
    assert "S1E3 is not out yet" in await tell("S1E3")
    mark = world.bot.progress.get(world.ann.id, "tv7")
    assert mark is not None
    assert not world.bot.library.order("tv7").opens(Point("e103"), mark.point)


async def test_after_shows_are_left_out_unless_a_moderator_wants_them(
    world: World, maze: Maze
) -> None:
    after_show = maze_episode(9, type="insignificant_special") | {"number": None}
    maze.list(7, *three_episodes(), after_show, name="Elsewhere", premiered="2021-08-06")

    preview = await picked(world, world.mod)
    assert "3 episodes in 1 season, 0 specials" in text(preview)
    assert "After-shows and the like (1) don't count as episodes here" in text(preview)
    counted = await press(world.mod, preview, "Count after-shows")
    assert "3 episodes in 1 season, 1 special" in text(counted)
    await press(world.mod, counted, "Import")

    slots = world.bot.library.order("tv7").slots
    assert [slot.id for slot in slots] == ["e101", "e109", "e102", "e103"]


@pytest.mark.usefixtures("maze")
async def test_what_is_chosen_is_shown_and_kept(world: World) -> None:
    preview = await picked(world, world.mod)
    assert "have finished: 2 of 3 summaries" in text(preview)
    opened = await press(world.mod, preview, "Open the main cast")
    assert "Every name of the main cast from **S1E1** on. **Names can spoil**" in text(opened)
    await press(world.mod, preview, "Show the site's summary")
    await press(world.mod, preview, "Show the poster")
    await press(world.mod, preview, "Show the poster")
    await press(world.mod, preview, "Import")

    assert shelf(world) == {"tv7": ImportChoices(opens_cast=True, summary=True)}
    info = text(await world.ann.slash(world.channel, "shows", show="Elsewhere"))
    assert "the names of the main cast from the first episode on, the site's summary" in info
    again = await picked(world, manager(world))
    assert "Every name of the main cast from **S1E1** on" in text(again)


@pytest.mark.usefixtures("maze")
async def test_what_is_thrown_away_is_not_imported(world: World) -> None:
    preview = await picked(world, world.mod)

    assert "Nothing was imported" in text(await press(world.mod, preview, "Throw away"))
    assert shelf(world) == {}
    assert await importer(world).imports.entries() == ()


@pytest.mark.usefixtures("maze")
async def test_pressed_twice_at_once_it_is_imported_once(world: World) -> None:
    preview = await picked(world, world.mod)
    pressed = custom_id(preview, "Import")

    await world.at_once((world.mod, preview, pressed), (world.mod, preview, pressed))

    assert shelf(world) == {"tv7": ImportChoices()}
    assert len(await importer(world).imports.entries()) == 1


@pytest.mark.usefixtures("maze")
@pytest.mark.parametrize(("first", "second"), [("Import", "Throw"), ("Throw", "Import")])
async def test_of_import_and_throw_away_at_once_the_first_counts(
    world: World, first: str, second: str
) -> None:
    preview = await picked(world, world.mod)
    pressed = [(world.mod, preview, custom_id(preview, label)) for label in (first, second)]

    await world.at_once(*pressed)

    assert bool(shelf(world)) == (first == "Import")


@pytest.mark.usefixtures("maze")
async def test_a_show_that_was_not_offered_is_not_chosen(world: World) -> None:
    asked = await world.mod.slash(world.channel, "show add", name="else")
    select = next(part for part in shown(asked) if part.get("options"))

    for forged in ("999", "x", ""):
        told = await forge(world.mod, asked, select["custom_id"], forged)
        assert "Use `/show add` again." in text(told)


@pytest.mark.parametrize("command", ["add", "remove"])
async def test_bringing_and_removing_need_manage_server(
    world: World, maze: Maze, command: str
) -> None:
    given = {"add": {"name": "else"}, "remove": {"show": "Elsewhere"}}[command]
    assert "show" not in world.ann.available_commands(world.channel)
    let_anybody_use(world, "show")

    answer = await world.ann.slash(world.channel, f"show {command}", **given)

    assert "You need Manage Server on this server" in text(answer)
    assert maze.asked == []


@pytest.mark.usefixtures("maze")
async def test_who_lost_the_right_while_choosing_imports_nothing(world: World) -> None:
    briefly = manager(world)
    preview = await picked(world, briefly)
    world.env.backend.remove_member_role(
        world.guild.id, briefly.id, world.guild.roles["Managers"].id
    )

    assert "You need Manage Server" in text(await press(briefly, preview, "Import"))
    assert shelf(world) == {}


@pytest.mark.parametrize("path", ["/search/shows", "/shows/7", "/shows/7/episodes"])
async def test_where_tvmaze_fails_clear_words_say_that_nothing_changed(
    world: World, maze: Maze, path: str
) -> None:
    maze.faults[path] = DOWN

    if path == "/search/shows":
        answer = await world.mod.slash(world.channel, "show add", name="else")
    else:
        answer = await picked(world, world.mod)

    assert "TVmaze can't be reached, or gives wrong answers right now. Nothing was ch" in text(
        answer
    )
    assert shelf(world) == {}


async def test_what_is_not_there_is_said(world: World, maze: Maze) -> None:
    maze.pages["/search/shows"] = []
    assert "no show of that name" in text(
        await world.mod.slash(world.channel, "show add", name="x")
    )


async def test_a_show_that_goes_away_meanwhile_is_said_to(world: World, maze: Maze) -> None:
    asked = await world.mod.slash(world.channel, "show add", name="else")
    del maze.pages["/shows/7"]

    gone = await choose(world.mod, asked, "Elsewhere (2021)")

    assert "does not have that show any more" in text(gone)


@pytest.mark.usefixtures("maze")
async def test_searching_again_at_once_has_to_wait(world: World) -> None:
    await world.mod.slash(world.channel, "show add", name="else")

    assert "That was quick" in text(await world.mod.slash(world.channel, "show add", name="else"))


async def test_without_tvmaze_nothing_can_be_looked_for(world: World) -> None:
    answer = await world.mod.slash(world.channel, "show add", name="else")

    assert "switched TVmaze off" in text(answer)


async def test_a_show_that_people_wrote_is_not_imported(worlds: Builder, tmp_path: Any) -> None:
    write_show(tmp_path / "shows", "own", episodes("S1E1"), more="tvmaze = 7")
    world = await worlds(tmp_path / "shows")
    async with site() as served:
        maze = Maze(served)
        maze.list(7, *three_episodes(), name="Elsewhere", premiered="2021-08-06")
        importer_of(world.bot).source = TVmaze(Fetcher(served.url))

        answer = await picked(world, world.mod)

        assert "I have Own already" in text(answer)
        source = importer_of(world.bot).source
        assert source is not None
        await source.close()


@pytest.mark.usefixtures("maze")
async def test_the_list_and_the_info_say_what_is_not_reviewed(world: World) -> None:
    await added(world)

    listed = text(await world.ann.slash(world.channel, "shows"))
    assert "- Elsewhere (2021) on Netflix · imported, not reviewed" in listed
    assert "- Hit & Run (2021) on Netflix · its story" in listed.replace("\\", "")
    assert "Stranger Things (2016) on Netflix · its news only" in listed
    info = await world.ann.slash(world.channel, "shows", show="Elsewhere")
    assert "3 episodes in 1 season." in text(info)
    assert "*Imported, not reviewed*: as TVmaze lists it, looked at last <t:" in text(info)
    assert CREDIT in text(info)
    own = await world.ann.slash(world.channel, "shows", show="hit-and-run")
    assert "9 episodes in 1 season." in text(own)
    assert "written by people" in text(own)


def thumbnails(result: Any) -> list[tuple[str, str]]:
    """The pictures in an answer, as their addresses and what is read out in their place."""
    found = [part["accessory"] for part in shown(result) if "accessory" in part]
    return [(one["media"]["url"], one["description"]) for one in found]


async def test_the_poster_of_a_pack_is_shown_with_words_in_its_place(
    worlds: Builder, tmp_path: Any
) -> None:
    folder, secure = tmp_path / "shows", "https://example.com/own.jpg"
    write_show(folder, "own", episodes("S1E1"), more=f'poster = "{secure}"')
    write_show(folder, "open", episodes("S1E1"), more='poster = "http://example.com/open.jpg"')
    write_show(folder, "bare", episodes("S1E1"))
    world = await worlds(folder)

    own, other, bare = [
        await world.ann.slash(world.channel, "shows", show=slug) for slug in ("own", "open", "bare")
    ]

    assert thumbnails(own) == [(secure, "Poster of Own")]
    assert "### Own" in text(own)
    assert safe(own) == "Safe for everyone"
    assert thumbnails(other) == thumbnails(bare) == []
    assert "### Open" in text(other)
    assert thumbnails(await world.ann.user.slash("shows", show="own")) == thumbnails(own)


async def test_the_poster_of_an_imported_show_is_shown_once_the_moderators_say_so(
    world: World, maze: Maze
) -> None:
    picture = "static.tvmaze.com/uploads/images/original_untouched/1/7.jpg"
    maze.pages["/shows/7"]["image"] = {"original": f"http://{picture}"}
    await added(world)
    assert thumbnails(await world.ann.slash(world.channel, "shows", show="Elsewhere")) == []

    other = manager(world)
    preview = await picked(world, other)
    await press(other, preview, "Show the poster")
    await press(other, preview, "Import")

    shown_now = await world.ann.slash(world.channel, "shows", show="Elsewhere")
    assert thumbnails(shown_now) == [(f"https://{picture}", "Poster of Elsewhere")]
    assert "the site's poster to everybody" in text(shown_now)


@pytest.mark.usefixtures("maze")
async def test_an_imported_show_is_not_known_in_direct_messages(world: World) -> None:
    await added(world)

    assert "Elsewhere" not in text(await world.ann.user.slash("shows"))
    assert "I don't have that show" in text(await world.ann.user.slash("shows", show="Elsewhere"))


@pytest.mark.usefixtures("maze")
async def test_a_removed_show_is_gone_and_progress_stays(world: World) -> None:
    await added(world)
    await world.bot.rooms.set_default_show(world.guild.id, "tv7")
    await world.watched(world.ann, "S1E2", show="Elsewhere")

    removed = await world.mod.slash(world.channel, "show remove", show="Elsewhere")

    assert "Elsewhere is no longer here" in text(removed)
    assert shelf(world) == {}
    assert world.bot.rooms.default_show(world.guild.id) is None
    assert "Elsewhere" not in text(await world.ann.slash(world.channel, "shows"))
    mark = world.bot.progress.get(world.ann.id, "tv7")
    assert mark is not None
    assert mark.point == Point("e102")


@pytest.mark.usefixtures("maze")
async def test_of_a_removed_show_old_buttons_tell_nothing_on_that_server(world: World) -> None:
    """Elsewhere they still do: in direct messages people may set right how far they are."""
    await importer(world).add(1, await importer(world).fetch(7), ImportChoices())
    await added(world)
    await world.watched(world.ann, "S1E2", show="Elsewhere")

    removed = await world.mod.slash(world.channel, "show remove", show="Elsewhere")

    for pressed in ("t|c|-|tv7|0|*|n|-", "s|c|tv7|0|*|n|-", "h|tv7|-|0"):
        told = await forge(world.mod, removed, pressed, *(["point:."] if pressed[0] == "h" else []))
        assert "I don't have that show" in text(told)
    private = await world.ann.user.slash("help")
    assert "S1E1" in text(await forge(world.ann.user, private, "h|tv7|-|0", "point:e101"))


@pytest.mark.usefixtures("maze")
async def test_what_came_with_the_bot_is_not_removed(world: World) -> None:
    answer = await world.mod.slash(world.channel, "show remove", show="hit-and-run")

    assert "came with me, so it can't be removed" in text(answer)
    assert world.bot.library.get("hit-and-run") is not None


@pytest.mark.usefixtures("maze")
async def test_only_imported_shows_are_offered_for_removal(world: World) -> None:
    await added(world)

    offered = await world.mod.autocomplete(world.channel, "show remove", "show", "")

    assert [choice["value"] for choice in offered] == ["tv7"]


@pytest.mark.usefixtures("maze")
async def test_moderators_get_a_note_of_a_request_and_add_it(world: World) -> None:
    log = world.guild.create_text_channel("log")
    await world.mod.slash(world.channel, "room log", channel=log)

    asked = await asked_for(world.ann, world.channel, "else")
    answer = await choose(world.ann, asked, "Elsewhere (2021)")

    assert "I told the moderators" in text(answer)
    (note,) = log.history(viewer=world.mod)
    assert f"<@{world.ann.id}> asks for a show: **Elsewhere (2021)** on Netflix" in text(
        note
    ).replace("\\", "")
    assert "You need Manage Server" in text(await press(world.ann, note, "Add"))
    preview = await press(world.mod, note, "Add")
    await press(world.mod, preview, "Import")
    assert shelf(world) == {"tv7": ImportChoices()}


@pytest.mark.usefixtures("maze")
async def test_one_asks_once_a_minute_and_not_for_what_is_here(world: World) -> None:
    await world.mod.slash(world.channel, "room log", channel=world.channel)
    asked = await asked_for(world.ann, world.channel, "else")
    await choose(world.ann, asked, "Elsewhere (2021)")

    assert "That was quick" in text(await choose(world.ann, asked, "Elsewhere (2021)"))
    await added(world)
    other = await asked_for(world.ben, world.channel, "else")
    assert "is here already" in text(await choose(world.ben, other, "Elsewhere (2021)"))


async def asked_for(member: Any, channel: Any, title: str) -> Any:
    """What a member is answered who asks for a show by a form."""
    form = await press(member, await member.slash(channel, "shows"), "Ask for a show")
    return await fill(member, form, what=title) if form.modal else form


async def test_where_nobody_would_be_told_that_is_said(world: World, maze: Maze) -> None:
    answer = await asked_for(world.ann, world.channel, "else")

    assert "Nobody was told" in text(answer)
    assert maze.asked == []
    direct = await world.ann.user.slash("shows")
    assert "on a server that I am on" in text(await press(world.ann.user, direct, "Ask for a"))


@pytest.mark.usefixtures("maze")
async def test_a_server_that_comes_back_finds_what_was_not_erased(world: World) -> None:
    await added(world)
    entry = await importer(world).imports.entry("tv7")
    assert isinstance(entry, Entry)
    await world.bot.rooms.mark_left(world.guild.id, now=now() - 1)
    await world.bot.rooms.erase_left(before=now())

    await importer(world).reread(world.guild.id)

    assert shelf(world) == {}
    assert "Elsewhere" not in text(await world.ann.slash(world.channel, "shows"))


@pytest.mark.usefixtures("maze")
async def test_every_answer_says_that_nobody_reviewed_it_and_where_it_is_from(world: World) -> None:
    await added(world)
    await world.watched(world.ann, "S1E1", show="Elsewhere")
    label = "-# *imported, not reviewed* · Data from TVmaze.com, CC BY-SA"

    answer = await world.ann.slash(world.channel, "recap", show="Elsewhere")
    assert label in text(answer)
    await set_scope(world.mod, world.channel, point="S1E1", show="Elsewhere")
    await press(world.ann, answer, "Share here")
    shared = world.channel.history(viewer=world.ben)[-1]
    assert "imported, not reviewed" in text(shared)

    of_ours = await world.ann.slash(world.channel, "recap", show="Hit & Run")
    assert "imported" not in text(of_ours)


@pytest.mark.usefixtures("maze")
async def test_on_another_server_an_imported_show_is_not_there(world: World) -> None:
    await added(world)
    other = world.env.create_guild("Elsewhere")
    channel = other.create_text_channel("lounge")
    member = other.add_member(world.env.create_user("eve"))

    offered = await member.autocomplete(channel, "recap", "show", "")
    assert "tv7" not in {choice["value"] for choice in offered}
    for typed in ("Elsewhere", "tv7"):
        answer = await member.slash(channel, "recap", show=typed)
        assert "I don't have that show" in text(answer)
