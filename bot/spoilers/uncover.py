"""Undoes a cover: puts its words back into the channel, and then takes the stub down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.discord_api.history import Place, UnreadableError, history, is_refusal, items
from bot.discord_api.permissions import (
    check_may_post,
    check_not_timed_out,
    member_permissions_in,
    missing_to_post,
)
from bot.rooms.moderators import is_trusted
from bot.spoilers.files import STUB_KEY_LOST, Attached, attached_to
from bot.spoilers.posts import STUB_FROM, delete_message, hold, reference_to, take_down
from bot.spoilers.reveal import STUB_GONE, reader_of_stub
from bot.ui.buttons import StatelessButton, id_of
from bot.ui.cards import Card, answer, notice
from bot.ui.command_names import Words
from bot.ui.custom_ids import CustomId, of_item
from bot.ui.errors import FAILED, UserError, permission_names
from bot.ui.mentions import mention_of
from bot.ui.text import say, split
from bot.ui.words import PIECE
from data.spoilers.store import COVER, Content, Stub

if TYPE_CHECKING:
    from bot.context import Bot


COVER_NOT_UNDONE = (
    "Discord did not take it, so the cover stays as it was. Try once more; if it happens again, "
    "a moderator should look at my permissions here. If the words are here all the same, "
    "*Delete* on them takes them away."
)
COVER_IS_REWRITTEN = "Its author has changed it since, so it stays sealed."
NOT_YOUR_COVER = "Only those who covered it and moderators ({permission}) can undo a cover."
DELETE_LABEL, WORDS_DELETED = "Delete", "Deleted."
NOT_YOUR_WORDS = "Only the author of these words and the moderators can delete them."
WORDS_NOT_DELETED = "Discord did not let me delete it. Try once more."
UNDO_NOT_REACHED = (
    "Undoing it shows its words to everybody here. So you need to have watched through "
    "**{label}** of {show} yourself."
)
BOT_MAY_NOT_PUT_BACK = (
    "I can't put that back: I need {permissions} in this channel. The cover stays as it was."
)

DELETE_WORDS_PARTS = 3  # in the custom_id of `DeleteWords`: author, stub, number of the message


def check_may_undo(interaction: discord.Interaction[Bot], stub: Stub) -> None:
    """Raises `UserError` unless the member may undo the cover.

    The coverer may, if they may still cover: they have read it. A moderator must have watched that
    far. Authors who covered their own words must be allowed to write in the channel.
    """
    user, is_coverer = interaction.user, stub.by_id == interaction.user.id
    is_own = is_coverer and stub.author_id == user.id
    moderates = member_permissions_in(interaction, stub.channel_id).manage_messages
    may = moderates or is_own or (is_coverer and is_trusted(interaction.client, user))
    if stub.kind != COVER or not may:
        names = permission_names(["manage_messages"])
        raise UserError(NOT_YOUR_COVER.format(permission=names))
    if stub.is_rewritten:
        raise UserError(COVER_IS_REWRITTEN)
    if is_own:
        check_may_post(interaction)
    if not is_coverer and not reader_of_stub(interaction, stub)[1]:
        title, label = interaction.client.library.in_words(stub.show, stub.point)
        raise UserError(say(UNDO_NOT_REACHED, label=label, show=title))


def check_bot_may_post(interaction: discord.Interaction[Bot], *, has_files: bool) -> None:
    """Raises `UserError` unless the bot may post words, and files if there are any, here."""
    more = ["attach_files"] if has_files else []
    if missing := missing_to_post(interaction.channel, interaction.app_permissions, *more):
        raise UserError(BOT_MAY_NOT_PUT_BACK.format(permissions=permission_names(missing)))


async def put_back(bot: Bot, channel: Place, stub: Stub) -> discord.Message:
    """Posts the words of a cover, then takes the stub down; returns the first message.

    The stub is held meanwhile, so that nobody rewrites it or undoes it a second time. Raises
    `UserError` if the words cannot be posted, and then the stub stays.
    """
    async with hold(bot, stub) as now_there:
        sent = await _post_openly(bot, channel, now_there)
        if not await take_down(bot, channel, now_there):  # the author had it erased meanwhile
            await _delete_all(channel, sent)
            raise UserError(STUB_GONE)
    return sent[0]


async def _post_openly(bot: Bot, channel: Place, stub: Stub) -> list[discord.Message]:
    """Posts a cover's words and files; if Discord refuses a part, all of it is deleted again."""
    if stub.is_rewritten:
        raise UserError(COVER_IS_REWRITTEN)
    content = await _content(bot, stub)
    if not content.files:
        return await _post_pieces(channel, stub, content.text, Attached())
    async with attached_to(bot, stub) as attached:
        return await _post_pieces(channel, stub, content.text, attached)


