"""Payloads of the gateway in the shape that discord.py can parse: what lacks is filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from discord import ChannelType

Payload = dict[str, Any]  # as it was decoded: nothing about it is sure

HIDDEN = 1 << 17  # the flag of a channel that the bot may not view
# Never known by its name, `___hidden___`: a server may call a channel so.

_TYPES = frozenset(kind.value for kind in ChannelType)
_VOICE = (ChannelType.voice.value, ChannelType.stage_voice.value)
_THREADS = (
    ChannelType.news_thread.value,
    ChannelType.public_thread.value,
    ChannelType.private_thread.value,
)
_LISTS = ("available_tags", "permission_overwrites")  # discord.py takes none, but no null
_OF_ANY: Payload = {"name": "", "position": 0}
_OF_VOICE: Payload = {"bitrate": 64000, "user_limit": 0}
_OF_THREADS: Payload = {"name": "", "owner_id": "0", "message_count": 0, "member_count": 0}
_METADATA: Payload = {
    "archived": False,
    "auto_archive_duration": 1440,
    "archive_timestamp": "2015-01-01T00:00:00+00:00",  # the moment from which Discord counts ids
}


def mend(event: str, data: Payload) -> list[str]:
    """Fill in what discord.py needs of a payload; what was mended, without anybody's words."""
    mending = _MENDING.get(event)
    return list(mending(data)) if mending else []


def is_hidden(channel: Payload) -> bool:
    return bool(int(channel.get("flags") or 0) & HIDDEN)


def channels_of(event: str, data: Payload) -> list[Payload]:
    """The channels that a payload describes whole."""
    return list(data.get("channels") or ()) if event == "GUILD_CREATE" else [data]


def _fill(data: Payload, wanted: Payload) -> Iterator[str]:
    for name, value in wanted.items():
        if data.get(name) is None:
            data[name] = value
            yield f"{name} of a channel of type {data.get('type')}"


def _channel(data: Payload) -> Iterator[str]:
    yield from _fill(data, _OF_ANY | (_OF_VOICE if data.get("type") in _VOICE else {}))
    for name in _LISTS:
        if name in data and data[name] is None:
            yield from _fill(data, {name: []})


def _thread(data: Payload) -> Iterator[str]:
    yield from _fill(data, _OF_THREADS)


def _either(data: Payload) -> Iterator[str]:
    yield from (_thread if data.get("type") in _THREADS else _channel)(data)


def _guild(data: Payload) -> Iterator[str]:
    yield from _each(data, "channels", ("id", "type"), _channel)
    yield from _threads_in(data)


def _threads_in(data: Payload) -> Iterator[str]:
    yield from _each(data, "threads", ("id", "type", "parent_id", "thread_metadata"), _thread)


def _each(
    data: Payload, key: str, needed: tuple[str, ...], mending: Callable[[Payload], Iterator[str]]
) -> Iterator[str]:
    """Mend each entry of a list; those without what cannot be invented are left out."""
    entries: list[Payload] = data.get(key) or []
    whole = [one for one in entries if all(one.get(name) is not None for name in needed)]
    if len(whole) < len(entries) or data.get(key, entries) is None:
        data[key] = whole
        yield f"{key} that cannot be read"
    for entry in whole:
        yield from mending(entry)


def _interaction(data: Payload) -> Iterator[str]:
    """Mend where it was used, and what was picked in an option."""
    place: Payload | None = data.get("channel")
    inner: Payload = data.get("data") or {}
    resolved: Payload = inner.get("resolved") or {}
    if place is not None and data.get("guild_id"):
        yield from _place(place)
    picked: dict[str, Payload] = resolved.get("channels") or {}
    for one in picked.values():
        yield from _fill(one, {"permissions": "0"})
        if one.get("type") in _THREADS:
            yield from _thread(one)
            yield from _fill(one, {"thread_metadata": _METADATA})


def _place(place: Payload) -> Iterator[str]:
    """Mend the channel of an interaction, which says where it was used where the cache does not.

    A kind that discord.py does not know is read as text: else the channel, and so all that is
    set for it, would be unknown. A thread keeps its parent, and with it the parent's settings.
    """
    if place.get("type") not in _TYPES:
        yield f"the type {place.get('type')} of a channel"
        place["type"] = ChannelType.text.value
    yield from _either(place)
    if place["type"] in _THREADS:
        yield from _fill(place, {"thread_metadata": _METADATA})


_MENDING: dict[str, Callable[[Payload], Iterator[str]]] = {
    "GUILD_CREATE": _guild,
    "CHANNEL_CREATE": _channel,
    "CHANNEL_UPDATE": _channel,
    "THREAD_CREATE": _thread,
    "THREAD_UPDATE": _thread,
    "THREAD_LIST_SYNC": _threads_in,
    "INTERACTION_CREATE": _interaction,
}
