-- Reason: markets that members make, what is staked in them, and who proposed, confirmed, objected and decided.
-- Whatever changes a market locks its row first. An answer is the number of an outcome; 0: void.
CREATE TABLE bet_markets (
    id BIGINT PRIMARY KEY,                -- of the command that began it: it is made once
    guild_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    creator_id BIGINT,                    -- NULL: somebody forgotten
    question VARCHAR(200) NOT NULL,
    source VARCHAR(300) NOT NULL,         -- what decides it
    takeout_bps INTEGER NOT NULL,         -- of the losing side of a pool
    made_at BIGINT NOT NULL,
    closes_at BIGINT NOT NULL,
    status VARCHAR(10) NOT NULL DEFAULT 'open' CHECK (
        status IN ('open', 'closed', 'proposed', 'confirmed', 'objected', 'settled')
    ),
    answer SMALLINT,                      -- proposed, and in the end what it was settled by
    deadline_at BIGINT NOT NULL,          -- until when it stays in its status
    changes BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX bet_markets_by_guild ON bet_markets (guild_id, status, id);
CREATE INDEX bet_markets_by_creator ON bet_markets (guild_id, creator_id, status);

CREATE TABLE bet_market_outcomes (
    market BIGINT NOT NULL,
    number SMALLINT NOT NULL,             -- 1, 2, 3 ...
    label VARCHAR(60) NOT NULL,
    numerator BIGINT,                     -- fixed decimal odds; NULL: a pool
    denominator BIGINT,
    received VARCHAR(30) NOT NULL,        -- the odds as they were written
    PRIMARY KEY (market, number)
) {compact};

CREATE TABLE bet_market_stakes (
    id BIGINT PRIMARY KEY,                -- of the interaction that placed it; the number of its escrow, too
    guild_id BIGINT NOT NULL,
    market BIGINT NOT NULL,
    outcome SMALLINT NOT NULL,
    user_id BIGINT,                       -- NULL: somebody forgotten
    press BIGINT NOT NULL,                -- what opened the form: sent twice, it finds the stake
    stake BIGINT NOT NULL,
    returned BIGINT NOT NULL,             -- at fixed odds, what it pays if it wins; in a pool 0
    status VARCHAR(10) NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'settled', 'cancelled')),
    payout BIGINT,                        -- what it paid
    placed_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    CONSTRAINT bet_market_press UNIQUE (guild_id, user_id, press)
);
CREATE INDEX bet_market_stakes_by_market ON bet_market_stakes (market, status, outcome);
CREATE INDEX bet_market_stakes_by_member ON bet_market_stakes (guild_id, user_id, market);

CREATE TABLE bet_market_steps (
    market BIGINT NOT NULL,
    number INTEGER NOT NULL,              -- 1, 2, 3 ... within the market
    guild_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    step VARCHAR(10) NOT NULL,            -- proposed, confirmed, objected, decided
    answer SMALLINT,
    user_id BIGINT,                       -- NULL: somebody forgotten
    PRIMARY KEY (market, number)
) {compact};
CREATE INDEX bet_market_steps_by_member ON bet_market_steps (guild_id, user_id);
