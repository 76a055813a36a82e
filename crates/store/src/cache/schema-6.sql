-- Format 6. Projects at or below a scope are counted without those that are gone: the hook counts
-- anew. And nobody asks for the oldest readings.
DROP INDEX scope_by_age;
