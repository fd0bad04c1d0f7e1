-- Reason: what the bets of a guild on a game are graded by, a row each time, kept as the record of who graded what.
CREATE TABLE bet_gradings (
    guild_id BIGINT NOT NULL,
    game BIGINT NOT NULL,
    number INTEGER NOT NULL,             -- 1, 2, 3 ...: legs with a lower version are graded by it
    version INTEGER,                     -- of the result in bet_results; NULL: somebody has ruled
    body TEXT,                           -- of a ruling: JSON of the result
    grader_id BIGINT,                    -- who ruled; NULL: the feeds, or somebody forgotten
    seconder_id BIGINT,                  -- who agreed, where two had to
    reason VARCHAR(200) NOT NULL DEFAULT '',
    at BIGINT NOT NULL,
    begun_at BIGINT,                     -- when the first bets were graded by it
    reached BIGINT NOT NULL DEFAULT 0,   -- the last bet that was
    kept INTEGER NOT NULL DEFAULT 0,     -- how many bets stayed as they were: their season has ended
    done_at BIGINT,                      -- when all were
    PRIMARY KEY (guild_id, game, number)
) {compact};
CREATE INDEX bet_gradings_by_time ON bet_gradings (guild_id, at);
