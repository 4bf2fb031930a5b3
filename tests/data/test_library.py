"""What data.library promises: the shows as their files tell them, and no story that is not cut."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from weakref import ref

import pytest

from data.library import Library
from data.packs.reader import PackFile, read, read_folders
from data.packs.tables import Pack
from data.points import PREMISE, Point
from data.storage.database import Database
from data.storage.errors import DatabaseError
from data.story.story import Story
from data.story.story_so_far import StorySoFar
from tests.support import ROOT
from tests.support.disks import largest_file

HERE, THERE = 1, 2

PACK = """
format = 1
[show]
slug = "{slug}"
title = "{title}"
premise = "Somebody comes home."
[source.SITE]
title = "The finale, told"
url = "https://www.example.com/finale"
[[episode]]
id = "e01"
at = "S1E1"
aired = 2021-08-06
recap = "{recap}"
[[episode]]
id = "e02"
at = "S1E2"
recap = "The second hour."
[[episode.beat]]
text = "The door opens."
minute = 5
source = ["SITE"]
[[character]]
id = "c1"
name = "Ann"
known = "S1E1"
[[character]]
id = "c2"
name = "Bob"
known = "S1E2"
[[character.fact]]
kind = "relation"
known = "S1E2"
text = "Neighbours."
with = "c1"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shows = tmp_path / "shows"
    shows.mkdir()
    return shows


def write(
    folder: Path, slug: str, title: str = "Lost", recap: str = "The first hour.", name: str = ""
) -> Path:
    path = folder / f"{name or slug}.toml"
    path.write_text(PACK.format(slug=slug, title=title, recap=recap), encoding="utf-8")
    return path


async def load(db: Database, *folders: Path) -> Library:
    """Open the library as the bot does: broken files keep what was last good."""
    files, errors = read_folders(folders)
    return await Library.open(db, files, [error.path for error in errors])


def same(one: StorySoFar, other: StorySoFar) -> bool:
    """Whether both tell the same; two orders of the same episodes are two objects."""
    return one.order.slots == other.order.slots and replace(one, order=other.order) == other


def first_recap(library: Library, slug: str, guild_id: int | None = None) -> str | None:
    return library.so_far(slug, Point("e02"), guild_id).episodes[0].recap


def pack(folder: Path, slug: str = "lost", recap: str = "Imported.") -> Pack:
    return read(write(folder, slug, recap=recap)).pack


def telling(recap: str) -> Callable[[Pack], Pack]:
    """An edit after which the first episode is told so."""

    def edit(pack: Pack) -> Pack:
        first = pack.episode[0].model_copy(update={"recap": recap})
        return pack.model_copy(update={"episode": (first, *pack.episode[1:])})

    return edit


