"""Drafts: a pack as its author looks at it, which is as a member at some point would."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.story import Story

if TYPE_CHECKING:
    from datetime import date

    from data.pack import PackFile
    from data.story import StorySoFar


def seen_from(file: PackFile, typed: str, *, today: date) -> StorySoFar:
    """What a member at the point that was typed would see of this pack. Raises `PointError`."""
    story = Story(file.pack)
    return story.so_far(story.order.parse(typed, today=today))
