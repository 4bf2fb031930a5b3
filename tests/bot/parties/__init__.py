"""Tests of `bot/parties`."""
