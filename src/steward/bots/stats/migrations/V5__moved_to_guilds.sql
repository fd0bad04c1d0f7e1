-- Reason: the settings of guilds and the wish not to be counted belong to all bots.
INSERT INTO guild_settings (guild_id, at, changed_by, settings)
    SELECT guild_id, at, changed_by, settings FROM stats_settings ORDER BY id;
INSERT INTO opt_outs (guild_id, user_id, at) SELECT guild_id, user_id, at FROM stats_opt_outs;
DROP TABLE stats_settings;
DROP TABLE stats_opt_outs;
