-- Reason: whoever made a market, or had a say in its answer, can't bet in it or decide it after they were forgotten.
-- A member_stand_in is a keyed hash of a member of a guild, which no id can be read of.
CREATE TABLE bet_market_former_members (
    guild_id BIGINT NOT NULL,
    member_stand_in VARCHAR(32) NOT NULL,
    market BIGINT NOT NULL,               -- one that isn't settled
    made SMALLINT NOT NULL,               -- 1: they made it; 0: they proposed or confirmed an answer
    PRIMARY KEY (guild_id, member_stand_in, market)
) {compact};
CREATE INDEX bet_market_former_members_by_market ON bet_market_former_members (market);
