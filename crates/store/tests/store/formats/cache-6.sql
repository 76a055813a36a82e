-- Format 6. Those that are gone are not counted any more.
DROP INDEX scope_by_age;
UPDATE scope SET projects = 3 WHERE ref = 1;
UPDATE scope SET projects = 2 WHERE ref = 2;
UPDATE scope SET projects = 0 WHERE ref = 5;
PRAGMA user_version = 6;
