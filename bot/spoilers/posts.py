"""Posts, changes and takes down stubs in channels; each one is posted once, whatever fails."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import discord

from bot.clock import now
from bot.discord_api.history import Place, UnreadableError, is_refusal
from bot.spoilers.find_post import find_message
from bot.spoilers.reveal import STUB_GONE, Reveal
from bot.ui.cards import Card, barred, notice
from bot.ui.errors import FAILED, UserError
from bot.ui.mentions import mention_of
from bot.ui.text import START, hidden_pages, say
from data.points import PREMISE, Point
from data.spoilers.store import (
    BARS_STYLE,
    COVER,
    DRAFT,
    POSTED,
    POSTING,
    SEALED_STYLE,
    SHARE,
    STANDING,
    UNDOING,
    Content,
    Stub,
)

if TYPE_CHECKING:
    from bot.context import Bot


log = logging.getLogger(__name__)

STUB_HEADING = "**{show}** · sealed through **{label}**\n"
STUB_FROM = "from {who}"
STUB_FROM_COVER = "what {who} wrote here, covered"
STUB_FROM_SHARE = "an answer that {who} shared; it goes further than this room"
POST_UNCERTAIN = (
    "Discord does not tell me whether that worked. Please look at the channel. I look "
    "again within the hour, and finish it or put it back."
)
STUB_BUSY = "Something else is being done with this one right now. Try again in a minute."
STUB_IN_BARS = "Spoilers for **{show}** through **{label}** · from {who}"
REVEAL_LABEL = "Reveal {label}"

STUB_MENU_CODE = "m"  # the button on every stub; its class is in cogs/stubs.py
LONGEST_BARRED = 3600  # UTF-16 units behind bars on one card


def stub_card(bot: Bot, stub: Stub, content: Content | None) -> Card:
    """The card of a stub: with its words behind bars for that style, else without its words."""
    title, label = bot.library.in_words(stub.show, stub.point)
    named = {
        "show": title,
        "label": START if stub.point == PREMISE else label,
        "who": mention_of(stub.author_id),
    }
    beside = [item for buttons in bot.registry.stub_buttons for item in buttons(stub)]
    if stub.style == BARS_STYLE and content is not None:
        return barred(say(STUB_IN_BARS, **named), content.text, label=label, rows=[beside])
    whose = {COVER: STUB_FROM_COVER, SHARE: STUB_FROM_SHARE}.get(stub.kind, STUB_FROM)
    opens = REVEAL_LABEL.format(label=named["label"])
    reveal = Reveal(str(stub.id), label=opens, style=discord.ButtonStyle.primary)
    return notice(say(STUB_HEADING + whose, **named), rows=[[reveal, *beside]])


def with_allowed_style(bot: Bot, channel: object, stub: Stub, content: Content | None) -> Stub:
    """The stub with the style that is allowed in the channel now."""
    fixed = bot.audience.style(stub.guild_id, channel)
    is_barred = (
        (fixed or stub.style) == BARS_STYLE
        and stub.kind not in {COVER, SHARE}
        and content is not None
        and len(hidden_pages(content.text, LONGEST_BARRED)) == 1
        and bot.audience.may_bar(stub.guild_id, channel, stub.show, stub.point)
    )
    return replace(stub, style=BARS_STYLE if is_barred else SEALED_STYLE)


async def post_draft(bot: Bot, channel: Place, id: int) -> discord.Message | None:
    """Posts a draft; None if it was posted already, or is gone.

    Raises Discord's error, and then it is a draft again. Raises `UserError` if it is unknown
    whether the message exists; `reconcile` finds that out later.
    """
    draft = await bot.stubs.claim(id, DRAFT, POSTING, now=now())
    if draft is None:
        return None
    with in_use(bot, id):
        try:
            return await _send(bot, channel, draft, await _content(bot, draft))
        except FAILED as error:
            message = None if is_refusal(error) else await _find_posted(channel, draft)
            if message is None:
                await bot.stubs.claim(id, POSTING, DRAFT, now=now())
                raise
            await bot.stubs.mark_posted(id, message.id, now=now())
            return message


async def post_new(bot: Bot, channel: Place, stub: Stub, content: Content) -> Stub:
    """Stores a new stub and posts it.

    Raises `HourlyLimitError`, `AlreadyCoveredError` or Discord's error, and then nothing is posted.
    Raises `UserError` if it is unknown whether the message exists.
    """
    saved = await bot.stubs.save(replace(stub, state=POSTING), content, now=now())
    return await post_saved(bot, channel, saved, content)


async def post_saved(bot: Bot, channel: Place, saved: Stub, content: Content) -> Stub:
    """Posts a stub that was just stored; a cover still has to delete the message that it covers.

    Raises Discord's error, and then nothing is posted or stored any more. Raises `UserError` if it
    is unknown whether the message exists.
    """
    with in_use(bot, saved.id):
        try:
            message = await _send(bot, channel, saved, content)
        except FAILED as error:
            await _withdraw(bot, channel, saved, error)
            raise
    return replace(saved, message_id=message.id)


@contextmanager
def in_use(bot: Bot, id: int) -> Generator[None]:
    """Marks a stub as in use, so that `reconcile` leaves it alone."""
    bot.stubs.busy.add(id)
    try:
        yield
    finally:
        bot.stubs.busy.discard(id)


async def _send(bot: Bot, channel: Place, stub: Stub, content: Content | None) -> discord.Message:
    """Posts a stub and stores its message. Nothing is awaited between the style and the sending."""
    drawn = with_allowed_style(bot, channel, stub, content)
    card, reference = stub_card(bot, drawn, content), reference_to(channel, stub)
    nonce = str(stub.id)  # Discord takes a repetition within minutes as the same message
    if reference is None:
        message = await channel.send(view=card, nonce=nonce)
    else:
        message = await channel.send(view=card, nonce=nonce, reference=reference)
    state = STANDING if stub.kind == COVER else POSTED
    is_noted = await bot.stubs.mark_posted(stub.id, message.id, state, now=now())
    if not is_noted and await bot.stubs.get(stub.id) is None:  # the stub was erased meanwhile
        await delete_message(channel, message.id)
        raise UserError(STUB_GONE)
    if drawn.style != stub.style:
        await bot.stubs.edit(stub.id, style=drawn.style)
    if (
        with_allowed_style(bot, channel, drawn, content).style != drawn.style
    ):  # the scope was lowered meanwhile
        await change_stub(bot, channel, replace(drawn, message_id=message.id))
    return message


async def _content(bot: Bot, stub: Stub) -> Content | None:
    found = await bot.stubs.read(stub.id)
    return found[1] if found else None


def reference_to(channel: Place, stub: Stub) -> discord.MessageReference | None:
    """The message that the stub replies to, if the bot has the permission for a reply."""
    guild = getattr(channel, "guild", None)
    if stub.reply_to is None or guild is None:
        return None
    if not channel.permissions_for(guild.me).read_message_history:
        return None
    return discord.MessageReference(
        message_id=stub.reply_to, channel_id=channel.id, fail_if_not_exists=False
    )


async def change_stub(  # noqa: PLR0913  # what may be changed
    bot: Bot,
    channel: Place,
    stub: Stub,
    *,
    text: str | None = None,
    point: Point | None = None,
    is_rewritten: bool | None = None,
) -> Stub:
    """Changes the given fields of a stub and its message in the channel.

    A sealed stub stays sealed. A message behind bars is edited before the change is stored, so that
    it never shows more than allowed. Raises `UserError` if the message is gone, or Discord's error.
    """
    content = await _content(bot, stub)
    if text is not None:
        content = replace(content or Content(), text=text)
    new = stub if point is None else replace(stub, point=point)
    drawn = with_allowed_style(bot, channel, new, content) if stub.style == BARS_STYLE else new
    edit = partial(bot.stubs.edit, stub.id, text=text, point=point, style=drawn.style)
    if stub.style == BARS_STYLE:
        await _draw(bot, channel, drawn, content)
    stored = await edit(is_rewritten=is_rewritten)
    if stored is None:
        raise UserError(STUB_GONE)
    if point is not None and _is_later(bot, stub, point):
        await bot.reports.move(stub.id, point)
    if stub.style != BARS_STYLE:
        try:
            await _draw(bot, channel, drawn, content)
        except FAILED as error:  # the card shows the old point; the stored one decides
            log.warning("could not redraw a message of mine: %s", type(error).__name__)
    return stored


def _is_later(bot: Bot, stub: Stub, point: Point) -> bool:
    """Whether a point is later than the stub's own."""
    return bot.library.get(stub.show) is not None and bot.library.order(stub.show).opens(
        stub.point, point
    )


