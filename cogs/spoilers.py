"""`/spoiler`: write something that is hidden from everybody who has not watched that far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.clock import now
from bot.discord_api.permissions import check_may_post
from bot.options.autocomplete import complete_show
from bot.options.parse import last_watchable, reader_of
from bot.readers.audience import Reader
from bot.readers.show_choice import SELECT, ShowUnclear
from bot.spoilers.edit_form import LONGEST_POINT_TEXT, LONGEST_WORDS
from bot.spoilers.inbox import arrived, tell_inbox
from bot.spoilers.posts import Place, post_draft, with_allowed_style
from bot.ui.buttons import StatelessButton, id_of
from bot.ui.cards import answer, notice
from bot.ui.context_menus import on_messages
from bot.ui.errors import FAILED, Modal, UserError
from bot.ui.responses import OPENS_FORM, acknowledge, open_form
from bot.ui.text import Markup, has_words, say, spoken
from bot.ui.words import giving_back, tell_words
from data.points import PREMISE, Point, PointError
from data.spoilers.store import (
    BARS_STYLE,
    DRAFT,
    POSTING,
    SEALED_STYLE,
    SPOILER,
    Content,
    HourlyLimitError,
    Stub,
)
from data.story.show import Show

if TYPE_CHECKING:
    from bot.context import Bot

REPLY_COMMAND = "Reply with a spoiler"
SPOILER_FORM_TITLE = "A spoiler, hidden until people are there"
WORDS_FIELD, SHOW_FIELD, THROUGH_FIELD, STYLE_FIELD = (
    "Your words",
    "Which show?",
    "Through which episode?",
    "How to hide it",
)
THROUGH_HINT = "Like S1E5. Leave it empty and I take how far you have watched."
SEALED_CHOICE = "Sealed: opens for whoever has watched that far"
BARS_CHOICE = "Behind Discord's bars: anybody can click them away"
CANNOT_POST_HERE = "I can only post a spoiler in a channel of a server where I am, too."
CANNOT_REPLY = (
    "Discord lets nobody reply to that kind of message. `/spoiler` works without a reply."
)
NO_SPOILER_WORDS = "There are no words in that. Write what you want to say, and send it again."
POINT_GUESSED = "I couldn't read “{typed}” as an episode, so I took **{label}**.\n"
NO_PROGRESS_KNOWN = (
    "I don't know how far you have watched, so I took the last episode that is out.\n"
)
NOT_POSTED_YET = "### Not posted yet\n"
DRAFT_PREVIEW = "{note}Whoever has watched through **{label}** of {show} will read this. {others}"
DRAFT_PREVIEW_START = "{note}That is only the start of {show}: **everybody** will read this."
PREVIEW_SEALED = "Everybody else sees only that you wrote something through **{label}**."
PREVIEW_BARRED = "It will stand behind Discord's bars: **anybody can click on it**."
BARS_TOO_FAR = "Bars can't hide what goes further than this room, so it will be sealed.\n"
BARS_TOO_LONG = "It is too long for bars, so it will be sealed.\n"
POST_LABEL, EDIT_LABEL, DISCARD_LABEL = "Post it", "Edit", "Throw it away"
DRAFT_POSTED = "Posted. *More* on it changes it or takes it back."
DRAFT_GONE = "That one is posted already, or it was thrown away."
DRAFT_NOT_POSTED = "Discord did not take it. It is still here: press *Post it* once more."
STILL_POSTING = (
    "I am still posting that, or Discord has not told me yet that it worked. Look at the "
    "channel, and try again in a minute."
)
DRAFT_DISCARDED = "Thrown away. Nothing was posted."
TOO_MANY_SPOILERS = "That is a lot for one hour. Try again in {minutes} minutes."


class PostDraft(StatelessButton, code="so"):
    """Post the draft above this button."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        await acknowledge(interaction)  # posting may take longer than Discord waits
        stub, _ = await _own_draft(interaction, self.parts)
        check_may_post(interaction)
        assert isinstance(interaction.channel, Place)  # noqa: S101  # what a draft is made in
        try:
            message = await post_draft(interaction.client, interaction.channel, stub.id)
        except FAILED:
            raise UserError(DRAFT_NOT_POSTED) from None
        said = DRAFT_GONE if message is None else DRAFT_POSTED
        await interaction.edit_original_response(view=notice(said))


class EditDraft(StatelessButton, code="se"):
    """Open the form again with the draft."""

    opens_form = True

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        stub, content = await _own_draft(interaction, self.parts)
        reader = reader_of(interaction, stub.show)
        form = _SpoilerForm(interaction, (reader.show,), reader.show, draft=(stub, content))
        form.through.default = reader.story.order.label(stub.point)
        await open_form(interaction, form)


