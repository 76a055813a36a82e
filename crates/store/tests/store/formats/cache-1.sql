-- A scope is known by (connection, level, GitLab's id). `pre` … `last` is its pre-order interval:
-- a subtree is a range of `pre`.
CREATE TABLE scope (
  connection       INTEGER NOT NULL,
  level            INTEGER NOT NULL,
  id               INTEGER NOT NULL,
  parent_level     INTEGER,
  parent_id        INTEGER,
  name             TEXT NOT NULL,
  path             TEXT NOT NULL,
  search           TEXT NOT NULL,
  visibility       TEXT,
  personal         INTEGER NOT NULL DEFAULT 0,
  archived         INTEGER NOT NULL DEFAULT 0,
  pending_deletion INTEGER NOT NULL DEFAULT 0,
  placeholder      INTEGER NOT NULL DEFAULT 0,
  gone_at          INTEGER,
  seen_at          INTEGER NOT NULL,
  pre              INTEGER,
  last             INTEGER,
  depth            INTEGER NOT NULL DEFAULT 0,
  children         INTEGER NOT NULL DEFAULT 0,
  projects         INTEGER NOT NULL DEFAULT 0,
  -- The last good list and the last failure are kept apart: a failure never hides good data.
  listed_at        INTEGER,
  failed_at        INTEGER,
  failed_kind      TEXT,
  failed_why       TEXT,
  PRIMARY KEY (connection, level, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX scope_by_pre ON scope (connection, pre);
CREATE INDEX scope_by_parent ON scope (connection, parent_level, parent_id, pre);
CREATE INDEX scope_by_path ON scope (connection, path);

-- What is known of one integration at one scope. No row here = off (absent from a list that was
-- read) or not read (no list was read): the scope tells which.
CREATE TABLE integration (
  connection   INTEGER NOT NULL,
  level        INTEGER NOT NULL,
  scope_id     INTEGER NOT NULL,
  slug         TEXT NOT NULL,
  -- 0 a row, 1 asked and not set
  presence     INTEGER NOT NULL,
  title        TEXT,
  -- 0 custom, 1 inherited, NULL: this server does not say
  link         INTEGER,
  active       INTEGER NOT NULL DEFAULT 0,
  -- 0 yes, 1 no, 2 unread
  agrees       INTEGER,
  -- 0 that scope, 1 that scope is not visible, 2 that scope was not asked
  source_kind  INTEGER,
  source_level INTEGER,
  source_id    INTEGER,
  -- 0 read, 1 inferred
  basis        INTEGER NOT NULL DEFAULT 0,
  updated_at   INTEGER,
  events       TEXT NOT NULL DEFAULT '{}',
  fields       TEXT,
  flags_at     INTEGER NOT NULL,
  fields_at    INTEGER,
  -- `updated_at` of the row the fields were read from: another one means they must be read again
  fields_of    INTEGER,
  -- number of the label, core::row::State
  state        INTEGER NOT NULL,
  PRIMARY KEY (connection, level, scope_id, slug)
) STRICT, WITHOUT ROWID;
CREATE INDEX integration_by_kind ON integration (connection, slug, state);

-- Counts of scopes at or below a group or the instance, by kind and state. Maintained with every
-- change of a row, never computed by scanning them.
CREATE TABLE tally (
  connection INTEGER NOT NULL,
  level      INTEGER NOT NULL,
  id         INTEGER NOT NULL,
  slug       TEXT NOT NULL,
  state      INTEGER NOT NULL,
  n          INTEGER NOT NULL,
  PRIMARY KEY (connection, level, id, slug, state)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  connection  INTEGER NOT NULL,
  started_at  INTEGER NOT NULL,
  finished_at INTEGER,
  whole       INTEGER NOT NULL,
  complete    INTEGER NOT NULL DEFAULT 0,
  failed      INTEGER NOT NULL DEFAULT 0,
  requests    INTEGER NOT NULL DEFAULT 0,
  stopped     TEXT
) STRICT;
CREATE INDEX sync_by_connection ON sync (connection, id);

-- What a sync had read: acme holds api and web; old is gone; lost stands under a group that was
-- never listed.
INSERT INTO scope VALUES
  (1, 0, 0, NULL, NULL, 'Acme', 'gitlab.acme.example', 'acme', NULL, 0, 0, 0, 0, NULL, 1790000000000,
   0, 5, 0, 3, 3, NULL, NULL, NULL, NULL),
  (1, 1, 10, 0, 0, 'Acme Group', 'acme', 'acme', 'private', 0, 0, 0, 0, NULL, 1790000000000,
   1, 4, 1, 3, 2, 1790000005000, NULL, NULL, NULL),
  (1, 2, 20, 1, 10, 'Äpi', 'acme/api', 'acme', 'private', 0, 0, 0, 0, NULL, 1790000000000,
   4, 4, 2, 0, 1, 1790000005000, NULL, NULL, NULL),
  (1, 2, 21, 1, 10, 'Web', 'acme/web', 'acme', 'private', 0, 1, 0, 0, NULL, 1790000000000,
   3, 3, 2, 0, 1, 1790000005000, 1790000006000, '"failed"', 'GitLab answered 502'),
  (1, 2, 22, 1, 10, 'Old', 'acme/old', 'acme', 'private', 0, 0, 0, 0, 1790000004000, 1790000000000,
   2, 2, 2, 0, 1, 1790000003000, NULL, NULL, NULL),
  (1, 2, 23, 1, 99, 'Lost', 'x/lost', 'x', NULL, 0, 0, 0, 0, NULL, 1790000000000,
   5, 5, 1, 0, 1, NULL, NULL, NULL, NULL);
INSERT INTO integration VALUES
  (1, 1, 10, 'jira', 0, 'Jira issues', 0, 1, NULL, NULL, NULL, NULL, 0, 1789000000000,
   '{"push_events":true}', '{"url":"https://jira.acme.example","api_url":null}',
   1790000005000, 1790000005000, 1789000000000, 2),
  (1, 2, 20, 'jira', 0, 'Jira issues', 1, 1, 0, 0, 1, 10, 0, 1789000000000,
   '{"push_events":true}', NULL, 1790000005000, NULL, NULL, 0),
  (1, 2, 21, 'jira', 0, 'Jira issues', 0, 1, NULL, NULL, NULL, NULL, 0, 1789000001000,
   '{"push_events":false}', '{"url":"https://jira-old.acme.example"}',
   1790000005000, 1790000005000, 1789000000000, 2),
  (1, 2, 21, 'slack', 1, NULL, NULL, 0, NULL, NULL, NULL, NULL, 0, NULL,
   '{}', NULL, 1790000005000, NULL, NULL, 5),
  (1, 2, 22, 'jira', 0, 'Jira issues', 1, 1, 2, 0, 1, 10, 0, 1789000000000,
   '{"push_events":true}', NULL, 1790000003000, NULL, NULL, 0);
INSERT INTO tally VALUES (1, 0, 0, 'jira', 0, 2), (1, 0, 0, 'jira', 2, 2);
INSERT INTO sync VALUES (7, 1, 1790000000000, 1790000007000, 1, 0, 1, 12, NULL);
PRAGMA user_version = 1;
