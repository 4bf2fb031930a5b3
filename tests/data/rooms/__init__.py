"""Tests of `data/rooms`."""
