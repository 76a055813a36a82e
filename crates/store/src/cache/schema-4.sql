-- Format 4. Whether a sync had all groups and projects, so that what appears later is new. 0: it had
-- not; 1: those that the account is a member of; 2: all that the server has.
ALTER TABLE sync ADD COLUMN listed INTEGER NOT NULL DEFAULT 0;
UPDATE sync SET listed = whole AND complete;

-- When a sync that did not come to its end last wrote something down; 0: not since it began.
ALTER TABLE unfinished ADD COLUMN written_at INTEGER NOT NULL DEFAULT 0;