class TestDoor:
    async def test_shows_are_listed_by_title(self, db: Database, folder: Path) -> None:
        for slug, title in (("c", "beta"), ("a", "Gamma"), ("d", "Alpha"), ("b", "Alpha")):
            write(folder, slug, title)
        library = await load(db, folder)
        assert [show.slug for show in library.list()] == ["b", "d", "c", "a"]

    async def test_a_show_is_found_by_its_slug_or_not_at_all(
        self, db: Database, folder: Path
    ) -> None:
        write(folder, "lost", "Lost")
        library = await load(db, folder)
        show = library.get("lost")
        assert show is not None
        assert show.title == "Lost"
        assert library.get("dark") is None

    async def test_an_unknown_show_has_no_points_and_no_story(self, db: Database) -> None:
        library = await Library.open(db, [])
        assert library.list() == ()
        with pytest.raises(KeyError):
            library.order("lost")
        with pytest.raises(KeyError):
            library.so_far("lost", PREMISE)

    async def test_the_points_are_everybodys(self, db: Database, folder: Path) -> None:
        write(folder, "lost")
        order = (await load(db, folder)).order("lost")
        assert [slot.label for slot in order.slots] == ["S1E1", "S1E2"]

    async def test_a_story_is_cut_at_the_horizon(self, db: Database, folder: Path) -> None:
        write(folder, "lost")
        library = await load(db, folder)
        at_e01 = library.so_far("lost", Point("e01"))
        assert [episode.recap for episode in at_e01.episodes] == ["The first hour.", None]
        assert [character.name for character in at_e01.characters] == ["Ann"]
        in_e02 = library.so_far("lost", Point("e02", 5))
        assert [beat.text for beat in in_e02.episodes[1].beats] == ["The door opens."]
        assert "second hour" not in repr(in_e02)

    async def test_a_point_the_show_lost_shows_nothing(self, db: Database, folder: Path) -> None:
        write(folder, "lost")
        library = await load(db, folder)
        cut = library.so_far("lost", Point("e99"))
        assert cut == library.so_far("lost", PREMISE)

    async def test_nothing_public_holds_a_whole_story(self, db: Database, folder: Path) -> None:
        write(folder, "lost")
        library = await load(db, folder)
        given = [
            library.list(),
            library.get("lost"),
            library.order("lost"),
            library.so_far("lost", PREMISE),
        ]
        reached: list[object] = []
        while given:
            thing = given.pop()
            if not isinstance(thing, type) and thing not in reached:
                reached.append(thing)
                given.extend(gc.get_referents(thing))
        assert any(isinstance(thing, StorySoFar) for thing in reached)
        assert not [thing for thing in reached if isinstance(thing, Story | Pack)]


class TestCuts:
    async def test_the_same_cut_is_made_once(self, db: Database, folder: Path) -> None:
        write(folder, "lost")
        library = await load(db, folder)
        cut = library.so_far("lost", Point("e01"))
        assert library.so_far("lost", Point("e01")) is cut
        assert library.so_far("lost", Point("e02")) is not cut

    async def test_they_share_all_that_is_alike_in_them(self, db: Database, folder: Path) -> None:
        write(folder, "lost")
        library = await load(db, folder)
        told_at_5 = [library.so_far("lost", Point("e02", minute)) for minute in (4, 5, 999)]
        assert [story.horizon.minute for story in told_at_5] == [4, 5, 999]
        (first, before), (same, then), (_, after) = (story.episodes[:2] for story in told_at_5)
        assert first is same
        assert before is not then
        assert then is after

    async def test_shows_do_not_share_them(self, db: Database, folder: Path) -> None:
        write(folder, "lost", recap="Of one.")
        write(folder, "dark", "Dark", recap="Of the other.")
        library = await load(db, folder)
        assert first_recap(library, "lost") == "Of one."
        assert first_recap(library, "dark") == "Of the other."


