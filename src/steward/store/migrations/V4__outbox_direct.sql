-- Reason: a reminder may be a direct message; if those are closed, it mentions the member in a channel instead.
ALTER TABLE outbox ADD COLUMN user_id BIGINT;            -- the recipient; channel_id is the same, as its queue
ALTER TABLE outbox ADD COLUMN instead_channel_id BIGINT; -- the channel to use if direct messages are closed
