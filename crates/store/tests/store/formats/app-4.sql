-- Format 4.
-- What a plan was asked for, in the words of whoever made it (JSON); never a secret.
ALTER TABLE run ADD COLUMN about TEXT;
-- A person looked at how the step ended and left what GitLab has.
ALTER TABLE step ADD COLUMN kept_at INTEGER;

-- A step that somebody left as it is.
UPDATE step SET kept_at = 1790000011000 WHERE run = 1;
PRAGMA user_version = 4;
