-- Format 3, as it was made of what format 1 held.
CREATE TABLE state (
  only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
  -- NULL: a new cache, which takes its number from the history
  batch    INTEGER
) STRICT;
INSERT INTO "state" VALUES (1, 1);
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
INSERT INTO "scope" VALUES (1, 1, 0, 0, 0, 5, NULL, 0, 0, 2, 4, NULL, NULL, NULL, NULL, 0, 0, 0, 0, NULL, NULL, NULL, 'Acme', 'gitlab.acme.example', 'acme', 'gitlab.acme.example', NULL, NULL);
INSERT INTO "scope" VALUES (2, 1, 1, 10, 1, 4, 1, 0, 1, 3, 3, NULL, 1790000005000, NULL, 'private', 0, 0, 0, 0, x'0100000012', 0, 0, 'Acme Group', 'acme', 'acme group', 'acme', NULL, NULL);
INSERT INTO "scope" VALUES (3, 1, 2, 20, 4, 4, 2, 2, 2, 0, 1, NULL, 1790000005000, NULL, 'private', 0, 0, 0, 0, x'0100000020', 1, 10, 'Äpi', 'acme/api', 'äpi', 'acme/api', NULL, NULL);
INSERT INTO "scope" VALUES (4, 1, 2, 21, 3, 3, 2, 1, 2, 0, 1, NULL, 1790000005000, 1790000006000, 'private', 0, 1, 0, 0, x'01000000120200000005', 1, 10, 'Web', 'acme/web', 'web', 'acme/web', '"failed"', 'GitLab answered 502');
INSERT INTO "scope" VALUES (5, 1, 2, 22, 2, 2, 2, 0, 2, 0, 1, 1790000004000, 1790000003000, NULL, 'private', 0, 0, 0, 0, x'0100000020', 1, 10, 'Old', 'acme/old', 'old', 'acme/old', NULL, NULL);
INSERT INTO "scope" VALUES (6, 1, 2, 23, 5, 5, 1, 1, 1, 0, 1, NULL, NULL, NULL, NULL, 0, 0, 0, 0, NULL, 1, 99, 'Lost', 'x/lost', 'lost', 'x/lost', NULL, NULL);
CREATE TABLE kind (
  id         INTEGER PRIMARY KEY,
  connection INTEGER NOT NULL,
  slug       TEXT NOT NULL,
  title      TEXT,
  UNIQUE (connection, slug)
) STRICT;
INSERT INTO "kind" VALUES (1, 1, 'jira', 'Jira issues');
INSERT INTO "kind" VALUES (2, 1, 'slack', NULL);
CREATE TABLE event_set (
  id         INTEGER PRIMARY KEY,
  connection INTEGER NOT NULL,
  events     TEXT NOT NULL,
  UNIQUE (connection, events)
) STRICT;
INSERT INTO "event_set" VALUES (1, 1, '{"push_events":true}');
INSERT INTO "event_set" VALUES (2, 1, '{"push_events":false}');
CREATE TABLE settings (
  id     INTEGER PRIMARY KEY,
  kind   INTEGER NOT NULL,
  fields TEXT NOT NULL,
  UNIQUE (kind, fields)
) STRICT;
INSERT INTO "settings" VALUES (1, 1, '{"url":"https://jira.acme.example","api_url":null}');
INSERT INTO "settings" VALUES (2, 1, '{"url":"https://jira-old.acme.example"}');
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
INSERT INTO "integration" VALUES (2, 1, 2, 0, 0, 1, NULL, NULL, NULL, NULL, 0, 1789000000000, 1, 1, 1790000005000, 1790000005000, 1789000000000);
INSERT INTO "integration" VALUES (3, 1, 0, 0, 1, 1, 0, 0, 1, 10, 0, 1789000000000, 1, NULL, 1790000005000, NULL, NULL);
INSERT INTO "integration" VALUES (4, 1, 2, 0, 0, 1, NULL, NULL, NULL, NULL, 0, 1789000001000, 2, 2, 1790000005000, 1790000005000, 1789000000000);
INSERT INTO "integration" VALUES (4, 2, 5, 1, NULL, 0, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, 1790000005000, NULL, NULL);
INSERT INTO "integration" VALUES (5, 1, 0, 0, 1, 1, 2, 0, 1, 10, 0, 1789000000000, 1, NULL, 1790000003000, NULL, NULL);
CREATE TABLE tally (
  scope  INTEGER PRIMARY KEY,
  counts BLOB NOT NULL
) STRICT;
INSERT INTO "tally" VALUES (1, x'010000000201000000010000001001000000010000001201000000020000001501000000');
INSERT INTO "tally" VALUES (2, x'010000000201000000010000001001000000010000001201000000020000001501000000');
CREATE TABLE heirs (
  kind   INTEGER NOT NULL,
  level  INTEGER NOT NULL,
  id     INTEGER NOT NULL,
  agree  INTEGER NOT NULL DEFAULT 0,
  differ INTEGER NOT NULL DEFAULT 0,
  unread INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (kind, level, id)
) STRICT, WITHOUT ROWID;
INSERT INTO "heirs" VALUES (1, 1, 10, 1, 0, 0);
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
INSERT INTO "sync" VALUES (1, NULL, 1, 1790000000000, 1790000007000, 1, 0, 1, 12, NULL);
CREATE TABLE unfinished (
  connection INTEGER NOT NULL,
  level      INTEGER NOT NULL,
  id         INTEGER NOT NULL,
  full       INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  tree_known INTEGER NOT NULL,
  PRIMARY KEY (connection, level, id, full)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX scope_by_key ON scope (connection, level, id);
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
CREATE VIRTUAL TABLE scope_text USING fts5(text, tokenize = 'trigram case_sensitive 1',
  content = '', contentless_delete = 1);
DELETE FROM "scope_text_data";
INSERT INTO "scope_text_data" VALUES (1, x'0638');
INSERT INTO "scope_text_data" VALUES (10, x'00000000ff00000101010100010101010101000006');
INSERT INTO "scope_text_data" VALUES (137438953473, x'0000016504300a616302020c010205010320677202020601032e61630102080202657801020d01032f617003020a02026c6f06020302026f6c05020602027765040206010361622e0102060202636d0102090104020d01020601020201020202026d700102100202706903020b0103622e610102070103636d6501020a0104030d010207010203010203010365206702020502022e6501020c02022f6103020903016f0502050301770402050202786101020e01036769740102020202726f0202070103690a610302040202746c01020301036c616201020502026f7306020401036d652002020403012e01020b03012f0302080102040102040202706c01021101036f6c6405020702027374060205020275700202090103700a6102020b0202690a03020302026c650102120103726f750202080103746c61010204010375700a02020a01037765620402070103782f6c0602020202616d01020f0104c3a47069030202040b0808070807070708140707081508070706060708070807080708060c07080707080707080808080807');
DELETE FROM "scope_text_idx";
INSERT INTO "scope_text_idx" VALUES (1, x'', 2);
DELETE FROM "scope_text_docsize";
INSERT INTO "scope_text_docsize" VALUES (1, x'11', 1);
INSERT INTO "scope_text_docsize" VALUES (2, x'0d', 1);
INSERT INTO "scope_text_docsize" VALUES (3, x'0a', 1);
INSERT INTO "scope_text_docsize" VALUES (4, x'06', 1);
INSERT INTO "scope_text_docsize" VALUES (5, x'06', 1);
INSERT INTO "scope_text_docsize" VALUES (6, x'04', 1);
DELETE FROM "scope_text_config";
INSERT INTO "scope_text_config" VALUES ('version', 4);
CREATE VIRTUAL TABLE settings_text USING fts5(text, tokenize = 'trigram case_sensitive 1',
  content = '', contentless_delete = 1);
DELETE FROM "settings_text_data";
INSERT INTO "settings_text_data" VALUES (1, x'0232');
INSERT INTO "settings_text_data" VALUES (10, x'00000000ff00000101010100010101010101000002');
INSERT INTO "settings_text_data" VALUES (137438953473, x'0000012004302d6f6c02020e01032e616301020e0102120202657801021301021701032f2f6a01020801020802026a6901020901020901033a2f2f0102070102070103612d6f02020d02022e6101020d0202636d01020f01021302026d7001021601021a0103636d650102100102140103642e610202110103652e65010212010216020278610102140102180103687474010202010202010369726101020b01020b01036a697201020a01020a01036c642e02021001036d652e0102110102150202706c01021701021b01036f6c6402020f0103706c6501021801021c0202733a010205010205010372612d02020c03012e01020c0103733a2f010206010206010374707301020401020402027470010203010203010378616d01021501021904080b0a0b0a0b08070a0a0b080b0a0b0b0b080b0a080b0a08060b0b0a');
DELETE FROM "settings_text_idx";
INSERT INTO "settings_text_idx" VALUES (1, x'', 2);
DELETE FROM "settings_text_docsize";
INSERT INTO "settings_text_docsize" VALUES (1, x'17', 1);
INSERT INTO "settings_text_docsize" VALUES (2, x'1b', 1);
DELETE FROM "settings_text_config";
INSERT INTO "settings_text_config" VALUES ('version', 4);
PRAGMA user_version = 3;
