-- Reason: the settings of guilds and the wish not to be counted belong to all bots; `stats` kept them before.
CREATE TABLE guild_settings (
    id {auto_key},
    guild_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    changed_by BIGINT NOT NULL,
    settings TEXT NOT NULL
);
CREATE INDEX guild_settings_by_guild ON guild_settings (guild_id, id);
CREATE TABLE opt_outs (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, user_id)
) {compact};
