-- Reason: a calendar entry has a higher number after each change of it or of its series, and keeps its stamp until then.
ALTER TABLE events ADD COLUMN version INTEGER NOT NULL DEFAULT 0;            -- how often the series was changed
ALTER TABLE events ADD COLUMN revised_at BIGINT NOT NULL DEFAULT 0;          -- when it was changed last
ALTER TABLE event_occurrences ADD COLUMN version INTEGER NOT NULL DEFAULT 0; -- how often this time alone was changed
ALTER TABLE event_occurrences ADD COLUMN revised_at BIGINT NOT NULL DEFAULT 0;
UPDATE events SET revised_at = created_at;
UPDATE event_occurrences SET version = revision;                             -- the number that calendars have seen
