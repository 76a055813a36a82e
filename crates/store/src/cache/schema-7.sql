-- Format 7. What values begin with: an index of threes cannot find one or two characters. Few
-- different beginnings, so that new ones are added at few places.
CREATE INDEX value_by_start ON value (connection, substr(text, 1, 2));
