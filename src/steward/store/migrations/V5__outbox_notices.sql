-- Reason: whoever waits for a message is told if it can never be sent: of an event's post, its organiser.
ALTER TABLE outbox ADD COLUMN told_user_id BIGINT;       -- who; NULL for nobody, and once it is sent or parked
ALTER TABLE outbox ADD COLUMN told TEXT;                 -- JSON: what is said
