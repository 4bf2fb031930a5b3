"""What the health feature promises an operator: the command says how the running bot is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.clock import machine_now, now
from bot.health import status_file
from bot.upkeep import LAST_BACKUP
from data.outbox import Post
from tests.support.world import BEGUN, World

MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60


def told(world: World) -> tuple[bool, str]:
    """What the file says of the bot, at the moment that the simulation has."""
    with world.env._bot_scope():  # noqa: SLF001  # its clock
        moment = now()
    return status_file.read(status_file.path_beside(world.bot.config.database_path), moment)


async def look(world: World) -> None:
    """Let it look now; by itself it does so daily in a simulation."""
    cog: Any = world.bot.get_cog("Health")
    with world.env._bot_scope():  # noqa: SLF001  # its clock
        await cog.look()


@pytest.mark.parametrize("jump", [-DAY, 400 * DAY])
async def test_a_wrong_clock_makes_no_bot_unwell(world: World, jump: int) -> None:
    world.jump(jump)
    await look(world)

    with world.env._bot_scope():  # noqa: SLF001  # its clock
        moment = machine_now()
    file = status_file.path_beside(world.bot.config.database_path)
    is_well, line = status_file.read(file, moment)

    assert is_well, line


async def test_a_running_bot_is_well_and_says_so_every_minute(world: World) -> None:
    cog: Any = world.bot.get_cog("Health")
    cog.look.seconds = MINUTE
    cog.look.cancel()
    with world.env._bot_scope():  # noqa: SLF001  # no public door
        cog.look.start()
    await world.env.advance_time(10 * MINUTE)
    is_well, line = told(world)

    assert is_well, line
    assert line.startswith("Well: connected, last event ")
    assert "in the queue, backup" in line
    assert "of disk free" in line


async def test_the_command_reads_what_the_bot_wrote(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: Any, tmp_path: Path
) -> None:
    """Its own clock is years after that of the simulation, so the bot seems to hang."""
    monkeypatch.setenv("DATABASE_PATH", str(world.bot.config.database_path))
    monkeypatch.chdir(tmp_path)

    assert main(["health"]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("Not well: it has not looked after itself for ")


async def test_a_bot_that_was_stopped_is_not_well(world: World) -> None:
    await world.bot.close()

    is_well, line = told(world)
    assert not is_well
    assert "does not run" in line


async def test_a_file_that_cannot_be_written_is_one_line_in_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    cog: Any = world.bot.get_cog("Health")
    cog.file = cog.file / "no folder"
    await look(world)

    (line,) = [one for one in caplog.records if one.name == "cogs.health"]
    assert line.exc_info is None
    assert cog.status is not None


async def test_backups_that_fail_are_told(world: World) -> None:
    world.bot.config.backup_path.parent.mkdir(exist_ok=True)
    world.bot.config.backup_path.write_text("a file where the folder should be")
    await world.bot.db.remember(LAST_BACKUP, str(BEGUN - 25 * HOUR))
    await look(world)
    assert told(world)[0]
    await world.env.advance_time(2 * HOUR)
    await look(world)

    is_well, line = told(world)
    assert not is_well
    assert line.startswith("Not well: the last backup is ")


async def test_the_backlog_counts_what_waits_and_what_is_late(world: World) -> None:
    bot = world.bot
    for number, due_at in enumerate((100, 100 + HOUR, 100 + 3 * HOUR)):
        post = Post("nothing", f"{number}/x", world.guild.id, world.channel.id, due_at)
        await bot.outbox.post(post, now=100)

    late = [await bot.outbox.backlog(now=100 + hours * HOUR, late=1800) for hours in range(5)]

    assert [one.waiting for one in late] == [3] * 5
    assert [one.late for one in late] == [0, 1, 2, 2, 3]
