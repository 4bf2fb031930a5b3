"""The error that every store raises."""

from __future__ import annotations


class DatabaseError(Exception):
    """The database cannot be used; the message tells the operator what is wrong and what to do."""
