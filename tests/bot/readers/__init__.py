"""Tests of `bot/readers`."""
