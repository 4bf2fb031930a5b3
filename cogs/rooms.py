"""`/room`: how far a channel may talk about a show, and what else its moderators set."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord_api.permissions import is_thread
from bot.lookups.answer import present
from bot.options.autocomplete import (
    Choices,
    choices,
    complete_announced,
    complete_reached,
    complete_show,
    story_asked,
)
from bot.options.channels import ChannelForLog, ChannelForTalk
from bot.options.parse import ask_show, read_point, read_reached, reader_of
from bot.rooms import personal_data
from bot.rooms.default_show import THE_DEFAULT, default_show, set_default
from bot.rooms.pulse import Pulse
from bot.rooms.scope_change import move_scope
from bot.rooms.settings import (
    ANY,
    BARS,
    LOG_CHANNEL_SET,
    NO_LOG_CHANNEL,
    SEALED,
    STYLE_IS,
    STYLE_SET,
    Helping,
    fixed_styles,
    helper_of,
    list_mark,
    log_channel_in_words,
    name_of,
    reports_in_words,
    require_can_help,
    require_channel_manager,
    require_server_manager,
)
from bot.ui.cards import answer, answer_lines, notice
from bot.ui.errors import NothingToShow, UserError
from bot.ui.mentions import mention
from bot.ui.text import say
from data.rooms.scopes import Scope
from data.rooms.settings import Helper
from data.story.show import Show

if TYPE_CHECKING:
    from bot.context import Bot

DEFAULT_LOOKUP = "recap"  # what `/room preview` shows by default

NEEDS_MANAGE_SERVER = {"needs": discord.Permissions(manage_guild=True)}

SCOPE_CLEARED = "{channel} is no longer set for {show}. Only how it starts is shared there."
SCOPES_CLEARED = "{channel} is no longer set for any show. Only how a show starts is shared there."
THREAD_SCOPE_CLEARED = (
    "{channel} has nothing of its own set any more. It follows the channel it is in."
)
NOTHING_SET = "No channel is set yet. `/room scope` sets the one you are in."
SCOPES_HEADING = "### What the channels here may talk about"
SCOPE_LINE = "- {channel} · {show} through {label}"
PREVIEW_AT = (
    "Write a point of {show} like S1E3, no further than you have watched yourself: "
    "a preview stops where you are."
)
NO_SUCH_LOOKUP = "I can preview {names}."

HELPERS_HEADING = (
    "### Whom the moderators trust here\n"
    "They may cover spoilers, and write and review what this server tells."
)
HELPER_LINE = "- {who}"
NO_HELPERS = (
    "Only those who can manage messages cover spoilers that others posted, and only those who can "
    "manage the server write and review what it tells. "
    "`/room helpers add` lets a member or a role do both."
)
HELPER_ADDED = (
    "{who} may cover spoilers now, and write and review what this server tells "
    "(`/show write`, `/show review`)."
)
HELPER_ALREADY = (
    "{who} may do that already: cover spoilers, and write and review what this server tells."
)
HELPER_REMOVED = "{who} may no longer cover spoilers, write or review as a helper."
NOT_A_HELPER = "{who} is no helper here."

STYLES = [
    app_commands.Choice(name="any: members choose", value=ANY),
    app_commands.Choice(name="sealed: a button opens each spoiler privately", value=SEALED),
    app_commands.Choice(name="bars: behind Discord's bars, where the scope allows", value=BARS),
]
STYLE_INHERITED = "{channel} has no style of its own any more. It follows the channel it is in."
KEPT_FOR = "Spoilers hidden on this server are kept for {days}. After that nobody can open them."
ONE_DAY, DAYS = "one day", "{count} days"


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

    @app_commands.command(description="Let a channel talk about a show through an episode")
    @app_commands.describe(
        point="Through which episode, like S1E3; or all, for everything that is out now",
        show="The show; most rooms have only one",
        channel="The channel; the one you are in if you leave it out",
    )
    @app_commands.autocomplete(point=complete_announced, show=complete_show)
    async def scope(
        self,
        interaction: discord.Interaction[Bot],
        point: str,
        show: str | None = None,
        channel: ChannelForTalk | None = None,
    ) -> None:
        async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
            _, place = require_channel_manager(interaction, channel)
            reader = reader_of(interaction, show.slug)
            await move_scope(interaction, place, show.slug, read_point(reader, point))

        await ask_show(interaction, show, then)

    @app_commands.command(description="Take back what a channel may talk about")
    @app_commands.describe(
        show="Only this show; all of them if you leave it out",
        channel="The channel; the one you are in if you leave it out",
    )
    @app_commands.autocomplete(show=complete_show)
    async def clear(
        self,
        interaction: discord.Interaction[Bot],
        show: str | None = None,
        channel: ChannelForTalk | None = None,
    ) -> None:
        guild_id, place = require_channel_manager(interaction, channel)
        chosen = self.bot.show_choice.show(interaction, show) if show else None
        await self.bot.rooms.remove(guild_id, place, chosen.slug if chosen else None)
        sentence = SCOPE_CLEARED if chosen else SCOPES_CLEARED
        if is_thread(channel or interaction.channel):
            sentence = THREAD_SCOPE_CLEARED
        title = chosen.title if chosen else ""
        await answer(interaction, notice(say(sentence, channel=mention(place), show=title)))

    @app_commands.command(description="What the channels here may talk about")
    async def list(self, interaction: discord.Interaction[Bot]) -> None:
        guild_id = interaction.guild_id or 0
        stored = [*self.bot.rooms.styles(guild_id)]
        stored += [scope.channel_id for scope in self.bot.rooms.list(guild_id)]
        await self.bot.learn(guild_id, stored)
        lines = [
            self._line(scope) + mark
            for scope in self.bot.rooms.list(guild_id)
            if (mark := list_mark(interaction, scope.channel_id)) is not None
        ]
        default, log = default_show(self.bot, guild_id), self.bot.rooms.server(guild_id).log_channel
        told = [say(THE_DEFAULT, show=default.title)] if default else []
        mark = None if log is None else list_mark(interaction, log)
        if log is not None and mark is not None:
            told.append(say(LOG_CHANNEL_SET, channel=mention(log)) + mark)
        rooms = [SCOPES_HEADING, *lines] if lines else [NOTHING_SET]
        await answer_lines(interaction, rooms + fixed_styles(interaction) + told)

    def _line(self, scope: Scope) -> str:
        title, label = self.bot.library.in_words(scope.show, scope.point)
        return say(SCOPE_LINE, channel=mention(scope.channel_id), show=title, label=label)

    @app_commands.command(
        description="See or set the show this server means when nobody names one",
        extras=NEEDS_MANAGE_SERVER,
    )
    @app_commands.describe(show="The show, or none; leave it out to see which it is")
    @app_commands.autocomplete(show=complete_show)
    async def default(self, interaction: discord.Interaction[Bot], show: str | None = None) -> None:
        await set_default(interaction, show)

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

    helpers = app_commands.Group(name="helpers", description="Whom the moderators trust here")

    @helpers.command(
        name="add",
        description="Trust somebody to cover spoilers, and to write and review shows here",
        extras=NEEDS_MANAGE_SERVER,
    )
    @app_commands.describe(who="A member, or a role; they need not manage anything")
    async def add_helper(self, interaction: discord.Interaction[Bot], who: Helping) -> None:
        guild_id, helper = require_server_manager(interaction), helper_of(who)
        require_can_help(who)
        is_new = await self.bot.rooms.add_helper(guild_id, helper)
        await answer(
            interaction,
            notice(say(HELPER_ADDED if is_new else HELPER_ALREADY, who=name_of(helper))),
        )

    @helpers.command(
        name="remove",
        description="Let somebody cover spoilers, write and review no more",
        extras=NEEDS_MANAGE_SERVER,
    )
    @app_commands.describe(who="The member or the role")
    async def remove_helper(self, interaction: discord.Interaction[Bot], who: Helping) -> None:
        guild_id, helper = require_server_manager(interaction), helper_of(who)
        was_one = await self.bot.rooms.remove_helper(guild_id, helper)
        said = say(HELPER_REMOVED if was_one else NOT_A_HELPER, who=name_of(helper))
        await answer(interaction, notice(said))

    @helpers.command(
        name="list",
        description="Whom the moderators trust to cover spoilers, and to write and review shows",
        extras=NEEDS_MANAGE_SERVER,
    )
    async def list_helpers(self, interaction: discord.Interaction[Bot]) -> None:
        helpers = self.bot.rooms.helpers(require_server_manager(interaction))
        lines = [say(HELPER_LINE, who=name_of(helper)) for helper in helpers]
        await answer_lines(interaction, [HELPERS_HEADING, *lines] if lines else [NO_HELPERS])

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
        guild_id = require_server_manager(interaction)
        server = self.bot.rooms.server(guild_id)
        place = channel.id if channel else server.log_channel
        if stop:
            place = None
        said = NO_LOG_CHANNEL if place is None else log_channel_in_words(interaction, place)
        if place != server.log_channel:
            await self.bot.rooms.save_server(guild_id, replace(server, log_channel=place))
        await answer(interaction, notice(said))

    @app_commands.command(description="See or set how spoilers are hidden in a channel")
    @app_commands.describe(
        style="How they are hidden; leave it out to see what is set",
        channel="The channel; the one you are in if you leave it out",
    )
    @app_commands.choices(style=STYLES)
    async def style(
        self,
        interaction: discord.Interaction[Bot],
        style: str | None = None,
        channel: ChannelForTalk | None = None,
    ) -> None:
        guild_id, place = require_channel_manager(interaction, channel)
        if style is None:
            found = self.bot.audience.style(guild_id, channel or interaction.channel)
            said = say(STYLE_IS[found or ANY], channel=mention(place))
            await answer(interaction, notice(said))
            return
        await self.bot.rooms.set_style(guild_id, place, None if style == ANY else style)
        follows = style == ANY and is_thread(channel or interaction.channel)
        sentence = STYLE_INHERITED if follows else STYLE_SET[style]
        await answer(interaction, notice(say(sentence, channel=mention(place))))

    @app_commands.command(
        description="See or set how long the spoilers hidden here are kept",
        extras=NEEDS_MANAGE_SERVER,
    )
    @app_commands.describe(days="For how many days; leave it out to see what is set")
    async def keep(
        self,
        interaction: discord.Interaction[Bot],
        days: app_commands.Range[int, 1, 3650] | None = None,
    ) -> None:
        guild_id = require_server_manager(interaction)
        server = self.bot.rooms.server(guild_id)
        if days is not None:
            server = replace(server, keep_days=days)
            await self.bot.rooms.save_server(guild_id, server)
        count = server.keep_days
        told = ONE_DAY if count == 1 else DAYS.format(count=count)
        await answer(interaction, notice(say(KEPT_FOR, days=told)))

    @app_commands.command(
        description="See or set after how many reports a message is covered by itself",
        extras=NEEDS_MANAGE_SERVER,
    )
    @app_commands.describe(count="How many members; 0 for never; leave it out to see what is set")
    async def reports(
        self,
        interaction: discord.Interaction[Bot],
        count: app_commands.Range[int, 0, 20] | None = None,
    ) -> None:
        guild_id = require_server_manager(interaction)
        server = self.bot.rooms.server(guild_id)
        if count is not None:
            server = replace(server, reports_to_cover=count)
            await self.bot.rooms.save_server(guild_id, server)
        await answer(interaction, notice(reports_in_words(server)))


async def setup(bot: Bot) -> None:
    await bot.add_cog(Rooms(bot))
