"""Tracker files: attaching them to `/progress file:`, and where that took somebody."""

from __future__ import annotations

from typing import Any

from tests.support.world import World

SHOW = "hit-and-run"
HEAD = "show,season,episode,watched\n"
AGREE = "Yes, through all of these"


def table(*numbers: str, show: str = "Hit & Run") -> str:
    """Lines of a plain CSV, without its first, of episodes like `1x5`."""
    return "".join(f"{show},{number.replace('x', ',')},yes\n" for number in numbers)


async def attach(
    world: World, content: str | bytes, name: str = "watched.csv", *, by: Any = None
) -> Any:
    data = content.encode() if isinstance(content, str) else content
    return await (by or world.ann).slash(world.channel, "progress", file=(name, data))


def point(world: World, member: Any, show: str = SHOW) -> str | None:
    mark = world.bot.progress.get(member.id, show)
    return None if mark is None else world.bot.library.order(show).label(mark.point)


def last(answer: Any) -> Any:
    """What came last in reply to a press or a command."""
    return answer.followups[-1] if answer.followups else answer
