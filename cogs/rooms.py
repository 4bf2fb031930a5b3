"""`/room`: how far a channel may talk about a show, set by its moderators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.asking import NothingToShow, ask_show, now, read_point, read_reached, reader_of
from bot.cards import answer, answer_lines, notice
from bot.completing import (
    Choices,
    choices,
    complete_announced,
    complete_reached,
    complete_show,
    story_asked,
)
from bot.covering import Markup, say
from bot.errors import UserError, permission_names
from bot.lookups import present
from bot.presses import Press
from data.point import PREMISE
from data.rooms import Scope
from data.story import Show

if TYPE_CHECKING:
    from bot.client import Bot

# A channel as it arrives in a slash option, or the one the command was used in.
Channel = app_commands.AppCommandChannel | app_commands.AppCommandThread

_THREADS = (discord.Thread, app_commands.AppCommandThread)
RECAP = "recap"  # what is previewed unless something else is asked for

SPOILER_CHANNEL = 1 << 21  # Discord's own flag, which discord.py 2.7 has no name for

MANAGE_CHANNELS = permission_names(["manage_channels"])
MANAGE_SERVER = "Manage Server"  # programs call it manage_guild

NEED = "You need {permission} in {channel} for that."
NEED_SERVER = "You need {permission} on this server for that."
NOT_A_ROOM = "Nobody talks in a category. Choose one of its channels."
SET = "{channel} is set to {show} through **{label}**. What is shared there stops at it."
SET_PREMISE = "{channel} now keeps everything about {show} from its readers but how it starts."
OFFER = "Discord can also warn people before they enter: shall I make it a Spoiler Channel?"
CLEARED = "{channel} is no longer set for {show}. Only how it starts is shared there."
CLEARED_ALL = "{channel} is no longer set for any show. Only how a show starts is shared there."
CLEARED_THREAD = "{channel} has nothing of its own set any more. It follows the channel it is in."
NOTHING_SET = "No channel is set yet. `/room scope` sets the one you are in."
ROOMS = "### What the channels here may talk about"
ROOM = "- {channel} · {show} through {label}"
DEFAULT = "Here it is {show} from now on, unless a channel or a command says otherwise."
NO_DEFAULT = "The server has no show of its own. `/room default show:` sets one."
NONE = "none"
THE_DEFAULT = "The server's show is {show}."
PREVIEW_AT = (
    "Write a point of {show} like S1E3, no further than you have watched yourself: "
    "a preview stops where you are."
)
NO_SUCH_LOOKUP = "I can preview {names}."

MAKE_SPOILER_CHANNEL = "Make it a Spoiler Channel"
IS_SPOILER_CHANNEL = "{channel} is a Spoiler Channel now: people are asked before they enter."
ALREADY = "{channel} is a Spoiler Channel already."
GONE = "I can't see that channel any more."
AGE_RESTRICTED = "{channel} is age-restricted, and Discord does not let a channel be both."
I_NEED = "I can't switch that on: I need {permission} in {channel}."


class SpoilerChannel(Press, name="f"):
    """Switch on Discord's own notice for the channel whose scope was set."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (id,) = self.parts
        guild, user = interaction.guild, interaction.user
        channel = guild.get_channel(int(id)) if guild and id.isdecimal() else None
        if guild is None or channel is None or not isinstance(user, discord.Member):
            raise UserError(GONE)
        named = {"permission": MANAGE_CHANNELS, "channel": Markup(channel.mention)}
        if not channel.permissions_for(user).manage_channels:
            raise UserError(say(NEED, **named))
        if not channel.permissions_for(guild.me).manage_channels:
            raise UserError(say(I_NEED, **named))
        try:
            sentence = await _switch_on(interaction.client, channel.id)
        except (
            discord.Forbidden
        ):  # a right was taken away a moment ago, or is worth less than it says
            raise UserError(say(I_NEED, **named)) from None
        await answer(interaction, notice(say(sentence, channel=named["channel"])))


async def _switch_on(bot: Bot, channel_id: int) -> str:
    """Set the flag over the raw API: discord.py 2.7 neither reads nor names it on such channels."""
    raw: Any = await bot.http.get_channel(channel_id)
    flags = int(raw.get("flags") or 0)
    if raw.get("nsfw"):
        return AGE_RESTRICTED
    if flags & SPOILER_CHANNEL:
        return ALREADY
    await bot.http.edit_channel(channel_id, flags=flags | SPOILER_CHANNEL)
    return IS_SPOILER_CHANNEL


