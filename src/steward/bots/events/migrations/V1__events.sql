-- Reason: events that recur, each occurrence with its post, who answered what, and what is due when.
-- Wall times are local to the event's zone, written 2026-11-27T19:00; instants are milliseconds since 1970.
CREATE TABLE events (
    id {auto_key},
    guild_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,          -- where its occurrences are posted
    organiser_id BIGINT NOT NULL,
    zone VARCHAR(64) NOT NULL,
    start_wall VARCHAR(16) NOT NULL,     -- of the first occurrence
    rule VARCHAR(500),                   -- RFC 5545; NULL: once
    lead_minutes INTEGER NOT NULL,       -- posted so long before, on the wall clock; 0: at once
    details TEXT NOT NULL,               -- JSON
    ended_at BIGINT,                     -- cancelled, or over for ever
    created_at BIGINT NOT NULL
);
CREATE INDEX events_by_guild ON events (guild_id, ended_at);

CREATE TABLE event_occurrences (
    id {auto_key},
    event_id BIGINT NOT NULL,
    guild_id BIGINT NOT NULL,
    original_wall VARCHAR(16) NOT NULL,  -- what the rule says; names the occurrence, wherever it is moved
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    state VARCHAR(10) NOT NULL CHECK (state IN ('planned', 'posted', 'cancelled', 'over')),
    details TEXT,                        -- JSON, where it differs from the series
    channel_id BIGINT NOT NULL,
    message_id BIGINT,
    arrivals INTEGER NOT NULL DEFAULT 0, -- answers so far; numbers them in the order they came
    revision INTEGER NOT NULL DEFAULT 0, -- of what the post should show
    shown INTEGER NOT NULL DEFAULT -1,   -- the revision that it shows
    reposts INTEGER NOT NULL DEFAULT 0,  -- posts that were put up in place of deleted ones
    CONSTRAINT event_occurrence UNIQUE (event_id, original_wall)
);
CREATE INDEX event_occurrences_by_guild ON event_occurrences (guild_id, starts_at);
CREATE INDEX event_occurrences_by_state ON event_occurrences (state, starts_at);

CREATE TABLE event_answers (
    occurrence_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    name VARCHAR(64) NOT NULL,           -- as shown when it was given
    option_key VARCHAR(32) NOT NULL,
    arrival INTEGER NOT NULL,
    seated SMALLINT NOT NULL,
    note VARCHAR(200) NOT NULL DEFAULT '',
    answered_at BIGINT NOT NULL,
    answered_by BIGINT NOT NULL,         -- the member, or the organiser who put them in
    PRIMARY KEY (occurrence_id, user_id)
);
CREATE INDEX event_answers_by_user ON event_answers (user_id, occurrence_id);

CREATE TABLE event_moments (
    occurrence_id BIGINT NOT NULL,
    kind VARCHAR(12) NOT NULL,
    name VARCHAR(40) NOT NULL,           -- among those of its kind: a reminder's minutes and start
    due_at BIGINT NOT NULL,
    done_at BIGINT,
    PRIMARY KEY (occurrence_id, kind, name)
);
CREATE INDEX event_moments_due ON event_moments (done_at, due_at);
