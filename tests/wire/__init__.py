"""A Discord on real sockets for discord.py's real client, and what it teaches about the wire."""

from __future__ import annotations
