-- Hidden messages, who waits for which, reports of spoilers, and what a server sets about them.
--
-- Ids are random: one tells neither when its row was made nor how many there are. `sealed` is what
-- people wrote, encrypted, and `key_id` names the key; every table that has the two is sealed anew
-- when the key changes. Every row with a guild_id goes when its server does.

CREATE TABLE stub (
    id           INTEGER PRIMARY KEY CHECK (id > 0),
    guild_id     INTEGER NOT NULL CHECK (guild_id > 0),
    channel_id   INTEGER NOT NULL CHECK (channel_id > 0),
    kind         TEXT NOT NULL CHECK (kind IN ('spoiler', 'cover', 'share')),
    author_id    INTEGER NOT NULL CHECK (author_id > 0),
    by_id        INTEGER NOT NULL CHECK (by_id > 0),
    show         TEXT NOT NULL CHECK (show <> ''),
    episode      TEXT CHECK (episode <> ''),
    minute       INTEGER CHECK (minute BETWEEN 0 AND 999),
    style        TEXT NOT NULL CHECK (style IN ('sealed', 'bars')),
    state        TEXT NOT NULL
                 CHECK (state IN ('draft', 'posting', 'standing', 'posted', 'undoing', 'gone')),
    reply_to     INTEGER CHECK (reply_to > 0),
    source_id    INTEGER CHECK (source_id > 0),
    source_edited_at INTEGER,
    message_id   INTEGER CHECK (message_id > 0),
    is_rewritten INTEGER NOT NULL CHECK (is_rewritten IN (0, 1)),
    created_at   INTEGER NOT NULL,
    changed_at   INTEGER NOT NULL,
    checked_at   INTEGER NOT NULL,
    key_id       TEXT CHECK (key_id <> ''),
    sealed       BLOB CHECK (length(sealed) > 0),
    CHECK (minute IS NULL OR episode IS NOT NULL),
    CHECK ((kind = 'cover') = (source_id IS NOT NULL)),
    CHECK (source_edited_at IS NULL OR source_id IS NOT NULL),
    CHECK (message_id IS NOT NULL OR state NOT IN ('standing', 'posted')),
    CHECK ((state = 'gone') = (sealed IS NULL)),
    CHECK ((key_id IS NULL) = (sealed IS NULL))
) STRICT;

CREATE UNIQUE INDEX stub_message ON stub (message_id)
    WHERE message_id IS NOT NULL AND state <> 'gone';
-- What is gone has a message only as long as Discord did not delete it.
CREATE INDEX stub_leftover ON stub (checked_at) WHERE state = 'gone' AND message_id IS NOT NULL;
-- Of two who cover one message at once, one is told so.
CREATE UNIQUE INDEX stub_source ON stub (source_id)
    WHERE source_id IS NOT NULL AND state <> 'gone';
CREATE INDEX stub_author ON stub (author_id);
CREATE INDEX stub_by ON stub (by_id, guild_id, created_at);
CREATE INDEX stub_guild ON stub (guild_id, created_at);
CREATE INDEX stub_channel ON stub (channel_id, guild_id);
CREATE INDEX stub_created ON stub (created_at, guild_id);
CREATE INDEX stub_passing ON stub (created_at) WHERE state IN ('draft', 'gone');
CREATE INDEX stub_unfinished ON stub (changed_at) WHERE state IN ('posting', 'standing', 'undoing');
CREATE INDEX stub_checked ON stub (checked_at) WHERE state = 'posted';
CREATE INDEX stub_key ON stub (key_id);

-- A table of its own: the words are read often, the files seldom, and one file can be megabytes.
CREATE TABLE stub_file (
    stub_id  INTEGER NOT NULL REFERENCES stub (id) ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 0),
    key_id   TEXT NOT NULL CHECK (key_id <> ''),
    sealed   BLOB NOT NULL CHECK (length(sealed) > 0),
    PRIMARY KEY (stub_id, position)
) STRICT;

CREATE INDEX stub_file_key ON stub_file (key_id);

CREATE TABLE waiting (
    user_id INTEGER NOT NULL CHECK (user_id > 0),
    stub_id INTEGER NOT NULL REFERENCES stub (id) ON DELETE CASCADE,
    since   INTEGER NOT NULL,
    PRIMARY KEY (user_id, stub_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX waiting_since ON waiting (user_id, since);
CREATE INDEX waiting_stub ON waiting (stub_id);

CREATE TABLE report (
    id              INTEGER PRIMARY KEY CHECK (id > 0),
    guild_id        INTEGER NOT NULL CHECK (guild_id > 0),
    channel_id      INTEGER NOT NULL CHECK (channel_id > 0),
    message_id      INTEGER NOT NULL UNIQUE CHECK (message_id > 0),
    author_id       INTEGER NOT NULL CHECK (author_id > 0),
    show            TEXT NOT NULL CHECK (show <> ''),
    episode         TEXT CHECK (episode <> ''),
    minute          INTEGER CHECK (minute BETWEEN 0 AND 999),
    -- No reference: what was reported is kept when the hidden message is not.
    stub_id         INTEGER CHECK (stub_id > 0),
    has_files       INTEGER NOT NULL CHECK (has_files IN (0, 1)),
    edited_at       INTEGER,
    note_channel_id INTEGER CHECK (note_channel_id > 0),
    note_id         INTEGER CHECK (note_id > 0),
    state           TEXT NOT NULL CHECK (state IN ('open', 'covered', 'dismissed')),
    created_at      INTEGER NOT NULL,
    key_id          TEXT NOT NULL CHECK (key_id <> ''),
    sealed          BLOB NOT NULL CHECK (length(sealed) > 0),
    CHECK (minute IS NULL OR episode IS NOT NULL),
    CHECK ((note_channel_id IS NULL) = (note_id IS NULL))
) STRICT;

CREATE INDEX report_stub ON report (stub_id) WHERE stub_id IS NOT NULL;
CREATE INDEX report_guild ON report (guild_id);
CREATE INDEX report_author ON report (author_id);
CREATE INDEX report_created ON report (created_at);
CREATE INDEX report_key ON report (key_id);

CREATE TABLE reporter (
    report_id   INTEGER NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    user_id     INTEGER NOT NULL CHECK (user_id > 0),
    counts      INTEGER NOT NULL CHECK (counts IN (0, 1)),
    reported_at INTEGER NOT NULL,
    PRIMARY KEY (report_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX reporter_user ON reporter (user_id, reported_at);

ALTER TABLE server ADD COLUMN log_channel INTEGER CHECK (log_channel > 0);
ALTER TABLE server ADD COLUMN keep_days INTEGER NOT NULL DEFAULT 365 CHECK (keep_days >= 1);
ALTER TABLE server ADD COLUMN reports_to_cover INTEGER NOT NULL DEFAULT 0
    CHECK (reports_to_cover >= 0);

CREATE TABLE style (
    guild_id   INTEGER NOT NULL CHECK (guild_id > 0),
    channel_id INTEGER NOT NULL CHECK (channel_id > 0),
    style      TEXT NOT NULL CHECK (style IN ('sealed', 'bars')),
    PRIMARY KEY (guild_id, channel_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE helper (
    guild_id  INTEGER NOT NULL CHECK (guild_id > 0),
    helper_id INTEGER NOT NULL CHECK (helper_id > 0),
    is_role   INTEGER NOT NULL CHECK (is_role IN (0, 1)),
    PRIMARY KEY (guild_id, helper_id, is_role)
) STRICT, WITHOUT ROWID;
