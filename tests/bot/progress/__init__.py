"""Tests of `bot/progress`."""
