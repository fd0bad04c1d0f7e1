-- Reason: members find events by title while they type; to look for it in the JSON of ten thousand takes too long.
ALTER TABLE event_occurrences ADD COLUMN title VARCHAR(100); -- in small letters; a longer text of before begins with it
UPDATE event_occurrences SET title = LOWER(SUBSTR(
    COALESCE(details, (SELECT e.details FROM events e WHERE e.id = event_occurrences.event_id)), 11, 100));
