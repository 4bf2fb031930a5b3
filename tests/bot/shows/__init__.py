"""Tests of `bot/shows`."""
