"""Shows that servers add, and packs that change while the bot runs."""
