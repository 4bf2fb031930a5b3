"""Tests of `data/story`."""
