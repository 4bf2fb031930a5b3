"""Tests of the running bot, apart from any feature."""
