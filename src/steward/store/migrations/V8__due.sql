-- Reason: what is due once at an instant, of all bots: reminders, closings, settlements. A row goes with its effect.
CREATE TABLE due (
    kind VARCHAR(32) NOT NULL,
    number BIGINT NOT NULL,              -- of what it is due: an event, a poll
    name VARCHAR(64) NOT NULL,           -- among those of its kind and number
    guild_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    try_at BIGINT NOT NULL,              -- `at`, or later once it has failed
    attempts INTEGER NOT NULL DEFAULT 0, -- that have failed
    problem TEXT,                        -- a sentence, once it keeps failing
    PRIMARY KEY (kind, number, name)
);
CREATE INDEX due_next ON due (try_at, guild_id, kind);
CREATE INDEX due_next_of_guild ON due (guild_id, try_at, number);
