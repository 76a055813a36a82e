-- Format 6.
-- What a person set for this data folder, by name.
CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO setting VALUES ('plan_data_hours', 48);
PRAGMA user_version = 6;
