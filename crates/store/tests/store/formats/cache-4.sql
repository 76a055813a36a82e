-- Format 4. Whether a sync had all groups and projects.
ALTER TABLE sync ADD COLUMN listed INTEGER NOT NULL DEFAULT 0;
UPDATE sync SET listed = whole AND complete;
-- When a sync that did not come to its end last wrote something down.
ALTER TABLE unfinished ADD COLUMN written_at INTEGER NOT NULL DEFAULT 0;
PRAGMA user_version = 4;
