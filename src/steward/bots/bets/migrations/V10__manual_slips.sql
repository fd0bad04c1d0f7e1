-- Reason: slips of cappers in units on what no feed knows; a bet manager grades them, and a deleted one stays to be seen.
CREATE TABLE bet_manual_slips (
    id BIGINT PRIMARY KEY,                -- of the command that posted it
    guild_id BIGINT NOT NULL,
    user_id BIGINT,                       -- NULL: somebody forgotten
    said VARCHAR(200) NOT NULL,
    numerator BIGINT NOT NULL,            -- decimal odds
    denominator BIGINT NOT NULL,
    received VARCHAR(30) NOT NULL,        -- the odds as they were written
    stake INTEGER NOT NULL,               -- in hundredths of a unit
    status VARCHAR(10) NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'settled', 'deleted')),
    outcome VARCHAR(10),                  -- of a settled one
    payout BIGINT,                        -- what it returned, in hundredths of a unit
    graded_by BIGINT,                     -- NULL: nobody, or somebody forgotten
    placed_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL            -- when it was posted, graded or deleted
);
CREATE INDEX bet_manual_slips_by_member ON bet_manual_slips (guild_id, user_id, id);
CREATE INDEX bet_manual_slips_by_status ON bet_manual_slips (guild_id, status, id);
