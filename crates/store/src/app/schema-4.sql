-- What a plan was asked for, in the words of whoever made it (JSON); never a secret.
ALTER TABLE run ADD COLUMN about TEXT;
-- A person looked at how the step ended and left what GitLab has.
ALTER TABLE step ADD COLUMN kept_at INTEGER;
