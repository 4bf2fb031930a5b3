"""How fast the bot answers and starts, and how much memory it takes, beside a bare one."""
