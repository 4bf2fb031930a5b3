"""What people do with an answer, and what no client would let them do."""

from __future__ import annotations

from typing import Any

import simcord
from simcord import actors, interactions

from tests.support.answers import shown

SUBCOMMAND, GROUP = 1, 2  # Discord's numbers for these kinds of options
SELECT = 3  # Discord's number for a select of strings


async def choose(member: simcord.MemberActor, result: Any, label: str) -> Any:
    """Choose the option called `label` in the answer's select."""
    message = getattr(result, "response", result)
    select = next(part for part in shown(result) if part.get("options"))
    value = next(o["value"] for o in select["options"] if o["label"] == label)
    return await member.select(message, [value], custom_id=select["custom_id"])


async def forge(member: simcord.MemberActor, result: Any, forged: str, *values: str) -> Any:
    """Press, on the answer, a button or select with any custom_id and values one can think of."""
    stored = member._env.backend.get_message(  # noqa: SLF001  # no client lets anybody do this
        result.response.channel_id, result.response.id
    )
    item: dict[str, Any] = {"type": 2, "style": 2, "label": "Forged", "custom_id": forged}
    if values:
        options = [{"label": "Forged", "value": value or "-"} for value in values]
        item = {"type": 3, "custom_id": forged, "options": options}
    # discord.py looks for the pressed item in the message, so it has to be there.
    stored.components = [*stored.components, {"type": 1, "components": [item]}]
    data: dict[str, Any] = {"custom_id": forged, "component_type": item["type"]}
    if values:
        data["values"] = list(values)
    return await simcord.actors._component_interaction(member, stored, data)  # noqa: SLF001


async def use_old(
    member: Any,
    channel: simcord.ChannelHandle,
    name: str,
    *,
    is_typing: bool = False,
) -> Any:
    """Use a command, or type it, as a client does whose list of commands is out of date."""
    root, *path = name.split()
    inner = list[dict[str, Any]]()
    for at, part in enumerate(reversed(path)):
        inner = [{"name": part, "type": GROUP if at else SUBCOMMAND, "options": inner}]
    data = {"id": "1", "name": root, "type": 1, "options": inner}
    kind = 4 if is_typing else 2
    return await actors._dispatch_actor_interaction(member, kind, channel, data)  # noqa: SLF001


def picked(actor: Any, channel_id: int, handles: list[Any]) -> dict[str, Any]:
    """What Discord tells of members, roles or channels that were chosen in a select."""
    resolved = dict[str, dict[str, Any]]()
    for handle in handles:
        interactions.resolve_handle(actor, handle, resolved, channel_id=channel_id)
    return {"values": [str(handle.id) for handle in handles], "resolved": resolved}


async def fill(member: simcord.MemberActor, form: Any, **values: str) -> Any:
    """Fill in a form by the first words of its labels (`through` for "Through which …?")."""
    given = dict[str, Any]()
    for labelled in form.modal["components"]:
        part = labelled["component"]
        value = values.get(labelled["label"].casefold().split()[0]) or _preset(part)
        if value:
            given[part["custom_id"]] = [value] if part["type"] == SELECT else value
    return await member.submit_modal(form, given)


def _preset(part: dict[str, Any]) -> str:
    chosen = (option["value"] for option in part.get("options", ()) if option.get("default"))
    return part.get("value") or next(chosen, "")


def preset(form: Any, label: str) -> str:
    """What a form's field holds when it is opened."""
    part = next(p for p in form.modal["components"] if p["label"].startswith(label))["component"]
    return _preset(part)


async def press(member: simcord.MemberActor, result: Any, label: str) -> Any:
    """Press the button whose label begins like `label`."""
    message = getattr(result, "response", result)
    found = next(part for part in shown(result) if part.get("label", "").startswith(label))
    return await member.click(message, custom_id=found["custom_id"])


async def slash_and_press(
    member: simcord.MemberActor, channel: simcord.ChannelHandle, command: str, *labels: str
) -> Any:
    """Use a command, and press the buttons with such labels, one below the answer of the other."""
    told = await member.slash(channel, command)
    for label in labels:
        told = await press(member, told, label)
    return told


async def invoke(  # noqa: PLR0913, PLR0917  # all that Discord tells of a command
    actor: Any,
    channel: simcord.ChannelHandle,
    root: dict[str, Any],
    path: list[str],
    options: dict[str, Any],
    focused: str | None = None,
) -> Any:
    """Use (or with `focused`, go on typing) a command, even one that this client would not show.

    Returns the simulation's own record of the interaction.
    """
    leaf, nesting = interactions.walk_to_subcommand(root, path)
    typed = {name: value for name, value in options.items() if name != focused}
    built, resolved = interactions.build_options(
        actor, root["name"], leaf, typed, partial=focused is not None, channel_id=channel.id
    )
    if focused is not None:
        built.append({"name": focused, "type": 3, "value": options[focused], "focused": True})
    data = {"id": root["id"], "name": root["name"], "type": 1}
    data["options"] = interactions.nest_options(root, nesting, built)
    if resolved:
        data["resolved"] = resolved
    return await interact(actor, channel, 2 if focused is None else 4, data)


async def interact(  # noqa: PLR0913, PLR0917  # all that Discord tells of it
    actor: Any,
    channel: simcord.ChannelHandle,
    kind: int,
    data: dict[str, Any],
    message: dict[str, Any] | None = None,
    changed: dict[str, Any] | None = None,
) -> Any:
    """Send any interaction, also one that no client would; `message` is where it was pressed.

    `changed` takes the place of what the simulation says of it.
    """
    result = await actors._dispatch_actor_interaction(  # noqa: SLF001  # actors forge nothing
        actor,
        kind,
        channel,
        data,
        extra=({"message": message} if message else {}) | (changed or {}),
        source_message_id=int(message["id"]) if message else None,
    )
    return result._interaction  # noqa: SLF001  # the record beneath the result


async def pick(
    member: simcord.MemberActor, place: Any, command: str, picked: Any, **options: str
) -> Any:
    """Use a command with a channel that its option does not offer, as only a forger could."""
    backend = member._env.backend  # noqa: SLF001  # no client lets anybody do this
    root, leaf = command.split()
    given: list[dict[str, Any]] = [{"name": "channel", "type": 7, "value": str(picked.id)}]
    given += [{"name": name, "type": 3, "value": value} for name, value in options.items()]
    held = backend.compute_permissions(place.guild.id, member.id, picked.id)
    channel = {"id": str(picked.id), "name": picked.name, "permissions": str(held)}
    channel["type"] = int(backend.get_channel(picked.id).type)
    data: dict[str, Any] = {"id": "1", "name": root, "type": 1}
    data["options"] = [{"name": leaf, "type": 1, "options": given}]
    data["resolved"] = {"channels": {str(picked.id): channel}}
    return await actors._dispatch_actor_interaction(member, 2, place, data)  # noqa: SLF001
