-- Reason: a reminder may go to one member directly; where that is closed, it mentions the member in a channel instead.
ALTER TABLE outbox ADD COLUMN user_id BIGINT;            -- to whom; channel_id has the same, as the line it waits in
ALTER TABLE outbox ADD COLUMN instead_channel_id BIGINT; -- where to, if direct messages are closed
