-- Reason: Discord allows two renames in ten minutes a channel and does not say so in its headers;
--         what has been spent must outlive the process, or a restart would be refused.
CREATE TABLE channel_renames (
    channel_id BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX channel_renames_by_channel ON channel_renames (channel_id, at);
