-- The pebbles that members threw.
CREATE TABLE pebble (
    user_id INTEGER NOT NULL PRIMARY KEY CHECK (user_id > 0),
    thrown INTEGER NOT NULL
) STRICT;
