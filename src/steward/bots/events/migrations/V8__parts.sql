-- Reason: a series that is changed from one of its times on leaves what was before as a series that ends there.
ALTER TABLE events ADD COLUMN part_of BIGINT; -- the series that goes on; NULL for that one itself
CREATE INDEX events_by_part ON events (part_of);
