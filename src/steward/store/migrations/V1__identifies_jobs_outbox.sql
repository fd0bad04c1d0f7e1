-- Revises: nothing; the first tables.
-- Reason: tables that every bot needs: the logins of the last day, durable jobs, messages to be sent exactly once, and
--         small values that survive a restart.
-- All times are milliseconds since 1970-01-01T00:00Z. {auto_key} is the engine's self-numbering key.

CREATE TABLE identifies (
    id {auto_key},
    at BIGINT NOT NULL
);
CREATE INDEX identifies_at ON identifies (at);

CREATE TABLE kv (
    "key" VARCHAR(190) NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE jobs (
    name VARCHAR(120) NOT NULL PRIMARY KEY,
    since BIGINT NOT NULL           -- first registered; earlier occurrences are not caught up
);

CREATE TABLE job_occurrences (
    job VARCHAR(120) NOT NULL REFERENCES jobs (name),
    occurrence VARCHAR(60) NOT NULL, -- its key within the job: for a daily job the local date
    due_at BIGINT NOT NULL,
    state VARCHAR(10) NOT NULL CHECK (state IN ('due', 'claimed', 'done', 'skipped', 'failed')),
    late INTEGER NOT NULL DEFAULT 0, -- 1: no process looked for it in time
    attempts INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    error TEXT,                      -- of the latest failure, or why it was skipped
    retry_at BIGINT,                 -- the earliest retry after a failure
    owner VARCHAR(120),              -- the claimer, until lease_until
    lease_until BIGINT,
    ended_at BIGINT,
    PRIMARY KEY (job, occurrence)
);
CREATE INDEX job_occurrences_open ON job_occurrences (state, due_at);
CREATE INDEX job_occurrences_newest ON job_occurrences (job, due_at);

CREATE TABLE outbox (
    id {auto_key},                   -- the order of sending within a channel
    message_key VARCHAR(190) NOT NULL UNIQUE,
    channel_id BIGINT NOT NULL,
    payload TEXT NOT NULL,           -- JSON
    state VARCHAR(10) NOT NULL CHECK (state IN ('waiting', 'sent', 'parked')),
    created_at BIGINT NOT NULL,
    attempted_at BIGINT,             -- of the first attempt; set before anything is sent
    attempts INTEGER NOT NULL DEFAULT 0,
    retry_at BIGINT,
    error TEXT,
    ended_at BIGINT,                 -- sent or parked
    message_id BIGINT                -- Discord's, once sent
);
CREATE INDEX outbox_waiting ON outbox (state, channel_id, id);