class TestImported:
    """A pack of a show goes before what was imported of it; see bot.bringing for the rest."""

    @pytest.mark.parametrize("comes_first", ["pack", "import"])
    async def test_a_pack_goes_before_an_import(
        self, db: Database, folder: Path, comes_first: str
    ) -> None:
        library = await Library.open(db, [])
        imported = pack(folder)
        write(folder, "lost", recap="Written.")
        files, _ = read_folders([folder])
        if comes_first == "import":
            library.put([imported], imported=True)
        await library.reload(db, files)
        library.put([imported], imported=True)

        assert first_recap(library, "lost") == "Written."
        assert [show.is_imported for show in library.list(THERE)] == [False]
        assert len(library.every()) == 1
        assert library.has(THERE, "lost")

    async def test_with_its_file_the_import_comes_back(self, db: Database, folder: Path) -> None:
        library = Library(())
        library.put([pack(folder)], imported=True)
        library.set_shelf(HERE, ["lost"])
        write(folder, "lost", recap="Written.")
        await library.reload(db, read_folders([folder])[0])

        assert await library.reload(db, []) == ("lost",)

        assert first_recap(library, "lost") == "Imported."
        assert [show.is_imported for show in library.list(HERE)] == [True]
        assert library.list(THERE) == ()
        assert not library.has(THERE, "lost")
        with pytest.raises(KeyError):
            library.news("lost")

    async def test_what_was_imported_goes_and_the_pack_stays(
        self, db: Database, folder: Path
    ) -> None:
        library = await load(db, folder)
        library.put([pack(folder)], imported=True)
        library.put([pack(folder, recap="Written.")])

        library.drop_imported("lost")

        assert first_recap(library, "lost") == "Written."
        library.drop("lost")
        assert library.every() == ()

    def test_a_story_is_made_once_and_only_when_it_is_asked_for(self, folder: Path) -> None:
        made = list[Pack]()
        lost, show = pack(folder), Story(pack(folder), is_imported=True).show

        def make() -> Pack:
            made.append(lost)
            return lost

        library = Library(())
        library.put_later(show, make)
        library.set_shelf(HERE, ["lost"])
        assert library.list(HERE) == library.every() == (show,)
        assert (library.get("lost"), library.title("lost")) == (show, "Lost")
        assert not made

        assert first_recap(library, "lost", HERE) == "Imported."
        assert library.in_words("lost", Point("e02")) == ("Lost", "S1E2")
        assert made == [lost]

    def test_one_that_cannot_be_made_keeps_no_other_from_being_told(self, folder: Path) -> None:
        def fail() -> Pack:
            message = "no pack"
            raise ValueError(message)

        library = Library([pack(folder, "dark")])
        library.put_later(Story(pack(folder), is_imported=True).show, fail)
        library.set_shelf(HERE, ["lost"])

        assert len(library.list(HERE)) == 2
        assert first_recap(library, "dark", HERE) == "Imported."
        with pytest.raises(ValueError, match="no pack"):
            library.order("lost")


class TestEditions:
    def test_what_one_server_does_leaves_all_others_as_they_were(self, folder: Path) -> None:
        library = Library([pack(folder), pack(folder, "dark")])
        library.set_edit(HERE, "lost", "written", telling("Here."))
        before = [library.so_far("lost", Point("e02"), HERE), library.so_far("dark", Point("e02"))]

        library.set_edit(THERE, "lost", "written", telling("There."))
        library.set_shelf(THERE, ["dark"])
        library.put([pack(folder, "spool")])
        library.put([pack(folder, "shuttle")], imported=True)

        after = [library.so_far("lost", Point("e02"), HERE), library.so_far("dark", Point("e02"))]
        assert all(one is other for one, other in zip(before, after, strict=True))
        assert first_recap(library, "lost", THERE) == "There."

    def test_servers_that_edit_alike_share_an_edition(self, folder: Path) -> None:
        library = Library([pack(folder)])
        edit = telling("Alike.")
        for guild_id in (HERE, THERE):
            library.set_edit(guild_id, "lost", "written", edit)

        here, there = (library.so_far("lost", Point("e02"), id) for id in (HERE, THERE))

        assert here is there
        library.set_edit(THERE, "lost", "zest", _renamed)  # on top of what they share
        assert library.so_far("lost", PREMISE, THERE).show.title == "Renamed"
        assert library.so_far("lost", Point("e02"), HERE) is here
        library.set_edit(HERE, "lost", "written", None)
        assert first_recap(library, "lost", HERE) == "Imported."
        assert first_recap(library, "lost", THERE) == "Alike."

    def test_a_show_that_changed_changes_where_it_is_edited(self, folder: Path) -> None:
        library = Library([pack(folder)])
        library.set_edit(HERE, "lost", "titles", _renamed)
        assert first_recap(library, "lost", HERE) == "Imported."

        library.put([pack(folder, recap="Changed.")])

        assert first_recap(library, "lost", HERE) == "Changed."
        assert library.so_far("lost", PREMISE, HERE).show.title == "Renamed"

    def test_a_story_that_was_replaced_is_not_kept_for_what_was_cut_from_it(
        self, folder: Path
    ) -> None:
        kept = list[ref[Pack]]()

        def make() -> Pack:
            made = pack(folder)
            kept.append(ref(made))
            return made

        library = Library(())
        library.put_later(Story(pack(folder), is_imported=True).show, make)
        assert first_recap(library, "lost") == "Imported."

        library.put([pack(folder)], imported=True)

        gc.collect()
        assert [made() for made in kept] == [None]


