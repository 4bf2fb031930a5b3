"""Where the settings of a channel stand: under its own id, and under its parent's."""

from __future__ import annotations


def places(channel: object) -> list[int]:
    """The ids under which a channel's settings are looked up: its own, then its parent's."""
    ids = [getattr(channel, "id", None), getattr(channel, "parent_id", None)]
    return [id for id in ids if isinstance(id, int)]
