"""The helpers of a server: one card that names them, adds and removes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.discord_api.permissions import require_server_manager
from bot.extensions import SetupPart, Standing
from bot.rooms.settings import (
    Helping,
    helper_of,
    name_of,
    require_can_help,
    require_person_can_help,
)
from bot.setup.card import FROM_SETUP, back, tell_setup
from bot.ui.buttons import StatelessMentionableSelect, StatelessSelect
from bot.ui.cards import PAGE, answer, notice
from bot.ui.errors import out_of_date
from bot.ui.text import Markup, pages, say
from data.rooms.settings import Helper

if TYPE_CHECKING:
    from bot.context import Bot


HELPERS_HEADING = (
    "### Who the moderators trust here\nThey may cover spoilers, and write and review what "
    "this server tells."
)
HELPER_LINE = "- {who}"
NO_HELPERS = (
    "Nobody yet. Those who can manage messages cover spoilers that others posted. "
    "Those who can manage the server write and review what it tells."
)
SHOW_THEM_WRITE = (
    "-# Discord shows `/write` and `/review` to those who can manage messages. To open them for a "
    "role: Server Settings, Integrations, my name, the command, Add Roles. "
    "Without that, *Write* and *Review* stand on the card of a show."
)
HELPER_ADDED = "{who} may cover spoilers now, and write and review what this server tells."
HELPER_ALREADY = (
    "{who} may do that already: cover spoilers, and write and review what this server tells."
)
HELPER_REMOVED = "{who} may no longer cover spoilers, write or review as a helper."
NOT_A_HELPER = "{who} is not a helper here."
TRUST_WHOM, TRUST_NO_MORE = "Trust a member or a role", "Stop trusting them"

ONLY_MODERATORS = "Nobody yet. Only moderators cover what others posted, and write."
ARE_TRUSTED, AND_MORE = "{names}{more} may cover spoilers, write and review.", " and others"
CHOOSE_HELPERS, CHANGE_HELPERS = "Choose helpers", "Change helpers"
NAMED_IN_LINE = 5

MOST_AT_ONCE = 10


class TrustSomebody(StatelessMentionableSelect, code="ye"):
    """Trust members and roles to cover spoilers, and to write and review."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        require_server_manager(interaction)
        picked = _picked(interaction)
        for helper in picked:
            _require_can_help(interaction, helper)
        said = [await _add(interaction, helper) for helper in picked]
        await _told(interaction, "\n".join(said), self.parts)


class TrustNoMore(StatelessMentionableSelect, code="yf"):
    """Trust members and roles no more."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        require_server_manager(interaction)
        picked = _picked(interaction)
        said = [await _remove(interaction, helper) for helper in picked]
        await _told(interaction, "\n".join(said), self.parts)


class HelpersPart(SetupPart):
    """Whom the moderators trust beside themselves."""

    key, name = "helpers", "Helpers"

    async def standing(self, interaction: discord.Interaction[Bot]) -> Standing:
        helpers = interaction.client.rooms.helpers(interaction.guild_id or 0)
        if not helpers:
            return Standing("can wait", ONLY_MODERATORS, CHOOSE_HELPERS)
        names = Markup(", ".join(map(name_of, helpers[:NAMED_IN_LINE])))
        more = AND_MORE if len(helpers) > NAMED_IN_LINE else ""
        return Standing("done", say(ARE_TRUSTED, names=names, more=more), CHANGE_HELPERS)

    async def change(self, interaction: discord.Interaction[Bot]) -> None:
        await tell_helpers(interaction, origin=[FROM_SETUP])


async def change_helpers(
    interaction: discord.Interaction[Bot], add: Helping | None, remove: Helping | None
) -> None:
    """Add one helper, remove one, and answer with the card; `UserError` for whoever may not."""
    require_server_manager(interaction)
    said = list[str]()
    if add is not None:
        require_can_help(add)
        said.append(await _add(interaction, helper_of(add)))
    if remove is not None:
        said.append(await _remove(interaction, helper_of(remove)))
    await tell_helpers(interaction, "\n".join(said))


async def tell_helpers(
    interaction: discord.Interaction[Bot], said: str = "", *, origin: list[str] | None = None
) -> None:
    """Answer privately with the card, on as many pages as it needs; the last one has selects."""
    helpers = interaction.client.rooms.helpers(require_server_manager(interaction))
    lines = [say(HELPER_LINE, who=name_of(helper)) for helper in helpers] or [NO_HELPERS]
    texts = pages([*([said] if said else []), HELPERS_HEADING, *lines, SHOW_THEM_WRITE], PAGE)
    parts = origin or []
    rows: list[list[discord.ui.Item[Any]]] = [
        [TrustSomebody(*parts, placeholder=TRUST_WHOM, most=MOST_AT_ONCE)]
    ]
    if helpers:
        rows.append([TrustNoMore(*parts, placeholder=TRUST_NO_MORE, most=MOST_AT_ONCE)])
    if parts:
        rows.append([back()])
    for text in texts[:-1]:
        await answer(interaction, notice(text))
    await answer(interaction, notice(texts[-1], rows=rows))


async def _told(interaction: discord.Interaction[Bot], said: str, parts: tuple[str, ...]) -> None:
    if parts:
        await tell_setup(interaction, said)
    else:
        await tell_helpers(interaction, said)


async def _add(interaction: discord.Interaction[Bot], helper: Helper) -> str:
    rooms, guild_id = interaction.client.rooms, interaction.guild_id or 0
    is_new = await rooms.add_helper(guild_id, helper)
    return say(HELPER_ADDED if is_new else HELPER_ALREADY, who=name_of(helper))


async def _remove(interaction: discord.Interaction[Bot], helper: Helper) -> str:
    rooms, guild_id = interaction.client.rooms, interaction.guild_id or 0
    was_one = await rooms.remove_helper(guild_id, helper)
    return say(HELPER_REMOVED if was_one else NOT_A_HELPER, who=name_of(helper))


def _picked(interaction: discord.Interaction[Bot]) -> list[Helper]:
    """Who was picked in a select. Raises `ValueError` for what nobody can pick."""
    roles, users = _resolved(interaction, "roles"), _resolved(interaction, "users")
    chosen = StatelessSelect.chosen(interaction)
    if not {*chosen} <= {*roles, *users}:
        raise ValueError(chosen)
    return [Helper(int(id), is_role=id in roles) for id in chosen]


def _require_can_help(interaction: discord.Interaction[Bot], helper: Helper) -> None:
    """Raises `UserError` for whoever was picked and cannot be a helper."""
    id = str(helper.id)
    if not helper.is_role:
        is_bot = bool(_resolved(interaction, "users")[id].get("bot"))
        require_person_can_help(helper.id, is_bot=is_bot, is_member=_is_member(interaction, id))
        return
    role = interaction.guild.get_role(helper.id) if interaction.guild else None
    if role is None:
        raise out_of_date(interaction)
    require_can_help(role)


def _is_member(interaction: discord.Interaction[Bot], id: str) -> bool:
    return id in _resolved(interaction, "members")


def _resolved(interaction: discord.Interaction[Bot], kind: str) -> dict[str, dict[str, Any]]:
    """What Discord says of those who were picked, by id."""
    data: Any = interaction.data or {}
    resolved: dict[str, dict[str, dict[str, Any]]] = data.get("resolved") or {}
    return resolved.get(kind) or {}
