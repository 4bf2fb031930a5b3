"""Tests of the features, one file for each, as people use them."""
