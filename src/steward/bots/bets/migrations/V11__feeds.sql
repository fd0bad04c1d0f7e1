-- Reason: prices are of one bookmaker and get old, and what is asked of a feed is counted by its kind, by one process at a time.
ALTER TABLE bet_prices ADD COLUMN book VARCHAR(64) NOT NULL DEFAULT ''; -- the bookmaker, as the feed calls it
ALTER TABLE bet_game_refs ADD COLUMN priced_at BIGINT; -- when the feed last had prices of it; NULL: it has none now

ALTER TABLE bet_feeds DROP COLUMN spent_day;
ALTER TABLE bet_feeds DROP COLUMN spent;
ALTER TABLE bet_feeds ADD COLUMN holder VARCHAR(64);   -- the process that asks it
ALTER TABLE bet_feeds ADD COLUMN held_until BIGINT NOT NULL DEFAULT 0;

ALTER TABLE bet_unmatched ADD COLUMN ignored SMALLINT NOT NULL DEFAULT 0; -- 1: somebody has decided not to decide

CREATE TABLE bet_feed_requests (
    id {auto_key},
    provider VARCHAR(20) NOT NULL,
    at BIGINT NOT NULL,
    kind VARCHAR(10) NOT NULL,
    cost INTEGER NOT NULL                -- in requests of its budget; 0 for one that is free
);
CREATE INDEX bet_feed_requests_by_time ON bet_feed_requests (provider, at);
