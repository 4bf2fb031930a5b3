"""Shows as a source lists them, and how a pack is made of that."""
