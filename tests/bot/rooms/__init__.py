"""Tests of `bot/rooms`."""
