"""Watch parties that people plan and begin in a world."""

from __future__ import annotations

from typing import Any

from data.parties.party import Party
from tests.support.answers import labels, shown, text
from tests.support.presses import fill, forge, press
from tests.support.world import World, posted

SHOW, HOUR = "hit-and-run", 3600


async def planned(world: World, member: Any = None, **given: Any) -> Party:
    """A party of Ann's, if nobody else plans it; its card stands."""
    asked = {"episodes": "S1E4", "when": "in 20 minutes", **given}
    answer = await (member or world.ann).slash(world.channel, "party plan", **asked)
    await press(member or world.ann, answer, "Post it")
    await world.env.advance_time(5)
    return world.bot.parties.list(world.guild.id)[-1]


async def end(member: Any, clock: Any) -> Any:
    """Press *The end*, and be sure of it where that is asked."""
    asked = await press(member, clock, "The end")
    sure = "Yes, it is over"
    return await press(member, asked, sure) if sure in labels(asked) else asked


def card(world: World, label: str) -> Any:
    """The newest of our messages with such a button."""
    found = [m for m in posted(world) if any(one.startswith(label) for one in labels(m))]
    return max(found, key=lambda message: message.id)


def invitation(world: World) -> Any:
    """The newest card on which people join."""
    return max((m for m in posted(world) if "Watch party:" in text(m)), key=lambda it: it.id)


async def begun(world: World, *here: Any, **given: Any) -> Party:
    """A party that is on; its host and those others have said that they are there."""
    party = await planned(world, **given)
    await world.env.advance_time(21 * 60)
    for member in (world.ann, *here):
        await press(member, card(world, "Start"), "I'm here")
    await press(world.ann, card(world, "Start"), "Start")
    await world.env.advance_time(12)
    return current(world, party)


def current(world: World, party: Party) -> Party:
    found = world.bot.parties.get(party.id)
    assert found is not None
    return found


async def changed(world: World, member: Any, party: Party, **fields: str) -> Any:
    """Press *Change* in the list of parties, and fill in the form, if one opens."""
    form = await _pressed_in_list(world, member, "pm", party)
    return form if form.modal is None else await fill(member, form, **fields)


async def asked_to_cancel(world: World, member: Any, party: Party) -> Any:
    """Press *Cancel* in the list of parties."""
    return await _pressed_in_list(world, member, "pl", party)


async def _pressed_in_list(world: World, member: Any, code: str, party: Party) -> Any:
    """Press a button beside a party; whoever is offered none forges it."""
    listed = await member.slash(world.channel, "party list")
    wanted = f"{code}|{party.id}"
    if any(part.get("custom_id") == wanted for part in shown(listed)):
        return await member.click(listed.response, custom_id=wanted)
    return await forge(member, listed, wanted)
