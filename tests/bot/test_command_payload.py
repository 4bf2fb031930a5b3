"""The commands as Discord is told of them: names, descriptions, options and rights."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from tests.support.world import World, leaves, roots

# A change of commands is made on purpose: renew this line, and say in CHANGELOG.md what changed.
CHANNEL = 7  # a type of options
DIGEST = "91c93b26bb775713786c77707469991a56289ce8870486a88c17ea7dfc654371"

MOST_COMMANDS, MOST_FOR_MEMBERS = 30, 12
LARGEST = 15_000  # bytes of all of it, as sent


async def test_commands_are_few_and_a_members_list_is_short(world: World) -> None:
    payload = [command.to_dict(world.bot.tree) for command in roots(world.bot)]

    assert len(leaves(world.bot)) <= MOST_COMMANDS
    assert len(world.ann.available_commands(world.channel)) <= MOST_FOR_MEMBERS
    assert len(json.dumps(payload, default=str, separators=(",", ":"))) <= LARGEST


async def test_discord_is_told_of_the_same_commands_as_before(world: World) -> None:
    tree = world.bot.tree
    payload = [command.to_dict(tree) for command in roots(world.bot)]
    payload.sort(key=lambda told: (told["type"], told["name"]))
    text = json.dumps(payload, sort_keys=True, default=str)

    assert hashlib.sha256(text.encode()).hexdigest() == DIGEST


async def test_an_option_offers_only_kinds_that_discord_lists_and_the_command_takes(
    world: World,
) -> None:
    listed = {0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15}
    offered = dict[str, set[int]]()

    def look(name: str, told: Any) -> None:
        for option in told.get("options", []):
            if option["type"] == CHANNEL:
                offered[name] = set(option["channel_types"])
            look(f"{name} {option['name']}", option)

    for command in roots(world.bot):
        told = command.to_dict(world.bot.tree)
        look(told["name"], told)

    threads, talk = {10, 11, 12}, {0, 2, 5, 10, 11, 12, 13}
    expected: dict[str, set[int]] = {"room news": {0, 5, *threads}}
    expected |= {f"room {one}": {*talk, 15} for one in ("scope", "style")}
    expected |= {"party plan": talk, "room log": {0, *threads}}
    assert offered == expected
    assert set().union(*offered.values()) <= listed
