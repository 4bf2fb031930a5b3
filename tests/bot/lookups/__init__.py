"""Tests of `bot/lookups`."""
