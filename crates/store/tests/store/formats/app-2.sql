-- Format 2.
-- Syncs are numbered here and not in the cache, which may be thrown away: what changed between
-- them is told by these numbers for as long as history is kept.
CREATE TABLE sync (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  connection  INTEGER NOT NULL REFERENCES connection (id) ON DELETE CASCADE,
  started_at  INTEGER NOT NULL,
  finished_at INTEGER,
  whole       INTEGER NOT NULL,
  complete    INTEGER NOT NULL DEFAULT 0,
  failed      INTEGER NOT NULL DEFAULT 0,
  requests    INTEGER NOT NULL DEFAULT 0,
  stopped     TEXT
) STRICT;
CREATE INDEX sync_by_connection ON sync (connection, started_at);

-- What a sync of everything counted in its end.
CREATE TABLE sync_count (
  sync  INTEGER NOT NULL REFERENCES sync (id) ON DELETE CASCADE,
  level INTEGER NOT NULL,
  slug  TEXT NOT NULL,
  state TEXT NOT NULL,
  n     INTEGER NOT NULL,
  PRIMARY KEY (sync, level, slug, state)
) STRICT, WITHOUT ROWID;

-- What changed between two readings.
CREATE TABLE change (
  id         INTEGER PRIMARY KEY,
  connection INTEGER NOT NULL REFERENCES connection (id) ON DELETE CASCADE,
  -- the sync that noticed; 0: a reading outside of syncs
  sync       INTEGER NOT NULL,
  -- our own run that did it; NULL: nobody knows who did it
  by_run     INTEGER,
  at         INTEGER NOT NULL,
  level      INTEGER NOT NULL,
  scope_id   INTEGER NOT NULL,
  -- the path at that time
  path       TEXT NOT NULL,
  -- '': the scope itself
  slug       TEXT NOT NULL,
  -- 'state', 'source', 'field:…', 'event:…', 'scope', 'path'
  what       TEXT NOT NULL,
  -- JSON; NULL: not known
  before     TEXT,
  after      TEXT,
  -- the batch of the cache it came with: it is committed first, and taken back if that was not
  batch      INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX change_once ON change (connection, sync, level, scope_id, slug, what)
  WHERE sync <> 0;
CREATE INDEX change_by_time ON change (connection, at, id);
CREATE INDEX change_by_scope ON change (connection, level, scope_id, at);
CREATE INDEX change_by_kind ON change (connection, slug, at);
CREATE INDEX change_by_batch ON change (batch);

-- What its first syncs wrote.
INSERT INTO sync VALUES (8, 1, 1790000008000, 1790000009000, 1, 1, 0, 40, NULL);
INSERT INTO sync_count VALUES (8, 2, 'jira', 'inherited', 1);
INSERT INTO change VALUES (1, 1, 8, NULL, 1790000008500, 2, 20, 'acme/api', 'jira', 'state',
  '"custom"', '"inherited"', 1);
PRAGMA user_version = 2;
