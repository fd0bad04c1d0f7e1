-- Reason: charts over years must read few rows, so what is counted is kept by hour and by day of each guild's own clock.
-- level: 1 an hour, 2 a day, 4 a month. at: the first instant of it.
-- A flow (joins and so on) is NULL where nobody counted it, 0 where it was counted and nothing happened.
ALTER TABLE guild_counts ADD COLUMN voice BIGINT;
CREATE INDEX member_events_by_user ON member_events (guild_id, user_id, at, kind);

CREATE TABLE stats_series (
    guild_id BIGINT NOT NULL,
    level SMALLINT NOT NULL,
    at BIGINT NOT NULL,
    members BIGINT,                 -- gauges: the last value in it
    online BIGINT,
    bans BIGINT,
    voice BIGINT,
    peak_online BIGINT,             -- and the greatest
    peak_voice BIGINT,
    joins BIGINT,                   -- flows: the sum
    leaves BIGINT,
    kicks BIGINT,
    banned BIGINT,
    unbanned BIGINT,
    messages BIGINT,
    voice_seconds BIGINT,
    PRIMARY KEY (guild_id, level, at)
) {compact};

CREATE TABLE stats_channels (
    guild_id BIGINT NOT NULL,
    level SMALLINT NOT NULL,
    at BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    messages BIGINT NOT NULL,
    voice_seconds BIGINT NOT NULL,
    PRIMARY KEY (guild_id, level, at, channel_id)
) {compact};

CREATE TABLE stats_members (
    guild_id BIGINT NOT NULL,
    level SMALLINT NOT NULL,
    at BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    messages BIGINT NOT NULL,
    voice_seconds BIGINT NOT NULL,
    PRIMARY KEY (guild_id, level, at, user_id)
) {compact};

CREATE TABLE stats_opt_outs (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, user_id)
) {compact};
