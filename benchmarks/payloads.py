"""Events and objects as Discord sends them: commands, presses, forms, messages, whole servers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import discord

FIRST = 1 << 60  # an id of 2023
GUILD_SIZE = 1000  # how far the ids of two servers lie apart: channels and roles stand between
APPLICATION, ASKER, GUILD = FIRST - 2, FIRST - 1, FIRST
CHANNEL = GUILD + 1

SLASH, PRESS, COMPLETION, SUBMISSION = 2, 3, 4, 5  # types of interactions
TEXT_OPTION = 3
BUTTON = 2
EPHEMERAL, OF_COMPONENTS = 1 << 6, 1 << 15  # flags of messages
ALL = str(discord.Permissions.all().value)
JOINED = "2026-01-01T00:00:00+00:00"

Data = dict[str, Any]


def slash(command: str, **options: str) -> Data:
    """Somebody sent a slash command. Every option is a text."""
    return _command(SLASH, command, [_option(name, text) for name, text in options.items()])


def completion(command: str, option: str, typed: str, **others: str) -> Data:
    """Somebody has typed so much of an option, after filling in others."""
    filled = [_option(name, text) for name, text in others.items()]
    return _command(COMPLETION, command, [*filled, {**_option(option, typed), "focused": True}])


def press(custom_id: str, message: Data) -> Data:
    """Somebody pressed a button under a message."""
    pressed = {"custom_id": custom_id, "component_type": BUTTON}
    return {**_interaction(PRESS, pressed), "message": message}


def submission(custom_id: str, components: list[Data]) -> Data:
    """Somebody sent off a form."""
    return _interaction(SUBMISSION, {"custom_id": custom_id, "components": components})


def said_by(asker: int, event: Data) -> Data:
    """The same, from somebody else."""
    return {**event, "member": {**_member(asker), "permissions": ALL}}


def _option(name: str, text: str) -> Data:
    return {"name": name, "type": TEXT_OPTION, "value": text}


def _command(kind: int, command: str, options: list[Data]) -> Data:
    return _interaction(kind, {"id": "1", "name": command, "type": 1, "options": options})


def _interaction(kind: int, data: Data) -> Data:
    return {
        "application_id": str(APPLICATION),
        "type": kind,
        "token": "null",
        "version": 1,
        "data": data,
        "guild_id": str(GUILD),
        "guild": {"id": str(GUILD), "locale": "en-GB", "features": []},
        "channel_id": str(CHANNEL),
        "channel": {**_channel(CHANNEL, 1), "permissions": ALL},
        "member": {**_member(ASKER), "permissions": ALL},
        "app_permissions": ALL,
        "locale": "en-GB",
        "guild_locale": "en-GB",
        "entitlements": [],
        "authorizing_integration_owners": {"0": str(GUILD)},
        "context": 0,
        "attachment_size_limit": 10_485_760,
    }


def message(id: int, components: list[Data], *, is_private: bool = False) -> Data:
    """A message of the bot's."""
    return {
        "id": str(id),
        "channel_id": str(CHANNEL),
        "type": 0,
        "author": user(APPLICATION),
        "content": "",
        "components": _numbered(components, count(1)),
        "flags": OF_COMPONENTS | EPHEMERAL * is_private,
        "timestamp": JOINED,
        "edited_timestamp": None,
        "pinned": False,
        "tts": False,
        "mention_everyone": False,
        **{
            nothing: []
            for nothing in ("attachments", "embeds", "mentions", "mention_roles", "sticker_items")
        },
    }


def _numbered(components: list[Data], numbers: Iterator[int]) -> list[Data]:
    """As Discord hands components back: each with a number of its own."""
    numbered = list[Data]()
    for component in components:
        inner = component.get("components")
        more = {} if inner is None else {"components": _numbered(inner, numbers)}
        numbered.append({**component, "id": next(numbers), **more})
    return numbered


def guild(id: int, *, channels: int = 30, roles: int = 20) -> Data:
    """A server as GUILD_CREATE brings it to bots that may not see its members."""
    return {
        "id": str(id),
        "name": f"Server {id}",
        "owner_id": str(ASKER),
        "icon": "0123456789abcdef0123456789abcdef",
        "features": ["COMMUNITY", "NEWS"],
        "preferred_locale": "en-GB",
        "verification_level": 1,
        "member_count": 300,
        "large": True,
        "unavailable": False,
        "joined_at": JOINED,
        "roles": [_role(id + n, n) for n in range(roles)],  # the first is @everyone
        "channels": [_channel(id + n, n) for n in range(1, channels + 1)],
        "members": [_member(APPLICATION)],
        **{
            nothing: []
            for nothing in (
                *("emojis", "stickers", "threads", "presences", "voice_states"),
                *("stage_instances", "guild_scheduled_events", "soundboard_sounds"),
            )
        },
    }


def _channel(id: int, position: int = 0) -> Data:
    hidden = {"id": str(id - position), "type": 0, "allow": "0", "deny": "1024"}
    return {
        "id": str(id),
        "type": 0,
        "name": f"channel-{position}",
        "topic": f"What channel {position} is for",
        "position": position,
        "guild_id": str(id - position),
        "parent_id": None,
        "nsfw": False,
        "rate_limit_per_user": 0,
        "last_message_id": str(id),
        "flags": 0,
        "permission_overwrites": [hidden],
    }


def _role(id: int, position: int) -> Data:
    return {
        "id": str(id),
        "name": f"Role {position}",
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": position,
        "permissions": "2248473465835073",
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def _member(id: int) -> Data:
    return {
        "user": user(id),
        "nick": None,
        "avatar": None,
        "roles": [],
        "joined_at": JOINED,
        "deaf": False,
        "mute": False,
        "flags": 0,
    }


def user(id: int) -> Data:
    return {
        "id": str(id),
        "username": f"user{id}",
        "global_name": None,
        "discriminator": "0",
        "avatar": None,
        "bot": id == APPLICATION,
        "public_flags": 0,
    }
