"""The database file: transactions, migrations, backups, encryption."""
