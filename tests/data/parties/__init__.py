"""Tests of `data/parties`."""
