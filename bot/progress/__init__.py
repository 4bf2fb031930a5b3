"""Progress: how far a member has watched; changed, imported from a file, exported."""
