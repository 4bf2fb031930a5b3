-- Watch parties: what is planned, who comes, how the evening goes, and what is left of it.
--
-- A party's id is random: it stands in custom_ids. Moments are in UTC epoch seconds; a day that
-- comes back every week is kept as the local time `wall` in the zone `zone`. Nothing refers to the
-- show: it may be gone for a while. Every row with a guild_id goes when its server does.

CREATE TABLE party (
    id         INTEGER PRIMARY KEY CHECK (id > 0),
    guild_id   INTEGER NOT NULL CHECK (guild_id > 0),
    channel_id INTEGER NOT NULL CHECK (channel_id > 0),
    show       TEXT NOT NULL CHECK (show <> ''),
    -- NULL: whoever planned it wants to be forgotten.
    host_id    INTEGER CHECK (host_id > 0),
    -- The first and the last episode that are watched, by their ids.
    first      TEXT NOT NULL CHECK (first <> ''),
    last       TEXT NOT NULL CHECK (last <> ''),
    state      TEXT NOT NULL
               CHECK (state IN ('voting', 'planned', 'running', 'paused', 'over', 'cancelled')),
    starts_at  INTEGER,
    zone       TEXT NOT NULL CHECK (zone <> ''),
    wall       TEXT CHECK (wall GLOB '????-??-??T??:??'),
    weekly     INTEGER NOT NULL CHECK (weekly IN (0, 1)),
    -- The moderator who agreed that it goes further than its room.
    agreed_by  INTEGER CHECK (agreed_by > 0),
    -- The clock: the episode, how many seconds of it were over at `since`, and from when it runs.
    episode    TEXT CHECK (episode <> ''),
    elapsed    INTEGER NOT NULL DEFAULT 0 CHECK (elapsed BETWEEN 0 AND 59999),
    since      INTEGER,
    -- When anybody last pressed anything that moves it; what nobody moves is closed at some time.
    touched_at INTEGER NOT NULL,
    thread_id  INTEGER CHECK (thread_id > 0),
    event_id   INTEGER CHECK (event_id > 0),
    -- Revisions: the newest, and the one that the scheduled event shows.
    revision   INTEGER NOT NULL DEFAULT 1 CHECK (revision >= 1),
    event_shown INTEGER NOT NULL DEFAULT 0 CHECK (event_shown >= 0),
    -- Why it is over or cancelled, in a word.
    ended      TEXT CHECK (ended <> ''),
    created_at INTEGER NOT NULL,
    CHECK ((state = 'voting') <= (starts_at IS NULL)),
    CHECK ((state IN ('planned', 'running', 'paused')) <= (starts_at IS NOT NULL)),
    CHECK ((state IN ('running', 'paused')) <= (episode IS NOT NULL)),
    CHECK ((state = 'running') = (since IS NOT NULL)),
    CHECK ((state IN ('over', 'cancelled')) = (ended IS NOT NULL))
) STRICT;

CREATE INDEX party_guild ON party (guild_id, created_at);
CREATE INDEX party_host ON party (host_id);
CREATE INDEX party_agreed ON party (agreed_by);
CREATE INDEX party_open ON party (id) WHERE state NOT IN ('over', 'cancelled');
-- Two parties never run in one room.
CREATE UNIQUE INDEX party_running ON party (guild_id, channel_id)
    WHERE state IN ('running', 'paused');

CREATE TABLE guest (
    party_id   INTEGER NOT NULL REFERENCES party (id) ON DELETE CASCADE,
    user_id    INTEGER NOT NULL CHECK (user_id > 0),
    guild_id   INTEGER NOT NULL CHECK (guild_id > 0),
    -- 'asking': below the point where it begins, until the host has decided.
    answer     TEXT NOT NULL CHECK (answer IN ('coming', 'maybe', 'asking')),
    is_present INTEGER NOT NULL CHECK (is_present IN (0, 1)),
    -- Seconds that they are behind the clock.
    lag        INTEGER NOT NULL CHECK (lag BETWEEN 0 AND 59999),
    PRIMARY KEY (party_id, user_id),
    CHECK (answer = 'coming' OR is_present = 0)
) STRICT, WITHOUT ROWID;

CREATE INDEX guest_user ON guest (user_id);
CREATE INDEX guest_guild ON guest (guild_id);

-- The times that are voted on, and one vote for each who votes.
CREATE TABLE proposal (
    party_id  INTEGER NOT NULL REFERENCES party (id) ON DELETE CASCADE,
    place     INTEGER NOT NULL CHECK (place BETWEEN 0 AND 4),
    guild_id  INTEGER NOT NULL CHECK (guild_id > 0),
    starts_at INTEGER NOT NULL,
    wall      TEXT NOT NULL CHECK (wall GLOB '????-??-??T??:??'),
    PRIMARY KEY (party_id, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX proposal_guild ON proposal (guild_id);

CREATE TABLE vote (
    party_id INTEGER NOT NULL,
    user_id  INTEGER NOT NULL CHECK (user_id > 0),
    guild_id INTEGER NOT NULL CHECK (guild_id > 0),
    place    INTEGER NOT NULL,
    PRIMARY KEY (party_id, user_id),
    FOREIGN KEY (party_id, place) REFERENCES proposal (party_id, place) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX vote_user ON vote (user_id);
CREATE INDEX vote_guild ON vote (guild_id);
CREATE INDEX vote_place ON vote (party_id, place);

-- How often a reaction was pressed in a minute, by nobody in particular.
CREATE TABLE reaction (
    party_id INTEGER NOT NULL REFERENCES party (id) ON DELETE CASCADE,
    episode  TEXT NOT NULL CHECK (episode <> ''),
    minute   INTEGER NOT NULL CHECK (minute BETWEEN 0 AND 999),
    kind     TEXT NOT NULL CHECK (kind <> ''),
    guild_id INTEGER NOT NULL CHECK (guild_id > 0),
    pressed  INTEGER NOT NULL CHECK (pressed >= 1),
    PRIMARY KEY (party_id, episode, minute, kind)
) STRICT, WITHOUT ROWID;

CREATE INDEX reaction_guild ON reaction (guild_id);

CREATE TABLE rating (
    guild_id INTEGER NOT NULL CHECK (guild_id > 0),
    show     TEXT NOT NULL CHECK (show <> ''),
    episode  TEXT NOT NULL CHECK (episode <> ''),
    user_id  INTEGER NOT NULL CHECK (user_id > 0),
    stars    INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 10),
    rated_at INTEGER NOT NULL,
    PRIMARY KEY (guild_id, show, episode, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX rating_user ON rating (user_id);

-- The time zone in which a member writes times.
CREATE TABLE zone (
    user_id INTEGER NOT NULL PRIMARY KEY CHECK (user_id > 0),
    zone    TEXT NOT NULL CHECK (zone <> '')
) STRICT;

-- Who has used the bot in which channel, and the last day that they did.
CREATE TABLE regular (
    guild_id   INTEGER NOT NULL CHECK (guild_id > 0),
    channel_id INTEGER NOT NULL CHECK (channel_id > 0),
    user_id    INTEGER NOT NULL CHECK (user_id > 0),
    seen_on    TEXT NOT NULL CHECK (seen_on IS date(seen_on, '+0 days')),
    PRIMARY KEY (guild_id, channel_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX regular_user ON regular (user_id);
CREATE INDEX regular_seen ON regular (seen_on);
