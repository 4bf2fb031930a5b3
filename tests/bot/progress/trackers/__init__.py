"""Tests of bot.progress.trackers."""
