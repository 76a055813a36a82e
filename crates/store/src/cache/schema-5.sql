-- Format 5. What values hold is kept once each, and cut up for search once each: many settings
-- share their texts, and only one index then has to be written to for each new one.
DROP TABLE settings_text;
ALTER TABLE settings RENAME TO settings_4;

-- Field values as some rows of a kind have them. Those without a row are swept after a sync.
CREATE TABLE settings (
  id     INTEGER PRIMARY KEY,
  kind   INTEGER NOT NULL,
  -- FNV-1a of `fields`. An index of the texts themselves would be as large as they are, and each
  -- new one would go to another page of it.
  hash   INTEGER NOT NULL,
  -- Numbers of the texts that its values hold, with blanks between them.
  holds  TEXT NOT NULL,
  fields TEXT NOT NULL
) STRICT;
CREATE INDEX settings_by_hash ON settings (kind, hash);

-- What can be looked for in values, in small letters.
CREATE TABLE value (
  id         INTEGER PRIMARY KEY,
  connection INTEGER NOT NULL,
  hash       INTEGER NOT NULL,
  text       TEXT NOT NULL
) STRICT;
CREATE INDEX value_by_hash ON value (connection, hash);

-- `rowid` is value.id: any part of a text leads to its number …
CREATE VIRTUAL TABLE value_text USING fts5(text, tokenize = 'trigram case_sensitive 1',
  content = '', contentless_delete = 1);
-- … and `rowid` is settings.id: the number leads to what holds it.
CREATE VIRTUAL TABLE settings_holds USING fts5(holds, tokenize = 'ascii', detail = none,
  content = '', contentless_delete = 1);
