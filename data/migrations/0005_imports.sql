-- Shows that servers brought from TVmaze, whole as it lists them, and which server has which.
--
-- `entry` is what it lists, as JSON; the packs are made from that. Of a show that is on no shelf the
-- entry stays as long as somebody is anywhere in it. Nothing refers to imported_show, as nothing
-- refers to show. A shelf goes when its server does.

CREATE TABLE imported_show (
    show       TEXT NOT NULL PRIMARY KEY CHECK (show <> ''),
    tvmaze     INTEGER NOT NULL UNIQUE CHECK (tvmaze > 0),
    entry      TEXT NOT NULL CHECK (entry <> ''),
    fetched_at INTEGER NOT NULL,
    -- Up to when we know that it has not changed since it was fetched.
    checked_at INTEGER NOT NULL,
    -- When the guests of its episodes were last fetched; NULL: never.
    guests_at  INTEGER
) STRICT;

CREATE TABLE shelf (
    guild_id   INTEGER NOT NULL CHECK (guild_id > 0),
    show       TEXT NOT NULL CHECK (show <> ''),
    -- What its moderators let it tell: the main cast at once, the site's summary, its poster.
    opens_cast INTEGER NOT NULL CHECK (opens_cast IN (0, 1)),
    summary    INTEGER NOT NULL CHECK (summary IN (0, 1)),
    poster     INTEGER NOT NULL CHECK (poster IN (0, 1)),
    added_at   INTEGER NOT NULL,
    PRIMARY KEY (guild_id, show)
) STRICT, WITHOUT ROWID;

CREATE INDEX shelf_show ON shelf (show);
