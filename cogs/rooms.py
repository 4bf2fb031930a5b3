"""`/room`: how far a channel may talk about a show, and what else its moderators set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord_api.permissions import check_is_member, require_server_manager
from bot.lookups.answer import present
from bot.news.follow import PRESET_CHOICES, complete_followable, follow
from bot.news.follow_card import tell_followed
from bot.options.autocomplete import (
    Choices,
    choices,
    complete_announced,
    complete_reached,
    complete_show,
    story_asked,
)
from bot.options.channels import ChannelForLog, ChannelForNews, ChannelForTalk
from bot.options.parse import ask_show, read_point, read_reached, reader_of
from bot.rooms import personal_data
from bot.rooms.covers import CoversPart
from bot.rooms.default_show import DefaultShowPart
from bot.rooms.log_channel import LogPart, log_channel_now, set_log_channel
from bot.rooms.pulse import Pulse
from bot.rooms.room_list import RoomsPart
from bot.rooms.scope_card import RoomPart, clear_scope, tell_scopes
from bot.rooms.scope_change import Move, move_scope
from bot.rooms.settings import Helping, require_channel_manager
from bot.rooms.style import STYLE_CHOICES, StylePart, set_style, style_in_words
from bot.rooms.trust import HelpersPart, change_helpers
from bot.ui.cards import answer, notice
from bot.ui.errors import NothingToShow, UserError
from bot.ui.text import say
from data.rooms.settings import Helper
from data.story.show import Show

if TYPE_CHECKING:
    from bot.context import Bot

DEFAULT_LOOKUP = "recap"  # what `/room preview` shows by default

NEEDS_MANAGE_SERVER = {"needs": discord.Permissions(manage_guild=True)}
PARTS = (  # of the card of `/setup`, each with its place on it
    (RoomPart, 20),
    (LogPart, 40),
    (HelpersPart, 60),
    (StylePart, 70),
    (CoversPart, 80),
    (DefaultShowPart, 90),
    (RoomsPart, 100),
)

PREVIEW_AT = (
    "Write a point of {show} like S1E3, no further than you have watched yourself: "
    "a preview stops where you are."
)
NO_SUCH_LOOKUP = "I can preview {names}."


# All values are set: unset ones would be taken from the bot's defaults, which are wider.
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.guild_only()
@app_commands.default_permissions(manage_channels=True)
class Rooms(commands.GroupCog, name="room", description="What a channel may talk about"):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self._pulse = Pulse(bot)

    async def cog_load(self) -> None:
        self.bot.registry.add_personal_data(personal_data.trusted(self.bot), owner=self)
        for part, order in PARTS:
            self.bot.registry.setup_parts.add(part(), owner=self, order=order)

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        check_is_member(interaction)
        return True

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self._forget(channel.guild.id, channel.id)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, thread: discord.RawThreadDeleteEvent) -> None:
        await self._forget(thread.guild_id, thread.thread_id)

    @commands.Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        await self.bot.rooms.remove_helper(role.guild.id, Helper(role.id, is_role=True))

    async def _forget(self, guild_id: int, channel_id: int) -> None:
        await self.bot.rooms.forget_channel(guild_id, channel_id)
        await self.bot.stubs.remove_channel(guild_id, channel_id)
        await self.bot.regulars.forget_channel(guild_id, channel_id)

    @app_commands.command(description="See, set or take back how far a channel may talk")
    @app_commands.describe(
        point="Through which episode, like S1E3; or all, for everything that is out now",
        show="The show; most rooms have only one",
        channel="The channel; the one you are in if you leave it out",
        clear="Whether to take it back: for that show, or for all if you leave the show out",
    )
    @app_commands.autocomplete(point=complete_announced, show=complete_show)
    async def scope(
        self,
        interaction: discord.Interaction[Bot],
        point: str | None = None,
        show: str | None = None,
        channel: ChannelForTalk | None = None,
        clear: bool = False,  # noqa: FBT002  # an option of the command
    ) -> None:
        if clear:
            _, place = require_channel_manager(interaction, channel)
            chosen = self.bot.show_choice.show(interaction, show).slug if show else None
            await answer(interaction, notice(await clear_scope(interaction, place, chosen)))
        elif point is None:
            _, place = require_channel_manager(interaction, channel)
            await tell_scopes(interaction, place)
        else:
            await self._set_scope(interaction, point, show, channel)

    async def _set_scope(
        self,
        interaction: discord.Interaction[Bot],
        point: str,
        show: str | None,
        channel: ChannelForTalk | None,
    ) -> None:
        async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
            _, place = require_channel_manager(interaction, channel)
            reader = reader_of(interaction, show.slug)
            await move_scope(interaction, Move(place, show.slug, read_point(reader, point)))

        await ask_show(interaction, show, then)

    async def complete_what(self, _: discord.Interaction[Bot], current: str) -> Choices:
        names = self.bot.registry.lookups.names()
        return choices((name, name) for name in names if name.startswith(current.casefold()))

    async def complete_about(self, interaction: discord.Interaction[Bot], current: str) -> Choices:
        lookup = self.bot.registry.lookups.get(
            getattr(interaction.namespace, "what", None) or DEFAULT_LOOKUP
        )
        story = story_asked(interaction)
        return choices(lookup.suggest(story, current)) if lookup and story else []

    @app_commands.command(description="See an answer as a member at a point would see it")
    @app_commands.describe(
        at="The member's point, like S1E3; never past your own",
        what="Which look-up; the recap if you leave it out",
        about="What to look up: an episode, or a name",
        show="The show; most rooms have only one",
    )
    @app_commands.rename(at="as")
    @app_commands.autocomplete(
        at=complete_reached, what=complete_what, about=complete_about, show=complete_show
    )
    async def preview(
        self,
        interaction: discord.Interaction[Bot],
        at: str,
        what: str = DEFAULT_LOOKUP,
        about: str | None = None,
        show: str | None = None,
    ) -> None:
        async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
            require_channel_manager(interaction, None)
            lookup = self.bot.registry.lookups.get(what)
            if lookup is None:
                raise UserError(
                    NO_SUCH_LOOKUP.format(names=" or ".join(self.bot.registry.lookups.names()))
                )
            own = reader_of(interaction, show.slug).story
            try:
                lens = read_reached(own, at)
            except NothingToShow:
                raise UserError(say(PREVIEW_AT, show=show.title)) from None
            reader = reader_of(interaction, show.slug, lens)
            await present(interaction, lookup, reader, lookup.find(reader.story, about))

        await ask_show(interaction, show, then)

    @app_commands.command(description="How far people here are, in counts that tell of nobody")
    @app_commands.describe(show="The show; most rooms have only one")
    @app_commands.autocomplete(show=complete_show)
    async def pulse(self, interaction: discord.Interaction[Bot], show: str | None = None) -> None:
        await self._pulse.tell(interaction, show)

    @app_commands.command(description="What the channels here are told; name a show to follow it")
    @app_commands.describe(
        show="A show to follow, or all for every show",
        channel="The channel or thread that is told; the one you are in if you leave it out",
        role="A role that wants to be pinged, never for rumours; as it is if you leave it out",
        what="Which news; as it is, or else everything sure, if you leave it out",
    )
    @app_commands.autocomplete(show=complete_followable)
    @app_commands.choices(what=PRESET_CHOICES)
    async def news(
        self,
        interaction: discord.Interaction[Bot],
        show: str | None = None,
        channel: ChannelForNews | None = None,
        role: discord.Role | None = None,
        what: str | None = None,
    ) -> None:
        if show or channel or role or what:
            await follow(interaction, show, channel, role, what)
        else:
            await tell_followed(interaction)

    @app_commands.command(
        description="Who you trust to cover spoilers, and to write and review shows",
        extras=NEEDS_MANAGE_SERVER,
    )
    @app_commands.describe(
        add="A member, or a role; they need not manage anything",
        remove="The member or the role to stop trusting",
    )
    async def helpers(
        self,
        interaction: discord.Interaction[Bot],
        add: Helping | None = None,
        remove: Helping | None = None,
    ) -> None:
        await change_helpers(interaction, add, remove)

    @app_commands.command(
        description="See or set where moderators are told what was covered and reported",
        extras=NEEDS_MANAGE_SERVER,
    )
    @app_commands.describe(
        channel="A channel or thread of the moderators; leave it out to see which it is",
        stop="Whether to stop telling them",
    )
    async def log(
        self,
        interaction: discord.Interaction[Bot],
        channel: ChannelForLog | None = None,
        stop: bool = False,  # noqa: FBT002  # an option of the command
    ) -> None:
        require_server_manager(interaction)
        place = channel.id if channel else log_channel_now(interaction)
        said = await set_log_channel(interaction, None if stop else place)
        await answer(interaction, notice(said))

    @app_commands.command(description="See or set how spoilers are hidden in a channel")
    @app_commands.describe(
        style="How they are hidden; leave it out to see what is set",
        channel="The channel; the one you are in if you leave it out",
    )
    @app_commands.choices(style=STYLE_CHOICES)
    async def style(
        self,
        interaction: discord.Interaction[Bot],
        style: str | None = None,
        channel: ChannelForTalk | None = None,
    ) -> None:
        if style is None:
            said = style_in_words(interaction, channel)
        else:
            said = await set_style(interaction, style, channel)
        await answer(interaction, notice(said))


async def setup(bot: Bot) -> None:
    await bot.add_cog(Rooms(bot))
