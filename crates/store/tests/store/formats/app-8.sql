-- Format 8.
-- A step is some kilobytes: as a row of its own it lies on one page, whichever of it is asked for,
-- and what is asked most often comes first in it. In the index that held it until now, all but its
-- beginning lay elsewhere.
CREATE TABLE step_anew (
  run         INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  number      INTEGER NOT NULL,
  level       INTEGER NOT NULL,
  scope_id    INTEGER NOT NULL,
  path        TEXT NOT NULL,
  slug        TEXT NOT NULL,
  action      TEXT NOT NULL,
  intended_at INTEGER NOT NULL,
  -- before its first request: without an outcome, it may have arrived
  sent_at     INTEGER,
  ended_at    INTEGER,
  outcome     TEXT,
  -- a person looked at how it ended and left what GitLab has
  kept_at     INTEGER,
  -- its own number where a person left it out of the plan, else that of the step it needs
  left_out    INTEGER,
  why         TEXT,
  -- what is sent, which secrets it needs, where its settings come from, what GitLab does besides
  plan        TEXT NOT NULL DEFAULT '{}',
  before      TEXT NOT NULL,
  after       TEXT NOT NULL,
  found       TEXT,
  PRIMARY KEY (run, number)
) STRICT;
INSERT INTO step_anew (run, number, level, scope_id, path, slug, action, intended_at, sent_at,
    ended_at, outcome, kept_at, left_out, why, plan, before, after, found)
  SELECT run, number, level, scope_id, path, slug, action, intended_at, sent_at,
    ended_at, outcome, kept_at, left_out, why, plan, before, after, found
  FROM step ORDER BY run, number;
DROP TABLE step;
ALTER TABLE step_anew RENAME TO step;
-- How many ended how, and which are open.
CREATE INDEX step_by_outcome ON step (run, outcome, number);
CREATE INDEX step_left_out ON step (run, number) WHERE left_out IS NOT NULL;
PRAGMA user_version = 8;
