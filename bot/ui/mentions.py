"""Members, channels and messages as Discord turns them into links."""

from __future__ import annotations

from bot.ui.text import Markup


def mention(channel_id: int) -> Markup:
    return Markup(f"<#{channel_id}>")


def mention_of(user_id: int) -> Markup:
    """A member's name as Discord shows it; nobody is pinged by it."""
    return Markup(f"<@{user_id}>")


def link_to(guild_id: int, channel_id: int, message_id: int | None) -> Markup:
    """The way to a message, for those who can see it."""
    return Markup(f"https://discord.com/channels/{guild_id}/{channel_id}/{message_id}")
