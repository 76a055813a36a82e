-- Format 5. What values hold is kept once each.
DROP TABLE settings_text;
DROP TABLE settings;
CREATE TABLE settings (
  id     INTEGER PRIMARY KEY,
  kind   INTEGER NOT NULL,
  hash   INTEGER NOT NULL,
  holds  TEXT NOT NULL,
  fields TEXT NOT NULL
) STRICT;
CREATE INDEX settings_by_hash ON settings (kind, hash);
CREATE TABLE value (
  id         INTEGER PRIMARY KEY,
  connection INTEGER NOT NULL,
  hash       INTEGER NOT NULL,
  text       TEXT NOT NULL
) STRICT;
CREATE INDEX value_by_hash ON value (connection, hash);
CREATE VIRTUAL TABLE value_text USING fts5(text, tokenize = 'trigram case_sensitive 1',
  content = '', contentless_delete = 1);
CREATE VIRTUAL TABLE settings_holds USING fts5(holds, tokenize = 'ascii', detail = none,
  content = '', contentless_delete = 1);

-- What was made of the two that there were.
INSERT INTO settings VALUES
  (1, 1, -5504921128076098436, '1', '{"url":"https://jira.acme.example","api_url":null}'),
  (2, 1, 5953551100439565671, '2', '{"url":"https://jira-old.acme.example"}');
INSERT INTO value VALUES
  (1, 1, -6618239224368708702, 'https://jira.acme.example'),
  (2, 1, -722003159044217546, 'https://jira-old.acme.example');
INSERT INTO value_text (rowid, text) SELECT id, text FROM value;
INSERT INTO settings_holds (rowid, holds) SELECT id, holds FROM settings;
PRAGMA user_version = 5;
