-- Reason: what of a settled game waits for a bet manager of a guild: disputes, and corrections too late to be followed.
CREATE TABLE bet_reviews (
    guild_id BIGINT NOT NULL,
    game BIGINT NOT NULL,
    number INTEGER NOT NULL,             -- 1, 2, 3 ... of the guild and the game; at most the last is open
    kind VARCHAR(10) NOT NULL,           -- dispute, correction, waiting
    opened_by BIGINT,                    -- who disputes; NULL: nobody, or somebody forgotten
    reason VARCHAR(200) NOT NULL DEFAULT '',
    opened_at BIGINT NOT NULL,
    until_at BIGINT,                     -- when it ends by itself; NULL: once somebody has ruled
    ended_at BIGINT,                     -- NULL: it is open
    body TEXT,                           -- JSON of the result that one bet manager proposes and a second has to confirm
    proposer_id BIGINT,
    proposal VARCHAR(200) NOT NULL DEFAULT '', -- why they propose it
    PRIMARY KEY (guild_id, game, number)
) {compact};
CREATE INDEX bet_reviews_by_end ON bet_reviews (guild_id, ended_at, opened_at);

ALTER TABLE bet_preferences ADD COLUMN mentioned SMALLINT NOT NULL DEFAULT 0; -- 1: where it is told that they won
