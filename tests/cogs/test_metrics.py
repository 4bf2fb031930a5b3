"""What the metrics promise: what happened is counted, under names that nobody can make up."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest_asyncio
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from bot.ui.errors import Modal, View
from cogs.health import Health
from tests.support import ROOT
from tests.support.presses import forge, press
from tests.support.world import World

INTERACTIONS = "cliffhanger_interactions_total"


@pytest_asyncio.fixture
async def health(world: World) -> AsyncIterator[Health]:
    """The feature with a port, as HEALTH_PORT would have it."""
    await world.bot.remove_cog("Health")
    world.bot.config = replace(world.bot.config, health_port=0)
    cog = Health(world.bot)
    await world.bot.add_cog(cog)
    cog.look.seconds = 24 * 60 * 60
    with world.env._bot_scope():  # noqa: SLF001  # its clock
        await cog.look()
    yield cog
    await world.bot.remove_cog("Health")


def samples(health: Health) -> dict[str, dict[tuple[str, ...], float]]:
    """The values of each metric by its labels: command, kind and outcome, by the alphabet."""
    found = dict[str, dict[tuple[str, ...], float]]()
    for family in text_string_to_metric_families(health.metrics.page().decode()):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


def counted(health: Health) -> set[tuple[str, ...]]:
    return set(samples(health).get(INTERACTIONS, {}))


async def test_commands_presses_and_refusals_are_counted(world: World, health: Health) -> None:
    asked = await world.ann.slash(world.channel, "recap", episode="S1E1")
    await world.ann.slash(world.channel, "character", name="Nobody Such")
    await forge(world.ann, asked, "qqq|1")
    await forge(world.ann, asked, "\u2603" * 30)

    found = samples(health)
    assert set(found[INTERACTIONS]) >= {
        ("character", "command", "refused"),
        ("unknown", "press", "refused"),
    }
    assert {command for command, _, _ in found[INTERACTIONS]} == {"recap", "character", "unknown"}
    assert found["cliffhanger_interaction_seconds_count"]["command",] == 2
    assert found[INTERACTIONS]["unknown", "press", "refused"] == 2


async def test_views_and_forms_in_memory_are_counted_under_their_command(
    world: World, health: Health
) -> None:
    asked = await world.mod.slash(world.channel, "room scope", point="S1E5")
    await press(world.mod, asked, "Yes")

    presses = {one for one in counted(health) if one[1] == "press"}
    assert len(presses) == 1
    assert "unknown" not in {command for command, _, _ in presses}


def test_what_discord_py_calls_has_the_name_that_we_take_the_place_of() -> None:
    for ours in (View, Modal):
        assert {"_scheduled_task"} <= set(dir(ours.__base__))


async def test_without_a_port_nothing_is_counted(world: World) -> None:
    assert list(world.bot.registry.measures) == []


async def test_no_id_and_no_name_is_a_label(world: World, health: Health) -> None:
    await world.ann.slash(world.channel, "progress", point="S1E3")
    await world.mod.slash(world.channel, "room scope", point="S1E1")
    page = health.metrics.page().decode()
    ids = (world.ann.id, world.mod.id, world.guild.id, world.channel.id, world.bot.own_id)

    assert [id for id in ids if str(id) in page] == []
    assert "couch" not in page


async def test_what_is_asked_for_is_there(world: World, health: Health) -> None:
    await world.ann.slash(world.channel, "progress", point="S1E3")
    found = samples(health)

    for name in (
        "interactions_total",
        "interaction_seconds_bucket",
        "database_queue",
        "commit_transactions_bucket",
        "outbox_waiting",
        "outbox_settled_total",
        "gateway_latency_seconds",
        "last_event_timestamp_seconds",
        "cache_entries",
        "last_backup_timestamp_seconds",
        "disk_free_bytes",
    ):
        assert f"cliffhanger_{name}" in found, name
    assert found["process_resident_memory_bytes"][()] > 10**6
    commits = found["cliffhanger_commit_transactions_count"][()]
    assert 0 < commits <= found["cliffhanger_commit_transactions_sum"][()]
    assert found["cliffhanger_outbox_settled_total"].keys() == {
        ("sent",),
        ("failed",),
        ("unknown",),
        ("dropped",),
    }


async def test_the_manual_names_every_metric_and_no_other(world: World, health: Health) -> None:
    await world.ann.slash(world.channel, "progress", point="S1E3")
    manual = (ROOT / "docs" / "operating.md").read_text("utf-8")
    _, _, table = manual.partition("| metric | what it counts |\n")
    rows = [line.split(" | ")[0] for line in table.partition("\n\n")[0].splitlines()[1:]]
    told = {f"cliffhanger_{name}" for row in rows for name in re.findall(r"`(\w+)`", row)}
    families = text_string_to_metric_families(health.metrics.page().decode())
    kinds = {family.name: family.type for family in families}
    ours = {
        f"{name}_total" if kind == "counter" else name
        for name, kind in kinds.items()
        if name.startswith("cliffhanger_")
    }

    assert told == ours


async def test_429s_are_counted_by_scope(world: World, health: Health) -> None:
    world.bot.refusals.update({"user": 2, "proxy": 1})

    assert samples(health)["cliffhanger_rate_limited_total"] == {
        ("user",): 2,
        ("global",): 0,
        ("shared",): 0,
        ("proxy",): 1,
    }


async def test_a_part_that_fails_leaves_the_others(health: Health) -> None:
    def broken() -> Iterator[Metric]:
        yield GaugeMetricFamily("half", "half", 1)
        raise RuntimeError

    health.metrics.add(broken)
    page = [health.metrics.page() for _ in range(2)][-1]

    assert b"cliffhanger_database_queue" in page
    assert b"half" not in page
    assert samples(health)["cliffhanger_collector_failures_total"][()] >= 2


async def test_the_port_tells_how_the_bot_is(health: Health) -> None:
    url = f"http://127.0.0.1:{health.port}"
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{url}/metrics") as answer:
            assert answer.status == 200
            assert b"cliffhanger_database_queue" in await answer.read()
        async with session.get(f"{url}/health") as answer:
            text = await answer.text()
    assert text.startswith(("Well: ", "Not well: "))
    assert (answer.status == 200) is text.startswith("Well: ")


async def test_a_port_is_free_again_once_the_feature_is_unloaded(
    world: World, health: Health
) -> None:
    port: Any = health.port
    await world.bot.remove_cog("Health")
    async with aiohttp.ClientSession() as session:
        try:
            await session.get(f"http://127.0.0.1:{port}/health")
        except aiohttp.ClientConnectorError:
            return
    raise AssertionError(port)
