BEGIN TRANSACTION;
CREATE TABLE editor (
    user_id INTEGER NOT NULL PRIMARY KEY CHECK (user_id > 0),
    since   INTEGER NOT NULL
) STRICT;
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
INSERT INTO "guest" VALUES(4680550127311338,1456074443980800022,1456074443980800016,'coming',0,0);
CREATE TABLE helper (
    guild_id  INTEGER NOT NULL CHECK (guild_id > 0),
    helper_id INTEGER NOT NULL CHECK (helper_id > 0),
    is_role   INTEGER NOT NULL CHECK (is_role IN (0, 1)),
    PRIMARY KEY (guild_id, helper_id, is_role)
) STRICT, WITHOUT ROWID;
INSERT INTO "helper" VALUES(1456074443980800016,1456074443980800022,0);
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
CREATE TABLE memory (
    key   TEXT NOT NULL PRIMARY KEY CHECK (key <> ''),
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "memory" VALUES('last backup','1767225600');
INSERT INTO "memory" VALUES('synced commands','d39ad7f7a828fb80088842cd4dbde4d7b31cd1fc8f65ccc29f693d1e9543231a');
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
INSERT INTO "news" VALUES('loom','2026-01-01-renewed-s2',1,'person',1456074443980800021,'2026-01-01','renewed',2,'reported','Season 2 is ordered','[["example.com", "example.com", "https://www.example.com/loom"]]',0,1767225600);
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
INSERT INTO "outbox" VALUES(1,'news','loom/2026-01-01-renewed-s2',1456074443980800016,1456074443980800019,'ecd5574080b80d0d514816f4','sent',0,1767225600,NULL,1456074443980800043,NULL,1,1,0,1767225600);
INSERT INTO "outbox" VALUES(2,'party','4680550127311338/card',1456074443980800016,1456074443980800019,'7b955d5870daa37b27307480','sent',0,1767225600,NULL,1456074444156960768,NULL,1,1,0,1767225600);
INSERT INTO "outbox" VALUES(3,'party','4680550127311338/reminder/1767226800',1456074443980800016,1456074443980800019,'c915c6096687c85bb0fdc197','due',0,1767225900,NULL,NULL,NULL,1,0,0,1767225600);
INSERT INTO "outbox" VALUES(4,'party','4680550127311338/clock/1767226800',1456074443980800016,1456074443980800019,'a0798b3dc23e6e046d444724','due',0,1767226800,NULL,NULL,NULL,1,0,0,1767225600);
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
INSERT INTO "party" VALUES(4680550127311338,1456074443980800016,1456074443980800019,'loom',1456074443980800022,'e3','e3','planned',1767226800,'Europe/Berlin','2026-01-01T01:20',0,NULL,NULL,0,NULL,1767225600,NULL,1456074444068880384,1,0,NULL,1767225600);
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
INSERT INTO "progress" VALUES(1,1456074443980800022,'loom','e2',NULL,0,NULL,NULL,1767225600);
INSERT INTO "progress" VALUES(2,1456074443980800023,'loom','e1',NULL,0,NULL,NULL,1767225600);
CREATE TABLE proposal (
    party_id  INTEGER NOT NULL REFERENCES party (id) ON DELETE CASCADE,
    place     INTEGER NOT NULL CHECK (place BETWEEN 0 AND 4),
    guild_id  INTEGER NOT NULL CHECK (guild_id > 0),
    starts_at INTEGER NOT NULL,
    wall      TEXT NOT NULL CHECK (wall GLOB '????-??-??T??:??'),
    PRIMARY KEY (party_id, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE rating (
    guild_id INTEGER NOT NULL CHECK (guild_id > 0),
    show     TEXT NOT NULL CHECK (show <> ''),
    episode  TEXT NOT NULL CHECK (episode <> ''),
    user_id  INTEGER NOT NULL CHECK (user_id > 0),
    stars    INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 10),
    rated_at INTEGER NOT NULL,
    PRIMARY KEY (guild_id, show, episode, user_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE reaction (
    party_id INTEGER NOT NULL REFERENCES party (id) ON DELETE CASCADE,
    episode  TEXT NOT NULL CHECK (episode <> ''),
    minute   INTEGER NOT NULL CHECK (minute BETWEEN 0 AND 999),
    kind     TEXT NOT NULL CHECK (kind <> ''),
    guild_id INTEGER NOT NULL CHECK (guild_id > 0),
    pressed  INTEGER NOT NULL CHECK (pressed >= 1),
    PRIMARY KEY (party_id, episode, minute, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE regular (
    guild_id   INTEGER NOT NULL CHECK (guild_id > 0),
    channel_id INTEGER NOT NULL CHECK (channel_id > 0),
    user_id    INTEGER NOT NULL CHECK (user_id > 0),
    seen_on    TEXT NOT NULL CHECK (seen_on IS date(seen_on, '+0 days')),
    PRIMARY KEY (guild_id, channel_id, user_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "regular" VALUES(1456074443980800016,1456074443980800019,1456074443980800021,'2026-01-01');
INSERT INTO "regular" VALUES(1456074443980800016,1456074443980800019,1456074443980800022,'2026-01-01');
INSERT INTO "regular" VALUES(1456074443980800016,1456074443980800019,1456074443980800023,'2026-01-01');
CREATE TABLE reminder (
    user_id    INTEGER NOT NULL CHECK (user_id > 0),
    show       TEXT NOT NULL,
    only_begun INTEGER NOT NULL CHECK (only_begun IN (0, 1)),
    since      INTEGER NOT NULL,
    -- The newest news that they were told of was recorded then.
    told_at    INTEGER NOT NULL,
    PRIMARY KEY (user_id, show)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE reporter (
    report_id   INTEGER NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    user_id     INTEGER NOT NULL CHECK (user_id > 0),
    counts      INTEGER NOT NULL CHECK (counts IN (0, 1)),
    reported_at INTEGER NOT NULL,
    PRIMARY KEY (report_id, user_id)
) STRICT, WITHOUT ROWID;
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
INSERT INTO "scope" VALUES(1456074443980800016,1456074443980800019,'loom','e2',NULL,1767225600);
CREATE TABLE server (
    guild_id     INTEGER NOT NULL PRIMARY KEY CHECK (guild_id > 0),
    default_show TEXT CHECK (default_show <> ''),
    left_at      INTEGER
, log_channel INTEGER CHECK (log_channel > 0), keep_days INTEGER NOT NULL DEFAULT 365 CHECK (keep_days >= 1), reports_to_cover INTEGER NOT NULL DEFAULT 0
    CHECK (reports_to_cover >= 0)) STRICT;
INSERT INTO "server" VALUES(1456074443980800016,'loom',NULL,NULL,365,0);
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
CREATE TABLE show (
    slug   TEXT NOT NULL PRIMARY KEY CHECK (slug <> ''),
    file   TEXT NOT NULL CHECK (file <> ''),
    digest TEXT NOT NULL CHECK (digest <> ''),
    pack   TEXT NOT NULL CHECK (pack <> '')
) STRICT;
INSERT INTO "show" VALUES('loom','/shows/loom.toml','7cc8e566d7853ca97fbb97e2d8a4f6358a9e69a35e5575a16b572cdddad6a9d1','{"format":1,"show":{"slug":"loom","title":"Loom","premise":"How loom starts."},"episode":[{"id":"e1","at":"S1E1","title":"Warp","aired":"2021-08-06","recap":"Ada finds a key."},{"id":"e2","at":"S1E2","title":"Weft","aired":"2021-08-13"},{"id":"e3","at":"S1E3","title":"Shuttle","aired":"2021-08-20"}],"character":[{"id":"c1","name":"Ada","known":"S1E1"},{"id":"c2","name":"Quill","known":"S1E3"}]}');
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
CREATE TABLE source (
    name        TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),
    asked_at    INTEGER NOT NULL,
    answered_at INTEGER,
    -- Up to when it has told us what changed.
    told_until  INTEGER,
    failures    INTEGER NOT NULL CHECK (failures >= 0)
) STRICT;
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
INSERT INTO "stub" VALUES(1849593492044243369,1456074443980800016,1456074443980800019,'spoiler',1456074443980800022,1456074443980800022,'loom','e2',NULL,'sealed','posted',NULL,NULL,NULL,1456074443980800037,0,1767225600,1767225600,1767225600,'cea272a6',X'674141414141427244745436446D30677738354A5778764C67444F62324F7372744D6B5768377A596C774F4D626C346377664F6553586D524A3842554A61364F38787151586A4656355856584A7875586B2D48524F6A67664F412D685042443965495156734433587962662D584F68435557686F456A6331586E4E3730686C6169694656793156483067587753473153525848374672645972546D4F7276674B306A6D436E5870623572305F4E5A46696A5377726F78383D');
CREATE TABLE stub_file (
    stub_id  INTEGER NOT NULL REFERENCES stub (id) ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 0),
    key_id   TEXT NOT NULL CHECK (key_id <> ''),
    sealed   BLOB NOT NULL CHECK (length(sealed) > 0),
    PRIMARY KEY (stub_id, position)
) STRICT;
CREATE TABLE style (
    guild_id   INTEGER NOT NULL CHECK (guild_id > 0),
    channel_id INTEGER NOT NULL CHECK (channel_id > 0),
    style      TEXT NOT NULL CHECK (style IN ('sealed', 'bars')),
    PRIMARY KEY (guild_id, channel_id)
) STRICT, WITHOUT ROWID;
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
INSERT INTO "subscription" VALUES(1456074443980800016,1456074443980800019,'loom',1023,NULL,0,1767225600,NULL);
CREATE TABLE vote (
    party_id INTEGER NOT NULL,
    user_id  INTEGER NOT NULL CHECK (user_id > 0),
    guild_id INTEGER NOT NULL CHECK (guild_id > 0),
    place    INTEGER NOT NULL,
    PRIMARY KEY (party_id, user_id),
    FOREIGN KEY (party_id, place) REFERENCES proposal (party_id, place) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE waiting (
    user_id INTEGER NOT NULL CHECK (user_id > 0),
    stub_id INTEGER NOT NULL REFERENCES stub (id) ON DELETE CASCADE,
    since   INTEGER NOT NULL,
    PRIMARY KEY (user_id, stub_id)
) STRICT, WITHOUT ROWID;
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
INSERT INTO "writing" VALUES(15757700423,1456074443980800016,'loom','recap','e2','e2',NULL,1456074443980800022,'e2',NULL,'waiting',NULL,1767225605,NULL,'cea272a6',X'6741414141414272447454384B684A344867413070694F7A6C512D334370355173647862755239783172766C6930444B6C504256633344744D4B4E576435595A79427250754A5A6C45595042532D555F6E784B795567766F5479736132643872353952352D51414F6654315061675736726749446951716B6A644E304E775A643971496762652D4C53574B59436655766A5F34654E624C5667776E3562486D7361344A5836784B772D41646634375F506856712D575854354737694A414B5077684767656572584C472D7A34');
CREATE TABLE zone (
    user_id INTEGER NOT NULL PRIMARY KEY CHECK (user_id > 0),
    zone    TEXT NOT NULL CHECK (zone <> '')
) STRICT;
INSERT INTO "zone" VALUES(1456074443980800022,'Europe/Berlin');
INSERT INTO "zone" VALUES(1456074443980800023,'Europe/Berlin');
CREATE UNIQUE INDEX stub_message ON stub (message_id)
    WHERE message_id IS NOT NULL AND state <> 'gone';
CREATE INDEX stub_leftover ON stub (checked_at) WHERE state = 'gone' AND message_id IS NOT NULL;
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
CREATE INDEX stub_file_key ON stub_file (key_id);
CREATE INDEX waiting_since ON waiting (user_id, since);
CREATE INDEX waiting_stub ON waiting (stub_id);
CREATE INDEX report_stub ON report (stub_id) WHERE stub_id IS NOT NULL;
CREATE INDEX report_guild ON report (guild_id);
CREATE INDEX report_author ON report (author_id);
CREATE INDEX report_created ON report (created_at);
CREATE INDEX report_key ON report (key_id);
CREATE INDEX reporter_user ON reporter (user_id, reported_at);
CREATE INDEX subscription_show ON subscription (show);
CREATE INDEX subscription_channel ON subscription (channel_id);
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE state = 'due';
CREATE INDEX outbox_sending ON outbox (id) WHERE state = 'sending';
CREATE INDEX outbox_owed ON outbox (due_at, id)
    WHERE state = 'sent' AND message_id IS NOT NULL AND (shown < wanted OR publish = 1);
CREATE INDEX outbox_guild ON outbox (guild_id);
CREATE INDEX sighting_look ON sighting (source, look_at);
CREATE INDEX shelf_show ON shelf (show);
CREATE INDEX writing_guild ON writing (guild_id, show, created_at);
CREATE INDEX writing_waiting ON writing (guild_id, created_at) WHERE state = 'waiting';
CREATE INDEX writing_approved ON writing (guild_id, decided_at) WHERE state = 'approved';
CREATE INDEX writing_author ON writing (author_id);
CREATE INDEX writing_reviewer ON writing (reviewer_id);
CREATE INDEX writing_key ON writing (key_id);
CREATE INDEX party_guild ON party (guild_id, created_at);
CREATE INDEX party_host ON party (host_id);
CREATE INDEX party_agreed ON party (agreed_by);
CREATE INDEX party_open ON party (id) WHERE state NOT IN ('over', 'cancelled');
CREATE UNIQUE INDEX party_running ON party (guild_id, channel_id)
    WHERE state IN ('running', 'paused');
CREATE INDEX guest_user ON guest (user_id);
CREATE INDEX guest_guild ON guest (guild_id);
CREATE INDEX proposal_guild ON proposal (guild_id);
CREATE INDEX vote_user ON vote (user_id);
CREATE INDEX vote_guild ON vote (guild_id);
CREATE INDEX vote_place ON vote (party_id, place);
CREATE INDEX reaction_guild ON reaction (guild_id);
CREATE INDEX rating_user ON rating (user_id);
CREATE INDEX regular_user ON regular (user_id);
CREATE INDEX regular_seen ON regular (seen_on);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('progress',2);
COMMIT;
PRAGMA user_version = 7;
PRAGMA application_id = 1131178342;
