-- Reason: who was there is measured beside who said so.
CREATE TABLE event_attendance (
    occurrence_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    millis BIGINT NOT NULL, -- spent in the event's voice channel while it took place
    PRIMARY KEY (occurrence_id, user_id)
);
CREATE INDEX event_attendance_by_user ON event_attendance (user_id);
