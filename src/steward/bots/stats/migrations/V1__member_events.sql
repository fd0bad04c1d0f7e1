-- Reason: who joined, left, was banned or unbanned, and when; and the counts as they were shown.
CREATE TABLE member_events (
    id {auto_key},
    guild_id BIGINT NOT NULL,
    kind VARCHAR(8) NOT NULL,
    user_id BIGINT NOT NULL,
    name VARCHAR(64) NOT NULL,
    at BIGINT NOT NULL,
    origin VARCHAR(96) NOT NULL UNIQUE
);
CREATE INDEX member_events_by_time ON member_events (guild_id, at);

CREATE TABLE guild_counts (
    guild_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    members BIGINT,
    online BIGINT,
    bans BIGINT,
    PRIMARY KEY (guild_id, at)
);
