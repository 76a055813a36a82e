-- Tells this data folder from any other in the names of keychain entries: all folders of a person
-- share one keychain, and each numbers its connections from 1.
CREATE TABLE folder (
  only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
  mark     TEXT NOT NULL
) STRICT;
INSERT INTO folder VALUES (1, lower(hex(randomblob(16))));

-- AUTOINCREMENT: the id of a removed connection must never name another one.
CREATE TABLE connection (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  name             TEXT NOT NULL,
  base_url         TEXT NOT NULL,
  version          TEXT NOT NULL,
  enterprise       INTEGER,
  username         TEXT NOT NULL,
  is_admin         INTEGER NOT NULL,
  access           TEXT NOT NULL CHECK (access IN ('full', 'review_only')),
  token_expires_on TEXT,
  -- 0: given anew with each run, and so not in the keychain
  token_kept       INTEGER NOT NULL DEFAULT 1,
  safety           TEXT NOT NULL CHECK (safety IN ('read_only', 'confirm_each', 'confirm_large')),
  ca_pem           TEXT,
  plain_http       INTEGER NOT NULL DEFAULT 0,
  demo             INTEGER NOT NULL DEFAULT 0,
  created_at       INTEGER NOT NULL
) STRICT;

CREATE TABLE draft (
  connection INTEGER NOT NULL REFERENCES connection (id) ON DELETE CASCADE,
  level      INTEGER NOT NULL,
  scope_id   INTEGER NOT NULL,
  slug       TEXT NOT NULL,
  settings   TEXT NOT NULL,
  begun_on   TEXT NOT NULL,
  kept_at    INTEGER NOT NULL,
  PRIMARY KEY (connection, level, scope_id, slug)
) STRICT, WITHOUT ROWID;

-- The journal: a step's row is written before its request is sent.
CREATE TABLE run (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  connection  INTEGER NOT NULL REFERENCES connection (id) ON DELETE CASCADE,
  started_at  INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;

CREATE TABLE step (
  run         INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  number      INTEGER NOT NULL,
  level       INTEGER NOT NULL,
  scope_id    INTEGER NOT NULL,
  path        TEXT NOT NULL,
  slug        TEXT NOT NULL,
  action      TEXT NOT NULL,
  before      TEXT NOT NULL,
  after       TEXT NOT NULL,
  intended_at INTEGER NOT NULL,
  outcome     TEXT,
  why         TEXT,
  found       TEXT,
  ended_at    INTEGER,
  PRIMARY KEY (run, number)
) STRICT, WITHOUT ROWID;

-- What a person had in it.
INSERT INTO connection VALUES (1, 'Acme', 'https://gitlab.acme.example', '18.10.0', 1, 'sana', 1,
  'full', '2026-12-31', 1, 'confirm_each', NULL, 0, 0, 1790000000000);
INSERT INTO draft VALUES (1, 2, 20, 'jira',
  '{"fields":{"url":"https://jira.draft"},"events":{"push_events":true}}',
  '{"row":"stored","inherited":true,"active":true,"fields":{},"events":{}}', 1790000001000);
INSERT INTO run VALUES (1, 1, 1790000002000, 1790000003000);

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

-- Format 3.
-- A plan is a run that has not begun: its steps are written down before anybody looks at them.
ALTER TABLE run ADD COLUMN state TEXT NOT NULL DEFAULT 'ended'
  CHECK (state IN ('planned', 'running', 'paused', 'ended'));
ALTER TABLE run ADD COLUMN slug TEXT NOT NULL DEFAULT '';
ALTER TABLE run ADD COLUMN planned_at INTEGER;
-- the run whose steps this one takes back
ALTER TABLE run ADD COLUMN undoes INTEGER;
-- scopes that were asked for and are as wanted
ALTER TABLE run ADD COLUMN same INTEGER NOT NULL DEFAULT 0;
-- An earlier build's run that never ended: what became of it is to be looked up.
UPDATE run SET state = 'paused' WHERE finished_at IS NULL;

-- What is sent, which secrets it needs, where its settings come from, what GitLab does besides.
ALTER TABLE step ADD COLUMN plan TEXT NOT NULL DEFAULT '{}';
-- Before its first request: without an outcome, it may have arrived.
ALTER TABLE step ADD COLUMN sent_at INTEGER;
CREATE INDEX step_open ON step (run, number) WHERE outcome IS NULL;

-- Scopes that were asked for and get no step.
CREATE TABLE skipped (
  run      INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  number   INTEGER NOT NULL,
  level    INTEGER NOT NULL,
  scope_id INTEGER NOT NULL,
  path     TEXT NOT NULL,
  why      TEXT NOT NULL,
  PRIMARY KEY (run, number)
) STRICT, WITHOUT ROWID;

-- The blast radius: who else is touched by a changed default, and who is not.
CREATE TABLE touched (
  run      INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  how      INTEGER NOT NULL,
  number   INTEGER NOT NULL,
  level    INTEGER NOT NULL,
  scope_id INTEGER NOT NULL,
  path     TEXT NOT NULL,
  PRIMARY KEY (run, how, number)
) STRICT, WITHOUT ROWID;

-- A plan that waits.
INSERT INTO run (id, connection, started_at, finished_at, state, slug, planned_at)
  VALUES (2, 1, 1790000010000, NULL, 'planned', 'jira', 1790000010000);

-- Format 4.
-- What a plan was asked for, in the words of whoever made it (JSON); never a secret.
ALTER TABLE run ADD COLUMN about TEXT;
-- A person looked at how the step ended and left what GitLab has.
ALTER TABLE step ADD COLUMN kept_at INTEGER;

UPDATE run SET about = NULL;
PRAGMA user_version = 4;
