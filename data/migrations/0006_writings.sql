-- What the members of a server wrote about its shows, and what was decided on it.
--
-- Ids are random, and short enough to be part of a character's id. The words are sealed, as those of
-- hidden messages are. Nothing refers to the show: it may be gone for a while. What is approved is
-- laid on the show for that server alone; all of a server's rows go when it does.

CREATE TABLE writing (
    id             INTEGER PRIMARY KEY CHECK (id > 0),
    guild_id       INTEGER NOT NULL CHECK (guild_id > 0),
    show           TEXT NOT NULL CHECK (show <> ''),
    kind           TEXT NOT NULL CHECK (kind IN ('recap', 'character', 'fact', 'alias')),
    -- The episode of a recap, the character of a fact or an alias.
    subject        TEXT CHECK (subject <> ''),
    episode        TEXT CHECK (episode <> ''),
    minute         INTEGER CHECK (minute BETWEEN 0 AND 999),
    author_id      INTEGER NOT NULL CHECK (author_id > 0),
    -- How far its author was.
    author_episode TEXT CHECK (author_episode <> ''),
    author_minute  INTEGER CHECK (author_minute BETWEEN 0 AND 999),
    state          TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'refused', 'undone')),
    -- Who decided, or undid it; NULL also when that was somebody who wants to be forgotten.
    reviewer_id    INTEGER CHECK (reviewer_id > 0),
    created_at     INTEGER NOT NULL,
    decided_at     INTEGER,
    key_id         TEXT NOT NULL CHECK (key_id <> ''),
    sealed         BLOB NOT NULL CHECK (length(sealed) > 0),
    CHECK (minute IS NULL OR episode IS NOT NULL),
    CHECK (author_minute IS NULL OR author_episode IS NOT NULL),
    CHECK ((kind = 'character') = (subject IS NULL)),
    CHECK ((state = 'waiting') = (decided_at IS NULL)),
    CHECK (state <> 'waiting' OR reviewer_id IS NULL),
    -- A second person decides; its author may take it back.
    CHECK (state NOT IN ('approved', 'refused') OR reviewer_id IS NOT author_id)
) STRICT;

CREATE INDEX writing_guild ON writing (guild_id, show, created_at);
CREATE INDEX writing_waiting ON writing (guild_id, created_at) WHERE state = 'waiting';
CREATE INDEX writing_approved ON writing (guild_id, decided_at) WHERE state = 'approved';
CREATE INDEX writing_author ON writing (author_id);
CREATE INDEX writing_reviewer ON writing (reviewer_id);
CREATE INDEX writing_key ON writing (key_id);
