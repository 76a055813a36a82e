-- Format 2: a million rows. Scopes have a number of their own, and slugs, flags and settings are
-- kept once each, so that keys and indexes are small.
DROP INDEX scope_by_pre;
DROP INDEX scope_by_parent;
DROP INDEX scope_by_path;
DROP INDEX integration_by_kind;
DROP INDEX sync_by_connection;
ALTER TABLE scope RENAME TO scope_1;
ALTER TABLE integration RENAME TO integration_1;
ALTER TABLE sync RENAME TO sync_1;
DROP TABLE tally;

-- The number of the last batch written: the history of a batch is committed before the batch
-- itself, and this tells whether the batch followed. It is also the revision of all answers.
CREATE TABLE state (
  only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
  -- NULL: a new cache, which takes its number from the history
  batch    INTEGER
) STRICT;
INSERT INTO state VALUES (1, NULL);

-- `pre` … `last` is a scope's pre-order interval: a subtree is a range of `pre`. `above` is what it
-- stands under there: its parent, or the instance while that was never listed; `rank` is its place
-- among its siblings. What hangs in a ring has no `pre`.
CREATE TABLE scope (
  ref              INTEGER PRIMARY KEY,
  connection       INTEGER NOT NULL,
  level            INTEGER NOT NULL,
  id               INTEGER NOT NULL,
  pre              INTEGER,
  last             INTEGER,
  above            INTEGER,
  rank             INTEGER,
  depth            INTEGER NOT NULL DEFAULT 0,
  children         INTEGER NOT NULL DEFAULT 0,
  projects         INTEGER NOT NULL DEFAULT 0,
  gone_at          INTEGER,
  -- The last good list and the last failure are kept apart: a failure never hides good data.
  listed_at        INTEGER,
  failed_at        INTEGER,
  visibility       TEXT,
  personal         INTEGER NOT NULL DEFAULT 0,
  archived         INTEGER NOT NULL DEFAULT 0,
  pending_deletion INTEGER NOT NULL DEFAULT 0,
  placeholder      INTEGER NOT NULL DEFAULT 0,
  -- The states of its rows, packed (cells.rs): any filter looks at one row per scope.
  cells            BLOB,
  parent_level     INTEGER,
  parent_id        INTEGER,
  name             TEXT NOT NULL,
  path             TEXT NOT NULL,
  -- In small letters, for prefixes.
  name_key         TEXT NOT NULL,
  path_key         TEXT NOT NULL,
  failed_kind      TEXT,
  failed_why       TEXT
) STRICT;

-- A kind of integration on one connection.
CREATE TABLE kind (
  id         INTEGER PRIMARY KEY,
  connection INTEGER NOT NULL,
  slug       TEXT NOT NULL,
  title      TEXT,
  UNIQUE (connection, slug)
) STRICT;

-- Trigger events as some rows have them.
CREATE TABLE event_set (
  id         INTEGER PRIMARY KEY,
  connection INTEGER NOT NULL,
  events     TEXT NOT NULL,
  UNIQUE (connection, events)
) STRICT;

-- Field values as some rows of a kind have them. Those without a row are swept after a sync.
CREATE TABLE settings (
  id     INTEGER PRIMARY KEY,
  kind   INTEGER NOT NULL,
  fields TEXT NOT NULL,
  UNIQUE (kind, fields)
) STRICT;

-- What is known of one integration at one scope. No row here = off (absent from a list that was
-- read) or not read (no list was read): the scope tells which.
CREATE TABLE integration (
  scope        INTEGER NOT NULL,
  kind         INTEGER NOT NULL,
  -- number of the label, core::row::State
  state        INTEGER NOT NULL,
  -- 0 a row, 1 asked and not set
  presence     INTEGER NOT NULL,
  -- 0 custom, 1 inherited, NULL: this server does not say
  link         INTEGER,
  active       INTEGER NOT NULL,
  -- 0 yes, 1 no, 2 unread
  agrees       INTEGER,
  -- 0 that scope, 1 that scope is not visible, 2 that scope was not asked
  source_kind  INTEGER,
  source_level INTEGER,
  source_id    INTEGER,
  -- 0 read, 1 inferred
  basis        INTEGER NOT NULL,
  updated_at   INTEGER,
  events       INTEGER,
  settings     INTEGER,
  -- A row that is on was seen in every list of its scope since.
  flags_at     INTEGER NOT NULL,
  fields_at    INTEGER,
  -- `updated_at` of the row the fields were read from: another one means they must be read again
  fields_of    INTEGER,
  PRIMARY KEY (scope, kind)
) STRICT, WITHOUT ROWID;