class DiscardDraft(StatelessButton, code="sc"):
    """Throw the draft away."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        stub, _ = await _own_draft(interaction, self.parts)
        await interaction.client.stubs.remove(stub.id)
        await answer(interaction, notice(DRAFT_DISCARDED))


async def _own_draft(
    interaction: discord.Interaction[Bot], parts: Sequence[str]
) -> tuple[Stub, Content]:
    """The member's own draft in this channel. Raises `UserError`, the same for all other stubs."""
    (part,) = parts
    found = await interaction.client.stubs.read(id_of(part))
    if found is None or found[1] is None:
        raise UserError(DRAFT_GONE)
    stub, content = found[0], found[1]
    is_theirs = (stub.by_id, stub.channel_id) == (interaction.user.id, interaction.channel_id)
    if is_theirs and stub.state == POSTING:
        raise UserError(STILL_POSTING)
    if not is_theirs or stub.state != DRAFT:
        raise UserError(DRAFT_GONE)
    return stub, content


class _SpoilerForm(Modal, title=SPOILER_FORM_TITLE):
    """The form for the words, the show, the episode and the style of a spoiler."""

    def __init__(
        self,
        interaction: discord.Interaction[Bot],
        shows: Sequence[Show],
        chosen: Show | None,
        *,
        reply_to: int | None = None,
        draft: tuple[Stub, Content] | None = None,
    ) -> None:
        super().__init__()
        self._chosen, self._reply_to, self._draft = chosen, reply_to, draft
        text = draft[1].text if draft else None
        self._words = ui.TextInput[Any](
            style=discord.TextStyle.paragraph, default=text, max_length=LONGEST_WORDS
        )
        self.through = ui.TextInput[Any](required=False, max_length=LONGEST_POINT_TEXT)
        self._which = ui.Select[Any](options=list(_options(shows, chosen)), required=True)
        style = draft[0].style if draft else SEALED_STYLE
        self._how = ui.RadioGroup[Any](options=list(_styles(style)))
        self._has_bars = _may_choose_bars(interaction, shows)
        self.add_item(ui.Label(text=WORDS_FIELD, component=self._words))
        if chosen is None or len(shows) > 1:
            self.add_item(ui.Label(text=SHOW_FIELD, component=self._which))
        self.add_item(
            ui.Label(text=THROUGH_FIELD, description=THROUGH_HINT, component=self.through)
        )
        if self._has_bars:
            self.add_item(ui.Label(text=STYLE_FIELD, component=self._how))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        text = self._words.value
        if not has_words(text):
            raise UserError(NO_SPOILER_WORDS)
        reader = reader_of(interaction, self._slug())
        latest = last_watchable(reader.story.order)  # nobody's words can tell more than what is out
        async with giving_back(interaction, text, reader.story.order.label(latest)):
            point, note = _point(reader, self.through.value, self._draft and self._draft[0])
            stub = self._stub(interaction, reader, point)
            stub = await self._save(interaction.client, stub, text)
            await _preview(interaction, reader, stub, text, note)

    def _slug(self) -> str:
        if self._which.values:
            return self._which.values[0]
        assert self._chosen is not None  # noqa: S101  # without it there is a select
        return self._chosen.slug

    def _stub(self, interaction: discord.Interaction[Bot], reader: Reader, point: Point) -> Stub:
        style = self._how.value if self._has_bars and self._how.value else SEALED_STYLE
        id, place, guild = interaction.user.id, interaction.channel_id, interaction.guild_id
        assert place is not None  # noqa: S101  # a form is opened in a channel of a server
        assert guild is not None  # noqa: S101
        return Stub(
            guild,
            place,
            SPOILER,
            id,
            id,
            reader.show.slug,
            point,
            style=style,
            reply_to=self._reply_to,
        )

    async def _save(self, bot: Bot, stub: Stub, text: str) -> Stub:
        if self._draft is None:
            try:
                return await bot.stubs.save(stub, Content(text), now=now())
            except HourlyLimitError as error:
                raise UserError(TOO_MANY_SPOILERS.format(minutes=error.minutes)) from None
        before, _ = self._draft
        edited = await bot.stubs.edit(
            before.id, text=text, point=stub.point, style=stub.style, state=DRAFT
        )
        if edited is None:
            raise UserError(DRAFT_GONE)
        return edited


def _options(shows: Sequence[Show], chosen: Show | None) -> Iterator[discord.SelectOption]:
    for show in shows:
        yield discord.SelectOption(label=show.title, value=show.slug, default=show == chosen)


def _styles(chosen: str) -> Iterator[discord.RadioGroupOption]:
    for label, style in ((SEALED_CHOICE, SEALED_STYLE), (BARS_CHOICE, BARS_STYLE)):
        yield discord.RadioGroupOption(label=label, value=style, default=style == chosen)


def _may_choose_bars(interaction: discord.Interaction[Bot], shows: Sequence[Show]) -> bool:
    """Whether the member may choose bars: the room leaves it open, and has a scope."""
    audience, guild, channel = (
        interaction.client.audience,
        interaction.guild_id or 0,
        interaction.channel,
    )
    scopes = [audience.scope(guild, channel, show.slug) for show in shows]
    return audience.style(guild, channel) is None and any(scope != PREMISE for scope in scopes)


