"""The error that every store raises."""

from __future__ import annotations


class DatabaseError(Exception):
    """Its message tells the operator what is wrong, where, and the cure."""
