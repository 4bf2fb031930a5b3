"""Metrics for Prometheus, without the id of anybody or anything in them."""

from __future__ import annotations

import logging
import math
from bisect import bisect_left
from collections import Counter as Counts
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import discord
from prometheus_client import (
    CollectorRegistry,
    Counter,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bot.discord_api.rate_limit import NO_SCOPE, SCOPES
from bot.ui.buttons import StatelessItem
from bot.ui.custom_ids import IN_MEMORY, decode
from bot.ui.measured import outcome_of

if TYPE_CHECKING:
    from bot.context import Bot
    from bot.health.status import Status

log = logging.getLogger(__name__)

UNKNOWN = "unknown"  # whatever was forged, or belongs to an older version
KINDS = {
    discord.InteractionType.application_command: "command",
    discord.InteractionType.autocomplete: "autocomplete",
    discord.InteractionType.component: "press",
    discord.InteractionType.modal_submit: "form",
}
BY_COMMAND = {discord.InteractionType.application_command, discord.InteractionType.autocomplete}
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30)  # Discord waits for 3
GROUP_SIZES = (1, 2, 5, 10, 50, 100, 500, 1000)
SETTLED = {"sent": "sent", "dead": "failed", "unknown": "unknown", "dropped": "dropped"}
COLLECTOR_FAILED = "a part of the metrics failed, the others are told: %s"

Collect = Callable[[], Iterable[Metric]]


