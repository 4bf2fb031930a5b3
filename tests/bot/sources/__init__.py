"""Tests of bot/sources: each source against a site of our own, on real sockets."""

from __future__ import annotations