async def _post_pieces(
    channel: Place, stub: Stub, text: str, attached: Attached
) -> list[discord.Message]:
    """Posts words in as many messages as they need, the files with the last one."""
    pieces, sent = split(text, PIECE), list[discord.Message]()
    for number, piece in enumerate(pieces, start=1):
        files = attached if number == len(pieces) else Attached()
        try:
            sent.append(await _send(channel, stub, number, piece, files))
        except FAILED as error:
            found = None if is_refusal(error) else await _find_sent(channel, stub, number)
            if found is None:
                await _delete_all(channel, sent)
                raise UserError(COVER_NOT_UNDONE) from None
            sent.append(found)
    return sent


async def _delete_all(channel: Place, messages: Sequence[discord.Message]) -> None:
    for message in messages:
        await delete_message(channel, message.id)


async def _find_sent(channel: Place, stub: Stub, number: int) -> discord.Message | None:
    """The message that Discord posted although it answered with an error, or None."""
    try:
        return await find_words(channel, stub, number)
    except UnreadableError:
        return None


async def find_words(channel: Place, stub: Stub, number: int = 1) -> discord.Message | None:
    """The message with a stub's words that were put back, or None.

    Raises `UnreadableError` if the history cannot be read.
    """
    wanted = CustomId(DeleteWords.code, (str(stub.author_id), str(stub.id), str(number)))
    assert stub.message_id is not None  # noqa: S101  # only a posted stub has words to put back
    async for message in history(channel, discord.Object(stub.message_id)):
        if wanted in map(of_item, items(message)):
            return message
    return None


def words_put_back(message: discord.Message) -> tuple[int, str] | None:
    """The author and the words of a message that puts words back; None for another message."""
    texts, author_id = list[str](), None
    for item in items(message):
        if isinstance(item, ui.TextDisplay):
            texts.append(item.content)
        author_id = author_id or _author_in(of_item(item))
    return None if author_id is None else (author_id, "".join(texts[1:]))


def _author_in(custom_id: CustomId) -> int | None:
    """The author in the custom_id of a `DeleteWords` button; None for another one."""
    if custom_id.code != DeleteWords.code or len(custom_id.parts) != DELETE_WORDS_PARTS:
        return None
    return id_of(custom_id.parts[0]) or None


class DeleteWords(StatelessButton, code="ce"):
    """Delete words that were put back; their author cannot delete a message of the bot."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        message, channel = interaction.message, interaction.channel
        found = words_put_back(message) if message else None
        if message is None or found is None or not isinstance(channel, Place):
            raise ValueError
        check_not_timed_out(interaction)
        if interaction.user.id != found[0] and not interaction.permissions.manage_messages:
            raise UserError(NOT_YOUR_WORDS)
        if not await delete_message(channel, message.id):
            raise UserError(WORDS_NOT_DELETED)
        await answer(interaction, notice(WORDS_DELETED))


async def _send(
    channel: Place, stub: Stub, number: int, words: str, attached: Attached
) -> discord.Message:
    heading = ui.TextDisplay[Any](say(STUB_FROM, who=mention_of(stub.author_id)))
    told = [Words(words)] if words else []
    button = DeleteWords(str(stub.author_id), str(stub.id), str(number), label=DELETE_LABEL)
    card = Card(heading, *told, *attached.parts, rows=[[button]])
    nonce = f"{stub.id}-{number}"  # Discord takes a repetition within minutes as the same message
    reference = reference_to(channel, stub)
    if reference is None:
        return await channel.send(view=card, files=attached.uploads, nonce=nonce)
    return await channel.send(view=card, files=attached.uploads, nonce=nonce, reference=reference)


async def _content(bot: Bot, stub: Stub) -> Content:
    """The content of a cover with empty files. Raises `UserError` if it is gone or has no key."""
    found = await bot.stubs.read(stub.id)
    if found is None:
        raise UserError(STUB_GONE)
    if found[1] is None:
        raise UserError(STUB_KEY_LOST)
    return found[1]
