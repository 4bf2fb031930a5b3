"""What data.library promises: the shows as their files tell them, and no story that is not cut."""

from __future__ import annotations

import gc
from dataclasses import replace
from pathlib import Path

import pytest

from data.database import Database
from data.library import Library
from data.pack import Pack, PackFile, read_folders
from data.point import PREMISE, Point
from data.story import Story, StorySoFar

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


def first_recap(library: Library, slug: str) -> str | None:
    return library.so_far(slug, Point("e02")).episodes[0].recap


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

    async def test_minutes_between_which_nothing_is_told_share_one(
        self, db: Database, folder: Path
    ) -> None:
        write(folder, "lost")
        library = await load(db, folder)
        told_at_5 = [library.so_far("lost", Point("e02", minute)) for minute in (4, 5, 999)]
        before, then, after = told_at_5
        assert [story.horizon.minute for story in told_at_5] == [4, 5, 999]
        assert before.episodes is library.so_far("lost", Point("e01")).episodes
        assert before.episodes is not then.episodes
        assert then.episodes is after.episodes

    async def test_shows_do_not_share_them(self, db: Database, folder: Path) -> None:
        write(folder, "lost", recap="Of one.")
        write(folder, "dark", "Dark", recap="Of the other.")
        library = await load(db, folder)
        assert first_recap(library, "lost") == "Of one."
        assert first_recap(library, "dark") == "Of the other."


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
        shipped = Path(__file__).parents[2] / "data" / "shows"
        files, _ = read_folders([shipped])
        before = await Library.open(db, files)
        after = await Library.open(db, [], kept=[file.path for file in files])
        assert after.list() == before.list()
        for file in files:
            slug = file.pack.show.slug
            for slot in before.order(slug).slots:
                point = Point(slot.id)
                assert same(after.so_far(slug, point), before.so_far(slug, point))


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
