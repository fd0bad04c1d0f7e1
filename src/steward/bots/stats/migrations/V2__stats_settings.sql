-- Reason: each guild is set up in Discord; every change is kept, so that it can be taken back and seen who made it.
CREATE TABLE stats_settings (
    id {auto_key},
    guild_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    changed_by BIGINT NOT NULL,
    settings TEXT NOT NULL
);
CREATE INDEX stats_settings_by_guild ON stats_settings (guild_id, id);
