"""The database file: transactions, migrations, copies, keys."""
