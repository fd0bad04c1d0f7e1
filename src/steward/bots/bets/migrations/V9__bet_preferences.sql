-- Reason: how each member wants odds written, and whether a better price is taken without asking.
CREATE TABLE bet_preferences (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    odds_format VARCHAR(12) NOT NULL,
    takes_better SMALLINT NOT NULL,
    PRIMARY KEY (guild_id, user_id)
) {compact};
