-- The address that a remembered secret was typed for: for another it is of no use. What was
-- remembered before this was known fits only integrations that have none.
ALTER TABLE remembered ADD COLUMN address TEXT NOT NULL DEFAULT '';
