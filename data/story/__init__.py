"""The story of a show, limited to what its reader has watched."""
