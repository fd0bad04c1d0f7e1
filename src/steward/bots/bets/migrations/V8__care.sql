-- Reason: limits that members set themselves, and breaks that they take from betting.
-- A member_stand_in is a keyed hash of a member of a guild: it outlives `/privacy forget-me`, and no id can be read of it.
CREATE TABLE bet_limits (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    kind VARCHAR(10) NOT NULL CHECK (kind IN ('stake', 'loss')),
    period VARCHAR(10) NOT NULL CHECK (period IN ('day', 'week')),
    amount BIGINT,                        -- in points; NULL: none
    next_amount BIGINT,                   -- what replaces it
    next_at BIGINT,                       -- when; NULL: nothing does
    PRIMARY KEY (guild_id, user_id, kind, period)
) {compact};

CREATE TABLE bet_breaks (
    guild_id BIGINT NOT NULL,
    member_stand_in VARCHAR(32) NOT NULL,
    at BIGINT NOT NULL,                   -- when it was begun, or last made longer
    until_at BIGINT NOT NULL,             -- only ever set to later
    PRIMARY KEY (guild_id, member_stand_in)
) {compact};
CREATE INDEX bet_breaks_by_end ON bet_breaks (until_at);

CREATE INDEX bet_bets_by_member_change ON bet_bets (guild_id, user_id, status, changed_at);
