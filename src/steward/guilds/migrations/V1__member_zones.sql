-- Reason: members type times on their own clock, in every server that they share with the bot.
CREATE TABLE member_zones (
    user_id BIGINT NOT NULL,
    zone VARCHAR(64) NOT NULL,
    set_at BIGINT NOT NULL,
    PRIMARY KEY (user_id)
);
