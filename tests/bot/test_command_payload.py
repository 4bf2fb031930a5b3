"""The commands as Discord is told of them: names, descriptions, options and rights."""

from __future__ import annotations

import hashlib
import json

from tests.support.world import World

# A change of commands is made on purpose: renew this line, and say in CHANGELOG.md what changed.
DIGEST = "05a5d8cd0c5619d5e96d03c01fb5fec10a333a91482343b404462c7c624a0175"


async def test_discord_is_told_of_the_same_commands_as_before(world: World) -> None:
    tree = world.bot.tree
    payload = [command.to_dict(tree) for command in tree.get_commands()]
    payload.sort(key=lambda told: (told["type"], told["name"]))
    text = json.dumps(payload, sort_keys=True, default=str)

    assert hashlib.sha256(text.encode()).hexdigest() == DIGEST