-- Counts of scopes at or below a group or the instance, by kind, level and state, packed
-- (tally.rs). Maintained with every change of a row, never computed by scanning them.
CREATE TABLE tally (
  scope  INTEGER PRIMARY KEY,
  counts BLOB NOT NULL
) STRICT;

-- How many rows inherit a kind from a scope.
CREATE TABLE heirs (
  kind   INTEGER NOT NULL,
  level  INTEGER NOT NULL,
  id     INTEGER NOT NULL,
  agree  INTEGER NOT NULL DEFAULT 0,
  differ INTEGER NOT NULL DEFAULT 0,
  unread INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (kind, level, id)
) STRICT, WITHOUT ROWID;

-- `run` is the sync's number in app.sqlite.
CREATE TABLE sync (
  ref         INTEGER PRIMARY KEY,
  run         INTEGER,
  connection  INTEGER NOT NULL,
  started_at  INTEGER NOT NULL,
  finished_at INTEGER,
  whole       INTEGER NOT NULL,
  complete    INTEGER NOT NULL DEFAULT 0,
  failed      INTEGER NOT NULL DEFAULT 0,
  requests    INTEGER NOT NULL DEFAULT 0,
  stopped     TEXT
) STRICT;

-- Texts in small letters, cut into overlapping threes: `rowid` is scope.ref and settings.id.
CREATE VIRTUAL TABLE scope_text USING fts5(text, tokenize = 'trigram case_sensitive 1',
  content = '', contentless_delete = 1);
CREATE VIRTUAL TABLE settings_text USING fts5(text, tokenize = 'trigram case_sensitive 1',
  content = '', contentless_delete = 1);

-- What format 1 held.
INSERT INTO scope (connection, level, id, gone_at, listed_at, failed_at, visibility, personal,
    archived, pending_deletion, placeholder, parent_level, parent_id, name, path, name_key,
    path_key, failed_kind, failed_why)
  SELECT connection, level, id, gone_at, listed_at, failed_at, visibility, personal,
    archived, pending_deletion, placeholder, parent_level, parent_id, name, path, '', '',
    failed_kind, failed_why
  FROM scope_1;
INSERT INTO kind (connection, slug, title)
  SELECT connection, slug, max(title) FROM integration_1 GROUP BY connection, slug;
INSERT INTO event_set (connection, events)
  SELECT DISTINCT connection, events FROM integration_1 WHERE presence = 0;
CREATE UNIQUE INDEX scope_by_key ON scope (connection, level, id);
INSERT INTO settings (kind, fields)
  SELECT DISTINCT kind.id, fields FROM integration_1 JOIN kind USING (connection, slug)
  WHERE fields IS NOT NULL;
INSERT INTO integration
  SELECT scope.ref, kind.id, state, presence, link, active, agrees, source_kind, source_level,
    source_id, basis, updated_at, event_set.id, settings.id, flags_at, fields_at, fields_of
  FROM integration_1 row
  JOIN scope ON scope.connection = row.connection AND scope.level = row.level
    AND scope.id = row.scope_id
  JOIN kind ON kind.connection = row.connection AND kind.slug = row.slug
  LEFT JOIN event_set ON event_set.connection = row.connection
    AND event_set.events = row.events AND row.presence = 0
  LEFT JOIN settings ON settings.kind = kind.id AND settings.fields = row.fields;
INSERT INTO sync (connection, started_at, finished_at, whole, complete, failed, requests, stopped)
  SELECT connection, started_at, finished_at, whole, complete, failed, requests, stopped
  FROM sync_1 ORDER BY id;
DROP TABLE scope_1;
DROP TABLE integration_1;
DROP TABLE sync_1;

CREATE INDEX scope_by_pre ON scope (connection, pre);
CREATE INDEX scope_by_above ON scope (above, rank);
CREATE INDEX scope_by_name ON scope (connection, name_key);
CREATE INDEX scope_by_path ON scope (connection, path_key);
CREATE INDEX scope_gone ON scope (connection, pre) WHERE gone_at IS NOT NULL;
CREATE INDEX scope_odd ON scope (connection, level) WHERE gone_at IS NOT NULL OR placeholder = 1;
CREATE INDEX scope_failed ON scope (connection, failed_at) WHERE failed_at IS NOT NULL;
CREATE INDEX scope_by_age ON scope (connection, listed_at)
  WHERE gone_at IS NULL AND listed_at IS NOT NULL;
CREATE INDEX integration_by_settings ON integration (settings, state, link, agrees)
  WHERE settings IS NOT NULL;
CREATE INDEX sync_by_connection ON sync (connection, ref);
