"""Tests of `data/contributions`."""
