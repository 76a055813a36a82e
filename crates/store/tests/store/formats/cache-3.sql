-- Format 3.
CREATE TABLE unfinished (
  connection INTEGER NOT NULL,
  level      INTEGER NOT NULL,
  id         INTEGER NOT NULL,
  full       INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  tree_known INTEGER NOT NULL,
  PRIMARY KEY (connection, level, id, full)
) STRICT, WITHOUT ROWID;
PRAGMA user_version = 3;
