"""Tests of `bot/spoilers`."""
