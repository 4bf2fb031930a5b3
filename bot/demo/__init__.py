"""The demo: the bot in a simulated Discord, in the browser."""
