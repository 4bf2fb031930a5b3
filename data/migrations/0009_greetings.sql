-- The servers that were greeted when the bot was invited, so that it says hello to each only once.

CREATE TABLE greeting (
    guild_id INTEGER PRIMARY KEY
) STRICT;
