-- Reason: who thanked whom is counted, and whoever was thanked may see or forget it.
CREATE TABLE thanks (
    id {auto_key},
    guild_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    by_user BIGINT NOT NULL,
    user_id BIGINT NOT NULL
);
CREATE INDEX thanks_by_user ON thanks (guild_id, user_id, at);
