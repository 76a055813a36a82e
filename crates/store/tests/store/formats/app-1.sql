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
INSERT INTO step VALUES (1, 1, 2, 21, 'acme/web', 'jira', 'set_custom', '{"row":"nothing"}',
  '{"row":"stored","inherited":false,"active":true,"fields":{"url":"https://jira.acme.example"},"events":{}}',
  1790000002000, 'applied', NULL,
  '{"row":"stored","inherited":false,"active":true,"fields":{"url":"https://jira.acme.example"},"events":{}}',
  1790000002500);
PRAGMA user_version = 1;
