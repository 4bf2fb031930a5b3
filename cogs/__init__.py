"""What people can ask of the bot: one feature per file."""
