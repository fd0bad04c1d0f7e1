-- Reason: a user is notified if a message can never be sent: for an event's post, its organiser.
ALTER TABLE outbox ADD COLUMN told_user_id BIGINT;       -- the user; NULL for none, and once it is sent or parked
ALTER TABLE outbox ADD COLUMN told TEXT;                 -- JSON: the notice
