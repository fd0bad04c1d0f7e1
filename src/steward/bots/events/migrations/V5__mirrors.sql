-- Reason: a thread under the post, and Discord's own event, follow an occurrence; which they are, and whether they do.
CREATE TABLE event_mirrors (
    occurrence_id BIGINT NOT NULL,
    kind VARCHAR(8) NOT NULL,            -- thread, native
    discord_id BIGINT,                   -- NULL: not made yet, or not there any more
    wanted INTEGER NOT NULL DEFAULT 0,   -- how often it was to follow
    shown INTEGER NOT NULL DEFAULT 0,    -- how much of that it did
    PRIMARY KEY (occurrence_id, kind)
);
CREATE INDEX event_mirrors_by_id ON event_mirrors (discord_id);
