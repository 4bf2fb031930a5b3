-- News of every show, who follows them, what is to be told where, and who is reminded of them.
--
-- News are never changed: a correction, and taking one back, is a later revision of the same id.
-- In subscription and reminder the show '' means every show. `subject` is what a topic's own code
-- reads; for the topic 'news' it is the show, a slash and the id, and a tilde behind a rumour, which is
-- told once more when it comes true. Every row with a guild_id goes when its server does.

CREATE TABLE news (
    show         TEXT NOT NULL CHECK (show <> ''),
    id           TEXT NOT NULL CHECK (id <> ''),
    revision     INTEGER NOT NULL CHECK (revision >= 1),
    -- 'pack', 'person', or the name of the source that reported it by itself.
    origin       TEXT NOT NULL CHECK (origin <> ''),
    by_id        INTEGER CHECK (by_id > 0),
    day          TEXT NOT NULL CHECK (day GLOB '????-??-??'),
    kind         TEXT NOT NULL CHECK (kind <> ''),
    season       INTEGER CHECK (season >= 0),
    confidence   TEXT NOT NULL CHECK (confidence IN ('rumour', 'reported', 'confirmed')),
    headline     TEXT NOT NULL CHECK (headline <> ''),
    cited        TEXT NOT NULL,
    is_retracted INTEGER NOT NULL CHECK (is_retracted IN (0, 1)),
    recorded_at  INTEGER NOT NULL,
    PRIMARY KEY (show, id, revision)
) STRICT, WITHOUT ROWID;

-- Whom the bot's owner lets enter news.
CREATE TABLE editor (
    user_id INTEGER NOT NULL PRIMARY KEY CHECK (user_id > 0),
    since   INTEGER NOT NULL
) STRICT;

CREATE TABLE subscription (
    guild_id   INTEGER NOT NULL CHECK (guild_id > 0),
    channel_id INTEGER NOT NULL CHECK (channel_id > 0),
    show       TEXT NOT NULL,
    kinds      INTEGER NOT NULL CHECK (kinds > 0),
    role_id    INTEGER CHECK (role_id > 0),
    publishes  INTEGER NOT NULL CHECK (publishes IN (0, 1)),
    since      INTEGER NOT NULL,
    paused     TEXT CHECK (paused <> ''),
    PRIMARY KEY (guild_id, channel_id, show)
) STRICT, WITHOUT ROWID;

CREATE INDEX subscription_show ON subscription (show);
CREATE INDEX subscription_channel ON subscription (channel_id);

CREATE TABLE outbox (
    id              INTEGER PRIMARY KEY CHECK (id > 0),
    topic           TEXT NOT NULL CHECK (topic <> ''),
    subject         TEXT NOT NULL CHECK (subject <> ''),
    guild_id        INTEGER NOT NULL CHECK (guild_id > 0),
    channel_id      INTEGER NOT NULL CHECK (channel_id > 0),
    nonce           TEXT NOT NULL CHECK (length(nonce) = 24),
    state           TEXT NOT NULL
                    CHECK (state IN ('due', 'sending', 'sent', 'dead', 'unknown', 'dropped')),
    attempts        INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    due_at          INTEGER NOT NULL,
    uncertain_since INTEGER,
    message_id      INTEGER CHECK (message_id > 0),
    reason          TEXT CHECK (reason <> ''),
    -- Revisions of the subject: the newest, and the one that stands in the channel.
    wanted          INTEGER NOT NULL CHECK (wanted >= 1),
    shown           INTEGER NOT NULL DEFAULT 0 CHECK (shown >= 0),
    -- Whether it goes on to the channels that follow this one: 0 no, 1 not yet, 2 done.
    publish         INTEGER NOT NULL CHECK (publish IN (0, 1, 2)),
    created_at      INTEGER NOT NULL,
    CHECK ((state IN ('dead', 'unknown')) = (reason IS NOT NULL)),
    UNIQUE (topic, subject, channel_id)
) STRICT;

CREATE INDEX outbox_due ON outbox (due_at, id) WHERE state = 'due';
CREATE INDEX outbox_sending ON outbox (id) WHERE state = 'sending';
CREATE INDEX outbox_owed ON outbox (due_at, id)
    WHERE state = 'sent' AND message_id IS NOT NULL AND (shown < wanted OR publish = 1);
CREATE INDEX outbox_guild ON outbox (guild_id);

CREATE TABLE reminder (
    user_id    INTEGER NOT NULL CHECK (user_id > 0),
    show       TEXT NOT NULL,
    only_begun INTEGER NOT NULL CHECK (only_begun IN (0, 1)),
    since      INTEGER NOT NULL,
    -- The newest news that they were told of was recorded then.
    told_at    INTEGER NOT NULL,
    PRIMARY KEY (user_id, show)
) STRICT, WITHOUT ROWID;
