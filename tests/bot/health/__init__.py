"""Tests of `bot/health`."""
