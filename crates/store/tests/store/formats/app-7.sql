-- Format 7.
-- A step that is left out of a plan: its own number where a person left it out, else that of the
-- step that it cannot do without, which is.
ALTER TABLE step ADD COLUMN left_out INTEGER;

-- Of the plan that waits.
UPDATE step SET left_out = 1 WHERE run = 2 AND number = 1;
PRAGMA user_version = 7;
