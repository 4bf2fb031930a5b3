"""Covers an open message: deletes it and posts a stub in its place."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

import discord

from bot.clock import now
from bot.discord_api.history import Place, is_refusal, is_there
from bot.options.parse import last_watchable
from bot.rooms.moderators import tell_moderators
from bot.spoilers.cover_checks import (
    CoverTarget,
    check_bot_may_cover,
    edited_at,
    read_files,
    size_of,
)
from bot.spoilers.posts import in_use, post_saved, take_down
from bot.ui.cards import notice
from bot.ui.errors import FAILED, UserError
from bot.ui.mentions import link_to, mention_of
from bot.ui.text import say
from data.points import PREMISE, Point
from data.spoilers.store import (
    COVER,
    POSTED,
    POSTING,
    STANDING,
    AlreadyCoveredError,
    Content,
    HourlyLimitError,
    Stub,
)
from data.story.show import Show

if TYPE_CHECKING:
    from bot.context import Bot


NOTHING_TO_COVER_THROUGH = (
    "Nothing of {show} is out yet, so there is no point at which a cover would open."
)
COVERED_BY_OTHER = (
    "Somebody is covering that one already. If it is still there in a minute, I finish it "
    "within the hour."
)
TOO_MANY_COVERS = "That is a lot for one hour. You can cover more in {minutes} minutes."
COVER_NOT_POSTED = (
    "Discord did not take my cover, so I left that message as it is. Try once more. If it "
    "happens again, a moderator should look at my permissions here."
)
DELETE_REFUSED = (
    "Discord did not let me delete that message, so it stands as it was, uncovered. "
    "A moderator should look at my permissions here, or delete it."
)
MESSAGE_CHANGED = (
    "That message was changed meanwhile, so I left it as it is. "
    "Use the command again if it still needs a cover."
)
DELETE_UNCERTAIN = (
    "I can't say yet whether that message is gone: Discord does not answer. Its cover stands, "
    "and I look again within the hour. If you still see the message, delete it yourself."
)
LOGGED_COVER = "{by} covered what {author} wrote: {link}\n{show} through **{label}**"
LOGGED_COVER_BY_REPORTS = (
    "Several reports covered what {author} wrote: {link}\n{show} through **{label}**"
)


class CoverOutcome(Enum):
    """What happened to a message that was to be covered."""

    DONE = "the message is deleted, and the stub is in its place"
    REFUSED = "the message is still there, and there is no stub"
    CHANGED = "its author changed it; the message is still there, and there is no stub"
    UNKNOWN = "the stub is there, and Discord does not say whether the message is too"


COVER_FAILURES = {
    CoverOutcome.REFUSED: DELETE_REFUSED,
    CoverOutcome.CHANGED: MESSAGE_CHANGED,
    CoverOutcome.UNKNOWN: DELETE_UNCERTAIN,
}


async def cover(
    interaction: discord.Interaction[Bot],
    channel: Place,
    target: CoverTarget,
    show: Show,
    *,
    who: int | None,
) -> Stub:
    """Replaces a message by a stub.

    `who` is named to the moderators: a member, or None for several reports. The caller has checked
    the member with `check_may_cover` and the message with `target_of`. Raises `UserError` if it is
    not covered, which says what happened to the message.
    """
    bot = interaction.client
    check_bot_may_cover(interaction, channel)
    point = cover_point(bot, show)
    stub = Stub(
        guild_id=channel.guild.id,
        channel_id=channel.id,
        kind=COVER,
        author_id=target.author_id,
        by_id=target.by_id,
        show=show.slug,
        point=point,
        reply_to=target.reply_to,
        source_id=target.message_id,
        source_edited_at=target.edited_at,
    )
    standing = await _post_cover(bot, channel, stub, target)
    with in_use(bot, standing.id):
        check_cover_done(await finish_cover(bot, channel, standing))
    await log_cover(bot, standing, who)
    return standing


async def finish_cover(bot: Bot, channel: Place, stub: Stub) -> CoverOutcome:
    """Deletes the message that a STANDING stub covers, if it was not edited since.

    If it cannot be deleted, the stub is taken down instead, so that the two do not both stay.
    """
    assert stub.source_id is not None  # noqa: S101  # the table requires it for every cover
    original = channel.get_partial_message(stub.source_id)
    try:
        if channel.permissions_for(channel.guild.me).read_message_history:
            there = await original.fetch()
            if edited_at(there) != stub.source_edited_at:
                await take_down(bot, channel, stub)
                return CoverOutcome.CHANGED
        await original.delete()
    except discord.NotFound:
        pass
    except FAILED as error:
        stays = True if is_refusal(error) else await is_there(original)
        if stays is None:
            return CoverOutcome.UNKNOWN
        if stays:
            await take_down(bot, channel, stub)
            return CoverOutcome.REFUSED
    await bot.stubs.claim(stub.id, STANDING, POSTED, now=now())
    return CoverOutcome.DONE


def check_cover_done(done: CoverOutcome) -> None:
    """Raises `UserError` for every outcome but DONE."""
    if done is not CoverOutcome.DONE:
        raise UserError(COVER_FAILURES[done])


async def _post_cover(bot: Bot, channel: Place, stub: Stub, target: CoverTarget) -> Stub:
    try:
        saved = await _save_cover(bot, stub, target)
        return await post_saved(bot, channel, saved, Content(target.text))
    except AlreadyCoveredError:
        raise UserError(COVERED_BY_OTHER) from None
    except HourlyLimitError as error:
        raise UserError(TOO_MANY_COVERS.format(minutes=error.minutes)) from None
    except FAILED:
        raise UserError(COVER_NOT_POSTED) from None


async def _save_cover(bot: Bot, stub: Stub, target: CoverTarget) -> Stub:
    """Stores the cover of a message, with its files as soon as there is memory for them."""
    posting = replace(stub, state=POSTING)
    if not target.files:
        return await bot.stubs.save(posting, Content(target.text), now=now())
    async with bot.file_memory.share(size_of(target.files)):
        content = Content(target.text, await read_files(target.files))
        return await bot.stubs.save(posting, content, now=now())


def cover_point(bot: Bot, show: Show) -> Point:
    """The point of every cover of a show, the last that is out: a lower one could confirm a guess.

    Raises `UserError` while nothing is out, as a stub at the premise is open to everybody.
    """
    point = last_watchable(bot.library.order(show.slug))
    if point == PREMISE:
        raise UserError(say(NOTHING_TO_COVER_THROUGH, show=show.title))
    return point


async def log_cover(bot: Bot, stub: Stub, who: int | None, template: str = LOGGED_COVER) -> None:
    """Tells the moderators who covered whose message, where and through which point.

    It never says what the message was. `who` is None if several reports covered it.
    """
    if who is None:
        template = LOGGED_COVER_BY_REPORTS
    title, label = bot.library.in_words(stub.show, stub.point)
    link = link_to(stub.guild_id, stub.channel_id, stub.message_id)
    people = {"by": mention_of(who or 0), "author": mention_of(stub.author_id)}
    card = notice(say(template, **people, link=link, show=title, label=label))
    await tell_moderators(bot, stub.guild_id, card)
