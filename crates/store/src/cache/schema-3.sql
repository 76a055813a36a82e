-- Format 3. Syncs that did not come to their end: one for each scope they were asked for, and whether they
-- were to read everything again.
CREATE TABLE unfinished (
  connection INTEGER NOT NULL,
  level      INTEGER NOT NULL,
  id         INTEGER NOT NULL,
  full       INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  tree_known INTEGER NOT NULL,
  PRIMARY KEY (connection, level, id, full)
) STRICT, WITHOUT ROWID;
