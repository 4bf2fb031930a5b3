"""The card of `/newsdesk editors`, for the bot's owner: who may enter news, and its own channel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.clock import now
from bot.news.announcement_channel import set_home
from bot.news.editors import check_owner
from bot.options.channels import NEWS
from bot.ui.buttons import StatelessButton, StatelessChannelSelect, StatelessUserSelect, id_of
from bot.ui.cards import ACCENT, Card, answer
from bot.ui.errors import UserError
from bot.ui.mentions import mention_of
from bot.ui.text import say

if TYPE_CHECKING:
    from bot.context import Bot


EDITORS = "### Who may enter news, besides the person who runs me"
NO_EDITORS = "Only the person who runs me enters news."
EDITOR = "- {who}"
MORE_EDITORS = "- and {count} more"
NAME_SOMEBODY, REMOVE = "Name somebody who may enter news", "Remove"
CHOOSE_HOME = "Choose my announcement channel"
BOTS_ENTER_NOTHING = "A bot uses no commands, so it can't enter news."
MAY_ENTER = "{who} may enter, correct and retract news now."
COULD_ENTER = "{who} may enter news already."
MAY_NO_MORE = "{who} may no longer enter news. What they entered stays."
COULD_NEVER = "{who} was never named."

EDITOR_REMOVED = "editor_removed"  # an event of this bot
MOST_SHOWN = 8  # editors, with a button each


class NameEditor(StatelessUserSelect, code="ni"):
    """Let somebody enter news; only the bot's owner may."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        await check_owner(interaction)
        data: Any = interaction.data
        (value,) = data.get("values", ())
        user = data.get("resolved", {}).get("users", {}).get(value, {})
        said = await _add(interaction, id_of(str(value)), is_bot=user.get("bot", False))
        await tell_editors(interaction, said)


class RemoveEditor(StatelessButton, code="no"):
    """Stop somebody from entering news; only the bot's owner may."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        await check_owner(interaction)
        (part,) = self.parts
        await tell_editors(interaction, await _remove(interaction, id_of(part)))


class ChooseHome(StatelessChannelSelect, code="nh"):
    """Make an announcement channel the bot's own; only the bot's owner may."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        data: Any = interaction.data
        (value,) = data.get("values", ())
        await set_home(interaction, id_of(str(value)))


async def change_editors(
    interaction: discord.Interaction[Bot],
    add: discord.User | None = None,
    remove: discord.User | None = None,
) -> None:
    """Add an editor, remove one, and answer the bot's owner with the card; else `UserError`."""
    await check_owner(interaction)
    said = list[str]()
    if add is not None:
        said.append(await _add(interaction, add.id, is_bot=add.bot))
    if remove is not None:
        said.append(await _remove(interaction, remove.id))
    await tell_editors(interaction, "\n".join(said))


async def tell_editors(interaction: discord.Interaction[Bot], said: str = "") -> None:
    """Answer the bot's owner privately with who may enter news, after a sentence `said`."""
    parts = list[ui.Item[Any]]([ui.TextDisplay[Any](said)] if said else [])
    parts += _named([*await interaction.client.news_store.editors()])
    rows = [
        [NameEditor(placeholder=NAME_SOMEBODY)],
        [ChooseHome(placeholder=CHOOSE_HOME, kinds=NEWS)],
    ]
    await answer(interaction, Card(ui.Container(*parts, accent_colour=ACCENT), rows=rows))


def _named(editors: list[int]) -> Iterator[ui.Item[Any]]:
    yield ui.TextDisplay[Any](EDITORS if editors else NO_EDITORS)
    for user_id in editors[:MOST_SHOWN]:
        line = say(EDITOR, who=mention_of(user_id))
        yield ui.Section[Any](line, accessory=RemoveEditor(str(user_id), label=REMOVE))
    if len(editors) > MOST_SHOWN:
        yield ui.TextDisplay[Any](MORE_EDITORS.format(count=len(editors) - MOST_SHOWN))


async def _add(interaction: discord.Interaction[Bot], user_id: int, *, is_bot: bool) -> str:
    if is_bot:
        raise UserError(BOTS_ENTER_NOTHING)
    is_new = await interaction.client.news_store.add_editor(user_id, now=now())
    return say(MAY_ENTER if is_new else COULD_ENTER, who=mention_of(user_id))


async def _remove(interaction: discord.Interaction[Bot], user_id: int) -> str:
    was_one = await interaction.client.news_store.remove_editor(user_id)
    if was_one:
        interaction.client.dispatch(EDITOR_REMOVED)
    return say(MAY_NO_MORE if was_one else COULD_NEVER, who=mention_of(user_id))
