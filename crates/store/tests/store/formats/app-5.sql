-- Format 5.
-- Secrets that a person let the keychain remember: that there is one, never the secret. The run
-- that wrote it tells which state of GitLab it belongs to; none: it is just being kept.
CREATE TABLE remembered (
  connection INTEGER NOT NULL REFERENCES connection (id) ON DELETE CASCADE,
  level      INTEGER NOT NULL,
  scope_id   INTEGER NOT NULL,
  slug       TEXT    NOT NULL,
  field      TEXT    NOT NULL,
  run        INTEGER,
  PRIMARY KEY (connection, level, scope_id, slug, field)
) STRICT, WITHOUT ROWID;

-- One that a run wrote.
INSERT INTO remembered VALUES (1, 2, 21, 'jira', 'password', 1);
PRAGMA user_version = 5;
