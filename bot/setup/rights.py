"""The rights that the bot lacks where `/setup` is used, each with what it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.extensions import SetupPart, Standing
from bot.setup.card import tell_setup
from bot.ui.errors import permission_names

if TYPE_CHECKING:
    from bot.context import Bot


HAS_ALL = "I have all that I need in this room."
LACKS = "In this room I am missing:\n{lines}"
LACKS_EXTRA = "In this room I am missing what only parties use:\n{lines}"
RIGHT_LINE = "- {right}: {purpose}"
GIVE = "Give me these"

# What each is for. Without the first ones something that members press does not work.
NEEDED = {
    "view_channel": "I answer only where I see the room.",
    "send_messages": "shared answers and sealed spoilers stand here.",
    "send_messages_in_threads": "the same, in threads.",
    "manage_messages": "*Cover as spoiler* takes a message away.",
    "read_message_history": "I see what was deleted, and tell no news twice.",
    "attach_files": "pictures of a party, and files that a cover puts back.",
}
FOR_PARTIES = {
    "create_public_threads": "each watch party gets a thread.",
    "create_events": "a watch party stands among the server's events.",
    "manage_events": "its event moves when the party does.",
}


class RightsPart(SetupPart):
    """What the bot may do in the room, and a link to give it the rest."""

    key, name = "rights", "My rights"

    async def standing(self, interaction: discord.Interaction[Bot]) -> Standing:
        has = interaction.app_permissions
        needed = [name for name in NEEDED if not getattr(has, name)]
        extra = [name for name in FOR_PARTIES if not getattr(has, name)]
        if not needed and not extra:
            return Standing("done", HAS_ALL)
        purposes = NEEDED | FOR_PARTIES
        lines = [
            RIGHT_LINE.format(right=permission_names([name]), purpose=purposes[name])
            for name in (*needed, *extra)
        ]
        said = (LACKS if needed else LACKS_EXTRA).format(lines="\n".join(lines))
        return Standing("open" if needed else "can wait", said, GIVE, _link(interaction))

    async def change(self, interaction: discord.Interaction[Bot]) -> None:
        """Its button is a link, so only a forged press gets here."""
        await tell_setup(interaction)


def _link(interaction: discord.Interaction[Bot]) -> str:
    """Where Discord lets somebody who manages the server give the rights to the bot."""
    return discord.utils.oauth_url(
        interaction.application_id,
        permissions=discord.Permissions(**dict.fromkeys((*NEEDED, *FOR_PARTIES), True)),
        guild=discord.Object(interaction.guild_id or 0),
        disable_guild_select=True,
    )
