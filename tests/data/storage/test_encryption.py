"""What encryption promises: unreadable without a key, and sealed anew when the key changes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from data.points import PREMISE, Point
from data.spoilers.content import Content, StubFile, pack, unpack
from data.spoilers.reports import Report, Reports
from data.spoilers.store import SPOILER, Stub, Stubs
from data.storage.database import Database
from data.storage.encryption import Cipher, DecryptionError, read_key_file, reencrypt
from data.storage.errors import DatabaseError
from tests.data.conftest import NOW

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))
TORN_SURROGATES = st.text(alphabet=st.characters(categories=None))


class TestCipher:
    def test_what_is_sealed_is_opened_and_nothing_of_it_is_seen(self) -> None:
        cipher = Cipher([NEW])
        sealed = cipher.encrypt(b"MARKER")
        assert b"MARKER" not in sealed
        assert cipher.decrypt(sealed) == b"MARKER"

    def test_the_first_key_seals_and_each_opens(self) -> None:
        assert Cipher([NEW, OLD]).decrypt(Cipher([OLD]).encrypt(b"x")) == b"x"
        assert Cipher([NEW]).decrypt(Cipher([NEW, OLD]).encrypt(b"x")) == b"x"

    @pytest.mark.parametrize(
        "sealed",
        [Cipher([OLD]).encrypt(b"x"), b"", b"nonsense", b"\xff"],
        ids=["another key", "nothing", "nonsense", "no text"],
    )
    def test_what_no_key_opens_is_refused(self, sealed: bytes) -> None:
        with pytest.raises(DecryptionError):
            Cipher([NEW]).decrypt(sealed)

    def test_the_first_key_is_named_and_not_told(self) -> None:
        names = {Cipher(keys).key_id for keys in ([OLD], [NEW], [OLD, NEW])}
        assert len(names) == 2
        assert all(len(name) == 8 and int(name, 16) >= 0 for name in names)
        assert not any(name in key for name in names for key in (OLD, NEW))

    def test_no_key_is_no_cipher(self) -> None:
        with pytest.raises(ValueError, match="at least one"):
            Cipher([])


@given(
    text=TORN_SURROGATES,
    names=st.lists(st.tuples(TORN_SURROGATES, st.none() | st.text(), st.booleans())),
    lookup=st.lists(st.text()),
)
def test_contents_survive_packing_even_with_half_characters(
    text: str, names: list[tuple[str, str | None, bool]], lookup: list[str]
) -> None:
    files = tuple(StubFile(name, kind, kind, is_spoiler, b"") for name, kind, is_spoiler in names)
    content = Content(text, files, tuple(lookup))
    assert unpack(pack(content)) == content


class TestKeysBeside:
    def test_a_key_is_made_once_for_its_owner_only(self, path: Path) -> None:
        keys = read_key_file(path)
        file = path.with_name("bot.sqlite3.key")
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.read_text() == f"{keys[0]}\n"
        assert read_key_file(path) == keys
        assert Cipher(keys).key_id

    def test_a_link_to_the_database_leads_to_the_key_beside_the_file(
        self, path: Path, tmp_path: Path
    ) -> None:
        path.touch()
        link = tmp_path / "elsewhere" / "link"
        link.parent.mkdir()
        link.symlink_to(path)
        assert read_key_file(link) == read_key_file(path)
        assert list(link.parent.iterdir()) == [link]

    def test_several_keys_stand_one_a_line(self, path: Path) -> None:
        path.with_name("bot.sqlite3.key").write_text(f"{NEW}\r\n{OLD}\n\n")
        assert read_key_file(path) == (NEW, OLD)

    @pytest.mark.parametrize(
        "text",
        ["", "\n", NEW[:-2], f"{NEW} {OLD}x", "xyzzy", "schlüssel"],
        ids=["nothing", "a line", "cut off", "too much", "a word", "umlauts"],
    )
    def test_a_file_that_holds_something_else_is_refused_and_kept(
        self, path: Path, text: str
    ) -> None:
        file = path.with_name("bot.sqlite3.key")
        file.write_text(text)
        with pytest.raises(DatabaseError, match="does not hold a key") as caught:
            read_key_file(path)
        assert str(caught.value).startswith(f"{file}: ")
        assert not any(word in str(caught.value) for word in text.split())
        assert file.read_text() == text

    def test_a_file_that_cannot_be_read_is_told(self, path: Path) -> None:
        path.with_name("bot.sqlite3.key").mkdir()
        with pytest.raises(DatabaseError, match=r"bot.sqlite3.key: it cannot be read .*move"):
            read_key_file(path)

    async def test_the_cure_for_a_broken_file_is_one(self, path: Path) -> None:
        file = path.with_name("bot.sqlite3.key")
        file.write_text("")
        with pytest.raises(DatabaseError, match="move the file away"):
            read_key_file(path)
        file.rename(file.with_name("away"))
        assert len(read_key_file(path)) == 1

    def test_a_file_that_others_could_read_is_for_its_owner_only(self, path: Path) -> None:
        file = path.with_name("bot.sqlite3.key")
        file.write_text(NEW)
        file.chmod(0o644)
        assert read_key_file(path) == (NEW,)
        assert file.stat().st_mode & 0o777 == 0o600


def stub(n: int = 1) -> Stub:
    return Stub(100, 101, SPOILER, n, n, "lost", Point("e01"))


def contents(text: str) -> Content:
    return Content(text, (StubFile("a.png", "image/png", None, is_spoiler=True, content=b"bytes"),))


class TestResealing:
    async def test_everything_is_sealed_anew_and_the_old_key_can_go(self, db: Database) -> None:
        old = Stubs(db, Cipher([OLD]))
        saved = [await old.save(stub(n), contents(f"text {n}"), now=NOW) for n in (1, 2, 3)]
        report = Report(100, 101, 5, 1, "lost", PREMISE)
        told, _, _ = await Reports(db, Cipher([OLD])).save(
            report, "told", by_id=9, counts=True, now=NOW
        )

        both = Stubs(db, Cipher([NEW, OLD]))
        assert await both.reencrypt(limit=4) == 4
        assert await both.reencrypt(limit=100) == 3  # of three texts, three files and a report
        assert await both.reencrypt(limit=100) == 0

        stubs = Stubs(db, Cipher([NEW]))
        for n, kept in enumerate(saved, 1):
            assert await stubs.files(kept.id) == contents("").files
            found = await stubs.read(kept.id)
            assert found is not None
            assert found[1] is not None
            assert found[1].text == f"text {n}"
        assert await Reports(db, Cipher([NEW])).read(told.id) == (told, "told")

    async def test_what_no_key_opens_does_not_stand_in_the_way_and_is_tried_once(
        self, db: Database
    ) -> None:
        lost = Cipher([Fernet.generate_key().decode()])
        for n in range(1, 6):
            await Stubs(db, lost).save(stub(n), Content("lost"), now=NOW)
        await Stubs(db, Cipher([OLD])).save(stub(9), Content("text"), now=NOW)

        cipher = Cipher([NEW, OLD])
        assert await reencrypt(db, cipher, limit=2) == 1
        statements: list[str] = []
        await db.run(lambda tx: tx.set_trace_callback(statements.append))
        assert await reencrypt(db, cipher, limit=2) == 0
        await db.run(lambda tx: tx.set_trace_callback(None))
        assert not [statement for statement in statements if "UPDATE" in statement]

    async def test_a_key_that_was_found_again_opens_what_it_sealed(self, db: Database) -> None:
        saved = await Stubs(db, Cipher([OLD])).save(stub(), Content("text"), now=NOW)
        assert await reencrypt(db, Cipher([NEW]), limit=9) == 0
        assert await reencrypt(db, Cipher([NEW, OLD]), limit=9) == 1
        found = await Stubs(db, Cipher([NEW])).read(saved.id)
        assert found is not None
        assert found[1] == Content("text")

    async def test_who_writes_meanwhile_keeps_the_last_word(self, db: Database) -> None:
        old, cipher = Stubs(db, Cipher([OLD])), Cipher([NEW, OLD])
        saved = [await old.save(stub(n), Content("first"), now=NOW) for n in range(1, 30)]
        stubs = Stubs(db, cipher)
        await asyncio.gather(
            stubs.reencrypt(limit=100),
            *(stubs.edit(kept.id, text="last") for kept in saved),
        )
        for kept in saved:
            found = await Stubs(db, Cipher([NEW])).read(kept.id)
            assert found is not None
            assert found[1] == Content("last")
