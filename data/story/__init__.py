"""A story, cut at what its reader has watched."""