def _point(reader: Reader, typed: str, draft: Stub | None) -> tuple[Point, str]:
    """The point through which to seal, and a note if the typed point was missing or unreadable.

    A missing point becomes the member's own progress, as their words may tell all that they know.
    An unreadable one becomes the latest that it can be.
    """
    order, latest = reader.story.order, last_watchable(reader.story.order)
    if not typed.strip():
        is_known = reader.horizon != PREMISE
        return (reader.horizon, "") if is_known else (latest, NO_PROGRESS_KNOWN)
    here = order.slot(reader.horizon)
    try:
        return order.parse(typed, finished=latest, season=here.season if here else None), ""
    except PointError:
        point = draft.point if draft and draft.show == reader.show.slug else latest
        return point, say(POINT_GUESSED, typed=typed, label=spoken(order.label(point)))


async def _preview(
    interaction: discord.Interaction[Bot], reader: Reader, stub: Stub, text: str, note: str
) -> None:
    """Shows the author the draft as its readers will see it."""
    label = reader.story.order.label(stub.point)
    others = say(PREVIEW_SEALED, label=label)
    if (
        with_allowed_style(interaction.client, interaction.channel, stub, Content(text)).style
        == BARS_STYLE
    ):
        others = PREVIEW_BARRED
    else:
        note += _why_not_barred(interaction, stub)
    sentence = DRAFT_PREVIEW if reader.story.order.slot(stub.point) else DRAFT_PREVIEW_START
    named = {"note": Markup(note), "others": Markup(others)}
    heading = NOT_POSTED_YET + say(sentence, label=label, show=reader.show.title, **named)
    part = str(stub.id)
    buttons = [
        PostDraft(part, label=POST_LABEL, style=discord.ButtonStyle.primary),
        EditDraft(part, label=EDIT_LABEL),
        DiscardDraft(part, label=DISCARD_LABEL),
    ]
    await tell_words(interaction, heading, text, label, rows=[buttons])


def _why_not_barred(interaction: discord.Interaction[Bot], stub: Stub) -> str:
    """Why a draft is sealed although bars were chosen; empty for all others."""
    audience, channel = interaction.client.audience, interaction.channel
    if (audience.style(stub.guild_id, channel) or stub.style) != BARS_STYLE:
        return ""
    is_near = audience.may_bar(stub.guild_id, channel, stub.show, stub.point)
    return BARS_TOO_LONG if is_near else BARS_TOO_FAR


class Spoilers(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self._reply = on_messages(REPLY_COMMAND, self.reply, opens_form=True)

    async def cog_load(self) -> None:
        self.bot.tree.add_command(self._reply)
        self.bot.registry.arrivals.add(arrived, owner=self)

    async def cog_unload(self) -> None:
        self.bot.tree.remove_command(self._reply.name, type=self._reply.type)

    @app_commands.command(
        name="spoiler",
        description="Write something that opens only for whoever has watched that far",
        extras=OPENS_FORM,
    )
    # All values are set: unset ones would be taken from the bot's defaults, which are wider.
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.guild_only()
    @app_commands.describe(show="The show; most rooms have only one")
    @app_commands.autocomplete(show=complete_show)
    async def write(self, interaction: discord.Interaction[Bot], show: str | None = None) -> None:
        await _ask(interaction, show)

    async def reply(self, interaction: discord.Interaction[Bot], message: discord.Message) -> None:
        """Reply to a message with a spoiler."""
        if message.is_system():
            raise UserError(CANNOT_REPLY)
        await _ask(interaction, None, reply_to=message.id)

    @app_commands.command(description="The sealed spoilers that you keep until you get there")
    async def inbox(self, interaction: discord.Interaction[Bot]) -> None:
        await tell_inbox(interaction)


async def _ask(
    interaction: discord.Interaction[Bot], typed: str | None, reply_to: int | None = None
) -> None:
    """Opens the form. Raises `UserError` unless the member and the bot may write here."""
    bot = interaction.client
    if bot.get_guild(interaction.guild_id or 0) is None:
        raise UserError(CANNOT_POST_HERE)
    check_may_post(interaction)
    told = tuple(show for show in bot.library.list(interaction.guild_id) if show.has_story)
    try:
        chosen = bot.show_choice.show(interaction, typed)
    except ShowUnclear as unclear:
        shows, chosen = unclear.shows, None
    else:
        reader_of(
            interaction, chosen.slug
        )  # raises for a show without a story, which has no points
        shows = told if typed is None and len(told) <= SELECT else (chosen,)
    form = _SpoilerForm(interaction, shows, chosen, reply_to=reply_to)
    await open_form(interaction, form)


async def setup(bot: Bot) -> None:
    await bot.add_cog(Spoilers(bot))
