-- Reason: an event that is posted in another channel leaves a post behind, which is to say where it is now.
CREATE TABLE event_left_posts (
    message_id BIGINT PRIMARY KEY,
    channel_id BIGINT NOT NULL,
    occurrence_id BIGINT NOT NULL
);
