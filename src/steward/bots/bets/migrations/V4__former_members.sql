-- Reason: who was forgotten in a season and had its starting balance, so that nobody gets it twice.
-- A member_stand_in is a keyed hash of a member of a guild, which no id can be read of.
CREATE TABLE bet_former_members (
    guild_id BIGINT NOT NULL,
    member_stand_in VARCHAR(32) NOT NULL, -- had the starting balance of this season, and was forgotten
    claimed_at BIGINT NOT NULL,           -- the last claim; 0: none
    at BIGINT NOT NULL,                   -- when they were forgotten
    PRIMARY KEY (guild_id, member_stand_in)
) {compact};
CREATE INDEX bet_former_members_by_age ON bet_former_members (at);
