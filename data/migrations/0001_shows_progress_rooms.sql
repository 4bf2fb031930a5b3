-- The bot's own memory, the shows, how far each member has watched, how far each room may talk.
--
-- A point is two columns: an episode's permanent id (NULL: the premise) and a finished minute of it.
-- Nothing refers to show: a pack taken away for a day must not take anybody's progress with it.

CREATE TABLE memory (
    key   TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE show (
    slug   TEXT NOT NULL PRIMARY KEY CHECK (slug <> ''),
    file   TEXT NOT NULL CHECK (file <> ''),
    digest TEXT NOT NULL CHECK (digest <> ''),
    pack   TEXT NOT NULL CHECK (pack <> '')
) STRICT;

CREATE TABLE progress (
    -- AUTOINCREMENT: a number is never given twice, so an old Undo cannot match a later change.
    revision       INTEGER PRIMARY KEY AUTOINCREMENT CHECK (revision >= 1),
    user_id        INTEGER NOT NULL CHECK (user_id > 0),
    show           TEXT NOT NULL CHECK (show <> ''),
    episode        TEXT CHECK (episode <> ''),
    minute         INTEGER CHECK (minute BETWEEN 0 AND 999),
    -- What an Undo goes back to. Its premise and "there was nothing" are different things.
    had_before     INTEGER NOT NULL CHECK (had_before IN (0, 1)),
    before_episode TEXT CHECK (before_episode <> ''),
    before_minute  INTEGER CHECK (before_minute BETWEEN 0 AND 999),
    updated_at     INTEGER NOT NULL,
    UNIQUE (user_id, show),
    CHECK (minute IS NULL OR episode IS NOT NULL),
    CHECK (before_minute IS NULL OR before_episode IS NOT NULL),
    CHECK (before_episode IS NULL OR had_before = 1)
) STRICT;

CREATE TABLE scope (
    guild_id   INTEGER NOT NULL CHECK (guild_id > 0),
    channel_id INTEGER NOT NULL CHECK (channel_id > 0),
    show       TEXT NOT NULL CHECK (show <> ''),
    episode    TEXT CHECK (episode <> ''),
    minute     INTEGER CHECK (minute BETWEEN 0 AND 999),
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (guild_id, channel_id, show),
    CHECK (minute IS NULL OR episode IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE TABLE server (
    guild_id     INTEGER NOT NULL PRIMARY KEY CHECK (guild_id > 0),
    default_show TEXT CHECK (default_show <> ''),
    left_at      INTEGER
) STRICT;
