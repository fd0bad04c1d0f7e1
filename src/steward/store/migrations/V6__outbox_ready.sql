-- Reason: the next message is found as fast with thousands of channels waiting as with one.
UPDATE outbox SET retry_at = 0 WHERE retry_at IS NULL;  -- from now on a number: an index has an order of numbers
CREATE INDEX outbox_ready ON outbox (state, retry_at, id);
