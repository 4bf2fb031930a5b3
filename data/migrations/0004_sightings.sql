-- What the sources of show data were last seen to say of each show, and when each was asked.
--
-- Days are written like 2021-08-06, and checked by moving them by none, which finds a 30 February;
-- every other moment is in UTC epoch seconds.

CREATE TABLE sighting (
    show         TEXT NOT NULL CHECK (show <> ''),
    source       TEXT NOT NULL CHECK (source <> ''),
    -- What the source calls the show, and its page there; NULL: not found yet, or gone.
    listed_id    INTEGER CHECK (listed_id > 0),
    url          TEXT CHECK (url <> ''),
    checked_at   INTEGER,
    look_at      INTEGER NOT NULL,
    -- The claim that was confirmed last.
    kind         TEXT CHECK (kind <> ''),
    season       INTEGER CHECK (season >= 1),
    day          TEXT CHECK (day IS date(day, '+0 days')),
    first_on     TEXT CHECK (first_on IS date(first_on, '+0 days')),
    is_told      INTEGER NOT NULL CHECK (is_told IN (0, 1)),
    -- Another one, seen since, that waits to be seen again.
    next_kind    TEXT CHECK (next_kind <> ''),
    next_season  INTEGER CHECK (next_season >= 1),
    next_day     TEXT CHECK (next_day IS date(next_day, '+0 days')),
    next_since   INTEGER,
    PRIMARY KEY (show, source),
    CHECK ((kind IS NULL) = (first_on IS NULL)),
    CHECK (kind IS NOT NULL OR (season IS NULL AND day IS NULL AND is_told = 0)),
    CHECK ((next_kind IS NULL) = (next_since IS NULL)),
    CHECK (next_kind IS NOT NULL OR (next_season IS NULL AND next_day IS NULL)),
    CHECK (listed_id IS NOT NULL OR (kind IS NULL AND next_kind IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX sighting_look ON sighting (source, look_at);

CREATE TABLE source (
    name        TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),
    asked_at    INTEGER NOT NULL,
    answered_at INTEGER,
    -- Up to when it has told us what changed.
    told_until  INTEGER,
    failures    INTEGER NOT NULL CHECK (failures >= 0)
) STRICT;
