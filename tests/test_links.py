"""Every link between pages of the repository leads to a file and a heading that are there."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import ROOT

CODE = re.compile(r"^```.*?^```|`[^`\n]*`|^ {4}.*?$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!\w+:)([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
MARKUP = re.compile(r"[^\w\- ]")


def anchors(page: str) -> set[str]:
    """What can be written behind `#` to lead to a heading of a page."""
    return {MARKUP.sub("", it).strip().lower().replace(" ", "-") for it in HEADING.findall(page)}


def dead_links(path: Path) -> Iterator[str]:
    for link in LINK.findall(CODE.sub("", path.read_text(encoding="utf-8"))):
        name, _, anchor = link.partition("#")
        target = path.parent / name if name else path
        if not target.exists():
            yield f"{path.name}: {link}: there is no such file"
        elif anchor and anchor not in anchors(target.read_text(encoding="utf-8")):
            yield f"{path.name}: {link}: there is no such heading"


def pages() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "*.md"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [ROOT / name for name in listed.stdout.splitlines()]


def test_every_link_leads_somewhere() -> None:
    assert ROOT / "README.md" in pages()
    assert [fault for page in pages() for fault in dead_links(page)] == []


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ("gone.md", "there is no such file"),
        ("here.md#gone", "there is no such heading"),
        ("#gone", "there is no such heading"),
    ],
)
def test_a_link_that_leads_nowhere_is_seen(tmp_path: Path, link: str, fault: str) -> None:
    page = tmp_path / "here.md"
    page.write_text(f"# What *it* does, and `how`\n[read]({link})\n", encoding="utf-8")

    assert list(dead_links(page)) == [f"here.md: {link}: {fault}"]


def test_a_heading_is_found_by_what_it_says(tmp_path: Path) -> None:
    page = tmp_path / "here.md"
    page.write_text(
        "# What *it* does, and `how`\n[read](#what-it-does-and-how)\n`[x](gone)`\n",
        encoding="utf-8",
    )

    assert list(dead_links(page)) == []