# Both said in full: what is left unset is filled in from the bot's own, which are wider.
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.guild_only()
@app_commands.default_permissions(manage_channels=True)
class Rooms(commands.GroupCog, name="room", description="What a channel may talk about"):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self.bot.rooms.remove(channel.guild.id, channel.id)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, thread: discord.RawThreadDeleteEvent) -> None:
        await self.bot.rooms.remove(thread.guild_id, thread.thread_id)

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
        channel: Channel | None = None,
    ) -> None:
        async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
            guild_id, place = _moderated(interaction, channel)
            reader = reader_of(interaction, show.slug)
            where = read_point(reader, point)
            await self.bot.rooms.save(guild_id, place, show.slug, where, now=now())
            offered = where != PREMISE and _can_be_spoiler_channel(channel or interaction.channel)
            body = say(
                SET_PREMISE if where == PREMISE else SET,
                channel=_mention(place),
                show=show.title,
                label=reader.story.order.label(where),
            )
            button = SpoilerChannel(str(place), label=MAKE_SPOILER_CHANNEL)
            await answer(
                interaction,
                notice(f"{body}\n{OFFER}" if offered else body, rows=[[button]] if offered else []),
            )

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
        channel: Channel | None = None,
    ) -> None:
        guild_id, place = _moderated(interaction, channel)
        chosen = self.bot.audience.show(interaction, show) if show else None
        await self.bot.rooms.remove(guild_id, place, chosen.slug if chosen else None)
        sentence = CLEARED if chosen else CLEARED_ALL
        if isinstance(channel or interaction.channel, _THREADS):
            sentence = CLEARED_THREAD
        title = chosen.title if chosen else ""
        await answer(interaction, notice(say(sentence, channel=_mention(place), show=title)))

    @app_commands.command(description="What the channels here may talk about")
    async def list(self, interaction: discord.Interaction[Bot]) -> None:
        guild = interaction.guild
        lines = [
            self._line(scope)
            for scope in self.bot.rooms.list(interaction.guild_id or 0)
            if scope.channel_id == interaction.channel_id
            or _may_see(guild, interaction.user, scope.channel_id)
        ]
        default = self._default_show(interaction.guild_id or 0)
        told = [say(THE_DEFAULT, show=default.title)] if default else []
        body = [ROOMS, *lines] if lines else [NOTHING_SET]
        await answer_lines(interaction, body + told)

    def _line(self, scope: Scope) -> str:
        show = self.bot.library.get(scope.show)
        title = show.title if show else scope.show
        label = self.bot.library.order(scope.show).label(scope.point) if show else "?"
        return say(ROOM, channel=_mention(scope.channel_id), show=title, label=label)

    @app_commands.command(
        description="See or set the show this server means when nobody names one",
        extras={"needs": discord.Permissions(manage_guild=True)},
    )
    @app_commands.describe(show="The show, or none; leave it out to see which it is")
    @app_commands.autocomplete(show=complete_show)
    async def default(self, interaction: discord.Interaction[Bot], show: str | None = None) -> None:
        if not interaction.permissions.manage_guild:
            raise UserError(NEED_SERVER.format(permission=MANAGE_SERVER))
        guild_id = interaction.guild_id or 0
        if show is None:
            now_set = self._default_show(guild_id)
            said = say(THE_DEFAULT, show=now_set.title) if now_set else NO_DEFAULT
        elif show.strip().casefold() == NONE:
            await self.bot.rooms.set_default_show(guild_id, None)
            said = NO_DEFAULT
        else:
            chosen = self.bot.audience.show(interaction, show)
            await self.bot.rooms.set_default_show(guild_id, chosen.slug)
            said = say(DEFAULT, show=chosen.title)
        await answer(interaction, notice(said))

    def _default_show(self, guild_id: int) -> Show | None:
        return self.bot.library.get(self.bot.rooms.default_show(guild_id) or "")

    async def complete_what(self, _: discord.Interaction[Bot], current: str) -> Choices:
        names = self.bot.lookups.names()
        return choices((name, name) for name in names if name.startswith(current.casefold()))

    async def complete_about(self, interaction: discord.Interaction[Bot], current: str) -> Choices:
        lookup = self.bot.lookups.get(getattr(interaction.namespace, "what", None) or RECAP)
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
        what: str = RECAP,
        about: str | None = None,
        show: str | None = None,
    ) -> None:
        async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
            _moderated(interaction, None)
            lookup = self.bot.lookups.get(what)
            if lookup is None:
                raise UserError(NO_SUCH_LOOKUP.format(names=" or ".join(self.bot.lookups.names())))
            own = reader_of(interaction, show.slug).story
            try:
                lens = read_reached(own, at)
            except NothingToShow:
                raise UserError(say(PREVIEW_AT, show=show.title)) from None
            reader = reader_of(interaction, show.slug, lens)
            await present(interaction, lookup, reader, lookup.find(reader.story, about))

        await ask_show(interaction, show, then)


def _moderated(interaction: discord.Interaction[Bot], channel: Channel | None) -> tuple[int, int]:
    """The server and the channel, if the member may manage that very channel; else `UserError`."""
    place = channel.id if channel else interaction.channel_id
    held = _held(interaction, channel)
    if interaction.guild_id is None or place is None or not held.manage_channels:
        mention = _mention(place or 0)
        raise UserError(say(NEED, permission=MANAGE_CHANNELS, channel=mention))
    if channel and channel.type is discord.ChannelType.category:
        raise UserError(NOT_A_ROOM)
    return interaction.guild_id, place


def _held(interaction: discord.Interaction[Bot], channel: Channel | None) -> discord.Permissions:
    """The member's rights in a channel, as of this very press or command."""
    if channel is None:
        return interaction.permissions
    if interaction.type is discord.InteractionType.application_command:
        return channel.permissions
    # The option came with a command, minutes ago: what it says of rights is as old.
    guild, user = interaction.guild, interaction.user
    place = guild.get_channel_or_thread(channel.id) if guild else None
    if place is None or not isinstance(user, discord.Member):
        return discord.Permissions.none()
    return place.permissions_for(user)


def _mention(channel_id: int) -> Markup:
    return Markup(f"<#{channel_id}>")


def _may_see(
    guild: discord.Guild | None, user: discord.User | discord.Member, channel_id: int
) -> bool:
    channel = guild.get_channel_or_thread(channel_id) if guild else None
    if channel is None or not isinstance(user, discord.Member):
        return False
    held = channel.permissions_for(user)
    # Who is in a private thread we are not told; those who may manage threads see them all.
    is_private = channel.type is discord.ChannelType.private_thread
    return held.view_channel and (held.manage_threads or not is_private)


def _can_be_spoiler_channel(channel: object) -> bool:
    """Text-like and voice channels can; neither threads nor stages."""
    kind = getattr(channel, "type", None)
    return not isinstance(channel, _THREADS) and kind is not discord.ChannelType.stage_voice


async def setup(bot: Bot) -> None:
    await bot.add_cog(Rooms(bot))
