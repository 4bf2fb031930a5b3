-- Where a point came from, if its owner took it over from another service's file: the kind of the
-- file and the moment, in UTC epoch seconds; the same of the point that an Undo goes back to.
-- NULL: they set the point themselves, or took it over before this was kept.

ALTER TABLE progress ADD COLUMN imported_from TEXT CHECK (imported_from <> '');
ALTER TABLE progress ADD COLUMN imported_at INTEGER;
ALTER TABLE progress ADD COLUMN before_imported_from TEXT CHECK (before_imported_from <> '');
ALTER TABLE progress ADD COLUMN before_imported_at INTEGER;
