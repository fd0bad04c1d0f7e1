-- Reason: times without news of a guild are marked, and its counts are kept with the place up to which events were read.
CREATE TABLE stats_gaps (
    guild_id BIGINT NOT NULL,
    began_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    reason VARCHAR(32) NOT NULL,
    net BIGINT,
    filled SMALLINT NOT NULL DEFAULT 0,
    PRIMARY KEY (guild_id, began_at)
);

CREATE TABLE stats_marks (
    guild_id BIGINT NOT NULL PRIMARY KEY,
    members BIGINT,
    bans BIGINT
);
