"""Old names of commands: whoever still sends one is told what does it now."""

from __future__ import annotations

from discord import app_commands

from bot.ui.command_names import NAMED
from bot.ui.custom_ids import in_memory
from bot.ui.errors import OUT_OF_DATE
from bot.ui.renamed_commands import RENAMED, renamed
from tests.support.answers import text
from tests.support.presses import forge, use_old
from tests.support.world import World, leaves

# Every slash command of version 0.2.0.
OLD = """
character, help, party cancel, party change, party list, party plan, privacy export,
privacy forget, privacy show, progress export, progress forget, progress import, progress set,
progress show, recap, renewal channel, renewal editors add, renewal editors list,
renewal editors remove, renewal follow, renewal history, renewal list, renewal remind,
renewal report correct, renewal report enter, renewal report list, renewal report retract,
renewal status, renewal test, renewal unfollow, room clear, room default, room helpers add,
room helpers list, room helpers remove, room keep, room list, room log, room preview, room pulse,
room reports, room scope, room style, show add, show changes, show default, show export, show info,
show list, show remove, show request, show review, show write alias, show write character,
show write fact, show write recap, spoiler inbox, spoiler write, threads
"""
NAMES = " ".join(OLD.split()).split(", ")


def here(world: World) -> set[str]:
    return set(leaves(world.bot))


async def test_every_old_name_works_or_leads_to_a_command_that_does(world: World) -> None:
    known = here(world)
    gone = [name for name in NAMES if name not in known]

    assert len(NAMES) == 59
    assert set(RENAMED) <= set(NAMES)
    for name in gone:
        named = {found[1] for found in NAMED.finditer(renamed(name) or "")}
        assert named, name
        assert named <= known, name


async def test_whoever_sends_an_old_name_is_told_the_new_one(world: World) -> None:
    gone = [name for name in NAMES if name not in here(world)]
    world.forgiven.append(app_commands.CommandNotFound)

    assert gone
    for name in gone:
        assert str(renamed(name)) in text(await use_old(world.ann, world.channel, name))


async def test_a_command_that_never_was_is_out_of_date(world: World) -> None:
    world.forgiven.append(app_commands.CommandNotFound)

    assert OUT_OF_DATE in text(await use_old(world.ann, world.channel, "weather"))
    assert OUT_OF_DATE in text(await use_old(world.ann, world.channel, "progress weather"))


async def test_a_command_that_is_a_group_now_is_out_of_date(world: World) -> None:
    world.forgiven.append(app_commands.CommandSignatureMismatch)

    assert OUT_OF_DATE in text(await use_old(world.ann, world.channel, "room"))


async def test_while_somebody_types_an_old_command_nothing_is_said(world: World) -> None:
    world.forgiven.append(app_commands.CommandNotFound)

    typed = await use_old(world.ann, world.channel, "progress set", is_typing=True)

    assert not typed.acknowledged


async def test_what_an_old_command_left_open_leads_to_the_new_one(world: World) -> None:
    told = await world.ann.slash(world.channel, "help")

    pressed = await forge(world.ann, told, in_memory("spoiler write", "gone"))
    assert str(renamed("spoiler write")) in text(pressed)
