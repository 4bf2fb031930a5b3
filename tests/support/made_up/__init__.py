"""A feature as a stranger would add it: one file of code, one of SQL, and no edit anywhere."""
