-- Reason: calendar feeds behind secret links, reports on who came, and polls for a time.
CREATE TABLE event_feeds (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,             -- whose link
    token_hash VARCHAR(64) NOT NULL,     -- SHA-256, hexadecimal: the link itself is not kept
    made_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, user_id),
    CONSTRAINT event_feed_token UNIQUE (token_hash)
);

CREATE TABLE event_reports (
    guild_id BIGINT NOT NULL PRIMARY KEY,
    channel_id BIGINT NOT NULL,
    report_time VARCHAR(5) NOT NULL      -- on the guild's wall clock: 09:00
);

CREATE TABLE event_polls (
    id BIGINT NOT NULL PRIMARY KEY,      -- of the interaction that made it
    guild_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    organiser_id BIGINT NOT NULL,
    zone VARCHAR(64) NOT NULL,
    title VARCHAR(100) NOT NULL,
    minutes INTEGER NOT NULL,
    closes_at BIGINT NOT NULL,
    state VARCHAR(10) NOT NULL CHECK (state IN ('open', 'closed', 'made')),
    message_id BIGINT,
    votes INTEGER NOT NULL DEFAULT 0,    -- so far; numbers them in the order they came
    revision INTEGER NOT NULL DEFAULT 0, -- of what the post should show
    shown INTEGER NOT NULL DEFAULT 0     -- the revision that it shows
);
CREATE INDEX event_polls_by_state ON event_polls (state, closes_at);

CREATE TABLE event_poll_times (
    poll_id BIGINT NOT NULL,
    position INTEGER NOT NULL,
    start_wall VARCHAR(16) NOT NULL,
    starts_at BIGINT NOT NULL,
    PRIMARY KEY (poll_id, position)
);

CREATE TABLE event_poll_votes (
    poll_id BIGINT NOT NULL,
    position INTEGER NOT NULL,
    user_id BIGINT NOT NULL,
    name VARCHAR(64) NOT NULL,           -- as shown when it was given
    arrival INTEGER NOT NULL,
    PRIMARY KEY (poll_id, position, user_id)
);
CREATE INDEX event_poll_votes_by_user ON event_poll_votes (user_id);
