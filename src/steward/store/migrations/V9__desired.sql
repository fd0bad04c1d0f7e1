-- Reason: what Discord should show, what it shows, and when the next write is allowed, of all bots and over restarts.
CREATE TABLE desired (
    kind VARCHAR(32) NOT NULL,
    number BIGINT NOT NULL,                -- of what it is shown: an event, a poll
    name VARCHAR(64) NOT NULL,             -- among those of its kind and number; mostly empty
    guild_id BIGINT NOT NULL,
    lane BIGINT NOT NULL,                  -- a channel or a guild: what is in it is written one after the other
    revision BIGINT NOT NULL,              -- of what should be shown; begins with the time, so no other row had it
    shown BIGINT NOT NULL,                 -- the revision that is
    ref BIGINT,                            -- Discord's id of what is there
    dirty SMALLINT NOT NULL,               -- 1: to be looked at
    waits_for VARCHAR(190),                -- key of the message that is sent first
    not_before BIGINT NOT NULL DEFAULT 0,  -- when the next write is allowed
    attempts INTEGER NOT NULL DEFAULT 0,   -- that have failed in a row
    problem TEXT,                          -- a sentence
    PRIMARY KEY (kind, number, name)
);
CREATE INDEX desired_dirty ON desired (kind, dirty, not_before, guild_id, lane);
CREATE INDEX desired_in_lane ON desired (kind, lane, dirty, not_before);
CREATE INDEX desired_by_ref ON desired (kind, ref);
CREATE INDEX desired_waiting ON desired (waits_for);