async def _draw(bot: Bot, channel: Place, stub: Stub, content: Content | None) -> None:
    if stub.message_id is None:
        raise UserError(STUB_GONE)
    message = channel.get_partial_message(stub.message_id)
    try:
        # discord.py does not use the bot's default when it edits a message without text.
        nobody = discord.AllowedMentions.none()
        await message.edit(view=stub_card(bot, stub, content), allowed_mentions=nobody)
    except discord.NotFound:
        await bot.stubs.remove(stub.id)
        raise UserError(STUB_GONE) from None


@asynccontextmanager
async def hold(bot: Bot, stub: Stub) -> AsyncGenerator[Stub]:
    """Claims a posted stub for a change, and yields it as it is now; others have to wait.

    Raises `UserError` if somebody else is changing it, or it is gone.
    """
    if stub.id in bot.stubs.busy:
        raise UserError(STUB_BUSY)
    with in_use(bot, stub.id):
        claimed = await bot.stubs.claim(stub.id, POSTED, UNDOING, now=now())
        if claimed is None:
            raise UserError(STUB_BUSY if await bot.stubs.get(stub.id) else STUB_GONE)
        try:
            yield claimed
        finally:
            await bot.stubs.claim(stub.id, UNDOING, POSTED, now=now())


async def take_down(bot: Bot, channel: Place, stub: Stub) -> bool:
    """Erases the words of a stub, then its message; False if the words were gone already."""
    removed = await bot.stubs.remove(stub.id)
    if stub.message_id is not None and await delete_message(channel, stub.message_id):
        await bot.stubs.mark_deleted(stub.id)
    return removed is not None


async def delete_message(channel: Place, message_id: int) -> bool:
    """Deletes a message of the bot; False if Discord refuses, and then its buttons open nothing."""
    try:
        await channel.get_partial_message(message_id).delete()
    except discord.NotFound:
        return True
    except FAILED as error:
        log.warning("could not delete a message of mine: %s", type(error).__name__)
        return False
    return True


async def _withdraw(bot: Bot, channel: Place, stub: Stub, error: Exception) -> None:
    """Removes a stub that Discord refused, and its message if there is one after all.

    Raises `UserError` if that is unknown; `reconcile` finds it out later.
    """
    found = None if is_refusal(error) else await _find_posted(channel, stub)
    await bot.stubs.remove(stub.id)
    if found is not None:
        await delete_message(channel, found.id)


async def _find_posted(channel: Place, stub: Stub) -> discord.Message | None:
    try:
        return await find_message(channel, stub)
    except UnreadableError:
        raise UserError(POST_UNCERTAIN) from None
