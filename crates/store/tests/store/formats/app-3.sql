-- Format 3.
-- A plan is a run that has not begun: its steps are written down before anybody looks at them.
ALTER TABLE run ADD COLUMN state TEXT NOT NULL DEFAULT 'ended'
  CHECK (state IN ('planned', 'running', 'paused', 'ended'));
ALTER TABLE run ADD COLUMN slug TEXT NOT NULL DEFAULT '';
ALTER TABLE run ADD COLUMN planned_at INTEGER;
-- the run whose steps this one takes back
ALTER TABLE run ADD COLUMN undoes INTEGER;
-- scopes that were asked for and are as wanted
ALTER TABLE run ADD COLUMN same INTEGER NOT NULL DEFAULT 0;
-- An earlier build's run that never ended: what became of it is to be looked up.
UPDATE run SET state = 'paused' WHERE finished_at IS NULL;

-- What is sent, which secrets it needs, where its settings come from, what GitLab does besides.
ALTER TABLE step ADD COLUMN plan TEXT NOT NULL DEFAULT '{}';
-- Before its first request: without an outcome, it may have arrived.
ALTER TABLE step ADD COLUMN sent_at INTEGER;
CREATE INDEX step_open ON step (run, number) WHERE outcome IS NULL;

-- Scopes that were asked for and get no step.
CREATE TABLE skipped (
  run      INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  number   INTEGER NOT NULL,
  level    INTEGER NOT NULL,
  scope_id INTEGER NOT NULL,
  path     TEXT NOT NULL,
  why      TEXT NOT NULL,
  PRIMARY KEY (run, number)
) STRICT, WITHOUT ROWID;

-- The blast radius: who else is touched by a changed default, and who is not.
CREATE TABLE touched (
  run      INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  how      INTEGER NOT NULL,
  number   INTEGER NOT NULL,
  level    INTEGER NOT NULL,
  scope_id INTEGER NOT NULL,
  path     TEXT NOT NULL,
  PRIMARY KEY (run, how, number)
) STRICT, WITHOUT ROWID;

-- A plan that waits.
INSERT INTO run (id, connection, started_at, finished_at, state, slug, planned_at)
  VALUES (2, 1, 1790000010000, NULL, 'planned', 'jira', 1790000010000);
INSERT INTO step (run, number, level, scope_id, path, slug, action, before, after, intended_at, plan)
  VALUES
  (2, 1, 2, 20, 'acme/api', 'jira', 'use_default',
   '{"row":"stored","inherited":false,"active":true,"fields":{"url":"https://own.example"},"events":{}}',
   '{"row":"stored","inherited":true,"active":true,"fields":{"url":"https://jira.acme.example"},"events":{}}',
   1790000010000,
   '{"writes":[{"method":"put","body":{"use_inherited_settings":true}}],"secrets":[],"source":null,"besides":[]}'),
  (2, 2, 2, 21, 'acme/web', 'jira', 'disable',
   '{"row":"stored","inherited":false,"active":true,"fields":{"url":"https://own.example"},"events":{}}',
   '{"row":"stored","inherited":false,"active":false,"fields":{},"events":{}}',
   1790000010000, '{"writes":[{"method":"delete"}],"secrets":[],"source":null,"besides":[]}');
PRAGMA user_version = 3;
