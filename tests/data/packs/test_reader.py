"""What reader promises of digests: whatever decides whether a pack is fine is part of them."""

from __future__ import annotations

from pathlib import Path

import grimp

import data
from data.packs.reader import RULE_FILES


def test_every_module_that_reading_leans_on_is_part_of_the_digest() -> None:
    graph = grimp.build_graph("data", cache_dir=None)
    leant_on = {"data.packs.reader", *graph.find_upstream_modules("data.packs.reader")}
    folder = Path(data.__file__).parents[1]

    files = {folder / f"{module.replace('.', '/')}.py" for module in leant_on}
    missing = {file for file in files if file.is_file()} - set(RULE_FILES)

    assert len(leant_on) > 5
    assert missing == set()


def test_the_parts_of_a_digest_come_in_the_same_order_on_every_machine() -> None:
    first, second, *rest = RULE_FILES

    assert (first.name, second.name) == ("points.py", "news_kinds.py")
    assert rest == sorted(rest)
    assert all(file.is_file() for file in RULE_FILES)
