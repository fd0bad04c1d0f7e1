-- Reason: bets that members have placed, each with its legs. A bet is changed by compare-and-set on its status.
CREATE TABLE bet_bets (
    id {auto_key},
    guild_id BIGINT NOT NULL,
    user_id BIGINT,                       -- NULL: somebody forgotten
    place_key VARCHAR(100) NOT NULL,      -- of the press that placed it: a second one finds the bet
    mode VARCHAR(10) NOT NULL CHECK (mode IN ('house', 'units')),
    stake BIGINT NOT NULL CHECK (stake > 0), -- in points; in units mode, in hundredths of a unit
    returned BIGINT NOT NULL,             -- what it pays if all legs win
    status VARCHAR(10) NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'settled', 'cancelled')),
    outcome VARCHAR(10),                  -- of a settled one
    payout BIGINT,                        -- what it paid
    settlements INTEGER NOT NULL DEFAULT 0, -- how often it was settled: 2 after a correction
    placed_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,           -- when it was placed, settled or cancelled
    CONSTRAINT bet_placed_once UNIQUE (guild_id, place_key)
);
CREATE INDEX bet_bets_by_member ON bet_bets (guild_id, user_id, placed_at);
CREATE INDEX bet_bets_by_change ON bet_bets (guild_id, status, changed_at);

CREATE TABLE bet_legs (
    bet BIGINT NOT NULL,
    number SMALLINT NOT NULL,             -- 1, 2, 3 ...
    game BIGINT NOT NULL,
    market VARCHAR(20) NOT NULL,
    period VARCHAR(10) NOT NULL,
    selection VARCHAR(30) NOT NULL,
    line INTEGER,                         -- in quarters; NULL where the market has none
    subject VARCHAR(100) NOT NULL DEFAULT '', -- of a prop: the player and the statistic
    numerator BIGINT NOT NULL,            -- decimal odds, as taken
    denominator BIGINT NOT NULL,
    received VARCHAR(30) NOT NULL,        -- the odds as the feed wrote them
    listed_at BIGINT NOT NULL,            -- the game's start when the bet was placed
    version INTEGER NOT NULL DEFAULT 0,   -- of the result that it is graded by; 0: it is open
    outcome VARCHAR(10),
    won SMALLINT,                         -- see BetGrade
    back SMALLINT,
    parts SMALLINT,
    PRIMARY KEY (bet, number)
) {compact};
CREATE INDEX bet_legs_by_game ON bet_legs (game, version, bet);
CREATE INDEX bet_legs_by_listing ON bet_legs (version, listed_at);
