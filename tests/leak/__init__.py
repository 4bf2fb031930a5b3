"""The sweep behind the promise: a marked show, mischief, what leaves the bot, and its judge."""

from __future__ import annotations