class Metrics:
    """All metrics of one bot. `status` is what was last seen of it, None before the first look."""

    def __init__(self, bot: Bot, status: Callable[[], Status | None]) -> None:
        disable_created_metrics()  # they would double every counter
        self._bot, self._status = bot, status
        self._commands = frozenset[str]()
        self.registry = CollectorRegistry()
        self._failures = Counter(
            "cliffhanger_collector_failures",
            "How often a part of the metrics could not be told",
            registry=self.registry,
        )
        # Counted by hand: the library's own counters cost each interaction four times as much.
        self._handled = Counts[tuple[str, str, str]]()
        self._times = {kind: [0] * (len(SECONDS) + 1) for kind in (*KINDS.values(), UNKNOWN)}
        self._seconds = dict.fromkeys(self._times, 0.0)
        for collect in (
            self._interactions,
            self._database,
            self._outbox,
            self._discord,
            self._caches,
            self._last_look,
        ):
            self.add(collect)
        self.add(ProcessCollector(registry=None).collect)

    def add(self, collect: Collect) -> None:
        """Add a part that may fail without taking the others along."""
        self.registry.register(_Guarded(collect, self._failures.inc))

    def page(self) -> bytes:
        """All metrics, in the text format of Prometheus."""
        return generate_latest(self.registry)

    def count(self, interaction: discord.Interaction[Any], seconds: float) -> None:
        """Count an interaction that was handled."""
        kind = KINDS.get(interaction.type, UNKNOWN)
        self._handled[kind, self._name(interaction), outcome_of(interaction)] += 1
        self._times[kind][bisect_left(SECONDS, seconds)] += 1
        self._seconds[kind] += seconds

    def _name(self, interaction: discord.Interaction[Any]) -> str:
        """The command, or the code of the button: one of those that the bot has."""
        if interaction.type in BY_COMMAND:
            return interaction.command.qualified_name if interaction.command else UNKNOWN
        data: Any = interaction.data or {}
        code, _ = decode(str(data.get("custom_id")))
        if StatelessItem.codes.get(code) is not None:
            return code
        name = code.removeprefix(IN_MEMORY)
        if not self._commands:  # no feature is loaded yet when this object is made
            tree = self._bot.tree
            self._commands = frozenset(one.qualified_name for one in tree.walk_commands())
        return name if name in self._commands else UNKNOWN

    def _interactions(self) -> Iterator[Metric]:
        handled = CounterMetricFamily(
            "cliffhanger_interactions",
            "Interactions that were handled; `command` is a command or the code of a button",
            labels=["kind", "command", "outcome"],
        )
        for labels, times in self._handled.items():
            handled.add_metric(labels, times)
        yield handled
        took = HistogramMetricFamily(
            "cliffhanger_interaction_seconds",
            "How long it took to handle an interaction to its end",
            labels=["kind"],
        )
        for kind, times in self._times.items():
            took.add_metric([kind], _buckets(SECONDS, accumulate(times)), self._seconds[kind])
        yield took

    def _database(self) -> Iterator[Metric]:
        db = self._bot.db
        yield GaugeMetricFamily(
            "cliffhanger_database_queue", "Transactions that wait for the disk", db.queue_length
        )
        sizes = dict(db.group_sizes)
        bounds = (*GROUP_SIZES, math.inf)
        within = (sum(sizes[size] for size in sizes if size <= bound) for bound in bounds)
        yield HistogramMetricFamily(
            "cliffhanger_commit_transactions",
            "Commits, by how many transactions each held",
            _buckets(GROUP_SIZES, within),
            sum(size * times for size, times in sizes.items()),
        )

    def _outbox(self) -> Iterator[Metric]:
        settled = CounterMetricFamily(
            "cliffhanger_outbox_settled", "Announcements, by what became of them", labels=["result"]
        )
        for state, result in SETTLED.items():
            settled.add_metric([result], self._bot.outbox.settled[state])
        yield settled

    def _discord(self) -> Iterator[Metric]:
        bot = self._bot
        latency = GaugeMetricFamily(
            "cliffhanger_gateway_latency_seconds",
            "Between a heartbeat and its answer",
            labels=["shard"],
        )
        for shard_id, seconds in bot.latencies:
            latency.add_metric([str(shard_id)], seconds)
        yield latency
        refused = CounterMetricFamily(
            "cliffhanger_rate_limited",
            "Answers of 429, by the scope of the limit",
            labels=["scope"],
        )
        for scope in (*SCOPES, NO_SCOPE):  # also those that have not been: a rate begins at 0
            refused.add_metric([scope], bot.refusals[scope])
        yield refused
        yield CounterMetricFamily(
            "cliffhanger_events_mended",
            "Events that discord.py could not read as they came",
            sum(bot.mended.values()),
        )

    def _caches(self) -> Iterator[Metric]:
        bot = self._bot
        sizes = {
            "servers": len(bot.guilds),
            "stories": bot.library.cached,
            "sheets": sum(len(lookup.sheets) for lookup in set(bot.registry.lookups.values())),
        }
        family = GaugeMetricFamily(
            "cliffhanger_cache_entries", "Entries in memory", labels=["cache"]
        )
        for cache, size in sizes.items():
            family.add_metric([cache], size)
        yield family

    def _last_look(self) -> Iterator[Metric]:
        """What `Observer` sees once a minute."""
        status = self._status()
        if status is None:
            return
        known: dict[str, tuple[str, float | None]] = {
            "looked_timestamp_seconds": ("When the bot last looked at itself", status.at),
            "connected_shards": ("Connections to Discord that stand", status.shards_up),
            "shards": ("Connections to Discord there should be", status.shards),
            "last_event_timestamp_seconds": (
                "When Discord last told something",
                status.last_event_at,
            ),
            "database_wait_seconds": ("How long the database took to answer", status.database_wait),
            "last_backup_timestamp_seconds": ("When it was last backed up", status.last_backup_at),
            "disk_free_bytes": ("Free, where it is tightest", status.disk_free),
            "disk_needed_bytes": ("Less than this is nearly full", status.disk_needed),
            "outbox_waiting": ("Announcements that wait to be sent", status.waiting),
            "outbox_late": ("Announcements that should have been sent", status.late),
        }
        for name, (told, value) in known.items():
            if value is not None:
                yield GaugeMetricFamily(f"cliffhanger_{name}", told, value)
        answered = GaugeMetricFamily(
            "cliffhanger_source_answered_timestamp_seconds",
            "When a source of shows last answered",
            labels=["source"],
        )
        for source, at in status.sources.items():
            if at is not None:
                answered.add_metric([source], at)
        yield answered


def _buckets(bounds: Sequence[float], within: Iterable[int]) -> list[tuple[str, float]]:
    """How many are within each bound, the last of which has none."""
    return list(zip([*map(str, bounds), "+Inf"], map(float, within), strict=True))


class _Guarded(Collector):
    """A part of the metrics: what fails in it is logged once, and leaves the rest readable."""

    def __init__(self, collect: Collect, failed: Callable[[], None]) -> None:
        self._collect, self._failed = collect, failed
        self._is_told = False

    def collect(self) -> Iterable[Metric]:
        try:
            return list(self._collect())
        except Exception as error:  # noqa: BLE001  # an exception here would empty the page
            self._failed()
            if not self._is_told:
                log.error(COLLECTOR_FAILED, type(error).__name__)  # noqa: TRY400  # in one line
            self._is_told = True
            return []
