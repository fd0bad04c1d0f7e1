-- Reason: whoever comes has a role until the event is over; what should be and what is are kept apart.
CREATE TABLE event_role_grants (
    occurrence_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    role_id BIGINT NOT NULL,
    guild_id BIGINT NOT NULL,
    wanted SMALLINT NOT NULL,
    has SMALLINT NOT NULL DEFAULT 0, -- by this event's doing
    PRIMARY KEY (occurrence_id, user_id, role_id)
);
CREATE INDEX event_role_grants_by_user ON event_role_grants (user_id, role_id);
