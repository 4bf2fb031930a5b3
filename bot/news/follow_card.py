"""The card of `/room news`: what the channels here are told, with buttons to change it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.lookups.answer import NEXT_PAGE, PAGE_NUMBER, PREVIOUS_PAGE, page_number
from bot.news.follow import FOLLOWED_PAGE, change_subscription, end_subscription, follow
from bot.news.follow_list import followed_here, is_gone, lines_of, resume, troubles_here
from bot.news.permissions import check_is_on_server
from bot.news.sample import post_sample
from bot.rooms.settings import CHANNEL_PERMISSION_NEEDED, MANAGE_CHANNELS
from bot.setup.card import back
from bot.ui.buttons import StatelessButton, id_of
from bot.ui.cards import ACCENT, PAGE, Card, answer, notice
from bot.ui.errors import UserError
from bot.ui.mentions import mention
from bot.ui.text import pages, say
from data.news.subscriptions import Subscription

if TYPE_CHECKING:
    from bot.context import Bot


FOLLOWED = "### What the channels here are told"
NO_SUBSCRIPTIONS = "No channel here follows a show yet. *Follow here* lets the one you are in."
NOTHING_PAUSED = "Nothing is paused any more."
STOP, CHANGE, TEST = "Stop", "Change", "Test"
FOLLOW_HERE, TEST_HERE, TRY_AGAIN = "Follow here", "Test here", "Try again"

MOST_PARTS = 25  # of the 40 components of a message, beside those of the card itself
LONGEST_FIRST = 1000  # characters that a card begins with


@dataclass(frozen=True, slots=True)
class _Entry:
    """Some text of the card, and the buttons below it."""

    text: str
    buttons: tuple[StatelessButton, ...] = ()

    @property
    def parts(self) -> int:
        """The components that it takes, the row of its buttons among them."""
        return 1 + (len(self.buttons) + 1 if self.buttons else 0)


class FollowedPage(StatelessButton, code=FOLLOWED_PAGE):
    """Show a page of what the channels here are told, to who may manage this channel."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (page,) = self.parts
        await tell_followed(interaction, page=page_number(page))


class StopFollowing(StatelessButton, code="ns"):
    """Stop telling a channel the news of a show."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        place, slug = self.parts
        said = await end_subscription(interaction, id_of(place), slug or None)
        await tell_followed(interaction, [said])


class ChangeFollowing(StatelessButton, code="ne"):
    """Offer to choose which news a channel is told, and to ping nobody."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        place, slug = self.parts
        await change_subscription(interaction, id_of(place), slug or None)


class PostSample(StatelessButton, code="np"):
    """Post a sample of a show's news in a channel; without parts, where it is pressed."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        place, slug = self.parts or (str(_here(interaction)), "")
        said = await post_sample(interaction, id_of(place), slug or None)
        await tell_followed(interaction, [said])


class FollowHere(StatelessButton, code="nd"):
    """Let the channel where it is pressed be told of a show."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        await follow(interaction, None, None, None, None)


class TryAgain(StatelessButton, code="nr"):
    """Tell news again wherever that is paused, now that it may work."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        _check_lists(interaction)
        paused = [one for one in await followed_here(interaction) if one.paused]
        sentences = [await resume(interaction, subscription) for subscription in paused]
        await tell_followed(interaction, [*dict.fromkeys(sentences)] or [NOTHING_PAUSED])


async def tell_followed(
    interaction: discord.Interaction[Bot], first: Sequence[str] = (), page: int = 0
) -> None:
    """Answer privately, after some `first` lines, with what the channels here are told.

    Raises `UserError` for members who may not manage the channel they are in.
    """
    _check_lists(interaction)
    found = await followed_here(interaction)
    entries = [_entry(interaction, one) for one in found]
    heading = [FOLLOWED] if found else [NO_SUBSCRIPTIONS]
    troubles = map(_Entry, await troubles_here(interaction))
    laid_out = [*_pages([*entries, *troubles])] or [[]]
    last = len(laid_out) - 1
    page = min(page, last)
    top, *more = pages(first, LONGEST_FIRST) or [""]
    begun = [_Entry("\n".join([*filter(None, [top]), *heading]))]
    ended = [_Entry(PAGE_NUMBER.format(page=page + 1, last=last + 1))] if last else []
    is_manager = interaction.permissions.manage_guild
    onward = [back()] if is_manager else []
    rows = [[*_below(found)], [*_turning(page, last)], onward]
    await answer(interaction, _card([*begun, *laid_out[page], *ended], rows))
    for text in more:
        await answer(interaction, notice(text))


def _check_lists(interaction: discord.Interaction[Bot]) -> None:
    """Raises `UserError` for members who may not manage the channel they are in."""
    check_is_on_server(interaction)
    if not interaction.permissions.manage_channels:
        here = mention(_here(interaction))
        raise UserError(say(CHANNEL_PERMISSION_NEEDED, permission=MANAGE_CHANNELS, channel=here))


def _here(interaction: discord.Interaction[Bot]) -> int:
    return interaction.channel_id or 0


def _entry(interaction: discord.Interaction[Bot], one: Subscription) -> _Entry:
    text = "\n".join(lines_of(interaction, one))
    if is_gone(interaction, one):
        return _Entry(text)  # only *Try again* takes it off
    place, slug = str(one.channel_id), one.show or ""
    stop = StopFollowing(place, slug, label=STOP)
    change = ChangeFollowing(place, slug, label=CHANGE)
    return _Entry(text, (stop, change, PostSample(place, slug, label=TEST)))


def _pages(entries: Sequence[_Entry]) -> Iterator[list[_Entry]]:
    """The entries, as many on each page as Discord takes on one message."""
    page, parts, length = list[_Entry](), 0, 0
    for entry in entries:
        parts, length = parts + entry.parts, length + len(entry.text) + 1
        if page and (parts > MOST_PARTS or length > PAGE - LONGEST_FIRST):
            yield page
            page, parts, length = [], entry.parts, len(entry.text) + 1
        page.append(entry)
    if page:
        yield page


def _below(found: Sequence[Subscription]) -> Iterator[StatelessButton]:
    yield FollowHere(label=FOLLOW_HERE)
    yield PostSample(label=TEST_HERE)
    if any(one.paused for one in found):
        yield TryAgain(label=TRY_AGAIN)


def _turning(page: int, last: int) -> Iterator[StatelessButton]:
    if page > 0:
        yield FollowedPage(str(page - 1), label=PREVIOUS_PAGE)
    if page < last:
        yield FollowedPage(str(page + 1), label=NEXT_PAGE)


def _card(entries: Sequence[_Entry], rows: Sequence[Sequence[StatelessButton]]) -> Card:
    parts = list[ui.Item[Any]]()
    for entry in entries:
        parts.append(ui.TextDisplay[Any](entry.text))
        if entry.buttons:
            parts.append(ui.ActionRow[Any](*entry.buttons))
    return Card(ui.Container(*parts, accent_colour=ACCENT), rows=rows)
