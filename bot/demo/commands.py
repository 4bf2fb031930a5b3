"""Which commands somebody may use in the demo, and what they ask for; all from the bot's tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import discord
from simcord import ChannelHandle, MemberActor

from bot.context import Bot
from bot.demo.markdown import Node

_NESTED = {1, 2}  # types of options that are subcommands and groups of them
_KINDS = {
    3: "text",
    4: "whole",
    5: "check",
    6: "user",
    7: "channel",
    8: "role",
    9: "role",
    10: "number",
    11: "file",
}


def available(bot: Bot, person: MemberActor, channel: ChannelHandle) -> list[Node]:
    """The commands that this person is offered in this room."""
    names = set(person.available_commands(channel))
    return [leaf for leaf in leaves(bot, person.guild.id) if leaf["name"] in names]


def leaf_named(bot: Bot, guild_id: int, name: str, option: str = "") -> Node | None:
    """The command of this name, or the first of a group of this name; it has the option."""
    for leaf in leaves(bot, guild_id):
        is_named = leaf["name"] == name or leaf["name"].startswith(f"{name} ")
        if is_named and (not option or any(one["name"] == option for one in leaf["options"])):
            return leaf
    return None


def message_menus(bot: Bot) -> list[str]:
    """The names of what stands under *Apps* on a message."""
    return [menu.name for menu in bot.tree.get_commands(type=discord.AppCommandType.message)]


def leaves(bot: Bot, guild_id: int) -> Iterator[Node]:
    """Every slash command that can be sent, with its options."""
    guild = discord.Object(guild_id)
    for command in (*bot.tree.get_commands(), *bot.tree.get_commands(guild=guild)):
        told: dict[str, Any] = command.to_dict(bot.tree)
        if told.get("type", 1) == discord.AppCommandType.chat_input.value:
            yield from _leaves(told, told["name"])


def _leaves(command: Mapping[str, Any], name: str) -> Iterator[Node]:
    options: list[dict[str, Any]] = command.get("options") or []
    nested = [option for option in options if option["type"] in _NESTED]
    for option in nested:
        yield from _leaves(option, f"{name} {option['name']}")
    if not nested:
        asked = [_option(option) for option in options]
        yield {"name": name, "about": command["description"], "options": asked}


def _option(option: Mapping[str, Any]) -> Node:
    choices = [
        {"label": choice["name"], "value": choice["value"]}
        for choice in option.get("choices") or ()
    ]
    return {
        "name": option["name"],
        "about": option["description"],
        "kind": _KINDS[option["type"]],
        "required": bool(option.get("required")),
        "completes": bool(option.get("autocomplete")),
        "choices": choices,
    }
