"""How the bot is at one moment: what is wrong with it, and all of it in one line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.upkeep import BACKUP_INTERVAL
from data.points import HOUR

MINUTE = 60
LOOKED_AT_LATEST = 3 * MINUTE  # seconds; it is looked every minute
AWAY_AT_MOST = 2 * MINUTE  # seconds without Discord; a new connection takes one
WAIT_AT_MOST = 30.0  # seconds for the database
BACKUP_OVERDUE = BACKUP_INTERVAL + 2 * HOUR  # seconds; it is tried every hour
UNDISTURBED = 2 * HOUR  # seconds that a new bot has for its first backup
STUCK_AFTER = HOUR // 2  # seconds

WELL, NOT_WELL = "Well: {facts}.", "Not well: {faults}. {facts}."
NOT_LOOKED = "it has not looked after itself for {age}, so it hangs or was stopped"
FROM_AHEAD = "its last look lies {age} ahead of this machine's clock, which was set back"
AWAY, SLOW = "not connected to Discord for {age}", "the database takes {seconds:.0f} s to answer"
NO_BACKUP, BACKUP_OLD = "no backup was made", "the last backup is {age} old"
DISK_FULL = "the disk has {free} left and needs {needed}"
STUCK = "announcing has stopped, {late} announcements are late"
CONNECTED, PARTLY = "connected", "{up} of {shards} connections to Discord"
EVENT, NO_EVENT = "last event {age} ago", "no event yet"
QUEUE, BACKUP, WITHOUT_BACKUP = "{queue} in the queue", "backup {age} ago", "no backup yet"
FREE, FREE_UNKNOWN = "{free} of disk free", "the disk does not answer"
ANSWERED, UNANSWERED = "{source} answered {age} ago", "{source} has not answered yet"


@dataclass(frozen=True, slots=True)
class Status:
    """What was seen at the moment `at`; moments in UTC epoch seconds, sizes in bytes.

    `steady_since`: all connections to Discord stand since then; `away_since`: not all do. `late`
    counts the announcements that should have been told half an hour ago.
    """

    at: int
    started_at: int
    shards: int = 1
    shards_up: int = 0
    steady_since: int | None = None
    away_since: int | None = None
    last_event_at: int | None = None
    queue: int = 0
    database_wait: float = 0.0  # seconds
    last_backup_at: int | None = None
    disk_free: int | None = None
    disk_needed: int = 0
    waiting: int = 0
    late: int = 0
    last_sent_at: int | None = None
    sources: Mapping[str, int | None] = field(default_factory=dict[str, int | None])
    clock_off: int = 0  # seconds from what this machine says to what the bot goes by

    @property
    def is_backup_failing(self) -> bool | None:
        """Whether no backup was made in time; None while it is too early to say."""
        last = self.last_backup_at
        if last is not None and self.at - last <= BACKUP_OVERDUE:
            return False
        return True if self.at - self.started_at >= UNDISTURBED else None

    @property
    def is_disk_nearly_full(self) -> bool | None:
        """None between too little and clearly enough, so that it does not change every minute."""
        if self.disk_free is None:
            return None
        if self.disk_free < self.disk_needed:
            return True
        return False if self.disk_free >= self.disk_needed * 5 // 4 else None

    @property
    def has_announcing_stopped(self) -> bool | None:
        """Whether nothing was announced for half an hour though it should; None: too early."""
        if not self.late:
            return False
        since = max(self.last_sent_at or 0, self.steady_since or self.at)
        return True if self.at - since >= STUCK_AFTER else None

    def faults(self, now: int) -> Iterator[str]:
        """What is wrong, each in some words; nothing where all is well."""
        if self.at - now > LOOKED_AT_LATEST:
            yield FROM_AHEAD.format(age=duration(self.at - now))
        elif now - self.at > LOOKED_AT_LATEST:
            yield NOT_LOOKED.format(age=duration(now - self.at))
        if self.away_since is not None and self.at - self.away_since > AWAY_AT_MOST:
            yield AWAY.format(age=duration(self.at - self.away_since))
        if self.database_wait > WAIT_AT_MOST:
            yield SLOW.format(seconds=self.database_wait)
        if self.is_backup_failing:
            last = self.last_backup_at
            yield BACKUP_OLD.format(age=duration(now - last)) if last else NO_BACKUP
        if self.is_disk_nearly_full:
            yield DISK_FULL.format(free=size(self.disk_free or 0), needed=size(self.disk_needed))
        if self.has_announcing_stopped:
            yield STUCK.format(late=self.late)

    def line(self, now: int) -> str:
        """All of it in one line, what is wrong first."""
        faults, facts = "; ".join(self.faults(now)), ", ".join(self._facts(now))
        return (NOT_WELL if faults else WELL).format(faults=faults, facts=facts)

    def _facts(self, now: int) -> Iterator[str]:
        is_whole = self.shards_up == self.shards
        yield CONNECTED if is_whole else PARTLY.format(up=self.shards_up, shards=self.shards)
        yield _ago(now, self.last_event_at, EVENT, NO_EVENT)
        yield QUEUE.format(queue=self.queue)
        yield _ago(now, self.last_backup_at, BACKUP, WITHOUT_BACKUP)
        yield FREE_UNKNOWN if self.disk_free is None else FREE.format(free=size(self.disk_free))
        for source, at in self.sources.items():
            yield _ago(now, at, ANSWERED, UNANSWERED).format(source=source)


def _ago(now: int, at: int | None, known: str, unknown: str) -> str:
    return unknown if at is None else known.replace("{age}", duration(now - at))


def duration(seconds: int) -> str:
    """A time in the largest unit that it fills; 0 s where a clock was set back."""
    for unit, length in (("days", 24 * HOUR), ("h", HOUR), ("min", MINUTE)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{max(seconds, 0)} s"


def size(count: int) -> str:
    """A number of bytes in GB or MB."""
    gigabyte, megabyte = 10**9, 10**6
    return f"{count / gigabyte:.1f} GB" if count >= gigabyte else f"{count // megabyte} MB"
