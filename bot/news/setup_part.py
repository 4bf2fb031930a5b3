"""The alerts on the card of `/setup`: which rooms get news, and a form to add this room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.extensions import SetupPart, Standing
from bot.news.follow import follow_here, title_of
from bot.news.follow_card import tell_followed
from bot.news.follow_list import followed_here
from bot.news.permissions import check_can_tell
from bot.options.show_field import ShowField
from bot.rooms.settings import require_channel_manager
from bot.setup.card import tell_setup
from bot.ui.errors import Modal
from bot.ui.mentions import mention
from bot.ui.responses import open_form
from bot.ui.text import Markup, say

if TYPE_CHECKING:
    from bot.context import Bot
    from data.news.subscriptions import Subscription


NOBODY_IS_TOLD = "No room is told when a show is renewed, dated or cancelled."
ROOMS_ARE_TOLD, AND_MORE = "{rooms}{more}.", " and others"
ROOM_IS_TOLD = "{room} is told of {show}"
IS_PAUSED = "Paused in {room}: something is wrong there."
TELL_THIS_ROOM, CHANGE_ALERTS = "Tell this room", "Change alerts"
ALERTS_TITLE = "News for this room"
OF_WHICH_SHOW, EVERY_SHOW = "Of which show?", "Every show"
NAMED_IN_LINE = 3


class AlertsPart(SetupPart):
    """Which rooms are told of news."""

    key, name = "alerts", "Alerts"

    async def standing(self, interaction: discord.Interaction[Bot]) -> Standing:
        client, seen = interaction.client, await followed_here(interaction)
        if not seen:
            return Standing("can wait", NOBODY_IS_TOLD, TELL_THIS_ROOM)
        paused = [one for one in seen if one.paused]
        if paused:
            said = say(IS_PAUSED, room=mention(paused[0].channel_id))
            return Standing("open", said, CHANGE_ALERTS)
        rooms = Markup(", ".join(_room(client, one) for one in seen[:NAMED_IN_LINE]))
        more = AND_MORE if len(seen) > NAMED_IN_LINE else ""
        return Standing("done", say(ROOMS_ARE_TOLD, rooms=rooms, more=more), CHANGE_ALERTS)

    async def change(self, interaction: discord.Interaction[Bot]) -> None:
        if await followed_here(interaction):
            await tell_followed(interaction)
            return
        _, place = require_channel_manager(interaction, None)
        check_can_tell(interaction, place)
        await open_form(interaction, _AlertsForm(interaction))


class _AlertsForm(Modal):
    """Asks which show's news the room gets."""

    def __init__(self, interaction: discord.Interaction[Bot]) -> None:
        super().__init__(title=ALERTS_TITLE, command="setup")
        shows = interaction.client.library.list(interaction.guild_id)
        meant = interaction.client.show_choice.default(interaction)
        self._show = ShowField(OF_WHICH_SHOW, shows, meant, none=EVERY_SHOW)
        self.add_item(self._show.item)

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        said = await follow_here(interaction, self._show.show(interaction))
        await tell_setup(interaction, said)


def _room(bot: Bot, one: Subscription) -> str:
    return say(ROOM_IS_TOLD, room=mention(one.channel_id), show=title_of(bot, one.show))
