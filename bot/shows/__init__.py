"""Shows that a server adds, and packs that change while the bot runs."""
