-- Reason: numbers of the running bot, so that the dashboard shows yesterday's trouble after a restart: by the minute
-- for a day, by ten minutes for a week. NULL: not known, such as the latency while Discord can't be reached.
CREATE TABLE metric_points (
    step BIGINT NOT NULL,                -- seconds
    at BIGINT NOT NULL,                  -- when the step begins
    starts SMALLINT NOT NULL,            -- 1: the bot was started in it
    memory DOUBLE PRECISION,             -- MiB, resident
    cpu DOUBLE PRECISION,                -- share of a core
    latency DOUBLE PRECISION,            -- seconds, to Discord's gateway and back
    hits DOUBLE PRECISION,               -- share of cache lookups
    queries DOUBLE PRECISION,            -- a second
    requests DOUBLE PRECISION,           -- to Discord, a minute
    limited DOUBLE PRECISION,            -- of these refused with 429, a minute
    PRIMARY KEY (step, at)
) {compact};
