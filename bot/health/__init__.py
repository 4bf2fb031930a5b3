"""Health: how the bot is, told to its operator by a file, a port and a direct message."""
