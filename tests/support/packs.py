"""Packs of shows that tests write."""

from __future__ import annotations

import zlib
from pathlib import Path

from data.packs.reader import read


def write_show(
    folder: Path, slug: str, story: str = "", *, title: str = "", more: str = ""
) -> None:
    """A pack of a show: `more` goes into its `[show]` table, `story` after that."""
    folder.mkdir(exist_ok=True)
    title = title or slug.title()
    head = f'format = 1\n[show]\nslug = "{slug}"\ntitle = "{title}"\npremise = "How {slug} starts."'
    path = folder / f"{slug}.toml"
    path.write_text(f"{head}\n{more}\n{story}\n", encoding="utf-8")
    read(path)  # a pack with errors would not be loaded, and the test would ask for nothing


def episodes(*numbers: str, aired: str = "2021-08-06") -> str:
    """Tables of episodes (`S1E1`, …), each with a recap that names it."""
    return "\n".join(
        f'[[episode]]\nid = "e{zlib.crc32(at.encode())}"\nat = "{at}"\naired = {aired}\n'
        f'title = "Title of {at}"\nrecap = "What happened in {at}."'
        for at in numbers
    )