class TestFiles:
    async def test_a_changed_file_changes_the_show(self, db: Database, folder: Path) -> None:
        write(folder, "lost", recap="Before.")
        await load(db, folder)
        write(folder, "lost", recap="After.")
        assert first_recap(await load(db, folder), "lost") == "After."

    async def test_one_that_did_not_change_is_not_written_again(
        self, db: Database, folder: Path
    ) -> None:
        write(folder, "lost")
        write(folder, "dark", "Dark")
        await load(db, folder)
        # A trigger sees every write; a second loading of the same files must not pull it.
        await db.run(
            lambda tx: tx.execute(
                "CREATE TRIGGER seen BEFORE UPDATE ON show BEGIN"
                " INSERT INTO memory VALUES (old.slug, '') ON CONFLICT DO NOTHING; END"
            )
        )
        await load(db, folder)
        assert await db.recall("lost") is None
        write(folder, "lost", recap="Changed.")
        await load(db, folder)
        assert await db.recall("lost") == ""
        assert await db.recall("dark") is None

    async def test_a_show_goes_with_its_file(self, db: Database, folder: Path) -> None:
        path = write(folder, "lost")
        write(folder, "dark", "Dark")
        await load(db, folder)
        path.unlink()
        assert [show.slug for show in (await load(db, folder)).list()] == ["dark"]
        path.write_text("broken")
        assert [show.slug for show in (await load(db, folder)).list()] == ["dark"]

    async def test_while_its_file_is_broken_it_stays_as_it_was(
        self, db: Database, folder: Path
    ) -> None:
        path = write(folder, "lost", recap="Good.")
        good = (await load(db, folder)).so_far("lost", Point("e02"))
        for _ in range(2):
            path.write_text("broken")
            library = await load(db, folder)
            assert same(library.so_far("lost", Point("e02")), good)
        write(folder, "lost", recap="Mended.")
        assert first_recap(await load(db, folder), "lost") == "Mended."

    async def test_a_file_that_became_a_link_in_circles_is_a_broken_one(
        self, db: Database, folder: Path
    ) -> None:
        path = write(folder, "lost")
        await load(db, folder)
        path.unlink()
        path.symlink_to(path)
        assert [show.slug for show in (await load(db, folder)).list()] == ["lost"]

    async def test_behind_a_link_that_leads_elsewhere_now_it_stays_as_it_was(
        self, db: Database, tmp_path: Path
    ) -> None:
        place, old, new = (tmp_path / name for name in ("shows", "old", "new"))
        old.mkdir()
        new.mkdir()
        write(old, "lost", recap="Good.")
        (new / "lost.toml").write_text("broken")
        place.symlink_to(old)
        await load(db, place)
        place.unlink()
        place.symlink_to(new)
        assert first_recap(await load(db, place), "lost") == "Good."

    async def test_an_older_bot_knew_it_by_where_its_link_leads(
        self, db: Database, tmp_path: Path
    ) -> None:
        place, old = tmp_path / "shows", tmp_path / "old"
        old.mkdir()
        place.symlink_to(old)
        path = write(place, "lost")
        await load(db, place)
        stored = str(old.resolve() / "lost.toml")
        await db.run(lambda tx: tx.execute("UPDATE show SET file = ?", (stored,)))
        path.write_text("broken")
        assert [show.slug for show in (await load(db, place)).list()] == ["lost"]

    async def test_what_could_not_be_stored_changes_once_it_can(
        self, db: Database, folder: Path
    ) -> None:
        write(folder, "lost", recap="Before.")
        library = await load(db, folder)
        write(folder, "lost", recap="After.")
        files, _ = read_folders([folder])
        with largest_file(0), pytest.raises(DatabaseError):
            await library.reload(db, files)
        assert first_recap(library, "lost") == "Before."
        assert await library.reload(db, files) == ("lost",)
        assert first_recap(library, "lost") == "After."
        assert await library.reload(db, files) == ()

    async def test_what_is_stored_and_not_yet_here_is_taken_in(
        self, db: Database, folder: Path
    ) -> None:
        write(folder, "lost", recap="Before.")
        library = await load(db, folder)
        write(folder, "lost", recap="After.")
        await load(db, folder)
        assert await library.reload(db, read_folders([folder])[0]) == ("lost",)
        assert first_recap(library, "lost") == "After."

    async def test_while_the_folder_is_away_they_all_stay(self, db: Database, folder: Path) -> None:
        write(folder, "lost")
        write(folder, "dark", "Dark")
        await load(db, folder)
        folder.rename(folder.with_name("elsewhere"))
        assert len((await load(db, folder)).list()) == 2

    async def test_a_broken_correction_still_corrects(self, db: Database, tmp_path: Path) -> None:
        shipped, own = tmp_path / "shipped", tmp_path / "own"
        shipped.mkdir()
        own.mkdir()
        write(shipped, "lost", recap="Tells too much.")
        correction = write(own, "lost", recap="Corrected.")
        await load(db, shipped, own)
        correction.write_text("broken")
        assert first_recap(await load(db, shipped, own), "lost") == "Corrected."
        correction.unlink()
        assert first_recap(await load(db, shipped, own), "lost") == "Tells too much."

    async def test_a_renamed_file_is_the_same_show(self, db: Database, folder: Path) -> None:
        write(folder, "lost", name="old")
        await load(db, folder)
        (folder / "old.toml").rename(folder / "new.toml")
        await load(db, folder)
        (folder / "new.toml").write_text("broken")
        assert [show.slug for show in (await load(db, folder)).list()] == ["lost"]

    async def test_a_stored_pack_that_no_longer_is_one_is_left_out(
        self, db: Database, folder: Path
    ) -> None:
        path = write(folder, "lost")
        write(folder, "dark", "Dark")
        await load(db, folder)
        path.write_text("broken")
        await db.run(
            lambda tx: tx.execute("""UPDATE show SET pack = '{"format": 0}' WHERE slug = 'lost'""")
        )
        assert [show.slug for show in (await load(db, folder)).list()] == ["dark"]

    async def test_the_packs_that_ship_come_back_as_they_were(self, db: Database) -> None:
        shipped = ROOT / "data" / "shows"
        files, _ = read_folders([shipped])
        before = await Library.open(db, files)
        after = await Library.open(db, [], kept=[file.path for file in files])
        assert after.list() == before.list()
        for file in files:
            slug = file.pack.show.slug
            for slot in before.order(slug).slots:
                point = Point(slot.id)
                assert same(after.so_far(slug, point), before.so_far(slug, point))


def _renamed(pack: Pack) -> Pack:
    return pack.model_copy(update={"show": pack.show.model_copy(update={"title": "Renamed"})})


async def test_of_two_files_with_one_slug_the_last_counts(db: Database, folder: Path) -> None:
    write(folder, "lost", recap="First.", name="a")
    first, _ = read_folders([folder])
    write(folder, "lost", recap="Last.", name="a")
    last, _ = read_folders([folder])
    other = PackFile(folder / "b.toml", last[0].digest, last[0].pack, ())
    assert first_recap(await Library.open(db, [first[0], other]), "lost") == "Last."


async def test_what_is_stored_of_a_show_is_put_into_words(db: Database, folder: Path) -> None:
    write(folder, "lost")
    library = await load(db, folder)

    assert library.in_words("lost", Point("e02", 5)) == ("Lost", "S1E2@5")
    assert library.in_words("gone", Point("e02", 5)) == ("gone", "e02@5")
